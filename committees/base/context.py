"""What every page knows: the name of the site, the languages, the reader's colours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

THEMES = ("light", "dark")


def theme_cookie() -> str:
    """Light or dark is remembered by the browser alone: it says nothing about an account."""
    return "__Host-theme" if settings.SESSION_COOKIE_SECURE else "theme"


def languages() -> list[dict[str, Any]]:
    """The languages on offer, each by its own name."""
    found = []
    for code, name in settings.LANGUAGES:
        info = get_language_info(code)
        own = info["name_local"] if info["code"] == code else str(name)
        found.append({"code": code, "name": own[:1].upper() + own[1:], "bidi": info["bidi"], "current": code == get_language()})
    return found


def shell() -> dict[str, Any]:
    """The part of a page's frame that needs neither a request nor the database: error pages stand on this alone."""
    return {
        "name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "neutral_url": settings.NEUTRAL_EXIT_URL,
        "languages": SimpleLazyObject(languages),
        "theme": "",
        "here": "/",
    }


def site(request: HttpRequest) -> dict[str, Any]:
    """`frame` for base.html. (Not "site": the accounts library and the directory put their own sites into pages.)"""
    theme = request.COOKIES.get(theme_cookie(), "")
    return {"frame": {**shell(), "theme": theme if theme in THEMES else "", "here": request.get_full_path()}}
