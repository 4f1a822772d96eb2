"""Every route of the site, read from the URL resolver. Whatever is added to a urls.py is found here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Route:
    """One pattern of one urls.py."""

    name: str
    pattern: str
    params: tuple[str, ...]
    view: Callable[..., HttpResponse]

    @property
    def door(self) -> str:
        return getattr(self.view, "door", "")

    @property
    def room(self) -> str:
        """The room whose view answers, as far as Python knows."""
        return ".".join(self.view.__module__.split(".")[:2])

    def url(self, **values: Any) -> str:
        return reverse(self.name, kwargs=values)

    def __str__(self) -> str:
        return self.name


def _walk(patterns: list[Any], names: tuple[str, ...], before: str, params: tuple[str, ...]) -> Iterator[Route]:
    for each in patterns:
        here, inside = before + str(each.pattern), (*params, *each.pattern.converters)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, (*names, each.namespace) if each.namespace else names, here, inside)
        elif isinstance(each, URLPattern):
            assert each.name, f"{here} has no name"
            yield Route(":".join((*names, each.name)), here, inside, each.callback)


@lru_cache(maxsize=1)
def routes() -> tuple[Route, ...]:
    """All of them, in the order of the resolver."""
    return tuple(_walk(get_resolver().url_patterns, (), "", ()))


def named(name: str) -> Route:
    return next(route for route in routes() if route.name == name)
