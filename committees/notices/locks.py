"""Locks that the database keeps for us, by number. They end with the transaction or the connection that holds them.

The lock on an event makes a cancellation final: whoever sends a batch about it holds the lock shared, whoever overtakes
it takes the lock alone. Nothing about the event starts while a command that changes it has not yet committed, and the
command waits for no more than the batch that is just going out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def number(*names: object) -> int:
    """A signed 64-bit number for a name."""
    text = "\0".join(str(name) for name in names)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def event(about_type: str, about_id: int) -> int:
    """The number of the lock on one thing that notices are about."""
    return number("notices.event", about_type, about_id)


def take_alone(key: int) -> None:
    """Wait for the lock and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


@contextmanager
def trying(key: int, *, shared: bool = False) -> Iterator[bool]:
    """Hold a lock of the connection, if it is free, for the length of the block; gives whether it was.

    It never waits. A connection that cannot give its lock back is closed, for that gives it back too.
    """
    kind = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{kind}(%s)", [key])
        row = cursor.fetchone()
    held = bool(row and row[0])
    try:
        yield held
    finally:
        if held:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT pg_advisory_unlock{kind}(%s)", [key])
            except Exception:  # noqa: BLE001 (whatever it was, the lock must not stay)
                connection.close()
