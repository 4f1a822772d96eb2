"""What every channel does with a batch of one notice: it reads again who is meant, makes their messages, sends them, and writes down what
became of each. How a message is made and sent is the channel's own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction

from committees.notices import locks, registry, rules
from committees.notices.commands import leasing
from committees.notices.commands.leasing import Batch, Held, Result
from committees.notices.models import Notice, State
from committees.notices.reading import NotNow

logger = logging.getLogger(__name__)

#: A batch ends after so long, so that whoever cancels waits for no more than this and one message.
BATCH_SECONDS = 2.0
_IN_A_MOMENT = timedelta(milliseconds=200)

#: The messages for those who are ready. Whatever is the same for all of a batch is made here: it may fail, and does so for all.
type Make[R, M] = Callable[[Notice, Mapping[int, R]], M]
#: Sends these rows, in their order, and gives what was accepted. All else it writes down before the mark moves on, for what lies
#: behind a mark counts as accepted.
type Send[M] = Callable[[M, list[Held]], list[Result]]


class Read[R](Protocol):
    """For each of these people, whether and how they are told of a notice at an instant."""

    def __call__(self, notice: Notice, person_ids: set[int], *, at: datetime) -> Mapping[int, R | NotNow]: ...


def send[R, M](batch: Batch, *, at: datetime, read: Read[R], make: Make[R, M], send: Send[M]) -> None:
    """Send a batch, unless somebody is just changing the event (or one of those that a digest tells of): then it is put back for a moment."""
    notice = Notice.objects.get(pk=batch.notice_id)
    with locks.trying(*_events(notice, batch), shared=True) as free:
        if free:
            _send(batch, at, read, make, send)
        else:
            leasing.put_back(batch, after=_IN_A_MOMENT, at=at)


def _events(notice: Notice, batch: Batch) -> set[int]:
    """The locks on all that a batch speaks of."""
    about = {(notice.about_type, notice.about_id)}
    if registry.is_known(notice.kind):
        about |= set(registry.kind(notice.kind).speaks_of(notice, {row.person_id for row in batch.rows}))
    return {locks.event(*each) for each in about}


def _send[R, M](batch: Batch, at: datetime, read: Read[R], make: Make[R, M], send: Send[M]) -> None:
    """Called with the event's lock in hand: what is read now stays true until the batch is out."""
    notice = Notice.objects.get(pk=batch.notice_id)
    if notice.superseded_at is not None:
        leasing.overtake(batch)
        return
    try:
        registry.kind(notice.kind).let_go(notice, {row.person_id for row in batch.rows})
        people = _read(notice, {row.person_id for row in batch.rows}, at, read)
        if people is None:  # somebody is just losing a right
            leasing.put_back(batch, after=_IN_A_MOMENT, at=at)
            return
        ready = {pk: found for pk, found in people.items() if not isinstance(found, NotNow)}
        messages = make(notice, ready)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 (a kind of another room failed: its notice is a dead letter, the others go on)
        logger.error("%s cannot be sent: %s", notice.kind, type(error).__name__)
        leasing.finish(batch, [Result(row.id, State.DEAD, f"{notice.kind}: {type(error).__name__}") for row in batch.rows])
        return
    leasing.not_now(batch, people)
    leasing.finish(batch, send(messages, [row for row in batch.rows if row.person_id in ready]))


def _read[R](notice: Notice, person_ids: set[int], at: datetime, read: Read[R]) -> Mapping[int, R | NotNow] | None:
    """Who is meant, under the locks of those people: whoever takes a right away after this finds the batch and ends it."""
    with transaction.atomic():
        return read(notice, person_ids, at=at) if locks.take_shared(locks.readers(person_ids)) else None


def again_later(row: Held, reason: str, *, begun: bool, at: datetime, after: timedelta = timedelta(0), at_last: State = State.DEAD) -> Result:
    """A message that did not go this time: when it is tried again (not before `after`), or what becomes of it where it was tried often
    or long enough. `begun`: it may have arrived all the same."""
    attempts = row.attempts + 1
    if rules.is_hopeless(attempts=attempts, due_at=row.due_at, at=at):
        return Result(row.id, at_last, reason, failed=True, begun=begun)
    due_at = at + max(rules.wait_before(attempts, base=settings.NOTICES_RETRY_SECONDS), after)
    return Result(row.id, State.WAITING, reason, due_at=due_at, failed=True, begun=begun)
