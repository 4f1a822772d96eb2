"""Pages of help that the program brings along, and whose text can be replaced: registered by the rooms that know the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import translation

from committees.base.navigation import address


@dataclass(frozen=True)
class Part:
    """A heading with what stands below it: paragraphs, or lines of a list."""

    heading: Any
    words: tuple[Any, ...]
    listed: bool = False


@dataclass(frozen=True)
class BuiltIn:
    """One page. `name` stands in the addresses of those who keep it; `url_name` is where readers find it."""

    name: str
    url_name: str
    title: Any
    lead: Any
    parts: tuple[Part, ...]


_built_in: dict[str, BuiltIn] = {}
_fixed: dict[str, Any] = {}


def register(page: BuiltIn) -> None:
    """Add a page. Registering the name again replaces it, so that a second `ready()` does no harm."""
    _built_in[page.name] = page


def built_in() -> dict[str, BuiltIn]:
    """Every page by its name, in the order in which they stand where nobody has chosen another."""
    return dict(_built_in)


def fix(title: Any, url_name: str) -> None:
    """A page that is made from what the program does, and that nobody can change: it stands behind the others."""
    _fixed[url_name] = title


def fixed() -> list[tuple[Any, str]]:
    """Titles and names of these pages."""
    return [(title, url_name) for url_name, title in _fixed.items()]


def address_of(name: str) -> str:
    """Where readers find a built-in page; empty where nobody brings it along any more."""
    page = _built_in.get(name)
    return (address(page.url_name) or "") if page else ""


def title_of(page: BuiltIn, language: str) -> str:
    """Its title in a language."""
    with translation.override(language):
        return str(page.title)


def source_of(page: BuiltIn, language: str) -> str:
    """What a built-in page says, as somebody would have typed it: what one begins with who changes it."""
    with translation.override(language):
        blocks = [str(page.lead)]
        for part in page.parts:
            blocks.append(f"## {part.heading}")
            blocks += ["\n".join(f"- {line}" for line in part.words)] if part.listed else [str(line) for line in part.words]
    return "\n\n".join(blocks)
