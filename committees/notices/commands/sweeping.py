"""What the clock does: finds what a bell forgot, closes what is done, erases what is old."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from committees.notices import locks, waking
from committees.notices.commands import gathering, leasing, resting
from committees.notices.commands.expanding import expand_due
from committees.notices.models import Channel, Digest, Errand

KEEP_DAYS = 14
_SOME = 5000

#: Deliveries whose notice was overtaken or is of no more use; those that a worker holds are left to it.
_CLOSE = """
UPDATE notices_delivery SET state = %(state)s
WHERE id IN (
    SELECT d.id FROM notices_delivery AS d JOIN notices_notice AS n ON n.id = d.notice_id
    WHERE d.state = 'waiting' AND d.lease IS NULL AND n.settled_at IS NULL AND {which}
    LIMIT %(some)s FOR UPDATE OF d SKIP LOCKED)
"""
_OVERTAKEN = "n.superseded_at IS NOT NULL"
_TOO_LATE = "n.superseded_at IS NULL AND n.useful_until <= %(at)s"
_SETTLE = """
UPDATE notices_notice AS n SET settled_at = %(at)s
WHERE n.settled_at IS NULL AND (n.expanded_at IS NOT NULL OR n.superseded_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM notices_delivery AS d WHERE d.notice_id = n.id AND d.state = 'waiting')
"""
_DUE = """
SELECT channel.name FROM unnest(%(channels)s::varchar[]) AS channel (name) WHERE EXISTS (
    SELECT 1 FROM notices_notice AS n JOIN notices_delivery AS d ON d.notice_id = n.id AND d.channel = channel.name
    WHERE n.settled_at IS NULL AND d.state = 'waiting' AND d.due_at <= %(at)s AND d.lease IS NULL)
UNION
SELECT 'email' WHERE EXISTS (
    SELECT 1 FROM notices_errand WHERE state = 'waiting' AND due_at <= %(at)s AND (leased_until IS NULL OR leased_until <= %(at)s))
"""
#: Who is woken where something of a channel waits.
_SENDERS = {Channel.EMAIL: "send", Channel.PUSH: "push"}


def sweep(*, at: datetime) -> dict[str, int]:
    """Expand what is due, close what is overtaken or too late, settle what is done, and wake a sender if something waits.

    May run as often and in as many processes as one likes; of several at once, one works.
    """
    with locks.trying(locks.number("notices.sweep")) as mine:
        if not mine:
            return {}
        done = {
            "recovered": leasing.recover(at=at),
            "expanded": expand_due(at=at),
            "followed": gathering.follow(),
            "gathered": gathering.gather(at=at),
            "superseded": _close(_OVERTAKEN, "superseded", at),
            "missed": _close(_TOO_LATE, "missed", at),
        }
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, {"at": at})
            done["settled"] = cursor.rowcount
            cursor.execute(_DUE, {"at": at, "channels": [channel.value for channel in _SENDERS]})
            waiting = [Channel(name) for (name,) in cursor.fetchall()]
    for channel in waiting:
        waking.now(_SENDERS[channel])
    return done


def _close(which: str, state: str, at: datetime) -> int:
    """In portions, so that no statement holds thousands of rows for long."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CLOSE.format(which=which), {"state": state, "at": at, "some": _SOME})
            closed = cursor.rowcount
        total += closed
        if closed < _SOME:
            return total


def forget(at: datetime) -> int:
    """Erase notices, with their deliveries, fourteen days after they were of use. Returns how many rows went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM notices_notice WHERE greatest(posted_at, due_at, useful_until) < %s",
            [at - timedelta(days=KEEP_DAYS)],
        )
        notices = cursor.rowcount
    resting.forget_domains(at=at)
    Digest.objects.filter(at__lt=at - timedelta(days=KEEP_DAYS + 7)).delete()
    return notices + Errand.objects.filter(mail__useful_until__lt=at - timedelta(days=KEEP_DAYS)).delete()[0]
