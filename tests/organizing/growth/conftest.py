"""A committee of eleven at a site of Acme, whose weeks are counted on a Tuesday."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from committees.bodies.models import Committee
from committees.membership.models import Membership
from tests import make
from tests.organizing.growth.cast import NOW, came


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The clocks stand at NOW, a Tuesday."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def committee(db: None, now: time_machine.Traveller) -> Committee:
    """Eleven members since long ago, all on nights, with one organizer; nothing has been counted."""
    made = make.committee(site=make.workplace(employer="Acme"))
    Membership.objects.filter(committee=made).update(shift="Night shift")
    for _number in range(10):
        came(made, weeks_ago=8)
    return made


@pytest.fixture
def ada(committee: Committee) -> Membership:
    """Its organizer."""
    return make.reloaded(make.organizer_of(committee))
