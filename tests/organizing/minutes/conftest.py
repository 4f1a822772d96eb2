"""A meeting of the cast's committee that began an hour ago: Ada organizes, Ben is a member, Cleo is new, Mo moderates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from committees.membership.models import Membership
from committees.membership.roles import Role
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, Point, Where
from organizing.meetings.plans import Words as MeetingWords
from organizing.minutes import commands as minutes
from organizing.minutes.models import Minutes
from organizing.minutes.words import Todo, Words
from tests import make, standing

AGENDA = (Point("Heat on the dock", 20), Point("Who speaks to the press", 10, visibility="members"), Point("Names we were given", 10, visibility="organizers"))


def held(by: Membership, *, hours: float = 1) -> Meeting:
    """A meeting that began so many hours ago; it was called the day before that."""
    starts = timezone.now() - timedelta(hours=hours)
    before = starts - timedelta(days=1)
    words = MeetingWords(subject="Peak season hours", languages=("en",), agenda=AGENDA)
    plan = Plan(words, "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0), Where(held="online", link="https://meet.example.org/x"))
    return meetings.call(meetings.draft(plan, by=by, at=before), by=by, at=before)


def soon(days: int = 7) -> date:
    return timezone.now().date() + timedelta(days=days)


def words(*todos: Todo, **changes: Any) -> Words:
    said = {0: "It was **38 degrees**.", 1: "Nobody yet.", 2: "Not to be repeated."}
    return Words(**{"general": "Ada led.", "decisions": "Doors stay open.\nWater on each line.", "language": "en", "passages": said, "todos": todos, **changes})


def written(meeting: Meeting, *todos: Todo, by: Membership, at: datetime | None = None, **changes: Any) -> Minutes:
    """A draft in which everything is written."""
    at = at or timezone.now()
    draft = minutes.begin(meeting, language="en", by=by, at=at)
    return minutes.write(draft, words(*todos, **changes), seen=draft.changed_at, by=by, at=at)


def approved(meeting: Meeting, *todos: Todo, by: Membership, other: Membership, at: datetime | None = None, **changes: Any) -> Minutes:
    """Written by the one, approved by the other."""
    draft = written(meeting, *todos, by=by, at=at, **changes)
    return minutes.approve(draft, seen=draft.changed_at, heard=0, by=other, at=at or timezone.now())


cast = standing.scene(make.cast)


@pytest.fixture
def dora(cast: make.Cast) -> Membership:
    """A second organizer."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))


@pytest.fixture
def meeting(cast: make.Cast) -> Meeting:
    return held(cast.ada, hours=0.5)
