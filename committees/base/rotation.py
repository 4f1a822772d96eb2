"""Sealing anew what is sealed under an older key: every sealed column of every model, in batches, while the site runs.

A value that changes meanwhile is left alone: whoever changed it sealed it under the current key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg import sql

from committees.base import crypto
from committees.base.fields import SealedTextField

BATCH = 500

type Progress = Callable[[str, int, int], None]


@dataclass
class Count:
    """What was found in one column: values in all, sealed under an older key, sealed anew, and those that do not open."""

    column: str
    values: int = 0
    older: int = 0
    sealed_anew: int = 0
    unreadable: int = 0


type Elsewhere = Callable[[bool], Count]

_elsewhere: list[Elsewhere] = []


def also(step: Elsewhere) -> None:
    """For sealed values that are not in a sealed field of ours: `step(dry_run)` seals them anew and counts."""
    if step not in _elsewhere:
        _elsewhere.append(step)


def columns() -> Iterator[tuple[type[models.Model], SealedTextField]]:
    """Every sealed column of the database."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedTextField):
                yield model, field


def rotate(*, dry_run: bool, progress: Progress = lambda *_: None) -> list[Count]:
    """Seal everything under the current key. Counts only, if it is a dry run."""
    found = [_Column(model, field).rotate(dry_run=dry_run, progress=progress) for model, field in columns()]
    return found + [step(dry_run) for step in _elsewhere]


class _Column:
    """One column, read and written below the ORM, for the ORM opens what it reads."""

    def __init__(self, model: type[models.Model], field: SealedTextField) -> None:
        self.label = field.seal_label
        self.names = {
            "table": sql.Identifier(model._meta.db_table),
            "column": sql.Identifier(str(field.column)),
            "pk": sql.Identifier(str(model._meta.pk.column)),
        }
        self.current = settings.FIELD_KEYS.current

    def rotate(self, *, dry_run: bool, progress: Progress) -> Count:
        count = Count(self.label, *self._count())
        seen = 0
        for rows in self._batches():
            with transaction.atomic():
                for key, sealed in rows:
                    self._one(key, sealed, count, dry_run=dry_run)
            seen += len(rows)
            progress(self.label, seen, count.older)
        return count

    def _one(self, key: Any, sealed: bytes, count: Count, *, dry_run: bool) -> None:
        try:
            anew = crypto.seal(crypto.open_sealed(sealed, label=self.label), label=self.label)
        except crypto.CannotOpen:
            count.unreadable += 1
            return
        if not dry_run:
            count.sealed_anew += self._replace(key, sealed, anew)

    def _run(self, statement: str, *values: Any) -> Any:
        cursor = connection.cursor()
        cursor.execute(sql.SQL(statement).format(**self.names), values)
        return cursor

    def _count(self) -> tuple[int, int]:
        filled = "FROM {table} WHERE octet_length({column}) > 0"
        return self._run(f"SELECT count(*), count(*) FILTER (WHERE get_byte({{column}}, 0) <> %s) {filled}", self.current).fetchone()

    def _batches(self) -> Iterator[list[tuple[Any, bytes]]]:
        last: list[Any] = []
        while True:
            beyond = "AND {pk} > %s" if last else ""
            rows = self._run(
                f"SELECT {{pk}}, {{column}} FROM {{table}} WHERE octet_length({{column}}) > 0 AND get_byte({{column}}, 0) <> %s {beyond} "  # noqa: S608
                "ORDER BY {pk} LIMIT %s",
                self.current,
                *last,
                BATCH,
            ).fetchall()
            if not rows:
                return
            last = [rows[-1][0]]
            yield [(key, bytes(sealed)) for key, sealed in rows]

    def _replace(self, key: Any, old: bytes, new: bytes) -> int:
        return self._run("UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} = %s", new, key, old).rowcount
