"""Who may see where a meeting is and when; when people are asked again. Pure: rows in hand, no queries, no writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from committees.membership import rules as membership
from committees.membership.roles import Power, Standing
from organizing.meetings.models import Choice, Reveal

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.meetings.models import Meeting

#: Meetings overrun and people come late: the place stays in sight so long after the planned end.
LINGERS = timedelta(hours=3)
#: Up to here a new start is the same appointment, on the same day.
SAME_APPOINTMENT = timedelta(minutes=30)


class Seen(StrEnum):
    """Whether a place or a link is shown to a member, or else what they are told instead."""

    SHOWN = "shown"
    IF_YES = "if_yes"
    LATER = "later"
    NOT_NEW = "not_new"
    OVER = "over"


@dataclass(frozen=True)
class Sight:
    """What one member sees of where a meeting is."""

    place: Seen
    link: Seen


def _entitled(meeting: Meeting, member: Membership) -> bool:
    if not membership.may(member, Power.SEE_COMMITTEE, in_committee=meeting.committee_id):
        return False
    return Power.SEE_PLACE in member.powers or (member.standing == Standing.PROBATION and meeting.probation_sees_place)


def opens_at(meeting: Meeting, reveal: str) -> datetime | None:
    """The instant from which a place or link is shown; None where it depends on the answer alone."""
    before = Reveal(reveal).before
    return meeting.starts_at - before if before is not None and meeting.starts_at is not None else None


def _line(meeting: Meeting, reveal: str, *, choice: str, at: datetime) -> Seen:
    if reveal == Reveal.AT_ONCE:
        return Seen.SHOWN
    if choice != Choice.YES:
        return Seen.IF_YES
    opens = opens_at(meeting, reveal)
    return Seen.LATER if opens is not None and at < opens else Seen.SHOWN


def sight(meeting: Meeting, member: Membership, *, choice: str, at: datetime) -> Sight:
    """What this member may see at that instant, given their answer. Organizers always see what they entered."""
    if membership.may(member, Power.CALL_MEETING, in_committee=meeting.committee_id):
        return Sight(place=Seen.SHOWN, link=Seen.SHOWN)
    if not meeting.is_scheduled or meeting.ends_at is None or at > meeting.ends_at + LINGERS:
        return Sight(place=Seen.OVER, link=Seen.OVER)
    if not _entitled(meeting, member):
        return Sight(place=Seen.NOT_NEW, link=Seen.NOT_NEW)
    return Sight(
        place=_line(meeting, meeting.place_shown, choice=choice, at=at),
        link=_line(meeting, meeting.link_shown, choice=choice, at=at),
    )


def may_answer(meeting: Meeting, member: Membership, *, at: datetime) -> bool:
    """From the call until it is over, for everyone invited."""
    return membership.may(member, Power.ANSWER_MEETINGS, in_committee=meeting.committee_id) and meeting.is_scheduled and not meeting.is_over(at)


def asks_again(before: datetime, after: datetime, zone: str) -> bool:
    """Whether answers given for one start no longer hold for the other: more than 30 minutes away, or another day there."""
    there = ZoneInfo(zone)
    return abs(after - before) > SAME_APPOINTMENT or before.astimezone(there).date() != after.astimezone(there).date()
