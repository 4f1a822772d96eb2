"""The two invented languages (committees/base/catalogs.py), made from the sources as they are when a test asks for them."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def invented_languages() -> tuple[str, str]:
    """Makes en-xa (accented, longer) and ar (Arabic letters, right to left) readable in this process; returns their codes."""
    from django.conf import settings
    from django.utils import translation
    from django.utils.translation import trans_real

    from committees.base import catalogs

    folder = Path(settings.INVENTED_LOCALES)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "made.lock", "w") as lock:  # the processes of xdist share the folder
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ar" / "LC_MESSAGES" / "django.mo").exists():
            catalogs.compile_all(invented=True)
    trans_real._translations.clear()
    for remembered in (trans_real.translation_catalog_exists, trans_real._get_supported_language_variant):
        remembered.cache_clear()
    with translation.override("en-xa"):
        assert translation.gettext("Quick exit") != "Quick exit", "the invented languages were not made"
    return "en-xa", "ar"
