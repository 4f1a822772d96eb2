"""A committee waits to come, and its workplace becomes one with another meanwhile."""

from __future__ import annotations

import pytest
from django.utils import timezone

from committees.bodies.models import Committee, Scope
from committees.directory import commands as directory
from committees.directory.models import Workplace
from committees.jointly.models import JointAct
from committees.resettling import commands as resettling
from committees.resettling.models import Arrival, State
from tests import make
from tests.committees.resettling.test_coming import brought, of_alliance, repacked

pytestmark = pytest.mark.django_db


def test_what_waits_at_a_site_that_becomes_one_with_another_waits_there(cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace) -> None:
    """An admin who tidies the directory takes nobody's committee away."""
    arrival = brought(packed, departure, cast.ada, elsewhere)
    kept = make.workplace(city="Leeds", employer=elsewhere.employer.name)
    directory.merge(elsewhere, into=kept, by=make.person(is_platform_admin=True), at=timezone.now())
    resettling.accept(Arrival.objects.get(pk=arrival.pk), by=of_alliance(), at=timezone.now())
    resettling.unpack_accepted(timezone.now())
    arrival.refresh_from_db()
    assert arrival.committee
    assert arrival.committee.workplace == kept


def test_a_site_that_became_one_abroad_meanwhile_makes_no_committee_of_that_country(
    cast: make.Cast, departure: JointAct, packed: bytes, elsewhere: Workplace
) -> None:
    of_britain = repacked(packed, lambda rows: rows["committee"][0].update(scope="region", country="GB"))
    arrival = brought(of_britain, departure, cast.ada, elsewhere)
    resettling.accept(arrival, by=of_alliance(), at=timezone.now())
    abroad = make.workplace(country="US", zone="America/Chicago", city="Houston", employer=elsewhere.employer.name)
    directory.merge(elsewhere, into=abroad, by=make.person(is_platform_admin=True), at=timezone.now())
    resettling.unpack_accepted(timezone.now())
    arrival.refresh_from_db()
    assert arrival.state == State.BROKEN
    assert "This committee is for United Kingdom" in str(arrival.reason)
    assert not Committee.objects.filter(scope=Scope.REGION).exists()
