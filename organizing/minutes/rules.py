"""Pure questions about minutes: who writes, who approves and when, which passages somebody sees, when somebody is reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.membership.roles import Power
from organizing.meetings.models import AgendaItem, Meeting
from organizing.minutes.models import Minutes

if TYPE_CHECKING:
    from committees.membership.models import Membership

#: How long members can read a draft that its only organizer approves alone.
SHOWN_FOR = timedelta(hours=72)
LONGEST_TEXT, LONGEST_PASSAGE, LONGEST_WHAT, LONGEST_REASON, LONGEST_REMARK = 12_000, 6_000, 200, 200, 600
MOST_ITEMS = 30


def has_begun(meeting: Meeting, at: datetime) -> bool:
    """Whether there can be minutes of it."""
    return meeting.is_scheduled and meeting.starts_at is not None and meeting.starts_at <= at


def require_begun(meeting: Meeting, *, at: datetime) -> None:
    if not has_begun(meeting, at):
        raise Refused(_("Minutes can be written once the meeting has begun."))


def may_write(member: Membership, *, committee_id: int, taker_id: int | None) -> bool:
    """Organizers, and the full member who was named."""
    named = taker_id == member.pk and Power.OBJECT in member.powers
    return member.committee_id == committee_id and (named or Power.KEEP_MINUTES in member.powers)


def require_writer(member: Membership, *, committee_id: int, taker_id: int | None) -> None:
    """First line of what organizers and whoever was named may do. Raises PermissionDenied."""
    if not may_write(member, committee_id=committee_id, taker_id=taker_id):
        raise PermissionDenied


def sees(visibility: str, member: Membership) -> bool:
    """Whether a passage is for this member, as its point of the agenda was."""
    if visibility == AgendaItem.Visibility.ORGANIZERS:
        return Power.KEEP_MINUTES in member.powers
    return visibility != AgendaItem.Visibility.MEMBERS or Power.SEE_PLACE in member.powers


def require_approver(minutes: Minutes, by: Membership, *, there: Meeting | None, alone: bool, at: datetime) -> None:
    """Another organizer than the one who wrote last; or whoever says that a later meeting approved what members could read before it; or,
    where there is no other organizer, that one after members could read it long enough."""
    if minutes.is_empty:
        raise Refused(_("Nothing is written in these minutes yet."))
    if there is not None and not comes_after(there, minutes.meeting, at):
        raise Refused(_("Choose a meeting of your committee that came after this one."))
    if there is not None and not had_before_it(there, minutes):
        raise Refused(_("Somebody changed these minutes after that meeting: it cannot have approved them."))
    if minutes.by_id != by.pk or (there is not None and was_read_before(there, minutes)):
        return
    if there is not None:
        raise Refused(_("You wrote in them last, and members could not read them before that meeting began. Another organizer has to approve them."))
    if not alone:
        raise Refused(_("You wrote in them last. Another organizer has to approve them."))
    if minutes.shown_at is None or at < minutes.shown_at + SHOWN_FOR:
        raise Refused(_("You are the only organizer. You can approve them when members could read them for 72 hours."))


def comes_after(there: Meeting, meeting: Meeting, at: datetime) -> bool:
    """Whether the minutes of the one could be approved at the other."""
    if there.committee_id != meeting.committee_id or there.starts_at is None or meeting.starts_at is None:
        return False
    return has_begun(there, at) and there.starts_at > meeting.starts_at


def had_before_it(there: Meeting, minutes: Minutes) -> bool:
    """Whether the words are those that the meeting had before it: nobody changed them once it was over."""
    return there.ends_at is not None and minutes.changed_at <= there.ends_at


def was_read_before(there: Meeting, minutes: Minutes) -> bool:
    """Whether members could read the draft as it is before that meeting began."""
    return minutes.shown_at is not None and there.starts_at is not None and minutes.shown_at <= there.starts_at


def reminded_at(due: date, zone: str) -> datetime:
    """24 hours before the day begins, by the owner's clock."""
    return datetime.combine(due, time(), ZoneInfo(zone)).astimezone(UTC) - timedelta(hours=24)


def overdue_at(due: date, zone: str) -> datetime:
    """When the day is over, by the owner's clock."""
    return datetime.combine(due + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
