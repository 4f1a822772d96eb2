"""The sender: takes batches, reads again who is meant, makes each message and gives it to the mail server.

One run keeps one connection to the mail server; MAIL_CONNECTIONS of them may be open at once, over all processes. A
Celery task is one run, and so is each turn of the dispatcher; they need not know of each other.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import formatdate

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.utils import timezone

from committees.notices import accountmail, locks, reading, rules, verp
from committees.notices.commands import bouncing, leasing, resting
from committees.notices.commands.leasing import Batch, Held, Result
from committees.notices.messages import CannotMake, Messages
from committees.notices.models import Notice, State
from committees.notices.reading import NotNow, Ready
from committees.notices.runs import Run
from committees.notices.smtp import Answer, Verdict
from committees.notices.verp import Kind, Named

logger = logging.getLogger(__name__)

#: A batch ends after so long, so that whoever cancels waits for no more than this and one message.
BATCH_SECONDS = 2.0
_IN_A_MOMENT = timedelta(milliseconds=200)


def run(*, seconds: float = 20.0, urgent: bool = False) -> int:
    """Send what is due until nothing is, or for so long. Returns how many mails the server accepted.

    With `urgent` only what is urgent. Returns at once where MAIL_CONNECTIONS runs are at work already: they see to it.
    """
    ends = time.monotonic() + seconds
    leasing.recover(at=timezone.now())
    for place in range(settings.MAIL_CONNECTIONS):
        with locks.trying(locks.number("notices.connection", place)) as mine:
            if mine:
                return _work(Run(), ends, urgent=urgent)
    return 0


def _work(turn: Run, ends: float, *, urgent: bool) -> int:
    with _quick_marks():
        try:
            while time.monotonic() < ends and not turn.resting and not resting.is_resting(at=timezone.now()):
                if not (accountmail.one(turn) or _one_batch(turn, urgent=urgent)):
                    break
        finally:
            turn.wire.close()
    return turn.sent


@contextmanager
def _quick_marks() -> Iterator[None]:
    """Marks are committed without waiting for the disk: a worker's death loses none, the database's own death at most
    the last batch (results are written with the disk's word: leasing.write)."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")


# -- Notices -----------------------------------------------------------------------------------------------------------


def _one_batch(turn: Run, *, urgent: bool) -> bool:
    """One batch of one notice. False if nothing is due, or nothing may go."""
    at = timezone.now()
    some = resting.allow(settings.NOTICES_BATCH, at=at)
    batch = leasing.take(at=at, some=some, urgent=urgent) if some else None
    if batch is None:
        return False
    notice = Notice.objects.get(pk=batch.notice_id)
    if not turn.is_connected():
        leasing.put_back(batch, after=timedelta(0), at=at)
        return False
    with locks.trying(locks.event(notice.about_type, notice.about_id), shared=True) as free:
        if free:
            _send_batch(turn, batch, at)
        else:  # somebody is just changing the event
            leasing.put_back(batch, after=_IN_A_MOMENT, at=at)
    return True


def _send_batch(turn: Run, batch: Batch, at: datetime) -> None:
    """Called with the event's lock in hand: what is read now stays true until the batch is out."""
    notice = Notice.objects.get(pk=batch.notice_id)
    if notice.superseded_at is not None:
        leasing.overtake(batch)
        return
    try:
        people = _read(notice, {row.person_id for row in batch.rows}, at=at)
        if people is None:  # somebody is just losing a right
            leasing.put_back(batch, after=_IN_A_MOMENT, at=at)
            return
        readers = {pk: found for pk, found in people.items() if isinstance(found, Ready)}
        messages = Messages(turn.maker, notice, readers, formatdate(usegmt=True))
        _ = messages.personal, messages.thread
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 (a kind of another room failed: its notice is a dead letter, the others go on)
        logger.error("%s cannot be sent: %s", notice.kind, type(error).__name__)
        leasing.finish(batch, [Result(row.id, State.DEAD, f"{notice.kind}: {type(error).__name__}") for row in batch.rows])
        return
    leasing.not_now(batch, people)
    rows = [row for row in batch.rows if row.person_id in readers]
    leasing.finish(batch, _send_rows(turn, batch, rows, messages))


def _read(notice: Notice, person_ids: set[int], *, at: datetime) -> Mapping[int, Ready | NotNow] | None:
    """Who is meant, under the locks of those people: whoever takes a right away after this finds the batch and ends it."""
    with transaction.atomic():
        return reading.read(notice, person_ids, at=at) if locks.take_shared(locks.readers(person_ids)) else None


def _send_rows(turn: Run, batch: Batch, rows: list[Held], messages: Messages) -> list[Result]:
    """Send these, in their order, and give what was accepted. Everything else is written down before the mark moves on,
    for what lies behind a mark counts as accepted."""
    accepted: list[Result] = []
    ends = time.monotonic() + BATCH_SECONDS
    for row in rows:
        if time.monotonic() > ends or not turn.is_connected():
            break
        ready = messages.readers[row.person_id]
        try:
            to = turn.wire.envelope(str(ready.contact.address))
            raw = messages.make(row.person_id, to)
        except ValueError:
            leasing.write(batch, [Result(row.id, State.UNREACHABLE, "not an address")])
            continue
        except CannotMake as error:
            leasing.write(batch, [Result(row.id, State.DEAD, str(error))])
            continue
        turn.offer(verp.envelope(Named(Kind.NOTICE, row.id, ready.contact.pk)), to)
        if not leasing.begin(batch, row.id, at=timezone.now()):
            turn.wire.withdraw()
            break
        answer = turn.deliver(raw)
        if answer.verdict == Verdict.ACCEPTED:
            accepted.append(Result(row.id, State.ACCEPTED, language=ready.reader.language))
            continue
        leasing.write(batch, [_result(row, answer, at=timezone.now())])
        _take_note(turn, ready, answer)
    return accepted


def _result(row: Held, answer: Answer, *, at: datetime) -> Result:
    match answer.verdict:
        case Verdict.NO_SUCH:
            return Result(row.id, State.BOUNCED, answer.reason)
        case Verdict.NEVER:
            return Result(row.id, State.DEAD, answer.reason)
        case Verdict.LATER | Verdict.BROKEN:
            attempts, begun = row.attempts + 1, answer.verdict == Verdict.BROKEN
            if rules.is_hopeless(attempts=attempts, due_at=row.due_at, at=at):
                return Result(row.id, State.DEAD, answer.reason, failed=True, begun=begun)
            due_at = at + rules.wait_before(attempts, base=settings.NOTICES_RETRY_SECONDS)
            return Result(row.id, State.WAITING, answer.reason, due_at=due_at, failed=True, begun=begun)
    return Result(row.id, State.WAITING, answer.reason)


def _take_note(turn: Run, ready: Ready, answer: Answer) -> None:
    if answer.verdict == Verdict.NO_SUCH:
        bouncing.bounce(ready.contact, reason=answer.reason, at=timezone.now())
    elif answer.verdict == Verdict.CLOSED:
        turn.rest(answer.reason)
