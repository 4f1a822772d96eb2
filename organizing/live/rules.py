"""From when and until when a meeting goes on, who leads it and who keeps its door, and how many are enough. Rows in hand, no queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.base.errors import Refused
from committees.membership import rules as membership
from committees.membership.roles import Power, Standing
from organizing.live.models import Duty
from organizing.meetings.models import Reveal
from organizing.meetings.rules import LINGERS

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.live.models import Gathering
    from organizing.meetings.models import Meeting

#: So long before the planned start it can be opened; so long after the planned end it ends by itself.
OPENS_BEFORE = timedelta(minutes=30)
ENDS_AFTER = LINGERS
#: Ended by mistake and opened again within this time, everybody who was here still is.
A_MOMENT = timedelta(minutes=15)


def is_its_time(meeting: Meeting, at: datetime) -> bool:
    """Whether a meeting can go on at that instant: from half an hour before its start until some hours after its end."""
    if not meeting.is_scheduled or meeting.starts_at is None or meeting.ends_at is None:
        return False
    return meeting.starts_at - OPENS_BEFORE <= at < meeting.ends_at + ENDS_AFTER


def is_open(gathering: Gathering, at: datetime) -> bool:
    """Whether it goes on: nobody ended it, and its hours are not over."""
    return gathering.ended_at is None and is_its_time(gathering.meeting, at)


def require_open(gathering: Gathering, at: datetime) -> None:
    if not is_open(gathering, at):
        raise Refused(_("This meeting is not open now."))


def require_its_time(meeting: Meeting, at: datetime) -> None:
    """Raises Refused, saying which way it is too early or too late."""
    if meeting.is_cancelled:
        raise Refused(_("This meeting was cancelled."))
    if meeting.starts_at is not None and at < meeting.starts_at - OPENS_BEFORE:
        raise Refused(_("It can be opened from 30 minutes before its start."))
    if not is_its_time(meeting, at):
        raise Refused(_("This meeting is over."))


# -- Who may do what ------------------------------------------------------------------------------------------------------------


def organizes(meeting: Meeting, member: Membership) -> bool:
    """An organizer of the host."""
    return membership.may(member, Power.CALL_MEETING, in_committee=meeting.committee_id)


def _has(meeting: Meeting, member: Membership, kind: str, duties: Collection[str]) -> bool:
    return organizes(meeting, member) or (kind in duties and member.committee_id == meeting.committee_id and member.standing == Standing.MEMBER)


def chairs(meeting: Meeting, member: Membership, duties: Collection[str]) -> bool:
    """Whether they lead it: organizers of the host, and whom these asked to. `duties`: what this member was asked to do."""
    return _has(meeting, member, Duty.Kind.CHAIR, duties)


def keeps_door(meeting: Meeting, member: Membership, duties: Collection[str]) -> bool:
    """Whether they see who is here and let people in: organizers of the host, and its stewards."""
    return _has(meeting, member, Duty.Kind.STEWARD, duties)


def sees_code(meeting: Meeting, member: Membership, duties: Collection[str]) -> bool:
    """Whether they may put the screen up: whoever else could read the code at home would be here without coming."""
    return chairs(meeting, member, duties) or keeps_door(meeting, member, duties)


def has_door(meeting: Meeting) -> bool:
    """Whether one gets to its link through the door alone."""
    return meeting.is_online and meeting.link_shown == Reveal.AT_DOOR


def may_come(meeting: Meeting, member: Membership) -> bool:
    """Members and new members of the host, and of committees that come as guests."""
    return Power.ANSWER_MEETINGS in member.powers and meeting.is_open_to(member.committee_id)


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


# -- Whether it is enough -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quorum:
    """How many are here, how many of them count, of how many, and how many it needs."""

    people: int
    here: int
    entitled: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.here >= self.needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.here)

    @property
    def others(self) -> int:
        """New members and guests: they are here, and are not counted."""
        return self.people - self.here

    @property
    def words(self) -> str:
        counted = ngettext("%(here)s of %(n)s member is here.", "%(here)s of %(n)s members are here.", self.entitled)
        said = counted % {"here": self.here, "n": self.entitled}
        if self.is_met:
            return said + " " + _("That is enough to decide: it takes %(needed)s.") % {"needed": self.needed}
        more = ngettext("%(n)s more is needed to decide.", "%(n)s more are needed to decide.", self.missing)
        return said + " " + more % {"n": self.missing}

    @property
    def words_for_guests(self) -> str:
        """For members of another committee: how many the host has is nobody's business there."""
        return (
            _("Enough members of the committee that invites are here to decide.")
            if self.is_met
            else _("The committee that invites lacks members here to decide.")
        )

    @property
    def words_of_others(self) -> str:
        """Empty where there are none."""
        if not self.others:
            return ""
        return ngettext(
            "Also here: %(n)s who is new or a guest and is not counted.", "Also here: %(n)s who are new or guests and are not counted.", self.others
        ) % {"n": self.others}


def needed(entitled: int, share: int) -> int:
    """How many of those who count have to be here; at least one."""
    return max(1, -(-entitled * share // 100))
