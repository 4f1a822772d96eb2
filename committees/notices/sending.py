"""The sender: takes batches, reads again who is meant, makes each message and gives it to the mail server.

One run keeps one connection to the mail server; MAIL_CONNECTIONS of them may be open at once, over all processes. A
Celery task is one run, and so is each turn of the dispatcher; they need not know of each other.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import formatdate
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils import timezone

from committees.notices import accountmail, locks, outgoing, providers, reading, verp
from committees.notices.commands import bouncing, leasing, resting
from committees.notices.commands.leasing import Batch, Held, Result
from committees.notices.messages import CannotMake, Messages
from committees.notices.models import Notice, State
from committees.notices.reading import Ready
from committees.notices.runs import Run
from committees.notices.smtp import Answer, Verdict
from committees.notices.verp import Kind, Named


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
    resting.give_back(some - (len(batch.rows) if batch else 0), at=at)
    if batch is None:
        return False
    if turn.is_connected():
        outgoing.send(batch, at=at, read=reading.read, make=partial(_messages, turn), send=partial(_send_rows, turn, batch))
    else:
        leasing.put_back(batch, after=timedelta(0), at=at)
    return True


def _messages(turn: Run, notice: Notice, readers: Mapping[int, Ready]) -> Messages:
    messages = Messages(turn.maker, notice, readers, formatdate(usegmt=True))
    _ = messages.personal, messages.thread
    return messages


def _send_rows(turn: Run, batch: Batch, messages: Messages, rows: list[Held]) -> list[Result]:
    accepted: list[Result] = []
    rows = _within_limits(batch, messages, rows)
    ends = time.monotonic() + outgoing.BATCH_SECONDS
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
        named = Named(Kind.NOTICE, row.id, ready.contact.pk)
        turn.offer(verp.envelope(named), to)
        if not leasing.begin(batch, row.id, at=timezone.now()):
            turn.wire.withdraw()
            break
        answer = turn.deliver(providers.marked(raw, named))
        if answer.verdict == Verdict.ACCEPTED:
            accepted.append(Result(row.id, State.ACCEPTED, language=ready.reader.language))
            continue
        leasing.write(batch, [_result(row, answer, at=timezone.now())])
        _take_note(turn, ready, answer)
    return accepted


def _within_limits(batch: Batch, messages: Messages, rows: list[Held]) -> list[Held]:
    """Those rows whose domains take more in this minute; the others are put off, further the more of them there are."""
    if not settings.MAIL_PER_DOMAIN:
        return rows
    at, by_domain = timezone.now(), defaultdict[str, list[Held]](list)
    for row in rows:
        by_domain[str(messages.readers[row.person_id].contact.address).rpartition("@")[2].lower()].append(row)
    granted = resting.allow_domains({domain: len(theirs) for domain, theirs in by_domain.items()}, at=at)
    put_off: list[Result] = []
    for domain, theirs in by_domain.items():
        for n, row in enumerate(theirs[granted[domain] :]):
            minutes = 1 + n // settings.MAIL_PER_DOMAIN
            put_off.append(Result(row.id, State.WAITING, due_at=at.replace(second=0, microsecond=0) + timedelta(minutes=minutes)))
    leasing.write(batch, put_off)
    later = {result.id for result in put_off}
    return [row for row in rows if row.id not in later]


def _result(row: Held, answer: Answer, *, at: datetime) -> Result:
    match answer.verdict:
        case Verdict.NO_SUCH:
            return Result(row.id, State.BOUNCED, answer.reason)
        case Verdict.NEVER:
            return Result(row.id, State.DEAD, answer.reason)
        case Verdict.LATER | Verdict.BROKEN:
            return outgoing.again_later(row, answer.reason, begun=answer.verdict == Verdict.BROKEN, at=at)
    return Result(row.id, State.WAITING, answer.reason)


def _take_note(turn: Run, ready: Ready, answer: Answer) -> None:
    if answer.verdict == Verdict.NO_SUCH:
        bouncing.bounce(ready.contact, reason=answer.reason, at=timezone.now())
    elif answer.verdict == Verdict.CLOSED:
        turn.rest(answer.reason)
