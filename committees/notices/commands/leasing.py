"""Taking a batch of deliveries, marking each before it goes, and writing down what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import RawCursor
from psycopg.types.numeric import Int8

from committees.notices import rules
from committees.notices.models import Channel, Delivery, Lease, Notice, State
from committees.notices.reading import NotNow
from committees.notices.reasons import WORKER_DIED

#: The notice whose turn it is (urgent before others, then whoever waited longest), up to `some` of its due deliveries,
#: and the lease over them: one statement, and two workers never get the same row.
_TAKE = """
WITH turn AS (
    SELECT n.id FROM notices_notice AS n
    WHERE n.settled_at IS NULL AND n.superseded_at IS NULL AND (n.useful_until IS NULL OR n.useful_until > %(at)s)
      AND (n.urgent OR NOT %(urgent)s)
      AND EXISTS (SELECT 1 FROM notices_delivery AS d
                  WHERE d.notice_id = n.id AND d.channel = %(channel)s AND d.state = 'waiting' AND d.due_at <= %(at)s AND d.lease IS NULL)
    ORDER BY n.urgent DESC, n.served_at ASC NULLS FIRST, n.id LIMIT 1
), mine AS (
    SELECT d.id FROM notices_delivery AS d JOIN turn ON d.notice_id = turn.id
    WHERE d.channel = %(channel)s AND d.state = 'waiting' AND d.due_at <= %(at)s AND d.lease IS NULL
    ORDER BY d.due_at, d.id LIMIT %(some)s FOR UPDATE OF d SKIP LOCKED
), served AS (
    UPDATE notices_notice SET served_at = clock_timestamp() WHERE id IN (SELECT id FROM turn) AND EXISTS (SELECT 1 FROM mine)
), held AS (
    INSERT INTO notices_lease (id, notice_id, until) SELECT %(lease)s, turn.id, %(until)s FROM turn WHERE EXISTS (SELECT 1 FROM mine)
)
UPDATE notices_delivery AS d SET lease = %(lease)s FROM mine WHERE d.id = mine.id
RETURNING d.id, d.person_id, d.notice_id, d.attempts, d.due_at
"""
#: The mark before each send. None comes back where the lease has run out (somebody else may have the rows by now), is
#: stale, or is just being made so by a command that has not yet committed.
_MARK = """
UPDATE notices_lease SET at_id = $1 WHERE id = (
    SELECT id FROM notices_lease WHERE id = $2 AND until > $3 AND NOT stale FOR UPDATE SKIP LOCKED)
RETURNING 1
"""
#: What a dead worker had reached: before the mark all went out, at the mark nobody knows, after it none did.
_SETTLE = """
UPDATE notices_delivery AS d SET
    state = CASE WHEN d.id < lease.at_id THEN 'accepted' ELSE d.state END,
    started_at = CASE WHEN d.id = lease.at_id THEN coalesce(d.started_at, %(at)s) ELSE d.started_at END,
    attempts = CASE WHEN d.id = lease.at_id THEN d.attempts + 1 ELSE d.attempts END,
    lease = NULL
FROM notices_lease AS lease
WHERE d.lease = lease.id AND lease.id = ANY(%(leases)s)
"""
#: Whoever settles a lease for us holds it, and may wait for the deliveries that we have just written: we never wait for it.
_LET_GO = "DELETE FROM notices_lease WHERE id IN (SELECT id FROM notices_lease WHERE id = %s FOR UPDATE SKIP LOCKED)"
_RESULT = """
UPDATE notices_delivery AS d SET state = r.state, reason = r.reason, language = CASE WHEN r.language = '' THEN d.language ELSE r.language END,
    due_at = coalesce(r.due_at, d.due_at), attempts = d.attempts + r.failed, lease = NULL,
    digest = CASE WHEN r.state = 'gathered' THEN NULL ELSE d.digest END,
    started_at = CASE WHEN r.begun THEN coalesce(d.started_at, %(at)s) ELSE d.started_at END
FROM unnest(%(ids)s::bigint[], %(states)s::varchar[], %(reasons)s::varchar[], %(languages)s::varchar[], %(dues)s::timestamptz[],
            %(failed)s::int[], %(begun)s::boolean[])
    AS r (id, state, reason, language, due_at, failed, begun)
