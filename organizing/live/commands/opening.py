"""Opening a meeting, and ending it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.live import code, queries, rules
from organizing.live.commands.holding import not_before, silence
from organizing.live.models import Gathering, Knock, Presence
from organizing.meetings.models import Meeting, State


@transaction.atomic
def open_meeting(meeting: Meeting, *, by: Membership, at: datetime) -> Gathering:
    """An organizer opens a meeting, from half an hour before its start; the pages say so, nobody is told. Opened twice it is open once.

    One that was ended is opened again: within a quarter of an hour everybody who was here still is. Refused before and after its
    hours, and where it was cancelled.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    meeting = Meeting.objects.select_related("committee").select_for_update(of=("self",)).get(pk=meeting.pk)
    rules.require_its_time(meeting, at)
    found = Gathering.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    if found is not None and found.ended_at is None:
        found.meeting = meeting
        return found
    if found is None:
        found = Gathering.objects.create(committee_id=meeting.committee_id, meeting=meeting, secret=code.new_secret(), begun_by=by, began_at=at)
    else:
        _again(found, at=at)
    ledger.record("live.opened", by=by.person, about=found, committee=meeting.committee, at=at)
    found.meeting = meeting
    return found


def _again(gathering: Gathering, *, at: datetime) -> None:
    if gathering.ended_at is not None and at > gathering.ended_at + rules.A_MOMENT:
        Presence.objects.filter(gathering=gathering, left_at=None).update(left_at=not_before("came_at", gathering.ended_at))
    counted = dict.fromkeys(("people", "entitled_here", "entitled", "needed"))
    Gathering.objects.filter(pk=gathering.pk).update(secret=code.new_secret(), ended_at=None, ended_by=None, version=F("version") + 1, **counted)
    gathering.refresh_from_db()


@transaction.atomic
def end(gathering: Gathering, *, by: Membership, at: datetime) -> None:
    """An organizer ends it: nobody comes or speaks any more, and how many were here is kept. Refused the second time."""
    membership.require(by, Power.CALL_MEETING, in_committee=gathering.committee_id)
    now = Gathering.objects.select_related("committee", "meeting").select_for_update(of=("self",)).get(pk=gathering.pk)
    if now.ended_at is not None:
        raise Refused(_("This meeting has already been ended."))
    _end(now, by=by, at=at)


def _end(gathering: Gathering, *, by: Membership | None, at: datetime) -> None:
    at = max(at, gathering.began_at)
    counted = queries.quorum(gathering)
    silence(gathering, at=at)
    Knock.objects.filter(gathering=gathering).delete()  # the door is shut: who stood there is nobody's business
    Gathering.objects.filter(pk=gathering.pk).update(
        secret=None,
        point_key=None,
        point_since=None,
        ended_at=at,
        ended_by=by,
        version=F("version") + 1,
        people=counted.people,
        entitled_here=counted.here,
        entitled=counted.entitled,
        needed=counted.needed,
    )
    detail = {"people": counted.people, "counted": counted.here, "of": counted.entitled, "needed": counted.needed}
    ledger.record("live.ended", by=by.person if by else None, about=gathering, committee=gathering.committee, at=at, detail=detail)


@transaction.atomic
def end_due(at: datetime) -> int:
    """Ends what nobody ended: some hours after the planned end, and where the meeting was cancelled or moved away. Called every minute.
    Returns how many."""
    over = Q(meeting__ends_at__lte=at - rules.ENDS_AFTER) | Q(meeting__starts_at__gt=at + rules.OPENS_BEFORE + timedelta(minutes=1))
    gone = Gathering.objects.open().filter(over | ~Q(meeting__state=State.SCHEDULED))
    due = gone.select_related("committee", "meeting").select_for_update(of=("self",), skip_locked=True).order_by("pk")
    found = list(due)
    for gathering in found:
        _end(gathering, by=None, at=at)
    return len(found)


@transaction.atomic
def call_off(committee: Committee, by: int, at: datetime) -> None:
    """What goes on ends, for the committee closes (bodies.register.on_closing)."""
    closing = Membership.objects.select_related("person").get(pk=by)
    for gathering in Gathering.objects.open().filter(committee=committee).select_related("committee").select_for_update(of=("self",)).order_by("pk"):
        _end(gathering, by=closing, at=at)
