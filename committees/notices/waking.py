"""Waking the workers after a commit. The broker is only a bell: where it is away, the sweep and the dispatcher look by
themselves. Nobody who saves something waits for it: a thread of its own rings (its client tries for two seconds, and
longer where nothing answers).
"""

from __future__ import annotations

import logging
import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

#: The channel on which PostgreSQL itself tells dispatchers that there is something to do.
BELL = "notices"
#: After a failure the broker is left alone for so long, and what would ring meanwhile is dropped.
REST_SECONDS = 15.0
_quiet_until = 0.0


@lru_cache(maxsize=1)
def _ringer(_process: int) -> ThreadPoolExecutor:
    """One thread for each process: after a fork the parent's is not there."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices-bell")


def after_commit(task: str, *ids: int | str) -> None:
    """Ring for `task` (a name in notices.tasks, or another room's with its dots) once the transaction has committed. Never fails and never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [BELL])  # delivered on commit, by the database
    transaction.on_commit(partial(now, task, *ids), robust=True)


def now(task: str, *ids: int | str, seconds: float = 0) -> Future[bool]:
    """Ring for `task` at once, or so many seconds from now, without waiting for the broker. The future says whether it took it."""
    return _ringer(os.getpid()).submit(_ring, task, *ids, seconds=seconds)


def _ring(task: str, *ids: int | str, seconds: float = 0) -> bool:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        current_app.send_task(task if "." in task else f"committees.notices.tasks.{task}", args=ids, countdown=seconds or None, retry=False)
    except Exception as error:  # noqa: BLE001 (each broker library has errors of its own)
        _quiet_until = time.monotonic() + REST_SECONDS
        logger.warning("the broker is away (%s): workers will look by themselves", type(error).__name__)
        return False
    return True
