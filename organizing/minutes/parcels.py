"""The minutes that a committee takes along to another server (committees/resettling): what was approved, and who does what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from committees.resettling.chest import Packing
from committees.resettling.register import Leaving
from organizing.meetings.models import Meeting
from organizing.minutes.models import Item, Minutes

FILE = "minutes"
type Key = tuple[date | None, time | None, str]


def key(meeting: Meeting) -> Key:
    """What a meeting is known by in the file, besides which one it is of several that say the same."""
    return meeting.day, meeting.clock, meeting.subject


def pack(leaving: Leaving, packing: Packing) -> None:
    """Drafts, and what was objected, stay."""
    packing.add(FILE, _rows(leaving))


def _rows(leaving: Leaving) -> Iterator[dict[str, Any]]:
    seen: Counter[Key] = Counter()
    nth: dict[int, int] = {}
    for meeting in Meeting.objects.filter(committee=leaving.committee).called().order_by("starts_at", "pk"):
        nth[meeting.pk] = seen[key(meeting)]
        seen[key(meeting)] += 1
    approved = Minutes.objects.filter(committee=leaving.committee).approved().select_related("meeting").prefetch_related("items")
    for each in approved.order_by("meeting_id", "version").iterator(chunk_size=200):
        yield _packed(each, nth[each.meeting_id], leaving)


def _packed(minutes: Minutes, nth: int, leaving: Leaving) -> dict[str, Any]:
    meeting, approved_at = minutes.meeting, minutes.approved_at
    assert meeting.day is not None
    assert meeting.clock is not None
    assert approved_at is not None  # only a draft has none
    return {
        "day": meeting.day.isoformat(),
        "clock": meeting.clock.isoformat(),
        "subject": meeting.subject,
        "nth": nth,
        **{name: getattr(minutes, name) for name in ("version", "language", "general", "decisions", "reason", "passages")},
        "by": leaving.number(minutes.by_id),
        "approved_by": leaving.number(minutes.approved_by_id),
        "approved_at": approved_at.isoformat(),
        "items": [_item(each, leaving) for each in minutes.items.all()],
    }


def _item(item: Item, leaving: Leaving) -> dict[str, Any]:
    return {
        "owner": leaving.number(item.owner_id),
        "what": item.what,
        "due": item.due.isoformat(),
        "state": item.state,
        "settled_at": item.settled_at.isoformat() if item.settled_at else None,
    }
