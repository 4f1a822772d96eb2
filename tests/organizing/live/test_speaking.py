"""The list of those who want to speak, by commands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.base.errors import Refused
from organizing.live import commands as live
from organizing.live import queries
from organizing.live.models import Duty, Gathering, Turn
from tests import make
from tests.organizing.live.conftest import come


@pytest.fixture
def here(cast: make.Cast, gathering: Gathering) -> Gathering:
    """Ada, Ben, Mo and Cleo have come."""
    come(gathering, cast.ada, cast.ben, cast.mo, cast.cleo)
    return gathering


def names(gathering: Gathering) -> list[str]:
    return [turn.presence.membership.handle for turn in queries.waiting(gathering)]


def test_one_asks_when_one_is_here_and_stands_there_once(cast: make.Cast, gathering: Gathering) -> None:
    with pytest.raises(Refused, match="you are here"):
        live.ask(gathering, by=cast.ben, at=timezone.now())
    come(gathering, cast.ben)
    assert live.ask(gathering, by=cast.ben, at=timezone.now()) == live.ask(gathering, by=cast.ben, at=timezone.now())
    assert Turn.objects.count() == 1


def test_whoever_has_spoken_comes_after_those_who_have_not_and_a_point_of_order_before_all(cast: make.Cast, here: Gathering) -> None:
    at = timezone.now()
    live.ask(here, by=cast.ben, at=at)
    live.call_next(here, by=cast.ada, at=at)
    live.finish(here, by=cast.ada, at=at)
    live.ask(here, by=cast.ben, at=at + timedelta(seconds=1))
    live.ask(here, by=cast.mo, at=at + timedelta(seconds=2))
    live.ask(here, is_point=True, by=cast.cleo, at=at + timedelta(seconds=3))
    assert names(here) == [cast.cleo.handle, cast.mo.handle, cast.ben.handle]


def test_a_point_of_order_is_not_having_spoken(cast: make.Cast, here: Gathering) -> None:
    at = timezone.now()
    live.ask(here, is_point=True, by=cast.ben, at=at)
    live.call_next(here, by=cast.ada, at=at)
    live.ask(here, by=cast.ben, at=at + timedelta(seconds=1))
    live.ask(here, by=cast.mo, at=at + timedelta(seconds=2))
    assert names(here) == [cast.ben.handle, cast.mo.handle]


def test_the_next_one_is_called_once_though_the_button_is_pressed_twice(cast: make.Cast, here: Gathering) -> None:
    at = timezone.now()
    first = live.ask(here, by=cast.ben, at=at)
    live.ask(here, by=cast.mo, at=at + timedelta(seconds=1))
    live.call_next(here, seen=first.slug, by=cast.ada, at=at)
    with pytest.raises(Refused, match="changed meanwhile"):
        live.call_next(here, seen=first.slug, by=cast.ada, at=at)
    now = queries.speaking(here)
    assert now is not None
    assert now.presence.membership_id == cast.ben.pk


def test_where_nobody_waits_nobody_is_called_and_whoever_spoke_is_done(cast: make.Cast, here: Gathering) -> None:
    live.ask(here, by=cast.ben, at=timezone.now())
    live.call_next(here, by=cast.ada, at=timezone.now())
    assert live.call_next(here, by=cast.ada, at=timezone.now()) is None
    assert queries.speaking(here) is None


def test_only_who_leads_calls_closes_and_sets_the_time(cast: make.Cast, here: Gathering) -> None:
    turn = live.ask(here, by=cast.mo, at=timezone.now())
    turn.gathering = here
    acts = [
        lambda: live.call_next(here, by=cast.ben, at=timezone.now()),
        lambda: live.finish(here, by=cast.ben, at=timezone.now()),
        lambda: live.drop(turn, by=cast.ben, at=timezone.now()),
        lambda: live.take_speakers(here, takes=False, by=cast.ben, at=timezone.now()),
        lambda: live.set_limit(here, 3, by=cast.ben, at=timezone.now()),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    live.give_duty(here, cast.ben, Duty.Kind.CHAIR, by=cast.ada, at=timezone.now())
    for act in acts:
        act()


def test_the_list_is_closed_to_new_ones_and_never_to_points_of_order(cast: make.Cast, here: Gathering) -> None:
    live.ask(here, by=cast.mo, at=timezone.now())
    live.take_speakers(here, takes=False, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="closed"):
        live.ask(here, by=cast.ben, at=timezone.now())
    live.ask(here, is_point=True, by=cast.ben, at=timezone.now())
    assert names(here) == [cast.ben.handle, cast.mo.handle], "whoever stood on it stays"


def test_whoever_withdraws_or_leaves_waits_no_more(cast: make.Cast, here: Gathering) -> None:
    for member in (cast.ben, cast.mo):
        live.ask(here, by=member, at=timezone.now())
    live.withdraw(here, by=cast.ben, at=timezone.now())
    live.leave(here, by=cast.mo, at=timezone.now())
    assert names(here) == []


def test_a_limit_is_of_minutes(cast: make.Cast, here: Gathering) -> None:
    for wrong in (0, 61):
        with pytest.raises(Refused):
            live.set_limit(here, wrong, by=cast.ada, at=timezone.now())
    at = timezone.now()
    live.set_limit(here, 2, by=cast.ada, at=at)
    live.ask(here, by=cast.ben, at=at)
    live.call_next(here, by=cast.ada, at=at)
    now = Gathering.objects.get(pk=here.pk)
    assert queries.floor(now, at + timedelta(seconds=61)).left == "1 minute left"
    assert queries.floor(now, at + timedelta(seconds=121)).left == "The time is up"


def test_when_it_ends_nobody_speaks_or_waits(cast: make.Cast, here: Gathering) -> None:
    for member in (cast.ben, cast.mo):
        live.ask(here, by=member, at=timezone.now())
    live.call_next(here, by=cast.ada, at=timezone.now())
    live.end(here, by=cast.ada, at=timezone.now())
    assert not Turn.objects.filter(ended_at=None).exists()


def test_of_two_at_once_the_one_whose_clock_was_read_first_may_come_second(cast: make.Cast, here: Gathering) -> None:
    at = timezone.now()
    live.ask(here, by=cast.ben, at=at)
    live.call_next(here, by=cast.ada, at=at - timedelta(seconds=1))
    live.finish(here, by=cast.ada, at=at - timedelta(seconds=2))
    live.leave(here, by=cast.ben, at=at - timedelta(seconds=3))
    assert Turn.objects.get().ended_at == at
