"""Waking the workers after a commit. The broker is only a bell: where it is away, the sweep and the dispatcher look by
themselves, and nobody who saves something waits for it.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

#: The channel on which PostgreSQL itself tells dispatchers that there is something to do.
BELL = "notices"
#: After a failure the broker is left alone for so long: one slow request, not one after the other.
REST_SECONDS = 15.0
_quiet_until = 0.0


def after_commit(task: str, *ids: int | str) -> None:
    """Ring for `task` (a name in notices.tasks) once the transaction has committed. Never fails, and waits at most a second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [BELL])  # delivered on commit, by the database
    transaction.on_commit(partial(now, task, *ids), robust=True)


def now(task: str, *ids: Any) -> bool:
    """Ring for `task` at once. False where the broker does not answer."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        current_app.send_task(f"committees.notices.tasks.{task}", args=ids, retry=False)
    except Exception as error:  # noqa: BLE001 (each broker library has errors of its own)
        _quiet_until = time.monotonic() + REST_SECONDS
        logger.warning("the broker is away (%s): workers will look by themselves", type(error).__name__)
        return False
    return True
