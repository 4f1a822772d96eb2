"""Who may register, what a visitor sees of where the meeting is, and when. Rows in hand, no queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.bodies.models import Visibility
from committees.membership.roles import THAT_SEE, Standing
from organizing.meetings.models import Reveal
from organizing.meetings.rules import LINGERS, Seen, opens_at
from organizing.visitors.models import Opening, Visit

if TYPE_CHECKING:
    from committees.bodies.models import Committee
    from organizing.meetings.models import Meeting

#: Who registered is known for so many days after the meeting.
NAMES_DAYS = 14


@dataclass(frozen=True)
class Stands:
    """Where somebody stands in the committees that come to a meeting."""

    is_member: bool
    is_barred: bool


def stands(standings: Iterable[tuple[int, str]], *, host: int) -> Stands:
    """From the standings of one person in these committees, by committee. Whom the host removed or suspended does not come by the public door."""
    rows = list(standings)
    barred = any(committee == host and standing in (Standing.REMOVED, Standing.SUSPENDED) for committee, standing in rows)
    return Stands(is_member=not barred and any(standing in THAT_SEE for _committee, standing in rows), is_barred=barred)


def require_may_open(meeting: Meeting, committee: Committee, *, at: datetime) -> None:
    """Raises Refused for a committee that is not listed, which a public page would betray, and for a meeting that is cancelled or over."""
    if committee.visibility != Visibility.LISTED:
        raise Refused(_("Your committee is not listed. A public page would show that it exists."))
    if meeting.is_cancelled:
        raise Refused(_("This meeting was cancelled."))
    if meeting.is_over(at):
        raise Refused(_("This meeting is over."))


def takes_visitors(opening: Opening, *, at: datetime) -> bool:
    """Whether somebody may register now."""
    meeting = opening.meeting
    return opening.closed_at is None and meeting.is_scheduled and not meeting.is_over(at)


def require_takes(opening: Opening, *, at: datetime) -> None:
    meeting = opening.meeting
    if meeting.is_cancelled:
        raise Refused(_("This meeting was cancelled."))
    if meeting.is_over(at):
        raise Refused(_("This meeting is over."))
    if not takes_visitors(opening, at=at):
        raise Refused(_("Nobody can register for this meeting any more."))


def is_gone(opening: Opening, *, at: datetime) -> bool:
    """Whether its public page is no longer there: some days after it was to end, as who registered."""
    meeting = opening.meeting
    return meeting.ends_at is None or at >= meeting.ends_at + timedelta(days=NAMES_DAYS)


def sight(opening: Opening, visit: Visit | None, reveal: str, *, at: datetime) -> Seen:
    """What a visitor sees of a place or a link: as a member who said yes. Where the meeting voted at the door, and not before, the way in
    is the door alone."""
    meeting = opening.meeting
    if not meeting.is_scheduled or meeting.ends_at is None or at > meeting.ends_at + LINGERS:
        return Seen.OVER
    if visit is None or visit.state != Visit.State.COMING:
        return Seen.IF_YES
    if not opening.is_public or reveal == Reveal.AT_DOOR:
        return Seen.AT_DOOR
    opens = opens_at(meeting, reveal)
    return Seen.LATER if opens is not None and at < opens else Seen.SHOWN


def has_door(opening: Opening) -> bool:
    """Whether a visitor gets to the link through the door alone."""
    return opening.meeting.is_online and (not opening.is_public or opening.meeting.link_shown == Reveal.AT_DOOR)
