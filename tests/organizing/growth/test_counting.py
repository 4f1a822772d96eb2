"""Weeks are counted once, when they are over, each in its committee's zone; what happens later changes none of them."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from committees.base import retention
from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.applications import Decline
from committees.membership.models import Membership
from committees.notices.models import Channel, Delivery, Notice, State
from organizing.growth import commands as growth
from organizing.growth.models import Picture, Week
from organizing.meetings import commands as meetings
from tests import make
from tests.at_once import at_once
from tests.organizing.growth.cast import LAST, NOW, WEDNESDAY, WEEK, came, last_week, went
from tests.organizing.meetings import cast as gathering

pytestmark = pytest.mark.django_db


def test_a_week_that_is_over_is_counted_once_and_never_again(committee: Committee) -> None:
    for _number in range(6):
        came(committee)
    assert growth.record_weeks(NOW) > 0
    week = last_week(committee)
    assert (week.members, week.joined, week.left) == (15, 6, 0)  # seventeen, in fives
    came(committee)
    assert growth.record_weeks(NOW + timedelta(hours=1)) == 0
    assert last_week(committee).joined == 6


def test_the_running_week_is_not_counted_and_the_last_one_not_before_tuesday(committee: Committee) -> None:
    growth.record_weeks(datetime(2026, 11, 16, 23, 59, tzinfo=UTC))
    assert not Week.objects.filter(monday__gte=LAST).exists()
    growth.record_weeks(datetime(2026, 11, 17, 0, 0, tzinfo=UTC))
    assert Week.objects.filter(committee=committee).latest("monday").monday == LAST


@pytest.mark.parametrize(("zone", "begins"), [("Asia/Tokyo", "2026-11-08T15:00"), ("America/Los_Angeles", "2026-11-09T08:00"), ("UTC", "2026-11-09T00:00")])
def test_a_week_begins_on_monday_where_the_committee_is(committee: Committee, zone: str, begins: str) -> None:
    Committee.objects.filter(pk=committee.pk).update(zone=zone)
    growth.record_weeks(NOW + timedelta(days=1))
    week = last_week(committee)
    assert week.begins_at == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert week.ends_at - week.begins_at == WEEK


def test_a_week_in_which_the_clocks_change_is_an_hour_longer_and_loses_nobody(committee: Committee) -> None:
    growth.record_weeks(NOW)
    weeks = list(Week.objects.filter(committee=committee).order_by("monday"))
    assert {week.ends_at - week.begins_at for week in weeks} == {WEEK, WEEK + timedelta(hours=1)}
    assert all(one.ends_at == other.begins_at for one, other in itertools.pairwise(weeks))


def test_weeks_that_were_missed_are_counted_later_each_as_it_was(committee: Committee) -> None:
    for _number in range(9):
        came(committee, weeks_ago=3)
    for member in list(Membership.objects.filter(committee=committee, shift="Night shift").select_related("committee__verified_by", "person"))[:5]:
        went(make.reloaded(member), weeks_ago=1)
    growth.record_weeks(NOW)
    by_week = {week.monday: week for week in Week.objects.filter(committee=committee)}
    assert [by_week[LAST - n * WEEK].members for n in (4, 3, 2, 1, 0)] == [10, 20, 20, 15, 15]
    assert [by_week[LAST - n * WEEK].joined for n in (4, 3, 2, 1, 0)] == [0, 9, 0, 0, 0]
    assert [by_week[LAST - n * WEEK].left for n in (4, 3, 2, 1, 0)] == [0, 0, 0, 5, 0]
    assert min(by_week) == committee.founded_at.date() - timedelta(days=committee.founded_at.weekday())


def test_a_server_that_was_away_for_two_weeks_catches_up_without_gaps(committee: Committee) -> None:
    growth.record_weeks(NOW)
    growth.record_weeks(NOW + 3 * WEEK)
    mondays = list(Week.objects.filter(committee=committee).order_by("monday").values_list("monday", flat=True))
    assert mondays[-1] == LAST + 3 * WEEK
    assert all(other - one == WEEK for one, other in itertools.pairwise(mondays))


def test_many_weeks_are_counted_a_part_at_a_time_until_all_are_there(committee: Committee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organizing.growth.commands.counting.AT_ONCE", 4)
    assert growth.record_weeks(NOW) == 4
    while growth.record_weeks(NOW):
        pass
    mine = Week.objects.filter(committee=committee)
    assert mine.count() == (LAST - mine.earliest("monday").monday) // WEEK + 1
    assert not Week.objects.filter(recorded_at=None).exists()


def test_somebody_who_erases_their_account_changes_no_number_of_the_past(committee: Committee) -> None:
    new = [came(committee) for _number in range(5)]
    growth.record_weeks(NOW)
    growth.take_pictures(NOW)
    kept = list(Week.objects.order_by("pk").values()), list(Picture.objects.order_by("pk").values())
    for member in new:
        membership.erase_person(member.person)
    growth.record_weeks(NOW)
    growth.take_pictures(NOW)
    assert kept == (list(Week.objects.order_by("pk").values()), list(Picture.objects.order_by("pk").values()))


def test_what_was_erased_before_it_was_counted_is_empty_and_not_guessed(committee: Committee) -> None:
    Committee.objects.filter(pk=committee.pk).update(founded_at=NOW - 40 * WEEK)
    Membership.objects.filter(committee=committee).update(joined_at=NOW - 40 * WEEK)
    growth.record_weeks(NOW)
    known = {
        name: Week.objects.filter(committee=committee, **{f"{name}__isnull": False}).earliest("monday").monday for name in ("applied", "coming", "delivered")
    }
    assert known == {"applied": date(2026, 8, 24), "coming": date(2026, 10, 19), "delivered": date(2026, 11, 9)}
    long_ago = Week.objects.get(committee=committee, monday=LAST - 30 * WEEK)
    assert (long_ago.applied, long_ago.median_hours) == (None, None)


def test_applications_and_how_long_their_answers_took(committee: Committee, ada: Membership) -> None:
    for number in range(6):
        sent = make.application(committee, at=WEDNESDAY)
        membership.decline(sent, Decline.NOT_CONFIRMED, by=ada, at=WEDNESDAY + timedelta(hours=10 * (number + 1)))
    growth.record_weeks(NOW)
    week = last_week(committee)
    assert (week.applied, week.declined, week.median_hours, week.slow_hours) == (6, 6, 35, 60)


def test_what_another_committee_does_is_in_no_number_of_this_one(committee: Committee) -> None:
    other = make.committee()
    for _number in range(5):
        came(other, weeks_ago=3)
    for _number in range(7):
        came(other)
        make.application(other, at=WEDNESDAY)
    growth.record_weeks(NOW)
    week = last_week(committee)
    assert (week.members, week.joined, week.applied) == (10, 0, 0)
    assert last_week(other).joined == 7


def test_who_said_that_they_come_is_counted_from_the_latest_asking(committee: Committee, ada: Membership) -> None:
    called = WEDNESDAY - timedelta(days=1)
    meeting = meetings.call(meetings.draft(gathering.plan(day=date(2026, 11, 12)), by=ada, at=called), by=ada, at=called)
    members = list(Membership.objects.filter(committee=committee).select_related("committee", "person").with_running_roles())
    for number, member in enumerate(members[:9]):
        meetings.answer(meeting, choice="yes" if number < 6 else "maybe", by=member, at=WEDNESDAY)
    growth.record_weeks(NOW)
    week = last_week(committee)
    assert (week.meetings, week.coming) == (1, 6)


def _mails(committee: Committee, at: datetime, **states: int) -> None:
    notice = Notice.objects.create(
        kind="meetings/called", about_type="x", about_id=1, occasion=f"{committee.pk} {at:%d}", committee_id=committee.pk, posted_at=at, due_at=at
    )
    for state, number in states.items():
        rows = [Delivery(notice=notice, person=make.person(), channel=Channel.EMAIL, state=state, due_at=at) for _n in range(number)]
        Delivery.objects.bulk_create(rows)


def test_mails_that_arrived_and_those_that_did_not(committee: Committee) -> None:
    _mails(committee, WEDNESDAY, **{State.ACCEPTED: 8, State.BOUNCED: 3, State.UNREACHABLE: 2, State.SUPERSEDED: 9, State.WAITING: 1})
    _mails(committee, WEDNESDAY + WEEK, **{State.ACCEPTED: 20})
    _mails(make.committee(), WEDNESDAY, **{State.ACCEPTED: 30})
    growth.record_weeks(NOW)
    week = last_week(committee)
    assert (week.delivered, week.undelivered) == (8, 5)


def test_while_most_mails_are_on_their_way_nothing_is_said_of_them(committee: Committee) -> None:
    _mails(committee, WEDNESDAY, **{State.ACCEPTED: 5, State.WAITING: 6})
    growth.record_weeks(NOW)
    week = last_week(committee)
    assert (week.delivered, week.withheld) == (None, [])


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("name", ["members", "joined", "left", "applied", "declined", "coming", "delivered", "undelivered"])
def test_the_database_refuses_a_number_from_one_to_four(committee: Committee, name: str, number: int) -> None:
    growth.record_weeks(NOW)
    with pytest.raises(IntegrityError, match="no_week_holds_a_number_from_one_to_four"), transaction.atomic():
        Week.objects.filter(committee=committee, monday=LAST).update(**{name: number})


def test_it_costs_the_same_for_one_committee_and_for_four(committee: Committee) -> None:
    def cost(at: datetime) -> int:
        with CaptureQueriesContext(connection) as asked:
            growth.record_weeks(at)
            growth.take_pictures(at)
        return len(asked)

    one = cost(NOW)
    for _number in range(3):
        came(make.committee(), weeks_ago=1)
    assert cost(NOW + 5 * WEEK) <= one + 1  # pictures that take the place of others are one statement more


def test_weeks_that_no_page_shows_go(committee: Committee) -> None:
    growth.record_weeks(NOW)
    there = Week.objects.filter(committee=committee).count()
    growth.forget_weeks(NOW + 53 * WEEK)
    assert 0 < Week.objects.filter(committee=committee).count() < there
    growth.forget_weeks(NOW + 60 * WEEK)
    assert not Week.objects.exists()
    assert growth.forget_weeks in {promise.purge for promise in retention.table() if promise.model == "growth.Week"}


def test_a_closed_committee_is_counted_no_more(committee: Committee) -> None:
    Committee.objects.filter(pk=committee.pk).update(life="dissolved")
    growth.record_weeks(NOW)
    assert not Week.objects.filter(committee=committee).exists()


class TestThePicture:
    def test_it_is_taken_once_a_month_and_the_one_before_is_gone(self, committee: Committee) -> None:
        for shift, number in (("Weekend", 3), ("Office", 3)):
            for _number in range(number):
                came(committee, shift=shift)
        growth.take_pictures(NOW)
        picture = Picture.objects.get(committee=committee)
        assert (picture.shifts, picture.others) == ([{"shift": "Night shift", "from": 10}], True)
        for _number in range(4):
            came(committee, shift="Weekend")
        assert growth.take_pictures(NOW + timedelta(days=12)) == 0
        growth.take_pictures(NOW + timedelta(days=14))
        picture.refresh_from_db()
        assert picture.taken_on == date(2026, 12, 1)
        assert [each["shift"] for each in picture.shifts] == ["Night shift"]

    def test_members_who_left_are_in_no_shift(self, committee: Committee) -> None:
        for _number in range(6):
            went(came(committee, shift="Weekend"))
        growth.take_pictures(NOW)
        assert "Weekend" not in str(Picture.objects.get(committee=committee).shifts)

    def test_a_shift_spelt_with_a_blank_at_its_end_is_the_same(self, committee: Committee) -> None:
        for number in range(6):
            came(committee, shift="Weekend " if number % 2 else "Weekend")
        growth.take_pictures(NOW)
        assert {"shift": "Weekend", "from": 5} in Picture.objects.get(committee=committee).shifts


@pytest.mark.django_db(transaction=True)
def test_four_schedulers_at_once_count_each_week_once(now: time_machine.Traveller) -> None:
    committee = make.committee()
    for _number in range(10):
        came(committee, weeks_ago=4)

    def tick() -> int:
        filled = growth.record_weeks(NOW)
        growth.take_pictures(NOW)
        return filled

    filled = at_once([tick] * 4)
    rows = Week.objects.filter(committee=committee)
    assert rows.count() == rows.values("monday").distinct().count() == (LAST - rows.earliest("monday").monday) // WEEK + 1
    assert sum(filled) == Week.objects.filter(recorded_at__isnull=False).count() == Week.objects.count()
    assert Picture.objects.filter(committee=committee).count() == 1


# -- Two committees become one -----------------------------------------------------------------------------------------------


@pytest.fixture
def beside(committee: Committee) -> Committee:
    """Another committee at the same workplace, with seven members since long ago and three of the last whole week."""
    site = committee.workplace
    assert site is not None
    made = make.committee(site=make.workplace(employer=site.employer.name, city=site.city))
    for number in range(9):
        came(made, weeks_ago=0 if number > 5 else 8)
    return made


def _of(committee: Committee, monday: date) -> tuple[int | None, int | None, int | None, list[str]]:
    week = Week.objects.recorded().get(committee=committee, monday=monday)
    return week.members, week.joined, week.left, week.withheld


def test_in_the_week_in_which_two_become_one_neither_who_came_nor_who_went_is_told(committee: Committee, beside: Committee) -> None:
    for _number in range(10):
        came(committee, weeks_ago=8)
    growth.record_weeks(NOW)
    before = _of(committee, LAST)
    membership.unite(beside, committee, at=NOW)
    assert _of(committee, LAST) == before == (21, 0, 0, [])
    assert not Week.objects.recorded().filter(monday__gt=LAST).exists()
    growth.record_weeks(NOW + 2 * WEEK)
    assert _of(committee, LAST + WEEK) == (31, None, None, ["joined", "left"])
    assert _of(committee, LAST + 2 * WEEK) == (31, 0, 0, [])


def test_a_week_that_was_over_but_not_counted_is_not_counted_with_members_of_the_other(committee: Committee, beside: Committee) -> None:
    monday = datetime(2026, 11, 16, 12, tzinfo=UTC)
    growth.record_weeks(monday)
    assert not Week.objects.filter(monday=LAST).exists()
    membership.unite(beside, committee, at=monday)
    growth.record_weeks(NOW + WEEK)
    assert _of(committee, LAST) == (None, None, None, [])
    assert _of(committee, LAST + WEEK) == (21, None, None, ["joined", "left"])


def test_whoever_went_and_is_removed_afterwards_went_once(committee: Committee) -> None:
    gone = [came(committee, weeks_ago=8) for _number in range(14)][:5]
    for member in gone:
        went(member)
    growth.record_weeks(NOW)
    for member in gone:
        membership.remove(make.reloaded(member), for_employer=True, by=None, at=NOW)
    growth.record_weeks(NOW + WEEK)
    assert (last_week(committee).left, Week.objects.get(committee=committee, monday=LAST + WEEK).left) == (5, 0)
