"""What every test may ask for. The services themselves are started by the plugin tests/services.py."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.append_only",
    "tests.mail_sink",
    "tests.celery_workers",
    "tests.chromium",
    "tests.hanging",
    "tests.invented",
    "tests.live",
    "tests.passwords",
    "tests.standing",
    "tests.static_files",
]


@pytest.fixture(autouse=True)
def an_empty_cache() -> None:
    """Rate limits live in the cache: one test's sign-ins must not count against the next, nor one test's absent Redis."""
    from tests import cached

    cached.forget()


@pytest.fixture(autouse=True)
def the_projects_own_language_and_zone() -> None:
    """A request leaves its reader's language and zone on the thread: no test may begin in the last one's."""
    from django.conf import settings
    from django.utils import timezone, translation

    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture(scope="session", autouse=True)
def every_language() -> None:
    """The compiled catalogues, as every start makes them."""
    from committees.base import catalogs

    catalogs.compile_all()


@pytest.fixture(scope="session", autouse=True)
def what_was_loaded_is_not_garbage() -> None:
    """The code, the models and the tests themselves stay to the end: to look through them again and again finds nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real lists. Tests that ask for it are skipped by name where there is none."""
    return Path(os.environ["RANKFILE_DATA"])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without RANKFILE_DATA the tests that need it are skipped by name, and the summary says how many.

    Modules with slow tests begin first (the gate runs modules in this order), and then those that ask each route as each role, so
    that no worker is left with one at the end.
    """
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()) and not os.environ.get("RANKFILE_DATA"):
            item.add_marker(pytest.mark.skip(reason="RANKFILE_DATA is not set (it names the folder of real lists; .ci/run sets it)"))
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    safety = Path(__file__).parent / "safety"
    items.sort(key=lambda item: (item.path not in slow, item.path.parent != safety))
