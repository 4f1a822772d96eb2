"""The door of an online meeting."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from committees.base.errors import Refused
from committees.membership.roles import Standing
from organizing.live import commands as live
from organizing.live import queries
from organizing.live.models import Duty, Gathering, Knock, Presence
from organizing.meetings.models import Meeting, Reveal
from tests import make
from tests.organizing.live.conftest import LINK, address, browser, soon


@pytest.fixture
def meeting(cast: make.Cast) -> Meeting:
    return soon(cast.ada, link_shown=Reveal.AT_DOOR)


def waits(client: Client, meeting: Meeting) -> str:
    return client.post(address("door", meeting), follow=True).content.decode()


def lets_in(client: Client, meeting: Meeting, act: str = "let_in") -> None:
    client.post(address("desk", meeting), {"knock": Knock.objects.get(let_in=None).slug, "act": act})


def test_the_link_stands_nowhere_but_behind_the_door(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client = browser(cast.ben)
    client.post(f"{meeting.get_absolute_url()}answer/", {"choice": "yes"})
    for page in (meeting.get_absolute_url(), address("page", meeting), address("door", meeting)):
        assert LINK not in client.get(page).content.decode(), page
    assert "through the door" in client.get(meeting.get_absolute_url()).content.decode()


def test_a_member_waits_a_steward_lets_them_in_and_they_go_on_to_the_link(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    live.give_duty(gathering, cast.mo, Duty.Kind.STEWARD, by=cast.ada, at=timezone.now())
    client, steward = browser(cast.ben), browser(cast.mo)
    assert "You are waiting to be let in." in waits(client, meeting)
    assert client.get(address("through", meeting)).url == address("door", meeting), "not before"  # type: ignore[attr-defined]
    desk = steward.get(address("desk", meeting)).content.decode()
    assert cast.ben.handle in desk
    assert cast.committee.name in desk
    lets_in(steward, meeting)
    assert "You are let in." in client.get(address("door", meeting)).content.decode()
    answer = client.get(address("through", meeting))
    assert answer.url == LINK  # type: ignore[attr-defined]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert Presence.objects.get().way == "door"


def test_only_the_browser_in_which_one_asked_is_let_in(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    first, second = browser(cast.ben), browser(cast.ben)
    waits(first, meeting)
    lets_in(browser(cast.ada), meeting)
    assert second.get(address("through", meeting)).url == address("door", meeting)  # type: ignore[attr-defined]
    assert "You asked in another browser." in second.get(address("door", meeting)).content.decode()
    waits(second, meeting)
    assert first.get(address("through", meeting)).url == address("door", meeting), "asked anew, the first one leads nowhere"  # type: ignore[attr-defined]


def test_whoever_is_turned_away_may_ask_again(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client, steward = browser(cast.ben), browser(cast.ada)
    waits(client, meeting)
    lets_in(steward, meeting, "turn_away")
    assert "You were not let in." in client.get(address("door", meeting)).content.decode()
    assert client.get(address("through", meeting)).url == address("door", meeting)  # type: ignore[attr-defined]
    assert not Presence.objects.exists()
    assert "You are waiting" in waits(client, meeting)


def test_of_two_stewards_the_second_hears_that_it_was_answered(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    knock = live.knock(gathering, "a session", by=cast.ben, at=timezone.now())
    knock = Knock.objects.select_related("gathering__meeting").get(pk=knock.pk)
    live.answer(knock, let_in=True, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="Another steward"):
        live.answer(knock, let_in=False, by=cast.ada, at=timezone.now())
    assert Knock.objects.get().let_in is True


def test_only_whoever_keeps_the_door_lets_in(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    knock = live.knock(gathering, "a session", by=cast.ben, at=timezone.now())
    for other in (cast.ben, cast.mo, cast.boss):
        with pytest.raises(PermissionDenied):
            live.answer(knock, let_in=True, by=other, at=timezone.now())


def test_whoever_was_suspended_while_waiting_is_not_let_in(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    knock = live.knock(gathering, "a session", by=cast.ben, at=timezone.now())
    make.put(cast.ben, Standing.SUSPENDED)
    with pytest.raises(Refused):
        live.answer(knock, let_in=True, by=cast.ada, at=timezone.now())
    assert queries.at_the_door(gathering) == ([], 0)


def test_whoever_leaves_asks_at_the_door_again(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client = browser(cast.ben)
    waits(client, meeting)
    lets_in(browser(cast.ada), meeting)
    client.post(address("leave", meeting))
    assert client.get(address("through", meeting)).url == address("door", meeting)  # type: ignore[attr-defined]


def test_after_the_end_nobody_goes_through(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    client = browser(cast.ben)
    waits(client, meeting)
    lets_in(browser(cast.ada), meeting)
    browser(cast.ada).post(address("end", meeting))
    assert client.get(address("through", meeting)).url == address("door", meeting)  # type: ignore[attr-defined]


def test_a_meeting_without_a_door_says_where_its_link_is(cast: make.Cast) -> None:
    plain = soon(cast.ada)
    live.open_meeting(plain, by=cast.ada, at=timezone.now())
    answer = browser(cast.ben).post(address("door", plain))
    assert answer.status_code == 422
    assert "no door to wait at" in answer.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_desk_costs_the_same_however_many_wait(
    cast: make.Cast, meeting: Meeting, gathering: Gathering, people: int, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for member in [make.member(cast.committee) for _n in range(people)]:
        live.knock(gathering, f"session {member.pk}", by=member, at=timezone.now())
    client = browser(cast.ada)
    client.get(address("desk", meeting))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert client.get(address("desk", meeting)).status_code == 200
