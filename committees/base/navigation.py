"""The shape of the bars and menus. Rooms above say what is in them; a page that does not exist is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse


@dataclass(frozen=True)
class Link:
    """One entry. `count` is what needs the reader there, `counts` says in words what is counted. `language`: of a label that
    somebody wrote."""

    label: Any
    url: str
    icon: str = ""
    current: bool = False
    count: int = 0
    counts: Any = ""
    wide_only: bool = False
    language: str = ""


@dataclass(frozen=True)
class Navigation:
    """`items`: the bar (on phones the tab bar, or a row of links for the public). `more`: the menu behind it.
    `home`: where the mark leads. `foot`: links at the end of each page."""

    items: list[Link] = field(default_factory=list)
    more: list[Link] = field(default_factory=list)
    foot: list[Link] = field(default_factory=list)
    home: str = "/"


@lru_cache(maxsize=256)
def address(name: str) -> str | None:
    """The path of a page without parameters, or None where no room serves it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


@lru_cache(maxsize=256)
def _pattern(name: str, slugs: int, prefix: str) -> tuple[str, ...]:
    """The path with that name, in the pieces between its slugs. `prefix` is the site's own folder."""
    stands = [f"stand-in-{n}-of-a-slug" for n in range(slugs)]
    path, pieces = reverse(name, args=stands), []
    for stand in stands:
        piece, _stand, path = path.partition(stand)
        pieces.append(piece)
    return (*pieces, path)


def path_to(name: str, *slugs: str) -> str:
    """`reverse` for pages named by slugs alone, in the order of the path: for lists, where it is asked dozens of times."""
    first, *rest = _pattern(name, len(slugs), get_script_prefix())
    return first + "".join(slug + piece for slug, piece in zip(slugs, rest, strict=True))


def link(request: HttpRequest, label: Any, name: str, icon: str = "", **rest: Any) -> Link | None:
    """A link to the page with that URL name; None where it does not exist."""
    url = address(name)
    if url is None:
        return None
    match = request.resolver_match
    current = match is not None and (match.view_name == name or match.namespace == name.partition(":")[0] != "home")
    return Link(label=label, url=url, icon=icon, current=current, **rest)


def present(links: Iterable[Link | None]) -> list[Link]:
    """The links that lead somewhere."""
    return [one for one in links if one]
