"""When two groups become one: whoever was in both has one place in the one that stays, under one name, and hears of it before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from committees.jointly import commands as jointly
from committees.membership import commands as membership
from committees.membership.applications import Check
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
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
