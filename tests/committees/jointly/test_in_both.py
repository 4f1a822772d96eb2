"""When two groups become one: whoever was in both has one place in the one that stays, under one name, and hears of it before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committees.jointly import commands as jointly
from committees.membership import commands as membership
from committees.membership.applications import Check
from committees.membership.models import Membership, RemovedAddress, RoleTerm
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason
from committees.notices import preview
from committees.notices import registry as kinds
from committees.notices.models import Delivery, Level, Notice
from organizing.forum.models import Post
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer
from tests import make
from tests.committees.jointly.pairs import Two, now, text
from tests.organizing.forum.talking import begin, say
from tests.organizing.meetings.cast import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> Two:
    return Two()


def test_whoever_is_in_both_is_told_beforehand_that_their_names_will_be_one(two: Two) -> None:
    assert two.cleo.person is not None
    assert two.vera.person is not None
    theirs = make.member(two.other, by=two.cleo.person, handle="Gate nine")
    gone = make.reloaded(make.member(two.one, by=two.vera.person, handle="Long ago"))
    membership.leave(gone, by=gone, at=now())
    pair = two.introduced()
    act = two.agreed(two.ada, two.ben)
    told = Delivery.objects.filter(notice__kind="jointly/two_names")
    assert set(told.values_list("person", flat=True)) == {two.cleo.person_id, two.vera.person_id}
    letter = preview.preview("jointly/two_names", act, language="en", level=Level.FULL, committee=two.one)
    assert f"only your name in {two.one.name} is left" in letter.text
    page = text(two.uma, "jointly:unite", two.other.slug, pair.slug)
    assert f"keeps only their name in <bdi>{two.one.name}</bdi>" in page
    notice = Notice.objects.get(kind="jointly/two_names")
    people = {theirs.person_id or 0}
    assert kinds.kind("jointly/two_names").matters(notice, people) == people
    jointly.drop(act, by=make.reloaded(two.ada), at=now())
    assert kinds.kind("jointly/two_names").matters(notice, people) == set()


def test_where_nobody_is_in_both_nobody_is_told_of_names(two: Two) -> None:
    two.introduced()
    two.agreed(two.ada, two.ben)
    assert not Notice.objects.filter(kind="jointly/two_names").exists()


def test_somebody_who_was_in_both_has_one_place(two: Two) -> None:
    assert two.cleo.person is not None
    theirs = make.reloaded(make.member(two.other, by=two.cleo.person, handle="Gate nine", roles=(Role.MODERATOR,)))
    topic = begin(theirs)
    two.united()
    place = Membership.objects.get(committee=two.one, person=two.cleo.person)
    assert (place.pk, place.handle) == (two.cleo.pk, "Dock four")
    assert Role.MODERATOR in make.reloaded(place).roles
    assert Post.objects.get(topic=topic).membership_id == place.pk
    assert not Membership.objects.filter(pk=theirs.pk).exists()


def test_whoever_said_the_same_in_both_has_said_it_once(two: Two) -> None:
    assert two.cleo.person is not None
    theirs = make.reloaded(make.member(two.other, by=two.cleo.person, handle="Gate nine", roles=(Role.MODERATOR, Role.DELEGATE)))
    RoleTerm.objects.create(committee=two.one, membership=two.cleo, role=Role.MODERATOR, begins_at=make.past(2))
    meeting = meetings.call(meetings.draft(plan(day=(now() + timedelta(days=20)).date()), by=two.uma, at=now()), by=two.uma, at=now())
    meetings.answer(meeting, choice="yes", by=theirs, at=now())
    waiting = make.application(two.other, at=now())
    membership.add_check(waiting, "talk", by=make.reloaded(theirs), at=now())
    Check.objects.create(committee=two.other, application=waiting, kind="talk", by=two.cleo, at=now())  # as no command would
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    two.united()
    cleo = make.reloaded(two.cleo)
    assert set(cleo.roles) == {Role.MODERATOR, Role.DELEGATE}
    assert RoleTerm.objects.filter(membership=cleo).count() == 2
    assert Answer.objects.get(meeting=meeting).membership_id == cleo.pk
    assert Check.objects.get(application=waiting).by_id == cleo.pk


@pytest.mark.parametrize("standing", [Standing.MEMBER, Standing.PROBATION, Standing.INACTIVE, Standing.SUSPENDED])
def test_whoever_had_left_the_one_is_what_they_were_in_the_other(two: Two, standing: Standing) -> None:
    assert two.cleo.person is not None
    theirs = make.member(two.other, by=two.cleo.person, standing=Standing.PROBATION if standing == Standing.PROBATION else Standing.MEMBER)
    make.put(theirs, standing)
    membership.leave(two.cleo, by=two.cleo, at=now())
    two.united()
    assert Membership.objects.get(committee=two.one, person=two.cleo.person).standing == standing


IN_BOTH = [
    # in the one that stays, in the one that goes, and in the one that they become
    (Standing.PROBATION, Standing.MEMBER, Standing.MEMBER),
    (Standing.MEMBER, Standing.PROBATION, Standing.MEMBER),
    (Standing.INACTIVE, Standing.MEMBER, Standing.MEMBER),
    (Standing.INACTIVE, Standing.PROBATION, Standing.MEMBER),
    (Standing.LEFT, Standing.INACTIVE, Standing.INACTIVE),
    (Standing.LEFT, Standing.SUSPENDED, Standing.SUSPENDED),
    (Standing.SUSPENDED, Standing.MEMBER, Standing.SUSPENDED),
    (Standing.MEMBER, Standing.SUSPENDED, Standing.SUSPENDED),
    (Standing.INACTIVE, Standing.SUSPENDED, Standing.SUSPENDED),
    (Standing.MEMBER, Standing.LEFT, Standing.MEMBER),
    (Standing.LEFT, Standing.LEFT, Standing.LEFT),
    (Standing.STEPPED_ASIDE, Standing.MEMBER, Standing.STEPPED_ASIDE),
    (Standing.INACTIVE, Standing.STEPPED_ASIDE, Standing.STEPPED_ASIDE),
    (Standing.SUSPENDED, Standing.STEPPED_ASIDE, Standing.STEPPED_ASIDE),
    (Standing.STEPPED_ASIDE, Standing.REMOVED, Standing.REMOVED),
    (Standing.REMOVED, Standing.INACTIVE, Standing.REMOVED),
    (Standing.REMOVED, Standing.SUSPENDED, Standing.REMOVED),
    (Standing.LEFT, Standing.REMOVED, Standing.REMOVED),
]


@pytest.mark.parametrize(("stays", "goes", "becomes"), IN_BOTH)
def test_whoever_is_in_both_has_the_better_of_two_standings_and_nobody_comes_back_who_was_out(two: Two, stays: str, goes: str, becomes: str) -> None:
    here = make.member(two.one)
    theirs = make.member(two.other, by=here.person)
    make.put(here, stays)
    make.put(theirs, goes)
    two.united()
    place = Membership.objects.get(committee=two.one, person=here.person)
    assert (place.pk, place.standing) == (here.pk, becomes)
    assert (place.probation_until is None) == (becomes != Standing.PROBATION)
    assert place.changed_at is not None


@pytest.mark.parametrize("removed_from", ["stays", "goes"])
def test_an_agent_who_was_removed_from_one_is_out_of_both(two: Two, removed_from: str) -> None:
    agent = make.person()
    here = make.member(two.one, by=agent, handle="Agent", roles=(Role.MODERATOR,))
    theirs = make.member(two.other, by=agent, handle="Agent B", roles=(Role.MODERATOR,))
    if removed_from == "stays":
        make.removed(here, by=two.ada, second=two.ben, for_employer=True)
    else:
        make.removed(theirs, by=two.uma, second=two.udo, for_employer=True)
    Notice.objects.all().delete()
    two.united()
    place = Membership.objects.get(committee=two.one, person=agent)
    assert (place.standing, place.removed_for_employer) == (Standing.REMOVED, True)
    assert not RoleTerm.objects.running(now() + timedelta(days=5)).filter(membership=place).exists()
    assert Delivery.objects.filter(notice__kind="membership/removed", person=agent).exists()
    membership.forget_marks(now())
    assert RemovedAddress.objects.filter(committee=two.one, membership=place).exists()
    assert make.client(agent).get(two.one.get_absolute_url()).status_code == 404


def test_whoever_is_new_in_the_one_and_organizes_the_other_goes_on_organizing(two: Two) -> None:
    place = make.member(two.one, by=two.uma.person, standing=Standing.PROBATION, handle="Uma here")
    two.united()
    found = make.reloaded(place)
    assert found.standing == Standing.MEMBER
    assert Role.ORGANIZER in found.roles


def test_whoever_is_suspended_in_one_has_their_rights_back_when_that_is_over(two: Two) -> None:
    theirs = make.member(two.other, by=two.cleo.person, handle="Gate nine")
    case = moderation.flag(theirs, reason=FlagReason.AGENT, by=make.reloaded(two.udo), at=now()).review
    words = {"rule": "workers", "text": "There are reasons to doubt that you work here."}
    moderation.suspend(case, days=14, by=make.reloaded(two.uma), at=now(), **words)
    two.united()
    assert make.reloaded(two.cleo).standing == Standing.SUSPENDED
    moderation.end_sanctions(now() + timedelta(days=15))
    assert make.reloaded(two.cleo).standing == Standing.MEMBER


def test_it_costs_the_same_for_one_who_is_in_both_and_for_three_who_wrote_much() -> None:
    def cost(people: int, posts: int) -> int:
        two = Two()
        for number in range(people):
            place = make.reloaded(make.member(two.one))
            theirs = make.reloaded(make.member(two.other, by=place.person))
            topic = begin(theirs)
            for _post in range(posts):
                say(theirs, topic)
            RoleTerm.objects.create(committee=two.one, membership=place, role=Role.DELEGATE, begins_at=make.past(2))
            RoleTerm.objects.create(committee=two.other, membership=theirs, role=Role.DELEGATE, begins_at=make.past(2 + number))
        with CaptureQueriesContext(connection) as queries:
            membership.unite(two.other, two.one, at=now())
        return sum("advisory" not in query["sql"] for query in queries)  # locks fall together as they happen to

    cost(1, 1)
    assert cost(3, 4) <= cost(1, 1)