WHERE d.id = r.id AND d.lease = %(lease)s
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One delivery of a batch."""

    id: int
    person_id: int
    attempts: int
    due_at: datetime


@dataclass(frozen=True)
class Batch:
    """Some deliveries of one notice, held by this worker until `until`. In the order in which they go."""

    lease: uuid.UUID
    notice_id: int
    until: datetime
    rows: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What is written down about one delivery."""

    id: int
    state: State
    reason: str = ""
    language: str = ""
    due_at: datetime | None = None
    failed: bool = False
    #: The server may have got it: the connection ended without an answer.
    begun: bool = False


def take(*, at: datetime, some: int, urgent: bool = False, channel: Channel = Channel.EMAIL) -> Batch | None:
    """The next batch of one channel, or None if nothing is due (or others hold all that is). Nobody is told yet."""
    lease, until = uuid.uuid4(), at + timedelta(seconds=settings.NOTICES_LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"at": at, "some": some, "lease": lease, "until": until, "urgent": urgent, "channel": str(channel)})
        rows = cursor.fetchall()
    if not rows:
        return None
    held = tuple(sorted((Held(pk, person, attempts, due) for pk, person, _notice, attempts, due in rows), key=lambda row: row.id))
    return Batch(lease, rows[0][2], until, held)


def begin(batch: Batch, delivery_id: int, *, at: datetime) -> bool:
    """Commit that this one is about to go. False if the batch is no longer ours, or who is meant has changed: then it
    must not be sent."""
    connection.ensure_connection()
    # Past the framework's conveniences: this runs once for each mail.
    with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
        cursor.execute(_MARK, [Int8(delivery_id), batch.lease, at])
        return cursor.rowcount == 1


@transaction.atomic
def write(batch: Batch, results: Iterable[Result]) -> None:
    """Write down what became of some deliveries of a batch; the others stay in our hands."""
    rows = list(results)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")
            cursor.execute(
                _RESULT,
                {
                    "lease": batch.lease,
                    "ids": [row.id for row in rows],
                    "states": [str(row.state.value) for row in rows],
                    "reasons": [row.reason[:80] for row in rows],
                    "languages": [row.language for row in rows],
                    "dues": [row.due_at for row in rows],
                    "failed": [int(row.failed) for row in rows],
                    "begun": [row.begun for row in rows],
                    "at": timezone.now(),
                },
            )


@transaction.atomic
def finish(batch: Batch, results: Iterable[Result]) -> None:
    """Write down the last results and let go of whatever was not begun."""
    write(batch, results)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_delivery SET lease = NULL WHERE lease = %s", [batch.lease])
        cursor.execute(_LET_GO, [batch.lease])


@transaction.atomic
def recover(*, at: datetime, about: tuple[str, int] | None = None) -> int:
    """Take back the batches of workers that died: all whose lease ran out, or all of one event.

    For an event only under its lock held alone: whoever is alive and sends about it would be holding it too. Returns
    how many batches there were.
    """
    lost = Lease.objects.filter(until__lte=at)
    if about is not None:
        lost = Lease.objects.filter(notice_id__in=Notice.objects.filter(about_type=about[0], about_id=about[1]).values("pk"))
    leases = list(lost.select_for_update(skip_locked=True).values_list("pk", flat=True))
    if leases:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, {"leases": leases, "at": at})
        Lease.objects.filter(pk__in=leases).delete()
        _give_up()
    return len(leases)


def _give_up() -> None:
    """A message whose workers die each time is not begun again."""
    Delivery.objects.waiting().filter(started_at__isnull=False, lease=None, attempts__gte=rules.MOST_STARTS).update(state=State.DEAD, reason=WORKER_DIED)


def remember(batch: Batch, delivery_id: int, *, pushed_to: list[int]) -> None:
    """Write down which browsers of one person took it, so that only the others are asked again."""
    Delivery.objects.filter(pk=delivery_id, lease=batch.lease).update(pushed_to=pushed_to)


def overtake(batch: Batch) -> None:
    """The notice was overtaken while the batch waited for its turn: none of it goes."""
    finish(batch, [Result(row.id, State.SUPERSEDED) for row in batch.rows])


def put_back(batch: Batch, *, after: timedelta, at: datetime) -> None:
    """Let go of a whole batch for a moment."""
    finish(batch, [Result(row.id, State.WAITING, due_at=max(row.due_at, at + after)) for row in batch.rows])


def not_now(batch: Batch, people: Mapping[int, object]) -> None:
    """Write down who of a batch does not get it, or not yet."""
    waiting = {row.person_id: row for row in batch.rows}
    write(
        batch,
        [Result(waiting[person].id, found.state, found.reason, due_at=found.due_at) for person, found in people.items() if isinstance(found, NotNow)],
    )
