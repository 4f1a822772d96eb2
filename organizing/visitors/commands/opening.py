"""The host's organizers open a meeting to the public, close it again, and turn somebody away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from organizing.meetings.models import Meeting
from organizing.visitors import rules
from organizing.visitors.models import Opening, Visit, Way


@transaction.atomic
def open_up(meeting: Meeting, *, words: str, room: int | None, by: Membership, at: datetime) -> Opening:
    """An organizer of the host opens a meeting to the public, or changes what its page says; one that was closed is open again.

    Refused for a committee that is not listed, and for a meeting that is cancelled or over. Fewer places than have registered
    send nobody away: nobody else can register.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    now = Meeting.objects.select_related("committee").select_for_update(of=("self",)).get(pk=meeting.pk)
    rules.require_may_open(now, now.committee, at=at)
    says = {"way": Way.PUBLIC, "words": words, "room": room, "closed_at": None}
    begun = {**says, "committee_id": now.committee_id, "begun_by": by, "begun_at": at}
    before = Opening.objects.filter(meeting=now, way=Way.PUBLIC, closed_at=None).exists()
    opening, _made = Opening.objects.update_or_create(meeting=now, defaults=says, create_defaults=begun)
    Meeting.objects.filter(pk=now.pk).update(has_visitors=True)
    if not before:
        ledger.record("visitors.opened", by=by.person, about=now, committee=now.committee, at=at)
    opening.meeting = now
    return opening


@transaction.atomic
def close(opening: Opening, *, by: Membership, at: datetime) -> None:
    """Nobody registers any more, and the page is found by nobody; who has registered still comes. A second time changes nothing."""
    membership.require(by, Power.CALL_MEETING, in_committee=opening.committee_id)
    if Opening.objects.filter(pk=opening.pk, closed_at=None).update(closed_at=at):
        ledger.record("visitors.closed", by=by.person, about=opening.meeting, committee=opening.committee, at=at)


@transaction.atomic
def turn_away(visit: Visit, *, by: Membership, at: datetime) -> None:
    """An organizer takes somebody off the list, for good: they see the place no more and cannot register again. Nobody is told why."""
    membership.require(by, Power.CALL_MEETING, in_committee=visit.opening.committee_id)
    away = Visit.objects.filter(pk=visit.pk).exclude(state=Visit.State.TURNED_AWAY)
    if away.update(state=Visit.State.TURNED_AWAY, asked_in="", asked_at=None, let_in=None, answered_by=None, answered_at=None):
        notices.hold_back([visit.person_id])
        ledger.record("visitors.turned_away", by=by.person, about=visit.opening.meeting, committee=visit.opening.committee, at=at)
