"""The meetings that a committee takes along to another server (committees/resettling): called ones, with agenda, changes and answers.

Where a meeting was is erased once it is over (erasing.py); so it only travels with those that are still to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from committees.resettling.chest import Packing
from committees.resettling.register import Leaving
from organizing.meetings.models import AgendaItem, Answer, Meeting

FILE = "meetings"


def pack(leaving: Leaving, packing: Packing) -> None:
    called = Meeting.objects.filter(committee=leaving.committee).called().order_by("starts_at", "pk")
    own = Answer.objects.filter(committee=leaving.committee).order_by("pk")
    read = called.select_related("series").prefetch_related("agenda", "changes", Prefetch("answers", own))
    now = timezone.now()
    packing.add(FILE, (_packed(each, leaving, now) for each in read.iterator(chunk_size=200)))


def _packed(meeting: Meeting, leaving: Leaving, now: datetime) -> dict[str, Any]:
    plain = ("state", "subject", "chair", "zone", "minutes", "held", "place_shown", "link_shown", "probation_sees_place", "capacity", "languages")
    where = {} if meeting.is_over(now) else {name: getattr(meeting, name) for name in ("place", "link", "dial_in")}
    assert meeting.day is not None  # only a draft has no time
    assert meeting.clock is not None
    return {
        **{name: getattr(meeting, name) for name in (*plain, "sequence", "told_version", "asking")},
        **where,
        **_in_series(meeting, leaving),
        "day": meeting.day.isoformat(),
        "clock": meeting.clock.isoformat(),
        "changed_at": meeting.changed_at.isoformat(),
        "agenda": [{name: getattr(point, name) for name in AgendaItem.SHOWN} for point in meeting.agenda.all()],
        "changes": list(_changes(meeting, leaving)),
        "answers": list(_answers(meeting, leaving)),
    }


def _in_series(meeting: Meeting, leaving: Leaving) -> dict[str, Any]:
    """Its series, with a number by which the others of it are known."""
    series = meeting.series
    if series is None or meeting.series_day is None or meeting.series_clock is None:
        return {}
    return {
        **{name: getattr(meeting, name) for name in ("own_time", "own_words", "made_ahead")},
        "series_day": meeting.series_day.isoformat(),
        "series_clock": meeting.series_clock.isoformat(),
        "series": {
            "number": series.pk,
            "by": leaving.number(series.by_id),
            **{name: getattr(series, name) for name in ("every", "interval", "own", "count", "zone", "sequence", "is_complete")},
            **{name: value.isoformat() for name in ("until", "day", "clock", "begun_at", "changed_at") if (value := getattr(series, name))},
        },
    }


def _changes(meeting: Meeting, leaving: Leaving) -> Iterator[dict[str, Any]]:
    for each in meeting.changes.all():
        yield {
            "sequence": each.sequence,
            "kind": each.kind,
            "by": leaving.number(each.by_id),
            "at": each.at.isoformat(),
            "why": each.why or "",
            "started_at": each.started_at.isoformat() if each.started_at else None,
            "starts_at": each.starts_at.isoformat() if each.starts_at else None,
            "place_changed": each.place_changed,
            "asked_again": each.asked_again,
            "and_following": each.and_following,
        }


def _answers(meeting: Meeting, leaving: Leaving) -> Iterator[dict[str, Any]]:
    for each in meeting.answers.all():
        yield {
            "by": leaving.number(each.membership_id),
            "asking": each.asking,
            "at": each.at.isoformat(),
            **{name: getattr(each, name) for name in Answer.SAID},
        }
