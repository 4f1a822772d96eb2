"""Who sees the place and the link, and when; when people are asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from committees.membership.models import Membership
from committees.membership.roles import Standing
from organizing.meetings import rules
from organizing.meetings.models import Meeting
from organizing.meetings.rules import Seen
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import START

SHOWN, IF_YES, LATER, NOT_NEW, OVER = Seen.SHOWN, Seen.IF_YES, Seen.LATER, Seen.NOT_NEW, Seen.OVER

PHASES = {
    "long before": START - timedelta(days=3),
    "40 minutes before": START - timedelta(minutes=40),
    "30 minutes before": START - timedelta(minutes=30),
    "running": START + timedelta(minutes=10),
    "just over": START + timedelta(minutes=75, hours=2),
    "hours after": START + timedelta(minutes=76, hours=3),
}

#: phase → (place, link) for someone who said yes, someone who said no or nothing, and a new member who said yes.
EXPECTED = {
    "long before": ((SHOWN, LATER), (IF_YES, IF_YES), (NOT_NEW, NOT_NEW)),
    "40 minutes before": ((SHOWN, LATER), (IF_YES, IF_YES), (NOT_NEW, NOT_NEW)),
    "30 minutes before": ((SHOWN, SHOWN), (IF_YES, IF_YES), (NOT_NEW, NOT_NEW)),
    "running": ((SHOWN, SHOWN), (IF_YES, IF_YES), (NOT_NEW, NOT_NEW)),
    "just over": ((SHOWN, SHOWN), (IF_YES, IF_YES), (NOT_NEW, NOT_NEW)),
    "hours after": ((OVER, OVER), (OVER, OVER), (OVER, OVER)),
}


def seen(meeting: Meeting, member: Membership, choice: str, phase: str) -> tuple[Seen, Seen]:
    sight = rules.sight(meeting, member, choice=choice, at=PHASES[phase])
    return sight.place, sight.link


@pytest.mark.parametrize("phase", PHASES)
def test_place_on_yes_and_link_thirty_minutes_before_unless_the_organizer_says_else(
    phase: str, meeting: Meeting, ada: Membership, ben: Membership, nia: Membership
) -> None:
    said_yes, else_, new = EXPECTED[phase]
    assert seen(meeting, ben, "yes", phase) == said_yes
    for choice in ("", "maybe", "no"):
        assert seen(meeting, ben, choice, phase) == else_
    assert seen(meeting, nia, "yes", phase) == new
    assert seen(meeting, ada, "", phase) == (SHOWN, SHOWN)


@pytest.mark.parametrize("phase", ["long before", "30 minutes before"])
def test_new_members_see_it_where_the_organizer_ticked_so(phase: str, meeting: Meeting, nia: Membership) -> None:
    meeting.probation_sees_place = True
    assert seen(meeting, nia, "yes", phase) == EXPECTED[phase][0]


@pytest.mark.parametrize(
    ("reveal", "opens_before"),
    [("at_once", None), ("on_yes", None), ("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("half_hour", timedelta(minutes=30))],
)
def test_the_organizer_chooses_from_when_on(reveal: str, opens_before: timedelta | None, meeting: Meeting, ben: Membership) -> None:
    meeting.place_shown = reveal
    assert rules.sight(meeting, ben, choice="no", at=cast.NOW).place == (SHOWN if reveal == "at_once" else IF_YES)
    if opens_before is None:
        assert rules.sight(meeting, ben, choice="yes", at=cast.NOW).place == SHOWN
        return
    opens = START - opens_before
    assert rules.sight(meeting, ben, choice="yes", at=opens - timedelta(seconds=1)).place == LATER
    assert rules.sight(meeting, ben, choice="yes", at=opens).place == SHOWN


def test_nobody_sees_the_place_of_a_cancelled_meeting_or_of_another_committee(meeting: Meeting, ben: Membership, boss: Membership) -> None:
    assert rules.sight(meeting, boss, choice="yes", at=cast.NOW).place == NOT_NEW
    meeting.state = "cancelled"
    assert rules.sight(meeting, ben, choice="yes", at=cast.NOW).place == OVER


@pytest.mark.parametrize("standing", [s for s in Standing if s not in (Standing.MEMBER, Standing.PROBATION)])
def test_a_standing_without_the_right_sees_no_place(standing: str, meeting: Meeting, ben: Membership) -> None:
    ben.standing = standing
    assert rules.sight(meeting, ben, choice="yes", at=cast.NOW).place == NOT_NEW
    assert not rules.may_answer(meeting, ben, at=cast.NOW)


@pytest.mark.parametrize(("minutes", "again"), [(0, False), (30, False), (-30, False), (31, True), (-31, True), (24 * 60, True)])
def test_people_are_asked_again_when_it_moves_by_more_than_thirty_minutes(minutes: int, again: bool) -> None:
    assert rules.asks_again(START, START + timedelta(minutes=minutes), "Europe/London") is again


def test_people_are_asked_again_when_it_moves_past_midnight_where_it_is() -> None:
    late = datetime(2026, 11, 26, 23, 45, tzinfo=UTC)
    assert rules.asks_again(late, late + timedelta(minutes=20), "Europe/London")
    assert not rules.asks_again(late, late + timedelta(minutes=20), "America/New_York")


def test_only_members_of_the_committee_answer_and_only_until_the_end(meeting: Meeting, ben: Membership, nia: Membership, boss: Membership) -> None:
    for phase, may in (("long before", True), ("running", True), ("just over", False)):
        assert rules.may_answer(meeting, ben, at=PHASES[phase]) is may
        assert rules.may_answer(meeting, nia, at=PHASES[phase]) is may
        assert not rules.may_answer(meeting, boss, at=PHASES[phase])


def test_powers_are_asked_before_anything_else(meeting: Meeting, ben: Membership, boss: Membership) -> None:
    from organizing.meetings import commands

    for outsider in (ben, boss):
        with pytest.raises(PermissionDenied):
            commands.cancel(meeting, by=outsider, at=cast.NOW)
