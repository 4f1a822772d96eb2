"""A committee comes from another server: its polls are written anew. Nobody is told of them there."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from committees.base import clock
from committees.resettling.chest import Chest, Line
from committees.resettling.register import Coming
from organizing.finding import rules
from organizing.finding.models import Poll, Reply, Slot, State, Word
from organizing.finding.parcels import FILE
from organizing.meetings.models import LONGEST_MINUTES

MOST_REPLIES = 50_000


def unpack(coming: Coming, chest: Chest) -> None:
    """Every poll of the parcel with its times and answers. Raises what `Line.wrong` gives for a row that cannot be."""
    for line in chest.rows(FILE):
        poll = _poll(coming, line)
        poll.save(force_insert=True)
        for each in line.lines("times", most=rules.MOST):
            slot = _slot(coming, poll, each)
            slot.save(force_insert=True)
            Reply.objects.bulk_create((_reply(coming, slot, reply) for reply in each.lines("replies", most=MOST_REPLIES)), batch_size=1000)
            if poll.is_taken and each.flag("taken"):
                poll.taken = slot
        poll.save(update_fields=["taken"])


def _poll(coming: Coming, line: Line) -> Poll:
    state, by = line.choice("state", State), coming.member(line.number("by"))
    if state == State.WITHDRAWN:
        raise line.wrong("state")
    if by is None:
        raise line.wrong("by")
    zone = line.text("zone", 48)
    try:
        clock.validate_zone(zone)
    except ValidationError:
        raise line.wrong("zone") from None
    begun, ends = min(line.instant("begun_at"), coming.at), line.instant("ends_at")
    if ends <= begun:
        raise line.wrong("ends_at")
    ended = line.maybe_instant("ended_at")
    if (ended is None) != (state == State.OPEN):
        raise line.wrong("ended_at")
    return Poll(
        committee=coming.committee,
        by=by,
        ended_by=coming.member(line.maybe_number("ended_by")),
        state=state,
        subject=line.text("subject", rules.LONGEST_SUBJECT, least=1),
        question=line.text("question", rules.LONGEST_QUESTION),
        zone=zone,
        minutes=line.number("minutes", most=LONGEST_MINUTES, least=5),
        begun_at=begun,
        ends_at=ends,
        reminded_at=coming.at,
        ended_at=min(ended, coming.at) if ended else None,
    )


def _slot(coming: Coming, poll: Poll, line: Line) -> Slot:
    day, wall = line.day("day"), line.clock("clock").replace(tzinfo=None)
    starts = clock.instant(datetime.combine(day, wall), poll.zone)
    return Slot(committee=coming.committee, poll=poll, day=day, clock=wall, starts_at=starts, added_at=min(line.instant("added_at"), coming.at))


def _reply(coming: Coming, slot: Slot, line: Line) -> Reply:
    by = coming.member(line.number("by"))
    if by is None:
        raise line.wrong("by")
    return Reply(committee=coming.committee, slot=slot, membership=by, word=line.choice("word", Word), at=min(line.instant("at"), coming.at))
