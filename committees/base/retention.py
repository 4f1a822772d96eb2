"""How long each column that holds something about a person is kept, and what erases it.

Rooms add their rows in `apps.ready()`; the nightly job, docs/retention.md and the house test read this one table.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

log = logging.getLogger(__name__)

type Purge = Callable[[datetime], int]


class NotErased(Exception):
    """At least one purge failed. The others ran all the same."""

    def __init__(self, failed: list[str], done: dict[str, int]) -> None:
        super().__init__(", ".join(failed))
        self.failed, self.done = failed, done


@dataclass(frozen=True)
class Keep:
    """One promise: these columns of this model are kept so long, and `purge(at)` erases what is older (returns rows)."""

    model: str
    columns: tuple[str, ...]
    days: int | None
    after: str
    why: str
    purge: Purge | None = field(default=None, compare=False)


_table: list[Keep] = []


def keep(model: str, *columns: str, days: int | None, after: str, why: str, purge: Purge | None = None) -> None:
    """Promise how long `columns` of `model` ("room.Model") are kept.

    `days` after the event named by `after`; None means as long as the row lives, and `why` says what ends it.
    Several rows may share one `purge`; each is run once.
    """
    _table.append(Keep(model, columns, days, after, why, purge))


def table() -> tuple[Keep, ...]:
    """Every promise, in the order in which the rooms made them."""
    return tuple(_table)


def name_of(purge: Purge) -> str:
    """How a purge is named in counts and logs."""
    return f"{purge.__module__}.{purge.__qualname__}"


def run(at: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Erase what is due at `at` (UTC). Returns rows erased per purge, by its name. A dry run takes all of it back.

    A purge that fails does not keep the others from running; NotErased is raised at the end.
    """
    done: dict[str, int] = {}
    failed: list[str] = []
    for purge in {name_of(promise.purge): promise.purge for promise in _table if promise.purge is not None}.values():
        name = name_of(purge)
        try:
            done[name] = _would_erase(purge, at) if dry_run else purge(at)
        except Exception as problem:  # noqa: BLE001  one promise broken is no reason to break the next
            log.error("retention: %s failed (%s)", name, type(problem).__name__)
            failed.append(name)
    if failed:
        raise NotErased(failed, done)
    return done


def _would_erase(purge: Purge, at: datetime) -> int:
    with transaction.atomic():
        count = purge(at)
        transaction.set_rollback(True)
    return count


# -- docs/retention.md ---------------------------------------------------------------------------------------------------

_HEAD = """# How long things are kept

This page is made from the retention table in the code (`manage.py retention --write`); the same table drives the nightly
job that erases, and a test fails for any column of the database that is neither in it nor known to say nothing about a
person. Nothing else about a person is stored: no network address, no browser, no legal name, no time of last use, no record of
who read what.

To see what tonight's run would erase: `manage.py retention --erase --dry-run`.

| what | kept | why, and what ends it |
|---|---|---|
"""


def _length(promise: Keep) -> str:
    if promise.days is None:
        return f"until {promise.after}" if promise.after else "as long as the row"
    days = "1 day" if promise.days == 1 else f"{promise.days} days"
    return f"{days} after {promise.after}"


def page() -> str:
    """docs/retention.md."""
    lines = []
    for promise in sorted(_table, key=lambda each: (each.model, each.columns)):
        columns = ", ".join(f"`{column}`" for column in promise.columns)
        lines.append(f"| **{promise.model}**: {columns} | {_length(promise)} | {promise.why} |")
    return _HEAD + "\n".join(lines) + "\n"
