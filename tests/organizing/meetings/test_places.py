"""Room for so many: who says yes later waits, and gets the next place that is free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.base import clock
from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.notices import registry as kinds
from committees.notices.models import Delivery, Notice
from organizing.meetings import calendars, queries, rules
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Choice, Meeting
from organizing.meetings.plans import Words
from tests import make
from tests.at_once import at_once
from tests.organizing.meetings import cast

HOUR = timedelta(hours=1)


def call(by: Membership, capacity: int | None = 2, *, days: float = 5, **words: Any) -> Meeting:
    """A meeting with so many places, so many days from now."""
    now = timezone.now()
    wall = clock.wall(now + timedelta(days=days), cast.ZONE)
    planned = cast.plan(words=replace(cast.WORDS, capacity=capacity, **words), day=wall.date(), clock=wall.time())
    return meetings.call(meetings.draft(planned, by=by, at=now), by=by, at=now)


def say(meeting: Meeting, member: Membership, choice: str = "yes", **more: Any) -> str:
    given = meetings.answer(meeting, choice=choice, by=make.reloaded(member), at=more.pop("at", timezone.now()), **more)
    return given.choice


def coming(meeting: Meeting) -> set[int]:
    return set(Answer.objects.counting(again(meeting)).filter(choice=Choice.YES).values_list("membership_id", flat=True))


def again(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("committee").get(pk=meeting.pk)


def told(kind: str) -> list[int]:
    return sorted(Delivery.objects.filter(notice__kind=f"meetings/{kind}").values_list("person_id", flat=True).distinct())


def room(meeting: Meeting, places: int | None, by: Membership) -> None:
    meetings.edit(meeting, replace(Words.of(again(meeting)), capacity=places), by=make.reloaded(by), at=timezone.now())


@pytest.fixture
def people(site: Committee) -> list[Membership]:
    """Five members."""
    return [cast.member(site, f"Member {n}") for n in range(5)]


class TestWaiting:
    def test_whoever_says_yes_when_all_places_are_taken_waits_in_order(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada)
        assert [say(meeting, each) for each in people[:4]] == ["yes", "yes", "waiting", "waiting"]
        line = queries.standpoint(queries.one(make.reloaded(people[3]), meeting.slug) or meeting, make.reloaded(people[3]), at=timezone.now())
        assert (line.turn, line.yes) == (2, 2)

    def test_the_next_one_gets_the_place_of_whoever_no_longer_comes_and_is_told_at_once(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada)
        for each in people[:4]:
            say(meeting, each)
        say(meeting, people[0], "no")
        assert coming(meeting) == {people[1].pk, people[2].pk}
        assert told("place_given") == [people[2].person_id]
        say(meeting, people[1], "maybe")
        assert coming(meeting) == {people[2].pk, people[3].pk}

    def test_whoever_says_the_same_again_keeps_their_turn_and_what_they_need_is_changed(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        for each in people[:3]:
            say(meeting, each)
        assert say(meeting, people[1], child_care=True) == "waiting"
        assert say(meeting, people[0], ride=True) == "yes"
        say(meeting, people[0], "no")
        assert coming(meeting) == {people[1].pk}

    def test_whoever_stops_waiting_and_comes_back_is_the_last(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        for each in people[:3]:
            say(meeting, each)
        say(meeting, people[1], "no")
        say(meeting, people[1])
        say(meeting, people[0], "no")
        assert coming(meeting) == {people[2].pk}

    def test_nobody_can_choose_to_wait(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada)
        with pytest.raises(ValueError, match="waiting"):
            say(meeting, people[0], "waiting")
        page = make.client(people[0].person).get(meeting.get_absolute_url()).content.decode()
        assert 'value="waiting"' not in page

    @pytest.mark.parametrize("how", ["leaves", "is suspended"])
    def test_the_place_of_whoever_goes_is_given_within_a_minute(self, how: str, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        say(meeting, people[0])
        say(meeting, people[1])
        if how == "leaves":
            membership.leave(make.reloaded(people[0]), by=make.reloaded(people[0]), at=timezone.now())
        else:
            membership.suspend(make.reloaded(people[0]), by=None, at=timezone.now())
        assert meetings.give_free_places(timezone.now()) == 1
        assert coming(meeting) == {people[1].pk}
        assert meetings.give_free_places(timezone.now()) == 0

    def test_without_a_number_everybody_comes(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, None)
        assert {say(meeting, each) for each in people} == {"yes"}

    def test_a_meeting_at_another_time_asks_everybody_again(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        for each in people[:2]:
            say(meeting, each)
        before = again(meeting)
        when = rules.When.of(before)
        assert when is not None
        moved = replace(when, day=when.day + timedelta(days=1))
        meetings.move(before, moved, rules.Where.of(before), by=make.reloaded(ada), at=timezone.now())
        assert coming(meeting) == set()
        assert say(again(meeting), people[1]) == "yes"


class TestTheLastTwoHours:
    def test_nobody_who_waits_gets_a_place_without_saying_so_again(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        for each in people[:3]:
            say(meeting, each)
        assert meeting.starts_at is not None
        late = meeting.starts_at - HOUR
        say(meeting, people[0], "no", at=late)
        assert meetings.give_free_places(late) == 0
        assert coming(meeting) == set()
        assert told("place_given") == []
        assert say(meeting, people[2], at=late) == "yes", "the first who says so gets it"
        assert say(meeting, people[1], at=late) == "waiting"


class TestTheNumberChanges:
    def test_with_more_room_who_waits_comes_and_is_told(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        for each in people[:4]:
            say(meeting, each)
        room(meeting, 3, ada)
        assert coming(meeting) == {each.pk for each in people[:3]}
        room(meeting, None, ada)
        assert coming(meeting) == {each.pk for each in people[:4]}
        assert told("place_given") == sorted(each.person_id for each in people[1:4] if each.person_id)

    def test_with_less_the_newest_wait_and_are_told_and_are_the_next_again(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 3)
        for each in people[:4]:
            say(meeting, each)
        room(meeting, 1, ada)
        assert coming(meeting) == {people[0].pk}
        assert told("place_lost") == sorted(each.person_id for each in people[1:3] if each.person_id)
        room(meeting, 2, ada)
        assert coming(meeting) == {people[0].pk, people[1].pk}, "in the order in which they said yes"

    def test_what_is_no_number_is_said_beside_the_field(self, ada: Membership) -> None:
        meeting = call(ada)
        page = reverse("meetings:edit", args=[meeting.committee.slug, meeting.slug])
        answer = make.client(ada.person).post(page, {"do": "words", "subject": "Still this", "capacity": "0", "seen": "1"})
        assert answer.status_code == 422
        assert "There has to be room for at least one." in answer.content.decode()
        assert "Still this" in answer.content.decode()


class TestWhatWaitingMeans:
    def test_the_place_is_not_shown_no_reminder_comes_and_the_calendar_says_perhaps(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        for each in people[:2]:
            say(meeting, each)
        member = make.reloaded(people[1])
        seen = queries.standpoint(queries.one(member, meeting.slug) or meeting, member, at=timezone.now())
        assert seen.sight.place == rules.Seen.IF_YES
        assert meeting.starts_at is not None
        assert meetings.remind_due(meeting.starts_at - 20 * HOUR) == 1
        reminder = Notice.objects.get(kind="meetings/reminder", about_id=meeting.pk)
        ids = {each.person_id or 0 for each in people[:3]}
        assert kinds.kind("meetings/reminder").matters(reminder, ids) == ids - {people[1].person_id}
        assert people[1].person
        (entry,) = queries.feed(people[1].person, timezone.now())
        assert b"STATUS:TENTATIVE" in calendars.ics([entry], titles="neutral", url_of=lambda each: each.slug)

    def test_its_page_says_how_many_are_before_one(self, ada: Membership, people: list[Membership]) -> None:
        meeting = call(ada, 1)
        client = make.client(people[2].person)
        for each in people[:2]:
            say(meeting, each)
        page = reverse("meetings:answer", args=[meeting.committee.slug, meeting.slug])
        said = client.post(page, {"choice": "yes", "asking": again(meeting).asking}, follow=True).content.decode()
        assert "All places are taken." in said
        assert "1 person is before you." in said
        assert "When a place is free you get it" in said
        say(meeting, people[1], "no")
        assert "You are the next one." in client.get(meeting.get_absolute_url()).content.decode()

    def test_its_page_costs_the_same_for_three_who_wait_and_for_thirty(
        self, site: Committee, ada: Membership, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        meeting = call(ada, 1)
        waiting = [cast.member(site, f"Waiting {n}") for n in range(30)]
        client = make.client(waiting[2].person)
        client.get(meeting.get_absolute_url())
        costs = []
        for some in (waiting[:4], waiting[4:]):
            for each in some:
                say(meeting, each)
            with django_assert_max_num_queries(100) as asked:
                client.get(meeting.get_absolute_url())
            costs.append(len(asked))
        assert costs[0] == costs[1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["yes", "yes", "no", "maybe", "room", "out"])), max_size=14))
@pytest.mark.django_db
def test_whatever_anybody_says_there_are_never_more_than_places_and_nobody_is_passed_over(acts: list[tuple[int, str]]) -> None:
    committee = cast.committee()
    ada = cast.member(committee, f"Ada {committee.pk}", Role.ORGANIZER)
    everybody = [cast.member(committee, f"Member {n}") for n in range(6)]
    meeting, places = call(ada, 2), 2
    for n, act in acts:
        who = make.reloaded(everybody[n])
        if act == "room":
            places = n % 3 + 1
            room(meeting, places, ada)
        elif act == "out":
            if who.standing == Standing.MEMBER:
                membership.leave(who, by=who, at=timezone.now())
                meetings.give_free_places(timezone.now())
        elif who.standing == Standing.MEMBER:
            say(meeting, who, act)
        counted = Answer.objects.counting(again(meeting)).order_by("at", "pk")
        yes = [each for each in counted if each.choice == Choice.YES]
        waiting = [each for each in counted if each.choice == Choice.WAITING]
        assert len(yes) <= places
        assert not waiting or len(yes) == places, "nobody waits beside a free place"
    given_to = Notice.objects.filter(kind__in=("meetings/place_given", "meetings/place_lost"), about_id=meeting.pk)
    assert all(notice.committee_id == committee.pk for notice in given_to)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_of_thirty_who_say_yes_at_once_as_many_come_as_there_are_places() -> None:
    committee = cast.committee()
    ada = cast.member(committee, "Ada", Role.ORGANIZER)
    meeting = call(ada, 4)
    everybody = [make.reloaded(cast.member(committee, f"Member {n}")) for n in range(12)]
    answers = at_once([lambda each=each: meetings.answer(meeting, choice="yes", by=each, at=timezone.now()).choice for each in everybody])
    assert not [each for each in answers if isinstance(each, (Exception, Refused))]
    assert sorted(answers) == ["waiting"] * 8 + ["yes"] * 4
