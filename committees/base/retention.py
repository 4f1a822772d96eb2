"""How long each column that holds something about a person is kept, and what erases it.

Rooms add their rows in `apps.ready()`; the nightly job, docs/retention.md and the house test read this one table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

type Purge = Callable[[datetime], int]


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


def run(at: datetime) -> dict[str, int]:
    """Erase what is due at `at` (UTC). Returns rows erased per purge, by its qualified name."""
    done: dict[str, int] = {}
    for promise in _table:
        if promise.purge is not None:
            name = f"{promise.purge.__module__}.{promise.purge.__qualname__}"
            if name not in done:
                done[name] = promise.purge(at)
    return done
