"""Which parts of a committee can be shown to those who keep the service. Each room registers its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from committees.support.models import Grant


@dataclass(frozen=True)
class Shown:
    """A page: its heading, a template for what stands on it, what that needs, and where one comes back to (an item of the part)."""

    title: str
    template: str
    context: dict[str, Any]
    back: str = ""


#: `show(grant, item, request)`: the page of that item, `""` for the part's first one; None as if there were none. It reads, and no more.
type Show = Callable[["Grant", str, HttpRequest], Shown | None]


@dataclass(frozen=True)
class Part:
    """What can be granted: its key in rows, its name, what is in it and what never is."""

    key: str
    label: Any
    hint: Any
    show: Show


_parts: dict[str, Part] = {}


def part(key: str, *, label: Any, hint: Any, show: Show) -> None:
    """Called from a room's `ready()`."""
    _parts[key] = Part(key, label, hint, show)


def parts() -> list[Part]:
    """All there are, in the order of the rooms."""
    return list(_parts.values())


def granted(keys: Iterable[str]) -> list[Part]:
    """Those of them that are named."""
    wanted = set(keys)
    return [each for each in _parts.values() if each.key in wanted]


def named(keys: Iterable[str]) -> str:
    """Their names, one after the other."""
    return ", ".join(str(each.label) for each in granted(keys))
