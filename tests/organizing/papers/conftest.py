"""Ada organizes, Ben is a member, Nia is new, the boss is elsewhere. A meeting has a point for all, one for organizers and one for members."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from committees.membership.models import Membership
from committees.membership.roles import Standing
from organizing.meetings import commands as meetings
from organizing.meetings.models import AgendaItem, Meeting
from organizing.meetings.plans import Plan, Point, Where, Words
from organizing.papers import commands as papers
from organizing.papers.cleaning import Cleaned
from organizing.papers.models import Paper
from tests import make, standing

cast = standing.scene(make.cast)
AGENDA = (Point("Night shifts", 20), Point("Whom we trust", 10, visibility="organizers"), Point("Money", 10, visibility="members"))
FILE = Cleaned("text", b"Twelve of us were asked.")


def planned(by: Membership) -> Plan:
    starts = timezone.now().replace(second=0, microsecond=0) + timedelta(days=7)
    return Plan(Words(subject="The rota", languages=("en",), agenda=AGENDA), "Europe/London", 60, starts.date(), starts.time(), Where())


@pytest.fixture
def meeting(cast: make.Cast) -> Meeting:
    at = timezone.now() - timedelta(days=2)
    return meetings.call(meetings.draft(planned(cast.ada), by=cast.ada, at=at), by=cast.ada, at=at)


@pytest.fixture
def nia(cast: make.Cast) -> Membership:
    """In her first weeks."""
    return make.member(cast.committee, standing=Standing.PROBATION, handle="Nia")


def point(meeting: Meeting, position: int) -> AgendaItem:
    return AgendaItem.objects.get(meeting=meeting, position=position)


def hang(meeting: Meeting, position: int, by: Membership, *, name: str = "", file: Cleaned = FILE) -> Paper:
    return papers.attach(point(meeting, position), file, name=name or f"At point {position}", by=by, at=timezone.now())
