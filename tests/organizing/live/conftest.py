"""Ada organizes, Ben is a member, Cleo is new, the boss is elsewhere. A meeting is about to begin, and one is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.membership.models import Membership
from organizing.live import code
from organizing.live import commands as live
from organizing.live.models import Gathering
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, Where, Words
from tests import make, standing

cast = standing.scene(make.cast)
LINK = "https://meet.example.org/the-room"


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def soon(by: Membership, *, minutes: float = 10, **words: Any) -> Meeting:
    """A meeting of an hour that begins in some minutes, called two days ago."""
    starts = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    said = replace(Words(subject="The rota", languages=("en",)), **words)
    plan = Plan(said, "UTC", 60, starts.date(), starts.time(), Where(held="both", place="The canteen", link=LINK))
    before = timezone.now() - timedelta(days=2)
    return meetings.call(meetings.draft(plan, by=by, at=before), by=by, at=before)


@pytest.fixture
def meeting(cast: make.Cast) -> Meeting:
    return soon(cast.ada)


@pytest.fixture
def gathering(cast: make.Cast, meeting: Meeting) -> Gathering:
    return live.open_meeting(meeting, by=cast.ada, at=timezone.now())


def digits(gathering: Gathering, at: datetime | None = None) -> str:
    """What stands on the screen."""
    return code.shown(str(Gathering.objects.get(pk=gathering.pk).secret), at or timezone.now())


def come(gathering: Gathering, *members: Membership) -> None:
    for member in members:
        at = timezone.now()
        live.come(gathering, digits(gathering, at), by=member, at=at)


def address(name: str, meeting: Meeting, *, through: Membership | None = None) -> str:
    return reverse(f"live:{name}", args=[(through or meeting).committee.slug, meeting.slug])


def browser(member: Membership) -> Client:
    assert member.person is not None
    return make.client(member.person)
