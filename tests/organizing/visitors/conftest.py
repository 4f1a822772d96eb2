"""Ada organizes, Ben is a member, the boss is elsewhere; Vera belongs to no committee. A meeting is in a week, and one goes on with a door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from committees.membership.models import Membership
from committees.people.models import Person
from organizing.live import commands as live
from organizing.live.models import Gathering
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting, Reveal
from organizing.meetings.plans import Plan, Point, Where, Words
from organizing.visitors import commands as visitors
from organizing.visitors.models import Opening
from tests import make, standing

cast = standing.scene(make.cast)
LINK = "https://meet.example.org/the-room"
PLACE = "The canteen, back door"


def planned(by: Membership, *, hours: float = 7 * 24, **words: Any) -> Meeting:
    starts = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=hours)
    agenda = (Point("Night shifts", 20), Point("Whom we trust", 10, visibility="organizers"), Point("Money", 10, visibility="members"))
    said = replace(Words(subject="The rota", languages=("en",), agenda=agenda), **words)
    plan = Plan(said, "Europe/London", 60, starts.date(), starts.time(), Where(held="both", place=PLACE, link=LINK))
    before = timezone.now() - timedelta(days=2)
    return meetings.call(meetings.draft(plan, by=by, at=before), by=by, at=before)


@pytest.fixture
def meeting(cast: make.Cast) -> Meeting:
    return planned(cast.ada)


@pytest.fixture
def opening(cast: make.Cast, meeting: Meeting) -> Opening:
    return visitors.open_up(meeting, words="Come and hear.", room=None, by=cast.ada, at=timezone.now())


@pytest.fixture
def gathering(cast: make.Cast) -> Gathering:
    """A meeting that goes on, to which a steward lets people in."""
    return live.open_meeting(planned(cast.ada, hours=0.1, link_shown=Reveal.AT_DOOR), by=cast.ada, at=timezone.now())


@pytest.fixture
def vera(db: None) -> Person:
    return make.person(email="vera@mail.example")


def browser(whose: Membership | Person) -> Client:
    person = whose.person if isinstance(whose, Membership) else whose
    assert person is not None
    return make.client(person)


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()
