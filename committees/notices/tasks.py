"""Celery's front door: ids in, one command. The outbox is the truth, so that any of these may be lost or come twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.utils import timezone

from committees.notices import collecting, commands, registry, sending, waking
from committees.notices.commands import resting
from committees.notices.push import sending as pushing

logger = logging.getLogger(__name__)
#: Seconds by which the bell is late rather than early: what rang too early would find the limit still reached.
AFTER = 0.1


@shared_task
def expand(notice_id: int) -> None:
    """Make the deliveries of one notice that has become due."""
    commands.expand(notice_id, at=timezone.now())


@shared_task
def send() -> None:
    """One sender's run. Rings for the next where there is more, and where the limit is reached for the time at which more may go."""
    if sending.run():
        waking.now("send")
        return
    then = resting.more_at(at=timezone.now())
    # Of all who found the limit reached one alone rings for that instant; another will for the one after it.
    if then and cache.add(f"notices-ring-{then:%H%M%S}", 1, timeout=120):
        waking.now("send", seconds=(then - timezone.now()).total_seconds() + AFTER)


@shared_task
def send_urgent() -> None:
    """One sender's run that begins with what is urgent; it goes on with the rest."""
    sending.run(urgent=True)
    waking.now("send")


@shared_task
def push() -> None:
    """One run of what goes by push. Rings for the next where there is more."""
    if pushing.run():
        waking.now("push")


@shared_task
def sweep() -> None:
    """Each minute: find what a lost bell forgot, and close what is done."""
    commands.sweep(at=timezone.now())


@shared_task
def read_returned() -> None:
    """Each minute: what came back (BOUNCE_MAILBOX)."""
    collecting.run()


@shared_task
def tick() -> None:
    """Each minute: ask the rooms above what has become due."""
    ask_the_rooms()


def ask_the_rooms() -> None:
    """Every tick that a room registered; one that fails does not stop the others."""
    for each in registry.ticks():
        try:
            each(timezone.now())
        except DatabaseError:
            raise
        except Exception:
            logger.exception("%s failed", getattr(each, "__qualname__", each))
