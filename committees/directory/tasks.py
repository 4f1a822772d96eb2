"""Celery's front door: ids in, one command. The row of the list is the truth; any of these may be lost or come twice."""

from __future__ import annotations

from celery import shared_task

from committees.directory import commands
from committees.notices import waking


@shared_task
def work_on_list(pk: int) -> None:
    """One turn on a list that was handed in. Rings for the next where there is more."""
    if commands.work(pk):
        waking.now(commands.TASK, pk)
