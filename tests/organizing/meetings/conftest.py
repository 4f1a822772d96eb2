"""Ada and Dora organize, Ben is a member, Nia is new, the boss runs a sham committee of his own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting, Series
from tests.organizing.meetings import cast
from tests.organizing.meetings.weekly import WEEKLY


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The clocks of the pages stand at NOW; `now.move_to(...)` sets them."""
    with time_machine.travel(cast.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def site(db: None) -> Committee:
    return cast.committee()


@pytest.fixture
def ada(site: Committee) -> Membership:
    return cast.member(site, "Ada", Role.ORGANIZER)


@pytest.fixture
def dora(site: Committee) -> Membership:
    return cast.member(site, "Dora", Role.ORGANIZER)


@pytest.fixture
def ben(site: Committee) -> Membership:
    return cast.member(site, "Ben", language="es", time_zone="America/New_York")


@pytest.fixture
def nia(site: Committee) -> Membership:
    return cast.member(site, "Nia", standing=Standing.PROBATION)


@pytest.fixture
def boss(db: None) -> Membership:
    return cast.member(cast.committee("A sham"), "Boss", Role.ORGANIZER)


@pytest.fixture
def draft(ada: Membership) -> Meeting:
    return meetings.draft(cast.plan(), by=ada, at=cast.NOW)


@pytest.fixture
def meeting(draft: Meeting, ada: Membership) -> Meeting:
    return meetings.call(draft, by=ada, at=cast.NOW)


@pytest.fixture
def series(meeting: Meeting, ada: Membership) -> Series:
    """It repeats every week."""
    return meetings.repeat(meeting, WEEKLY, by=ada, at=cast.NOW)
