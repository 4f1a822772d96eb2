"""Whether founders are answered: what those who keep the service see of it, and what they never see."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from committees.bodies.models import Committee, Scope
from committees.membership import commands as membership
from committees.membership import queries
from committees.membership.models import RoleTerm
from committees.membership.roles import Role
from committees.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db


def founder_waits(days: float) -> Any:
    """Somebody starts a committee, sends their application, and waits since then."""
    make.alliance()
    person, at = make.person(), make.past(0) - timezone.timedelta(days=days)
    begun = membership.start_committee(make.workplace(), name="Quiet committee", languages=["en"], by=person, at=at)
    membership.save_answers(begun, by=person, shift="Day shift", handle=f"Founder {person.pk}", why="Because", attested_version=1)
    return membership.apply(begun, by=person, at=at)


def page(by: Person) -> str:
    return make.client(by).get("/keeping/applications/").content.decode()


def test_how_many_wait_and_how_long_and_whether_anybody_is_there() -> None:
    for days in (5.2, 1.1):
        founder_waits(days)
    (line,) = queries.answering()
    assert (line.name, line.waiting, line.organizers, line.has_organizers) == ("Alliance", 2, None, True)
    said = page(make.person(is_platform_admin=True))
    assert "2 applications wait." in said
    assert "The oldest has waited 5 days." in said
    assert "Too long" in said
    assert "It has organizers" in said


def test_nothing_says_who_waits_or_where() -> None:
    application = founder_waits(2)
    said = page(make.person(is_platform_admin=True))
    for never in (application.handle, application.committee.name, application.committee.slug, application.committee.workplace.title, "Because", "Intake"):
        assert never not in said, never


def test_below_five_organizers_are_not_counted() -> None:
    alliance = make.alliance(organizers=1)
    for number in (2, 3, 4, 5):
        assert queries.answering()[0].organizers is None
        membership.seat(alliance, make.person(), handle=f"More {number}", roles=[Role.ORGANIZER], at=make.past())
    assert queries.answering()[0].organizers == 5
    assert "5 organizers" in page(make.person(is_platform_admin=True))


def test_when_the_last_organizer_is_gone_it_says_so() -> None:
    alliance = make.alliance()
    RoleTerm.objects.filter(committee=alliance).update(ends_at=make.past(1))
    assert not queries.answering()[0].has_organizers
    assert "No organizers any more" in page(make.person(is_platform_admin=True))


def test_a_wider_committee_reached_by_link_is_not_there() -> None:
    alliance = make.alliance()
    hidden = Committee.objects.create(
        name="Hidden wide", scope=Scope.REGION, region="Leeds", verified_by=alliance, founded_at=make.past(), life="active", visibility="link"
    )
    make.committee()
    Committee.objects.filter(scope=Scope.WORKPLACE).update(verified_by=hidden)
    keeper = make.person(is_platform_admin=True)
    assert [line.name for line in queries.answering()] == ["Alliance"]
    Committee.objects.filter(pk=hidden.pk).update(visibility="listed")
    assert "Hidden wide" in page(keeper)


def test_it_costs_one_query_for_any_number_of_committees(django_assert_num_queries: Any) -> None:
    alliance = make.alliance()
    for number in range(4):
        wide = Committee.objects.create(name=f"Wide {number}", scope=Scope.REGION, region="x", verified_by=alliance, founded_at=make.past(), life="active")
        Committee.objects.create(name="Below", scope=Scope.REGION, region="y", verified_by=wide, founded_at=make.past(), life="active")
        with django_assert_num_queries(1):
            assert len(queries.answering()) == number + 2
