"""Ada and Dora organize, Ben and Kit are members, Nia is new, the boss runs a sham committee of his own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from organizing.finding import commands as finding
from organizing.finding.models import Poll
from organizing.meetings.plans import When
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, ZONE

#: Answering ends on Wednesday morning; the times are on Thursday evening, Friday morning and Saturday at noon.
ENDS = NOW + timedelta(days=3)
DAYS = (date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28))
CLOCKS = (time(19), time(6), time(12))


def when(day: date, clock: time, zone: str = ZONE, minutes: int = 60) -> When:
    return When(day, clock, zone, minutes)


TIMES = tuple(when(day, clock) for day, clock in zip(DAYS, CLOCKS, strict=True))


def proposed(by: Membership, **more: Any) -> Poll:
    usual = {"times": TIMES, "ends_at": ENDS, "question": "Before the new rota", "by": by, "at": NOW}
    return finding.propose("Peak season hours", **{**usual, **more})


def said(poll: Poll, *words: str) -> dict[str, str]:
    """An answer: one word for each time, in their order."""
    slots = poll.slots.order_by("starts_at")
    return {slot.slug: word for slot, word in zip(slots, words, strict=True)}


def answers(poll: Poll, by: Membership, *words: str, at: datetime = NOW) -> None:
    finding.answer(poll, said(poll, *words), by=by, at=at)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The clocks of the pages stand at NOW; `now.move_to(...)` sets them."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def site(db: None) -> Committee:
    return cast.committee()


@pytest.fixture
def ada(site: Committee) -> Membership:
    return cast.member(site, "Ada", Role.ORGANIZER, time_zone=ZONE)


@pytest.fixture
def dora(site: Committee) -> Membership:
    return cast.member(site, "Dora", Role.ORGANIZER, time_zone=ZONE)


@pytest.fixture
def ben(site: Committee) -> Membership:
    return cast.member(site, "Ben", time_zone="Pacific/Auckland")


@pytest.fixture
def kit(site: Committee) -> Membership:
    return cast.member(site, "Kit", time_zone=ZONE)


@pytest.fixture
def nia(site: Committee) -> Membership:
    return cast.member(site, "Nia", standing=Standing.PROBATION)


@pytest.fixture
def boss(db: None) -> Membership:
    return cast.member(cast.committee("A sham"), "Boss", Role.ORGANIZER)


@pytest.fixture
def poll(ada: Membership) -> Poll:
    return proposed(ada)
