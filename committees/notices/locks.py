"""Locks that the database keeps for us, by number. They end with the transaction or the connection that holds them.

The lock on an event makes a cancellation final: whoever sends a batch about it holds the lock shared, whoever overtakes
it takes the lock alone. Nothing about the event starts while a command that changes it has not yet committed, and the
command waits for no more than the batch that is just going out.

The locks on readers make a removal final: who is meant is read under those of all whom a batch is for, shared, and whoever
takes a right away takes theirs alone. They are held for the reading only, so that a removal waits for no mail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

_READERS = 64
#: Taking locks of the connection without waiting, and giving them back.
_ALONE = ("SELECT key, pg_try_advisory_lock(key) FROM unnest(%s::bigint[]) AS key", "SELECT pg_advisory_unlock(key) FROM unnest(%s::bigint[]) AS key")
_SHARED = (
    "SELECT key, pg_try_advisory_lock_shared(key) FROM unnest(%s::bigint[]) AS key",
    "SELECT pg_advisory_unlock_shared(key) FROM unnest(%s::bigint[]) AS key",
)


def number(*names: object) -> int:
    """A signed 64-bit number for a name."""
    text = "\0".join(str(name) for name in names)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def event(about_type: str, about_id: int) -> int:
    """The number of the lock on one thing that notices are about."""
    return number("notices.event", about_type, about_id)


def readers(person_ids: Iterable[int]) -> list[int]:
    """The numbers of the locks on these people. Some share one, so that a large batch does not fill the table of locks."""
    return [number("notices.reader", slot) for slot in sorted({pk % _READERS for pk in person_ids})]


def take_alone(*keys: int) -> None:
    """Wait for the locks and hold them until the transaction ends."""
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def take_shared(keys: list[int]) -> bool:
    """Hold the locks, shared, until the transaction ends. False, without waiting, if somebody holds one alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bool_and(pg_try_advisory_xact_lock_shared(key)) FROM unnest(%s::bigint[]) AS key", [keys])
        row = cursor.fetchone()
    return row is not None and row[0] is not False


@contextmanager
def trying(*keys: int, shared: bool = False) -> Iterator[bool]:
    """Hold locks of the connection, if all are free, for the length of the block; gives whether they were.

    It never waits. A connection that cannot give its locks back is closed, for that gives them back too.
    """
    take, give_back = _SHARED if shared else _ALONE
    with connection.cursor() as cursor:
        cursor.execute(take, [list(keys)])
        held = [key for key, got in cursor.fetchall() if got]
    try:
        yield len(held) == len(keys)
    finally:
        if held:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(give_back, [held])
            except Exception:  # noqa: BLE001 (whatever it was, the locks must not stay)
                connection.close()
