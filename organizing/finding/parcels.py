"""The polls that a committee takes along to another server (committees/resettling), with their times and who said what."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from committees.resettling.chest import Packing
from committees.resettling.register import Leaving
from organizing.finding.models import Poll, Reply, Slot, State

FILE = "polls"


def pack(leaving: Leaving, packing: Packing) -> None:
    """All but what was taken back. The meeting that came of one travels as a meeting, once it is called."""
    slots = Slot.objects.order_by("starts_at", "pk").prefetch_related(Prefetch("replies", Reply.objects.order_by("pk")))
    found = Poll.objects.filter(committee=leaving.committee).exclude(state=State.WITHDRAWN).order_by("begun_at", "pk")
    packing.add(FILE, (_packed(each, leaving) for each in found.prefetch_related(Prefetch("slots", slots)).iterator(chunk_size=100)))


def _packed(poll: Poll, leaving: Leaving) -> dict[str, Any]:
    return {
        "by": leaving.number(poll.by_id),
        "ended_by": leaving.number(poll.ended_by_id),
        "state": poll.state,
        "subject": str(poll.subject),
        "question": str(poll.question),
        "zone": poll.zone,
        "minutes": poll.minutes,
        "begun_at": poll.begun_at.isoformat(),
        "ends_at": poll.ends_at.isoformat(),
        "ended_at": poll.ended_at.isoformat() if poll.ended_at else None,
        "times": [_time(slot, poll, leaving) for slot in poll.slots.all()],
    }


def _time(slot: Slot, poll: Poll, leaving: Leaving) -> dict[str, Any]:
    replies = [{"by": leaving.number(each.membership_id), "word": each.word, "at": each.at.isoformat()} for each in slot.replies.all()]
    return {
        "day": slot.day.isoformat(),
        "clock": slot.clock.isoformat(),
        "taken": slot.pk == poll.taken_id,
        "added_at": slot.added_at.isoformat(),
        "replies": replies,
    }
