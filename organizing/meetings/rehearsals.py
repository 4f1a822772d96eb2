"""What people will be told, before they are: the notice as it will be, about a meeting as it will be. Nothing is written."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices.preview import Audience, Sample, audience, samples
from organizing.meetings import queries, rules
from organizing.meetings.models import Meeting, MeetingChange, State
from organizing.meetings.plans import When, Where

Kind = MeetingChange.Kind


@dataclass(frozen=True)
class Rehearsal:
    """What an organizer sees before they send."""

    audience: Audience
    samples: list[Sample]
    asked_again: bool = False
    place_changed: bool = False

    @property
    def by_mail(self) -> int:
        return self.audience.now + self.audience.later


def calling(meeting: Meeting, *, by: Membership, at: datetime) -> Rehearsal:
    """What calling this draft would tell, and whom."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    return _rehearse(Kind.CALLED, meeting, by, at)


def moving(
    meeting: Meeting, when: When, where: Where, *, why: str = "", seen: int | None = None, following: bool = False, by: Membership, at: datetime
) -> Rehearsal:
    """What this move would tell, and whom. Raises Refused where the move itself would."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    what = rules.require_move(meeting, when, where, seen=seen, at=at)
    moved = _as_if(meeting, what.fields, MeetingChange(kind=Kind.MOVED, and_following=following, **what.facts))
    return _rehearse(Kind.MOVED, moved, by, at, asked_again=what.facts["asked_again"], place_changed=what.facts["place_changed"])


def cancelling(meeting: Meeting, *, following: bool = False, by: Membership, at: datetime) -> Rehearsal:
    """What cancelling would tell, and whom."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    return _rehearse(Kind.CANCELLED, _as_if(meeting, {"state": State.CANCELLED}, MeetingChange(kind=Kind.CANCELLED, and_following=following)), by, at)


def _as_if(meeting: Meeting, fields: dict[str, Any], change: MeetingChange) -> Meeting:
    """The meeting as it would be after a change, never saved."""
    then = copy.copy(meeting)
    for name, value in {**fields, "told": change}.items():
        setattr(then, name, value)
    then.__dict__["moved"] = change if change.kind == Kind.MOVED else meeting.moved
    return then


def _rehearse(kind: Kind, meeting: Meeting, by: Membership, at: datetime, **facts: bool) -> Rehearsal:
    told = queries.told_of(meeting) if kind == Kind.CANCELLED and not meeting.made_ahead else None
    who = audience(f"meetings/{kind}", meeting, committee=meeting.committee, person_ids=told, at=at)
    return Rehearsal(who, samples(f"meetings/{kind}", meeting, committee=meeting.committee), **facts)
