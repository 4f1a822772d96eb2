"""Opening a meeting, ending it, and what the clock does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from organizing.live import commands as live
from organizing.live import rules
from organizing.live.models import Gathering, Presence
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from tests import make
from tests.organizing.live.conftest import come, soon


@pytest.mark.parametrize(("minutes", "words"), [(31, "from 30 minutes"), (-60 - 3 * 60, "is over")])
def test_it_is_opened_neither_too_early_nor_too_late(cast: make.Cast, minutes: int, words: str) -> None:
    meeting = soon(cast.ada, minutes=10)
    at = meeting.starts_at - timedelta(minutes=minutes)
    with pytest.raises(Refused, match=words):
        live.open_meeting(meeting, by=cast.ada, at=at)
    assert not Gathering.objects.exists()


@pytest.mark.parametrize("minutes", [30, 0, -60, -200])
def test_it_is_opened_from_half_an_hour_before_until_some_hours_after(cast: make.Cast, minutes: int) -> None:
    meeting = soon(cast.ada)
    assert meeting.starts_at
    at = meeting.starts_at - timedelta(minutes=minutes)
    assert rules.is_open(live.open_meeting(meeting, by=cast.ada, at=at), at)


def test_only_its_organizers_open_it(cast: make.Cast, meeting: Meeting) -> None:
    for other in (cast.ben, cast.mo, cast.boss):
        with pytest.raises(PermissionDenied):
            live.open_meeting(meeting, by=other, at=timezone.now())


def test_opened_twice_it_is_open_once(cast: make.Cast, meeting: Meeting) -> None:
    first = live.open_meeting(meeting, by=cast.ada, at=timezone.now())
    again = live.open_meeting(meeting, by=cast.ada, at=timezone.now())
    assert first.pk == again.pk
    assert Entry.objects.filter(verb="live.opened").count() == 1


def test_a_cancelled_one_is_not_opened_and_one_that_is_open_ends(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    meetings.cancel(meeting, by=cast.ada, at=timezone.now())
    assert live.end_due(timezone.now()) == 1
    with pytest.raises(Refused, match="cancelled"):
        live.open_meeting(meeting, by=cast.ada, at=timezone.now())


def test_ended_it_keeps_numbers_and_throws_its_secret_away(cast: make.Cast, gathering: Gathering) -> None:
    come(gathering, cast.ada, cast.ben, cast.cleo)
    live.end(gathering, by=cast.ada, at=timezone.now())
    gathering.refresh_from_db()
    assert (gathering.people, gathering.entitled_here, gathering.entitled) == (3, 2, 3)
    assert gathering.secret is None
    with pytest.raises(Refused, match="already"):
        live.end(gathering, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="not open"):
        live.leave(gathering, by=cast.ben, at=timezone.now())


def test_what_nobody_ended_ends_three_hours_after_its_end(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    assert meeting.ends_at
    over = meeting.ends_at + timedelta(hours=3)
    assert live.end_due(over - timedelta(minutes=1)) == 0
    assert not rules.is_open(gathering, over), "its pages say so before the clock has come by"
    assert live.end_due(over) == 1
    gathering.refresh_from_db()
    assert gathering.ended_by is None


def test_ended_by_mistake_and_opened_again_everybody_still_is_there(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    at = timezone.now()
    live.end(gathering, by=cast.ada, at=at)
    live.open_meeting(meeting, by=cast.ada, at=at + timedelta(minutes=14))
    assert Presence.objects.here().count() == 1


def test_opened_again_later_everybody_has_left(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    come(gathering, cast.ben)
    at = timezone.now()
    live.end(gathering, by=cast.ada, at=at)
    live.open_meeting(meeting, by=cast.ada, at=at + timedelta(minutes=16))
    assert not Presence.objects.here().exists()


def test_a_meeting_that_is_moved_away_while_it_is_open_ends(cast: make.Cast, meeting: Meeting, gathering: Gathering) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at + timedelta(days=1), ends_at=meeting.ends_at + timedelta(days=1))
    assert live.end_due(timezone.now()) == 1
