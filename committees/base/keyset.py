"""Pages of a long list without OFFSET: "older" and "newer" start at a row, not at a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SIZE = 20


@dataclass(frozen=True)
class Page[T: Model]:
    """One page. `older` and `newer` are values for ?after= and ?before=, or None where the list ends."""

    items: list[T]
    older: str | None
    newer: str | None

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def _beyond(fields: tuple[str, ...], values: list[Any], *, forwards: bool) -> Q:
    """Rows that come after `values` in the order of `fields` (a leading minus turns one round)."""
    condition = Q()
    for depth, field in enumerate(fields):
        name, down = field.lstrip("-"), field.startswith("-")
        step = Q(**{f"{name}__{'lt' if down == forwards else 'gt'}": values[depth]})
        for earlier in range(depth):
            step &= Q(**{fields[earlier].lstrip("-"): values[earlier]})
        condition |= step
    return condition


def _salt(model: type[Model], fields: tuple[str, ...]) -> str:
    """A mark opens only in the list it was made for: elsewhere its values would be of another kind."""
    return f"keyset:{model._meta.label}:{','.join(fields)}"


def _mark(row: Model, fields: tuple[str, ...]) -> str:
    values = []
    for field in fields:
        value: Any = row
        for part in field.lstrip("-").split("__"):
            value = getattr(value, part)
        values.append(value.isoformat() if hasattr(value, "isoformat") else value)
    return signing.dumps(values, salt=_salt(type(row), fields), compress=False)


def page[T: Model](rows: QuerySet[T], request: HttpRequest, *, order: tuple[str, ...], size: int = SIZE) -> Page[T]:
    """The page that the request asks for with ?after= or ?before=; the first one if neither is given or readable.

    `order` must end in a unique field. Costs one query of size + 1 rows, however deep the page lies.
    """
    backwards = "before" in request.GET
    values = None
    try:
        token = request.GET["before" if backwards else "after"]
        values = signing.loads(token, salt=_salt(rows.model, order))
    except (KeyError, signing.BadSignature):
        values = None
    backwards = backwards and values is not None
    wanted = order if not backwards else tuple(f[1:] if f.startswith("-") else f"-{f}" for f in order)
    if values is not None:
        rows = rows.filter(_beyond(order, values, forwards=not backwards))
    found = list(rows.order_by(*wanted)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_older, has_newer = (True, more) if backwards else (more, values is not None)
    return Page(
        found,
        older=_mark(found[-1], order) if found and has_older else None,
        newer=_mark(found[0], order) if found and has_newer else None,
    )
