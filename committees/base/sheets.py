"""How style sheets are collected: one that is made of several becomes one file, so that a page asks for it once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: A line of its own, as static/css/components.css has them.
PART = r'(?m)^(?P<matched>@import "(?P<url>[\w-]+\.css)";)$'
JOIN = "join"


class JoiningStorage(CompressedManifestStaticFilesStorage):
    """Names files by what they hold, as its parent does, and puts a part of a sheet where the sheet names it.

    A part lies beside its sheet: what it names by a relative address is found from both. A part has no parts.
    """

    patterns = (("*.css", ((PART, JOIN),)), *CompressedManifestStaticFilesStorage.patterns)

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None, ignored_blocks: Any = None) -> Callable[[re.Match[str]], str]:
        if template != JOIN:
            return super().url_converter(name, hashed_files, template, ignored_blocks)
        return lambda found: part(posixpath.join(posixpath.dirname(name), found["url"]))


def part(name: str) -> str:
    """The text of a part, by its name among the static files."""
    path = finders.find(name)
    if path is None:
        raise ValueError(f"No style sheet is called {name}.")
    return Path(path).read_text()
