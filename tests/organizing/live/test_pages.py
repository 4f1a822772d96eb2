"""The page for phones, the screen for the room, and the parts of both that are asked for again and again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from organizing.live import commands as live
from organizing.live import queries
from organizing.live.models import Duty, Gathering, Presence, Turn
from organizing.live.views.acting import TRIES
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from tests import make
from tests.organizing.live.conftest import address, browser, come, digits

#: What a page says that asks for a part of itself.
BY_SCRIPT = {"HX-Request": "true"}


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


# -- The way there --------------------------------------------------------------------------------------------------------------


def test_an_organizer_opens_it_from_the_meetings_page_and_members_find_it_there(cast: make.Cast, meeting: Meeting) -> None:
    assert "Open the meeting" in text(browser(cast.ada).get(meeting.get_absolute_url()))
    assert "Open the meeting" not in text(browser(cast.ben).get(meeting.get_absolute_url()))
    answer = browser(cast.ada).post(address("open", meeting))
    assert answer.url == address("page", meeting)  # type: ignore[attr-defined]
    page = text(browser(cast.ben).get(meeting.get_absolute_url()))
    assert "The meeting is open" in page
    assert address("page", meeting) in page


def test_before_its_time_the_page_of_a_meeting_has_no_part_of_it(cast: make.Cast, meeting: Meeting) -> None:
    later = timezone.now() + timedelta(days=3)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=later, ends_at=later + timedelta(hours=1))
    assert "Open the meeting" not in text(browser(cast.ada).get(meeting.get_absolute_url()))
    answer = browser(cast.ada).post(address("open", meeting), follow=True)
    assert "from 30 minutes before" in text(answer)


def test_where_it_was_not_opened_one_is_led_to_the_meeting(cast: make.Cast, meeting: Meeting) -> None:
    assert browser(cast.ben).get(address("page", meeting)).url == meeting.get_absolute_url()  # type: ignore[attr-defined]
    assert browser(cast.ben).get(address("now", meeting)).status_code == 404


def test_ended_the_meetings_page_says_how_many_were_there(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.ben, cast.cleo)
    browser(cast.ada).post(address("end", meeting))
    page = text(browser(cast.ben).get(meeting.get_absolute_url()))
    assert "2 people were there at the end." in page
    assert "Full members: 1 of 3. It took 1 to decide." in page


# -- Being here -----------------------------------------------------------------------------------------------------------------


def test_a_member_types_the_code_and_is_here(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client = browser(cast.ben)
    answer = client.post(address("come", meeting), {"code": digits(gathering)}, follow=True)
    assert "You are here." in text(answer)
    assert "Ask to speak" in text(answer)
    client.post(address("leave", meeting))
    assert not Presence.objects.here().exists()


def test_a_wrong_code_is_said_beside_the_field_and_stays_typed(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    wrong = str((int(digits(gathering)) + 1) % 1_000_000).zfill(6)
    answer = browser(cast.ben).post(address("come", meeting), {"code": wrong})
    assert answer.status_code == 422
    assert "This is not the code on the screen." in text(answer)
    assert f'value="{wrong}"' in text(answer)


def test_nobody_comes_in_by_trying(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client = browser(cast.ben)
    for _n in range(TRIES):
        client.post(address("come", meeting), {"code": "1"})
    answer = client.post(address("come", meeting), {"code": digits(gathering)})
    assert "That was too often." in text(answer), "even the right one is not heard for a while"
    assert not Presence.objects.exists()
    other = browser(cast.mo)
    other.post(address("come", meeting), {"code": digits(gathering)})
    assert Presence.objects.count() == 1, "others are not held back by it"


def test_members_see_who_speaks_and_never_who_is_here(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.mo, cast.cleo)
    live.ask(gathering, by=cast.mo, at=timezone.now())
    page = text(browser(cast.ben).get(address("page", meeting)))
    assert cast.mo.handle in page
    assert cast.cleo.handle not in page
    for name in ("present", "screen", "screen_now", "tick", "duties", "desk", "desk_now"):
        assert browser(cast.ben).get(address(name, meeting)).status_code == 404, name


def test_guests_learn_whether_it_is_enough_and_never_how_many_the_host_has(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    for committee in (cast.committee, cast.boss.committee):
        make.affiliated(committee)
    (guest,) = meetings.invite(meeting, [cast.boss.committee], by=make.reloaded(cast.ada), at=timezone.now())
    meetings.accept_invitation(guest, by=make.reloaded(cast.boss), at=timezone.now())
    live.tick(gathering, [cast.ben, cast.mo], by=cast.ada, at=timezone.now())
    client = browser(cast.boss)
    page = text(client.get(address("page", meeting, through=cast.boss)))
    assert "Enough members of the committee that invites are here" in page
    assert "of 3 members" not in page
    assert cast.ben.handle not in page
    for name in ("present", "tick", "screen", "duties", "desk"):
        assert client.get(address(name, meeting, through=cast.boss)).status_code == 404, name
    assert client.post(address("end", meeting, through=cast.boss)).status_code == 404
    live.end(gathering, by=cast.ada, at=timezone.now())
    page = text(client.get(meeting.url_in(cast.boss.committee.slug)))
    assert "2 people were there at the end." in page
    assert "Full members:" not in page


def test_the_code_stands_on_the_screen_alone(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    shown = digits(gathering)
    assert f"{shown[:3]} {shown[3:]}" in text(browser(cast.ada).get(address("screen", meeting)))
    page = text(browser(cast.ben).get(address("page", meeting)))
    assert shown not in page
    assert f"{shown[:3]} {shown[3:]}" not in page


@pytest.mark.parametrize("kind", list(Duty.Kind))
def test_whoever_has_a_duty_may_put_the_screen_up(cast: make.Cast, meeting: Meeting, gathering: Gathering, kind: Duty.Kind) -> None:
    live.give_duty(gathering, cast.ben, kind, by=cast.ada, at=timezone.now())
    assert browser(cast.ben).get(address("screen", meeting)).status_code == 200
    sees_names = browser(cast.ben).get(address("present", meeting)).status_code == 200
    assert sees_names == (kind == Duty.Kind.STEWARD)


# -- Names ----------------------------------------------------------------------------------------------------------------------


def test_an_organizer_ticks_names(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client = browser(cast.ada)
    assert cast.ben.handle in text(client.get(address("tick", meeting)))
    answer = client.post(address("tick", meeting), {"who": [cast.ben.slug, cast.cleo.slug]}, follow=True)
    assert "2 people are here." in text(answer)
    assert cast.ben.handle not in text(client.get(address("tick", meeting)))
    assert cast.ben.handle in text(client.get(address("present", meeting)))
    assert "1 person has left." in text(client.post(address("present", meeting), {"who": [cast.ben.slug]}, follow=True))


def test_ticking_nobody_says_so(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    answer = browser(cast.ada).post(address("tick", meeting), {})
    assert answer.status_code == 422
    assert "Tick at least one name." in text(answer)


def test_names_are_found_by_a_part_of_them(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    page = text(browser(cast.ada).get(address("tick", meeting), {"q": "dock"}))
    assert cast.ben.handle in page
    assert cast.mo.handle not in page


def test_an_organizer_names_a_steward_and_takes_it_back(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client = browser(cast.ada)
    client.post(address("duties", meeting), {"act": "give", "handle": cast.ben.handle.upper(), "kind": "steward"})
    duty = Duty.objects.get()
    assert duty.membership_id == cast.ben.pk
    client.post(address("duties", meeting), {"act": "take", "duty": duty.slug})
    assert not Duty.objects.exists()


def test_a_name_that_nobody_has_is_said_beside_the_field(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    answer = browser(cast.ada).post(address("duties", meeting), {"act": "give", "handle": "Nobody at all", "kind": "chair"})
    assert answer.status_code == 422
    assert "Nobody in your committee has this name." in text(answer)
    assert "Nobody at all" in text(answer)


# -- Speaking -------------------------------------------------------------------------------------------------------------------


def test_a_turn_from_asking_to_done(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    ben, ada = browser(cast.ben), browser(cast.ada)
    assert "That is you" in text(ben.post(address("ask", meeting), follow=True))
    ada.post(address("limit", meeting), {"minutes": "2"})
    ada.post(address("lead", meeting), {"act": "next", "turn": Turn.objects.get().slug})
    assert "2 minutes left" in text(ben.get(address("page", meeting)))
    ada.post(address("lead", meeting), {"act": "done"})
    assert "Nobody speaks now." in text(ben.get(address("page", meeting)))


def test_buttons_of_whoever_leads_are_not_there_for_others(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.ben, cast.mo)
    turn = live.ask(gathering, by=cast.mo, at=timezone.now())
    client = browser(cast.ben)
    assert "Call the next one" not in text(client.get(address("page", meeting)))
    for act in ("next", "done", "drop", "open", "close"):
        assert client.post(address("lead", meeting), {"act": act, "turn": turn.slug}).status_code == 404, act
    assert client.post(address("limit", meeting), {"minutes": "2"}).status_code == 404


def test_it_can_be_led_from_the_page(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.ben, cast.mo)
    ada = browser(cast.ada)
    ada.post(address("lead", meeting), {"act": "close"})
    assert "The list is closed." in text(browser(cast.ben).get(address("page", meeting)))
    assert "You can still raise a point of order." in text(browser(cast.ben).post(address("ask", meeting), follow=True))
    browser(cast.mo).post(address("ask", meeting), {"kind": "point"})
    ada.post(address("lead", meeting), {"act": "drop", "turn": Turn.objects.get().slug})
    assert not Turn.objects.filter(ended_at=None).exists()


# -- Asked for again and again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["now", "screen_now"])
def test_while_nothing_changes_the_answer_is_empty_and_a_minute_later_it_is_not(
    cast: make.Cast, meeting: Meeting, gathering: Gathering, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, start = browser(cast.ada), timezone.now().replace(second=5, microsecond=0) + timedelta(minutes=1)
    with time_machine.travel(start, tick=False) as clock:
        come(gathering, cast.ben)
        part = text(client.get(address(name, meeting), {"seen": "older"}, headers=BY_SCRIPT))
        again = re.search(r'hx-get="([^"]+)"', part)
        assert again, part
        clock.shift(50)
        with django_assert_max_num_queries(5):  # the session, the person, the membership, the meeting; no more
            assert client.get(again[1], headers=BY_SCRIPT).status_code == 204
        clock.shift(10)
        assert client.get(again[1], headers=BY_SCRIPT).status_code == 200, "another code, and whatever no command told of"
        with time_machine.travel(start + timedelta(seconds=50), tick=False):
            live.ask(gathering, by=cast.ben, at=timezone.now())
            assert client.get(again[1], headers=BY_SCRIPT).status_code == 200, "somebody has asked to speak"


def test_a_part_that_is_opened_by_itself_leads_to_its_page(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    for part, page in (("now", "page"), ("screen_now", "screen"), ("door_now", "door"), ("desk_now", "desk")):
        assert browser(cast.ada).get(address(part, meeting)).url == address(page, meeting)  # type: ignore[attr-defined]


def test_every_act_makes_the_page_older(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    def version() -> int:
        return Gathering.objects.get().version

    at, seen = timezone.now(), [version()]
    acts = [
        lambda: come(gathering, cast.ben),
        lambda: live.ask(gathering, by=cast.ben, at=at),
        lambda: live.call_next(gathering, by=cast.ada, at=at),
        lambda: live.finish(gathering, by=cast.ada, at=at),
        lambda: live.take_speakers(gathering, takes=False, by=cast.ada, at=at),
        lambda: live.set_limit(gathering, 2, by=cast.ada, at=at),
        lambda: live.tick(gathering, [cast.mo], by=cast.ada, at=at),
        lambda: live.mark_left(gathering, [cast.mo], by=cast.ada, at=at),
        lambda: live.leave(gathering, by=cast.ben, at=at),
        lambda: live.forget([cast.ben]),
        lambda: live.end(gathering, by=cast.ada, at=timezone.now()),
    ]
    for act in acts:
        act()
        seen.append(version())
    assert seen == sorted(set(seen)), "each of them"


def test_what_the_page_shows_and_what_is_asked_for_have_the_same_mark(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    at = timezone.now()
    live.set_limit(gathering, 2, by=cast.ada, at=at)
    live.ask(gathering, by=cast.ben, at=at)
    live.call_next(gathering, by=cast.ada, at=at)
    for later in (0, 61, 121):
        now = queries.one(cast.ben, meeting.slug)
        assert now is not None
        when = at + timedelta(seconds=later)
        assert queries.standpoint(now, cast.ben, when).mark == queries.mark_now(now, when)


@pytest.mark.parametrize("people", [1, 3])
def test_a_page_costs_the_same_however_many_there_are(
    cast: make.Cast, meeting: Meeting, gathering: Gathering, people: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    members = [make.member(cast.committee) for _n in range(people)]
    come(gathering, cast.ben, *members)
    for member in members:
        live.ask(gathering, by=member, at=timezone.now())
    ben, ada = browser(cast.ben), browser(cast.ada)
    budgets = {"page": (ben, 10), "now": (ben, 10), "screen": (ada, 10), "present": (ada, 10), "duties": (ada, 8)}
    for name, (client, most) in budgets.items():
        client.get(address(name, meeting))
        with django_assert_max_num_queries(most):
            assert client.get(address(name, meeting), headers=BY_SCRIPT).status_code == 200, name
