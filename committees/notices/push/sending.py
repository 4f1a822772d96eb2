"""The sender of push: takes batches, reads again who is meant, marks each person before it begins, and writes down what became of it.

The outbox's own order (commands/leasing): nothing is lost, and where a worker dies only the person at whom it was may be told
twice. The second copy takes the place of the first on the screen, for both have the same topic.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from committees.notices import locks, outgoing
from committees.notices.commands import devices, leasing
from committees.notices.commands.leasing import Batch, Held, Result
from committees.notices.devices import PushDevice
from committees.notices.messages import CannotMake
from committees.notices.models import Channel, Level, Notice, State
from committees.notices.push import reading, sealing, vapid
from committees.notices.push.reading import Ready
from committees.notices.push.wire import Answer, Verdict, Wire
from committees.notices.push.words import Words, time_to_live, topic

logger = logging.getLogger(__name__)

#: Which of several browsers' answers decides: first what can still get better, last what is well.
_ORDER = (Verdict.BROKEN, Verdict.LATER, Verdict.AWAY, Verdict.NEVER, Verdict.TAKEN, Verdict.GONE)


@dataclass
class Turn:
    """One run: its connections, and which services are left alone until when."""

    wire: Wire = field(default_factory=Wire)
    away: dict[str, datetime] = field(default_factory=dict)
    sent: int = 0

    def resting(self, endpoint: str, at: datetime) -> datetime | None:
        until = self.away.get(vapid.origin(endpoint))
        return until if until and until > at else None

    def note(self, endpoint: str, answer: Answer, at: datetime) -> None:
        """A service that does not answer, or asks for patience, is asked nothing for a while; the others go on."""
        if answer.verdict in (Verdict.AWAY, Verdict.BROKEN) or answer.after:
            after = max(answer.after or timedelta(0), timedelta(seconds=settings.NOTICES_REST_SECONDS))
            self.away[vapid.origin(endpoint)] = at + after
            logger.warning("a push service is left alone for %s s: %s", int(after.total_seconds()), answer.reason)


def run(*, seconds: float = 20.0) -> int:
    """Send what is due until nothing is, or for so long. Returns how many people were reached. Returns at once where
    PUSH_CONNECTIONS runs are at work already."""
    ends = time.monotonic() + seconds
    leasing.recover(at=timezone.now())
    for place in range(settings.PUSH_CONNECTIONS):
        with locks.trying(locks.number("notices.push", place)) as mine:
            if mine:
                return _work(Turn(), ends)
    return 0


def _work(turn: Turn, ends: float) -> int:
    try:
        while time.monotonic() < ends and _one_batch(turn):
            pass
    finally:
        turn.wire.close()
    return turn.sent


def _one_batch(turn: Turn) -> bool:
    at = timezone.now()
    batch = leasing.take(at=at, some=settings.NOTICES_BATCH, channel=Channel.PUSH)
    if batch is None:
        return False
    outgoing.send(batch, at=at, read=reading.read, make=_words, send=partial(_send_rows, turn, batch))
    return True


def _words(notice: Notice, readers: Mapping[int, Ready]) -> Words:
    words = Words(notice, readers)
    _ = words.personal
    return words


def _send_rows(turn: Turn, batch: Batch, words: Words, rows: list[Held]) -> list[Result]:
    taken: list[Result] = []
    ends = time.monotonic() + outgoing.BATCH_SECONDS
    for row in rows:
        if time.monotonic() > ends:
            break
        ready, at = words.readers[row.person_id], timezone.now()
        rests = [turn.resting(str(device.endpoint), at) for device in ready.devices]
        if (waits := [until for until in rests if until]) and len(waits) == len(rests):
            leasing.write(batch, [Result(row.id, State.WAITING, "the push service rests", due_at=min(waits))])
            continue
        try:
            plain = {level: words.make(row.person_id, level) for level in {ready.level_at(device, at) for device in ready.devices}}
        except CannotMake as error:
            leasing.write(batch, [Result(row.id, State.DEAD, str(error))])
            continue
        if not leasing.begin(batch, row.id, at=at):
            break
        answers = _to_all(turn, words.notice, ready, plain, at)
        verdicts = {answer.verdict for answer in answers.values()}
        if verdicts <= {Verdict.TAKEN, Verdict.GONE} and (ready.told or Verdict.TAKEN in verdicts):
            turn.sent += 1
            taken.append(Result(row.id, State.ACCEPTED, language=ready.reader.language))
        else:
            _write_down(batch, row, ready, answers)
    return taken


def _to_all(turn: Turn, notice: Notice, ready: Ready, plain: Mapping[Level, bytes], at: datetime) -> dict[int, Answer]:
    """To every browser of one person that has not taken it yet, and what its service answered."""
    answers: dict[int, Answer] = {}
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(time_to_live(notice, at)),
        "Urgency": "high" if notice.urgent else "normal",
        "Topic": topic(notice, ready.reader.person_id),
    }
    for device in ready.devices:
        until = turn.resting(str(device.endpoint), at)
        resting = Answer(Verdict.AWAY, "the push service rests", until - at) if until else None
        answers[device.pk] = resting or _to_one(turn, device, plain[ready.level_at(device, at)], headers, at)
    return answers


def _to_one(turn: Turn, device: PushDevice, plain: bytes, headers: dict[str, str], at: datetime) -> Answer:
    endpoint = str(device.endpoint)
    answer = turn.wire.reach(endpoint)
    if answer is None:
        point, secret = sealing.checked(**dict(device.keys))
        answer = turn.wire.send(endpoint, sealing.seal(plain, point=point, secret=secret), headers | {"Authorization": vapid.authorization(endpoint)})
    turn.note(endpoint, answer, at)
    if answer.verdict == Verdict.GONE:
        devices.drop(device)
    return answer


@transaction.atomic
def _write_down(batch: Batch, row: Held, ready: Ready, answers: Mapping[int, Answer]) -> None:
    """Not all of a person's browsers took it. Who did is remembered, so that only the others are asked again."""
    told = [*ready.told, *(pk for pk, answer in answers.items() if answer.verdict == Verdict.TAKEN)]
    if told:
        leasing.remember(batch, row.id, pushed_to=told)
    worst = min(answers.values(), key=lambda answer: _ORDER.index(answer.verdict))
    leasing.write(batch, [_result(row, worst, told=bool(told), at=timezone.now())])


def _result(row: Held, answer: Answer, *, told: bool, at: datetime) -> Result:
    """`told`: one of their browsers took it. Then they are, even where another one never answers; what a service refuses for good is
    for whoever keeps the server to look at in any case."""
    if answer.verdict == Verdict.GONE:
        return Result(row.id, State.UNREACHABLE, answer.reason)
    if answer.verdict == Verdict.NEVER:
        return Result(row.id, State.DEAD, f"push {answer.reason}")
    at_last, begun = State.ACCEPTED if told else State.DEAD, answer.verdict == Verdict.BROKEN
    return outgoing.again_later(row, f"push {answer.reason}", begun=begun, at=at, after=answer.after or timedelta(0), at_last=at_last)
