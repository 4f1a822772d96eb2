"""Queries of the busiest pages, put together once and not at each request.

Most of what a page costs is not the database's work but putting the same query together again: chaining, joins, the text of
the SQL (docs/performance.md has the figures). `Prepared` keeps the finished text of a queryset and fills in what differs: who
asks, and when. Rows become the same objects as without it.

    _COMING = Prepared(
        lambda person, at: Meeting.objects.visible_to_person(person).coming(at).order_by("starts_at", "pk")[:6],
        person=a_row(Person),
        at=an_instant,
    )
    meetings = _COMING(person=request.user, at=timezone.now())

The queryset is built with stand-ins for the arguments, values that no row and no caller holds. What does not come back
among the parameters as it was given is refused when the query is first put together, and so is a clock that is read inside.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import psycopg
from django.conf import settings
from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections, models
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql
from psycopg.types.numeric import Int8

_NUMBER = 2_070_707_000  # Django knows that a larger one stands in no column of 32 bits, and would not even ask
_INSTANT = datetime(9700, 1, 1, tzinfo=UTC)
_DAY = date(9700, 1, 1)
_WORD = "\ue000stand-in "

#: A query that branches on so many kinds of askers is none to prepare.
_MOST_VARIANTS = 100


def _itself(value: Any) -> Any:
    return value


def _nothing(_value: Any) -> Hashable:
    return None


@dataclass(frozen=True)
class Slot:
    """What an argument looks like while a query is put together, and what is filled in for it afterwards."""

    #: The stand-in, from stand-ins of its parts and the first caller's value.
    sample: Callable[[list[Any], Any], Any]
    #: For each part: its stand-in by number, and how to read it off a caller's value.
    parts: tuple[tuple[Callable[[int], Any], Callable[[Any], Any]], ...]
    #: On what of a caller's value the query may branch.
    kind: Callable[[Any], Hashable] = _nothing
    #: Whether some kinds of askers are nowhere in the query (somebody who has not signed in has no id).
    may_be_unused: bool = False

    def read_by(self, read: Callable[[Any], Any]) -> Slot:
        """The same for callers whose value must be read first (a date as text)."""
        (stand, _read), *_rest = self.parts
        return replace(self, parts=((stand, read),))


def _plain(stand: Callable[[int], Any]) -> Slot:
    return Slot(lambda parts, _value: parts[0], ((stand, _itself),))


def _number(n: int) -> int:
    return _NUMBER + n


#: A whole number, most often an id.
a_number = _plain(_number)
#: An aware datetime.
an_instant = _plain(lambda n: _INSTANT + timedelta(days=n))
a_day = _plain(lambda n: _DAY + timedelta(days=n))
#: A string: a slug, a hash.
a_word = _plain(lambda n: f"{_WORD}{n}")
#: A string that may be empty; then the query is another.
perhaps_a_word = Slot(lambda parts, value: parts[0] if value else "", a_word.parts, bool, may_be_unused=True)
#: Whole numbers, for the lookup `among`.
some_numbers = Slot(lambda parts, _value: [parts[0]], ((_number, list),))
#: What only decides how the query is put together: each value has a text of its own. Must be hashable.
a_fork = Slot(lambda _parts, value: value, (), _itself)


def a_row(model: type[models.Model], *ids: str, same: tuple[str, ...] = ()) -> Slot:
    """An object of which only its id and the ids named decide, and the attributes in `same`, on which the query may
    branch: each of their values has a text of its own. Asking the object for anything else fails."""
    names = ("pk", *ids)

    def sample(parts: list[Any], value: Any) -> models.Model:
        row = model.from_db(None, ["id"], parts[:1])
        vars(row).update(zip(ids, parts[1:], strict=True))
        vars(row).update({name: getattr(value, name) for name in same})
        return row

    def read(name: str) -> Callable[[Any], Any]:
        return lambda value: getattr(value, name)

    return Slot(sample, tuple((_number, read(name)) for name in names), lambda value: tuple([getattr(value, name) for name in same]))


def _stand(value: Any) -> Any:
    """What could be a stand-in in a parameter."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, str | int | date) else None


def _is_changed_or_a_clock(value: object) -> bool:
    """Whether a parameter, itself no stand-in, was made of one, or is a point in time that somebody read off a clock."""
    if isinstance(value, date):
        return True
    if isinstance(value, int):
        return abs(value) > _NUMBER // 2
    if isinstance(value, list | tuple):
        return any(_is_changed_or_a_clock(each) for each in value)
    return isinstance(value, str) and _WORD in value


