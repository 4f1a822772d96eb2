"""The agenda while a meeting goes on: which point it is at, how long that has taken, and who may know."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.base.errors import Refused
from committees.membership.models import Membership
from organizing.live import commands as live
from organizing.live.agenda import minutes_taken, taken_in_words
from organizing.live.models import Duty, Gathering
from organizing.meetings import commands as meetings
from organizing.meetings.models import AgendaItem, Meeting
from organizing.meetings.plans import Point, Words
from tests import make
from tests.organizing.live.conftest import address, browser, soon
from tests.organizing.live.test_pages import text
from tests.organizing.papers.conftest import hang

AGENDA = (Point("Night shifts", 20), Point("Whom we trust", 10, visibility="organizers"), Point("Money"))


@pytest.fixture
def meeting(cast: make.Cast) -> Meeting:
    return soon(cast.ada, agenda=AGENDA)


def keys(meeting: Meeting) -> list[AgendaItem]:
    return list(AgendaItem.objects.filter(meeting=meeting).order_by("position"))


def page(member: Membership, meeting: Meeting, name: str = "page") -> str:
    return text(browser(member).get(address(name, meeting)))


@pytest.mark.parametrize(
    ("minutes", "planned", "said"),
    [
        (0, None, "just begun"),
        (1, None, "for 1 minute"),
        (12.9, None, "for 12 minutes"),
        (0, 20, "0 of 20 minutes"),
        (20.5, 20, "20 of 20 minutes"),
        (21, 20, "1 minute over its time"),
        (25, 20, "5 minutes over its time"),
        (-1, 20, "0 of 20 minutes"),
    ],
)
def test_how_long_a_point_has_taken_is_said_in_words(minutes: float, planned: int | None, said: str) -> None:
    at = timezone.now()
    assert taken_in_words(minutes_taken(at - timedelta(minutes=minutes), at), planned) == said


def test_whoever_leads_goes_from_point_to_point_and_everybody_sees_where_it_is(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    start = timezone.now()
    assert "Begin with the first point" in page(cast.ada, meeting)
    assert "Begin with the first point" not in page(cast.ben, meeting)
    first, _second, third = keys(meeting)
    ada = browser(cast.ada)
    ada.post(address("lead", meeting), {"act": "agenda", "seen": "", "point": str(first.key)})
    with time_machine.travel(start + timedelta(minutes=12, seconds=5)):
        for who, name in ((cast.ben, "page"), (cast.ada, "page"), (cast.ada, "screen")):
            assert "12 of 20 minutes" in page(who, meeting, name)
        assert "tag--warn" not in page(cast.ben, meeting)
    with time_machine.travel(start + timedelta(minutes=23, seconds=5)):
        assert "3 minutes over its time" in page(cast.ben, meeting)
        assert "tag--warn" in page(cast.ben, meeting)
    ada.post(address("lead", meeting), {"act": "agenda", "seen": str(first.key), "point": str(third.key)})
    assert "just begun" in page(cast.ben, meeting)
    ada.post(address("lead", meeting), {"act": "agenda", "seen": str(third.key)})
    assert Gathering.objects.get().point_key is None


def test_a_point_of_organizers_is_betrayed_to_nobody_else(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    _first, second, _third = keys(meeting)
    live.turn_to(gathering, second.key, by=cast.ada, at=timezone.now() - timedelta(minutes=4))
    assert "Whom we trust" in page(cast.ada, meeting)
    for who, name in ((cast.ben, "page"), (cast.ada, "screen")):
        seen = page(who, meeting, name)
        assert "Whom we trust" not in seen
        assert "of 10 minutes" not in seen
        assert "bigscreen__left" not in seen


def test_what_hangs_on_a_point_stands_under_it_for_whoever_sees_the_point(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    for position in (1, 2):
        hang(meeting, position, cast.ada, name=f"Paper {position}")
    for who, sees in ((cast.ada, {1, 2}), (cast.ben, {1})):
        for answer in (page(who, meeting), text(browser(who).get(address("now", meeting), headers={"HX-Request": "true"}))):
            assert {position for position in (1, 2) if f"Paper {position}" in answer} == sees
    assert "Paper 1" not in page(cast.ada, meeting, "screen")


def test_a_button_pressed_twice_skips_no_point(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    first, second, third = keys(meeting)
    live.turn_to(gathering, first.key, by=cast.ada, at=timezone.now())
    live.turn_to(gathering, second.key, seen=first.key, by=cast.ada, at=timezone.now())
    live.turn_to(gathering, second.key, seen=first.key, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="another point by now"):
        live.turn_to(gathering, third.key, seen=first.key, by=cast.ada, at=timezone.now())
    assert Gathering.objects.get().point_key == second.key


def test_a_member_who_leads_goes_by_what_they_see(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    first, second, _third = keys(meeting)
    live.give_duty(gathering, cast.ben, Duty.Kind.CHAIR, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="not on the agenda"):
        live.turn_to(gathering, second.key, by=cast.ben, at=timezone.now())
    live.turn_to(gathering, second.key, by=cast.ada, at=timezone.now())
    live.turn_to(gathering, first.key, by=cast.ben, at=timezone.now())
    assert Gathering.objects.get().point_key == first.key


def test_nobody_else_turns_the_agenda(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    first = keys(meeting)[0]
    with pytest.raises(PermissionDenied):
        live.turn_to(gathering, first.key, by=cast.ben, at=timezone.now())
    assert browser(cast.ben).post(address("lead", meeting), {"act": "agenda", "point": str(first.key)}).status_code == 404


@pytest.mark.parametrize("typed", ["nonsense", "0" * 500, "00000000-0000-0000-0000-000000000000"])
def test_what_names_no_point_turns_nothing(typed: str, cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    first = keys(meeting)[0]
    live.turn_to(gathering, first.key, by=cast.ada, at=timezone.now())
    said = text(browser(cast.ada).post(address("lead", meeting), {"act": "agenda", "seen": str(first.key), "point": typed}, follow=True))
    assert "not on the agenda any more" in said
    assert Gathering.objects.get().point_key == first.key


def test_a_point_that_is_taken_off_is_no_longer_on(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    first, *_rest = keys(meeting)
    live.turn_to(gathering, first.key, by=cast.ada, at=timezone.now())
    meetings.edit(meeting, Words(subject="The rota", agenda=Words.of(meeting).agenda[1:]), by=cast.ada, at=timezone.now())
    assert "of 20 minutes" not in page(cast.ben, meeting)
    live.turn_to(gathering, keys(meeting)[1].key, by=cast.ada, at=timezone.now())


def test_a_meeting_that_has_ended_is_at_no_point(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    live.turn_to(gathering, keys(meeting)[0].key, by=cast.ada, at=timezone.now())
    live.end(gathering, by=cast.ada, at=timezone.now())
    now = Gathering.objects.get()
    assert (now.point_key, now.point_since) == (None, None)
    with pytest.raises(Refused):
        live.turn_to(now, keys(meeting)[0].key, by=cast.ada, at=timezone.now())
