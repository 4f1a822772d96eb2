"""The page that a browser shows where there is no network, and all that its worker keeps to draw it (static/js/worker.js).

Only who is signed in gets the worker: a visitor's phone keeps no trace of having been here.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation

from committees.base import context, sheets

SHEETS = ("css/tokens.css", "css/components.css")
DRAWINGS = ("icons.svg", "favicon.svg")
WORKER = "js/worker.js"

_FACE = re.compile(r'@font-face \{[^}]*?url\("\.\./(?P<file>[^"]+)"\)[^}]*?unicode-range: (?P<ranges>[^;]+);')
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Kept:
    """What one browser keeps: the page in one language and its colours, and the files that it needs."""

    page: str
    files: tuple[str, ...]

    @cached_property
    def version(self) -> str:
        """Another one for every change in what is kept, or in how: the worker that is there is then replaced."""
        content = json.dumps([self.page, self.files, _worker()])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def script(self) -> str:
        """The worker, with what it is to keep."""
        return _script({"version": self.version, "page": reverse("base:offline"), "files": self.files})


def kept(theme: str) -> Kept:
    """For a reader of the language in use."""
    return _kept(translation.get_language() or settings.LANGUAGE_CODE, theme)


@lru_cache(maxsize=64)
def _kept(language: str, theme: str) -> Kept:
    with translation.override(language):
        page = render_to_string("_ui/offline.html", {"frame": {**context.shell(), "theme": theme}})
    return Kept(page, tuple([static(name) for name in (*SHEETS, *_parts(), *DRAWINGS, *fonts(html.unescape(_TAG.sub(" ", page))))]))


def worker_that_goes() -> str:
    """For a browser in which nobody is signed in any more: it takes itself away, with all that was kept. Where push goes on it stays for
    that alone, and asks again whenever the script is another one: each day."""
    return f"{_script(None)}// {timezone.now().date()}\n"


def address(theme: str) -> str:
    """Where the worker is fetched from. The address changes with what it keeps, so that a page knows at once whether it is the right one."""
    return f"{reverse('base:worker')}?v={kept(theme).version}"


def fonts(text: str) -> list[str]:
    """The files of those letters that stand in a text."""
    letters = {ord(letter) for letter in text}
    return [face["file"] for face in _FACE.finditer(_source("css/tokens.css")) if any(_within(letters, part.strip()) for part in face["ranges"].split(","))]


def _within(letters: set[int], part: str) -> bool:
    first, _dash, last = part.removeprefix("U+").partition("-")
    return any(int(first, 16) <= letter <= int(last or first, 16) for letter in letters)


def _parts() -> list[str]:
    """The parts of a sheet are files of their own only where files are not collected."""
    return [f"css/{found['url']}" for found in re.finditer(sheets.PART, _source("css/components.css"))] if settings.DEBUG else []


def _source(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise ValueError(f"No file is called {name}.")
    return Path(path).read_text()


@lru_cache(maxsize=1)
def _worker() -> str:
    return _source(WORKER)


def _script(what: object) -> str:
    return f"const KEPT = {json.dumps(what)};\n{_worker()}"