class Prepared[Row]:
    """A queryset whose SQL is made at the first call. Whatever `build` reads beside its arguments (settings, kinds that
    rooms have registered) must be what it stays while the process lives."""

    #: Whether PostgreSQL may keep what it has planned.
    keeps_plan = True

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], **slots: Slot) -> None:
        self._build, self._slots = build, slots
        self._made: dict[Hashable, _Made] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows. One argument for each slot, by name."""
        if values.keys() != self._slots.keys():
            raise TypeError(f"This query wants {', '.join(self._slots)}.")
        kind = tuple([slot.kind(values[name]) for name, slot in self._slots.items()])
        made = self._made.get(kind) or self._make(kind, values)
        return cast("list[Row]", made.rows(values))

    def first(self, **values: Any) -> Row | None:
        """The first row, or None: for queries that find one at most, or end in `[:1]`."""
        return next(iter(self(**values)), None)

    def found(self, **values: Any) -> bool:
        """Whether there is a row: for queries that end in `[:1]`."""
        return bool(self(**values))

    def _make(self, kind: Hashable, values: dict[str, Any]) -> _Made:
        arguments: dict[str, Any] = {}
        readers: Readers = {}
        for name, slot in self._slots.items():
            stands = [stand(len(readers) + n) for n, (stand, _read) in enumerate(slot.parts)]
            readers |= {stand: (name, read) for stand, (_make, read) in zip(stands, slot.parts, strict=True)}
            arguments[name] = slot.sample(stands, values[name])
        if len(self._made) >= _MOST_VARIANTS:
            self._made.clear()
        needed = {name for name, slot in self._slots.items() if slot.parts and not slot.may_be_unused}
        made = self._made[kind] = _Made(self._build(**arguments), readers, needed, keeps_plan=self.keeps_plan)
        return made


class PlannedEachTime[Row](Prepared[Row]):
    """The same where the best plan depends on the arguments: on how common a word is."""

    keeps_plan = False


#: Stand-in → the argument it stands for, and how to read its value off a caller's.
type Readers = dict[Any, tuple[str, Callable[[Any], Any]]]


class _Made:
    """The finished text of one queryset, and what is needed to make objects of its rows."""

    def __init__(self, queryset: models.QuerySet[Any, Any], readers: Readers, needed: set[str], *, keeps_plan: bool) -> None:
        self.keeps_plan = keeps_plan
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using=queryset.db)
        self.is_empty = False
        self.short = ""
        try:
            self.text, params = self.compiler.as_sql()
        except EmptyResultSet:
            if not queryset.query.is_empty():
                raise ImproperlyConfigured(f"A prepared query of {queryset.model.__name__} finds nothing, whatever it is asked.") from None
            self.is_empty = True  # `.none()`: askers of this kind see nothing
            return
        self.params = list(params)
        self.places = [(i, *readers[stand]) for i, value in enumerate(params) if (stand := _stand(value)) in readers]
        there = {i for i, _name, _read in self.places}
        lost = needed - {name for _i, name, _read in self.places}
        if lost or any(_is_changed_or_a_clock(value) for i, value in enumerate(params) if i not in there):
            raise ImproperlyConfigured(f"A prepared query of {queryset.model.__name__} must pass its arguments on as they are, and read no clock. {lost}")
        self.converters = self.compiler.get_converters([each[0] for each in self.compiler.select[: self.compiler.col_count]])

    def rows(self, values: dict[str, Any]) -> list[Any]:
        if self.is_empty:
            return []
        asked: Any = self.queryset.__class__(model=self.queryset.model, query=copy.copy(self.queryset.query), using=self.queryset.db)
        asked.query.get_compiler = lambda *_args, **_kwargs: self._compiler(values)
        for each in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects", "_fetch_mode"):
            setattr(asked, each, getattr(self.queryset, each))
        return list(asked)

    def _compiler(self, values: dict[str, Any]) -> SQLCompiler:
        """A compiler that has its text already, on this thread's connection."""
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.queryset.db]
        compiler.execute_sql = lambda *_args, **_kwargs: [self._fetched(compiler.connection, values)]
        compiler.get_converters = lambda _fields: self.converters
        return compiler

    def _fetched(self, connection: Any, values: dict[str, Any]) -> list[Any]:
        if not (self.keeps_plan and settings.DATABASE_PREPARED):
            params = self.params.copy()
            for i, name, read in self.places:
                params[i] = read(values[name])
            with connection.cursor() as cursor:
                cursor.execute(self.text, params)
                return list(cursor.fetchall())
        if not self.short:
            connection.ensure_connection()
            self.short = self._shortened(connection.connection)
        return _kept(connection, self.short, [_typed(read(values[name])) for _i, name, read in self.places])

    def _shortened(self, connection: psycopg.Connection[Any]) -> str:
        """The text with everything written out but the arguments, so that PostgreSQL can keep a plan that knows them."""
        places = {i for i, _name, _read in self.places}
        number = iter(range(len(self.params)))

        def written(found: re.Match[str]) -> str:
            if found.group() == "%%" or (i := next(number)) in places:
                return found.group()
            return sql.Literal(self.params[i]).as_string(connection).replace("%", "%%")

        return re.sub("%%|%s", written, self.text)


def rows(statement: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement in SQL whose plan PostgreSQL may keep. Parameters without a cast are taken for what their place asks."""
    connection = connections[DEFAULT_DB_ALIAS]
    if settings.DATABASE_PREPARED:
        return _kept(connection, statement, params)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _kept(connection: Any, statement: str, params: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
    connection.ensure_connection()

    def fetched() -> list[Any]:
        with connection.wrap_database_errors, connection._prepare_cursor(psycopg.Cursor(connection.connection)) as cursor:
            cursor.execute(statement, params)
            return list(cursor.fetchall())

    try:
        return fetched()
    except NotSupportedError:
        # A migration changed the type of a column after this connection had planned: an upgrade while pages are served.
        if connection.in_atomic_block:
            raise
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        return fetched()


def _typed(value: Any) -> Any:
    """Whole numbers as one type whatever their size: each type would be a statement of its own."""
    if isinstance(value, int):
        return Int8(value)
    return [Int8(each) for each in value] if isinstance(value, list) else value
