"""Who may see where a meeting is and when; what a change must respect; when people are asked again. Rows in hand, no queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.membership import rules as membership
from committees.membership.roles import Power, Standing
from organizing.meetings.models import Choice, Reveal
from organizing.meetings.plans import When, Where

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.meetings.models import Meeting

#: Meetings overrun and people come late: the place stays in sight so long after the planned end.
LINGERS = timedelta(hours=3)
#: Up to here a new start is the same appointment, on the same day.
SAME_APPOINTMENT = timedelta(minutes=30)


#: Places that get free later than this before the start are given to nobody who waits: they could not come any more in time.
PLACES_STOP = timedelta(hours=2)


class Seen(StrEnum):
    """Whether a place or a link is shown to a member, or else what they are told instead."""

    SHOWN = "shown"
    IF_YES = "if_yes"
    LATER = "later"
    AT_DOOR = "at_door"
    NOT_NEW = "not_new"
    OVER = "over"


@dataclass(frozen=True)
class Sight:
    """What one member sees of where a meeting is."""

    place: Seen
    link: Seen


def _entitled(meeting: Meeting, member: Membership) -> bool:
    if Power.SEE_COMMITTEE not in member.powers or not meeting.is_open_to(member.committee_id):
        return False
    return Power.SEE_PLACE in member.powers or (member.standing == Standing.PROBATION and meeting.probation_sees_place)


def opens_at(meeting: Meeting, reveal: str) -> datetime | None:
    """The instant from which a place or link is shown; None where it depends on the answer alone."""
    before = Reveal(reveal).before
    return meeting.starts_at - before if before is not None and meeting.starts_at is not None else None


def _line(meeting: Meeting, reveal: str, *, choice: str, at: datetime) -> Seen:
    if reveal == Reveal.AT_ONCE:
        return Seen.SHOWN
    if reveal == Reveal.AT_DOOR:
        return Seen.AT_DOOR
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


def require_coming(meeting: Meeting, *, seen: int | None = None, at: datetime) -> None:
    """Raises Refused unless it is called, not cancelled, not over, and as the one who changes it saw it (`seen`)."""
    if meeting.is_draft:
        raise Refused(_("This meeting has not been called yet."))
    if meeting.is_cancelled:
        raise Refused(_("This meeting was cancelled."))
    if meeting.is_over(at):
        raise Refused(_("This meeting is over."))
    if seen is not None and seen != meeting.sequence:
        raise Refused(_("Someone changed this meeting while you had this page open. Look at it again before you change it."))


def require_future(when: When | None, *, at: datetime) -> When:
    """Raises Refused for no time and for one that has passed."""
    if when is None:
        raise Refused(_("Choose a date and a time first."), field="day")
    if when.starts_at <= at:
        raise Refused(_("This time has passed. Choose a later one."), field="clock")
    return when


@dataclass(frozen=True)
class Move:
    """What a move changes."""

    fields: dict[str, Any]
    facts: dict[str, Any]


def require_move(meeting: Meeting, when: When, where: Where | None, *, seen: int | None = None, at: datetime) -> Move:
    """What moving this meeting would change. `where` None leaves the place. Raises Refused if it cannot be, or changes nothing."""
    require_coming(meeting, seen=seen, at=at)
    assert meeting.starts_at is not None
    place_changed = where is not None and Where.of(meeting) != where
    time_changed = When.of(meeting) != when or meeting.starts_at != when.starts_at
    if time_changed:  # while it runs, a room that failed can still be changed for another
        require_future(when, at=at)
    elif not place_changed:
        raise Refused(_("Nothing is different. Change the time or the place, or go back."))
    again = asks_again(meeting.starts_at, when.starts_at, when.zone)
    fields = {**when.fields(), **(where.fields() if where else {}), "asking": meeting.asking + again}
    facts = {"started_at": meeting.starts_at, "starts_at": when.starts_at, "place_changed": place_changed, "asked_again": again}
    return Move(fields, facts)


def may_answer(meeting: Meeting, member: Membership, *, at: datetime) -> bool:
    """From the call until it is over, for everyone invited: the host's members, and those of committees that come as guests."""
    if Power.ANSWER_MEETINGS not in member.powers or not meeting.is_scheduled or meeting.is_over(at):
        return False
    return meeting.is_open_to(member.committee_id)


def gives_places(meeting: Meeting, *, at: datetime) -> bool:
    """Whether whoever waits still gets a place that is free, without doing anything."""
    return meeting.is_scheduled and meeting.starts_at is not None and at < meeting.starts_at - PLACES_STOP


def asks_again(before: datetime, after: datetime, zone: str) -> bool:
    """Whether answers given for one start no longer hold for the other: more than 30 minutes away, or another day there."""
    there = ZoneInfo(zone)
    return abs(after - before) > SAME_APPOINTMENT or before.astimezone(there).date() != after.astimezone(there).date()
