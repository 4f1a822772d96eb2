"""Locks that the kernel drops when their holder dies: a crash can leave none behind."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any


def open_lock(path: Path) -> int:
    """The lock's file, open; not yet locked. Children do not inherit it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def take(lock: int, *, patience: float = 0.3) -> bool:
    """Try to take it for oneself alone. Waits a moment: somebody may only be looking (`held_by_other`)."""
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        else:
            return True


def held_by_other(path: Path) -> bool:
    """Does somebody hold it for himself alone?"""
    if not path.exists():
        return False
    lock = open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def write_note(lock: int, note: dict[str, Any]) -> None:
    """Leave word in a lock's file of who holds it."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, json.dumps(note).encode(), 0)


def read_note(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}
