"""Two entries of a workplace or an employer become one: what its committees have of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Committee, Life, Scope
from committees.directory import commands as directory
from committees.directory.models import Workplace
from committees.ledger.models import Entry
from committees.membership import register
from tests import make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def site_of(committee: Committee) -> Workplace:
    return Workplace.objects.get(committees=committee)


def test_a_committee_moves_with_its_workplace_and_its_log_says_so() -> None:
    committee, keeper = make.committee(), make.person(is_platform_admin=True)
    kept = directory.merge(site_of(committee), into=make.workplace(), by=keeper, at=AT)
    assert site_of(committee) == kept
    entry = Entry.objects.in_committee(committee).order_by("-position")[0]
    assert (entry.verb, entry.actor) == ("committee.site_merged", keeper.ledger_key)
    assert register.WORDS[entry.verb]


def test_two_open_committees_are_not_made_one_from_outside() -> None:
    here, there = make.committee(), make.committee()
    with pytest.raises(Refused, match="Only they can decide"):
        directory.merge(site_of(here), into=site_of(there), by=make.person(is_platform_admin=True), at=AT)
    assert site_of(here) != site_of(there)
    Committee.objects.filter(pk=here.pk).update(life=Life.DISSOLVED)
    kept = directory.merge(site_of(here), into=site_of(there), by=make.person(is_platform_admin=True), at=AT)
    assert site_of(here) == site_of(there) == kept


def test_a_refusal_never_tells_that_a_hidden_committee_is_there() -> None:
    """One that only its link leads to moves along, beside a listed one."""
    hidden, listed = make.committee(listed=False), make.committee()
    kept = directory.merge(site_of(hidden), into=site_of(listed), by=make.person(is_platform_admin=True), at=AT)
    assert site_of(hidden) == site_of(listed) == kept


def test_a_founder_who_comes_late_is_told_and_led_on() -> None:
    """The page was open while the workplace was merged into another."""
    make.alliance()
    gone, kept, founder = make.workplace(), make.workplace(), make.person()
    directory.merge(gone, into=kept, by=make.person(is_platform_admin=True), at=AT)
    with pytest.raises(Refused, match="listed together with another one"):
        bodies.found(gone, name="Late", languages=["en"], by=founder, at=AT)
    answer = make.client(founder).get(f"/start/{gone.slug}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/start/{kept.slug}/")
    assert make.client(founder).get("/start/2222222222/").status_code == 404


def test_a_committee_of_a_whole_employer_moves_with_it() -> None:
    alliance, keeper = make.alliance(), make.person(is_platform_admin=True)
    lost, kept = make.workplace().employer, make.workplace().employer
    wide = Committee.objects.create(name="Wide", scope=Scope.EMPLOYER, employer=lost, verified_by=alliance, founded_at=AT)
    directory.merge_employers(lost, into=kept, by=keeper, at=AT)
    wide.refresh_from_db()
    assert wide.employer == kept
    assert Entry.objects.in_committee(wide).get().verb == "committee.employer_merged"


def test_two_committees_of_whole_employers_are_not_made_one_from_outside() -> None:
    keeper, here, there = make.person(is_platform_admin=True), make.committee(), make.committee()
    for committee in (here, there):
        make.wider(Scope.EMPLOYER, committee)
    lost, kept = site_of(here).employer, site_of(there).employer
    with pytest.raises(Refused, match="Only they can decide"):
        directory.merge_employers(lost, into=kept, by=keeper, at=AT)
    assert site_of(here).employer == lost
