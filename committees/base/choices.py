"""What a reader chooses in the frame of a page. Rooms above register to keep it with the account."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

type LanguageKeeper = Callable[[HttpRequest, str], None]

_language_keepers: list[LanguageKeeper] = []


def keep_language(keeper: LanguageKeeper) -> None:
    """Called from a room's `ready()`: `keeper(request, language)` runs whenever a reader changes the language."""
    if keeper not in _language_keepers:
        _language_keepers.append(keeper)


def language_chosen(request: HttpRequest, language: str) -> None:
    for keeper in _language_keepers:
        keeper(request, language)
