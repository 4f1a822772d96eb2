"""Pages of a long list without OFFSET: "older" and "newer" start at a row, not at a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.core import signing
from django.db.models import DateTimeField, IntegerField, Model, Q, QuerySet
from django.http import HttpRequest

from committees.base import prepared

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


def _asked(request: HttpRequest, model: type[Model], order: tuple[str, ...]) -> tuple[list[Any] | None, bool]:
    """The row's values at which the page begins (None: at the list's own beginning), and whether it runs backwards."""
    backwards = "before" in request.GET
    try:
        values = signing.loads(request.GET["before" if backwards else "after"], salt=_salt(model, order))
    except (KeyError, signing.BadSignature):
        return None, False
    return values, backwards


def _asked_rows[T: Model](rows: QuerySet[T], order: tuple[str, ...], size: int, values: list[Any] | None, *, backwards: bool) -> QuerySet[T]:
    """One row more than the page holds, in the order in which the page is filled."""
    wanted = order if not backwards else tuple(f[1:] if f.startswith("-") else f"-{f}" for f in order)
    if values is not None:
        rows = rows.filter(_beyond(order, values, forwards=not backwards))
    return rows.order_by(*wanted)[: size + 1]


def _filled[T: Model](found: list[T], order: tuple[str, ...], size: int, *, from_start: bool, backwards: bool) -> Page[T]:
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_older, has_newer = (True, more) if backwards else (more, not from_start)
    return Page(
        found,
        older=_mark(found[-1], order) if found and has_older else None,
        newer=_mark(found[0], order) if found and has_newer else None,
    )


def page[T: Model](rows: QuerySet[T], request: HttpRequest, *, order: tuple[str, ...], size: int = SIZE) -> Page[T]:
    """The page that the request asks for with ?after= or ?before=; the first one if neither is given or readable.

    `order` must end in a unique field. Costs one query of size + 1 rows, however deep the page lies.
    """
    values, backwards = _asked(request, rows.model, order)
    found = list(_asked_rows(rows, order, size, values, backwards=backwards))
    return _filled(found, order, size, from_start=values is None, backwards=backwards)


def _part_of_a_mark(model: type[Model], path: str) -> prepared.Slot:
    """How a mark's value for this field stands in a prepared query."""
    names = path.lstrip("-").split("__")
    for name in names[:-1]:
        model = cast("type[Model]", model._meta.get_field(name).related_model)
    field = model._meta.pk if names[-1] == "pk" else model._meta.get_field(names[-1])
    if isinstance(field, DateTimeField):
        return prepared.an_instant.read_by(datetime.fromisoformat)
    if isinstance(field, IntegerField):
        return prepared.a_number
    return prepared.a_word


class Listing[T: Model]:
    """`page` for the busiest lists: the query of the first page, of an older and of a newer one is put together once
    (base.prepared). `build` gives the rows from its arguments; it neither orders nor cuts them.

    `bounded`: where the rows come from many short lists, each of which is cut on its own, `build` is also told where the
    page begins (`mark`: values in the order of `order`, or None), which way it runs (`backwards`) and how many are wanted."""

    def __init__(
        self,
        model: type[T],
        build: Callable[..., QuerySet[T]],
        slots: Mapping[str, prepared.Slot],
        *,
        order: tuple[str, ...],
        size: int = SIZE,
        bounded: bool = False,
    ) -> None:
        self._model, self._order, self._size = model, order, size
        marks = {f"mark_{n}": _part_of_a_mark(model, name) for n, name in enumerate(order)}

        def rows(*, backwards: bool, **values: Any) -> QuerySet[T]:
            mark = [values.pop(name) for name in marks if name in values] or None
            bounds = {"mark": mark, "backwards": backwards, "wanted": size + 1} if bounded else {}
            return _asked_rows(build(**values, **bounds), order, size, mark, backwards=backwards)

        self._first: prepared.Prepared[T] = prepared.Prepared(partial(rows, backwards=False), **slots)
        self._older: prepared.Prepared[T] = prepared.Prepared(partial(rows, backwards=False), **slots, **marks)
        self._newer: prepared.Prepared[T] = prepared.Prepared(partial(rows, backwards=True), **slots, **marks)

    def page(self, request: HttpRequest, **values: Any) -> Page[T]:
        mark, backwards = _asked(request, self._model, self._order)
        if mark is None:
            found = self._first(**values)
        else:
            found = (self._newer if backwards else self._older)(**values, **{f"mark_{n}": value for n, value in enumerate(mark)})
        return _filled(found, self._order, self._size, from_start=mark is None, backwards=backwards)
