"""Inviting other committees to a meeting, and answering for one's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.alliance import queries as alliance
from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from organizing.meetings import rules
from organizing.meetings.commands.telling import post
from organizing.meetings.guests import Guest, GuestState
from organizing.meetings.models import Answer, Meeting


@transaction.atomic
def invite(meeting: Meeting, committees: Iterable[Committee], *, by: Membership, at: datetime) -> list[Guest]:
    """An organizer invites committees with which theirs is tied; the organizers of each are told and answer for it.

    Whoever is invited already stays so; one that declined, or whose invitation was taken back, is asked anew. Refused before
    the call, once it is cancelled or over, and for a committee that is not tied to one's own.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    meeting = Meeting.objects.select_related("committee").select_for_update(of=("self",)).get(pk=meeting.pk)
    rules.require_coming(meeting, at=at)
    tied = {each.pk for each in alliance.tied(by)}
    made = []
    for committee in committees:
        if committee.pk not in tied:
            raise Refused(_("Your committee is not tied to one of these. Only committees that belong together invite each other."))
        guest, new = Guest.objects.get_or_create(
            meeting=meeting, invited=committee, defaults={"committee_id": meeting.committee_id, "asked_by": by, "asked_at": at}
        )
        again = not new and guest.state in (GuestState.DECLINED, GuestState.WITHDRAWN)
        if again:
            Guest.objects.filter(pk=guest.pk).update(state=GuestState.ASKED, asked_by=by, asked_at=at, answered_by=None, answered_at=None)
            guest.refresh_from_db()
        if new or again:
            ledger.record("meeting.guests_invited", by=by.person, about=guest, committee=meeting.committee, at=at)
            notices.post("meetings/invited", about=guest, committee=committee, at=at, occasion=f"{at:%Y%m%d%H%M%S}", useful_until=meeting.ends_at)
            made.append(guest)
    return made


@transaction.atomic
def accept_invitation(guest: Guest, *, by: Membership, at: datetime) -> None:
    """An organizer of the invited committee says that it comes: its members are told of the meeting as of one of their own,
    and the host's organizers hear of it. Refused if it was answered or taken back first, and once the meeting is cancelled or over."""
    membership.require(by, Power.CALL_MEETING, in_committee=guest.invited_id)
    now = _asked(guest)
    meeting = Meeting.objects.select_related("committee").select_for_update(of=("self",)).get(pk=now.meeting_id)
    rules.require_coming(meeting, at=at)
    _answer(now, GuestState.ACCEPTED, by=by, at=at)
    post("meetings/called", meeting, committee=now.invited, at=at, useful_until=meeting.ends_at)


@transaction.atomic
def decline_invitation(guest: Guest, *, by: Membership, at: datetime) -> None:
    """An organizer of the invited committee says that it does not come, also after a yes; the host's organizers are told.

    After a yes its members no longer see the meeting. Refused if it was taken back or declined first.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=guest.invited_id)
    now = _locked(guest)
    if now.state not in (GuestState.ASKED, GuestState.ACCEPTED):
        raise Refused(_("This has already been done."))
    _shut(now)
    _answer(now, GuestState.DECLINED, by=by, at=at)


@transaction.atomic
def withdraw_invitation(guest: Guest, *, by: Membership, at: datetime) -> None:
    """An organizer of the host takes an invitation back, also after a yes: the others no longer see the meeting.

    Nobody is told; what was still to be sent to them is not. Refused where there is none any more.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=guest.committee_id)
    now = _locked(guest)
    if now.state not in (GuestState.ASKED, GuestState.ACCEPTED):
        raise Refused(_("This has already been done."))
    _shut(now)
    Guest.objects.filter(pk=now.pk).update(state=GuestState.WITHDRAWN)
    notices.supersede(now)
    ledger.record("meeting.guests_withdrawn", by=by.person, about=now, committee=now.committee, at=at)


def _shut(guest: Guest) -> None:
    """What the guest's members answered counts no more, and no notice of the meeting begins to go to them after the commit."""
    notices.hold_event(guest.meeting)
    Answer.objects.filter(meeting_id=guest.meeting_id, committee_id=guest.invited_id).delete()


def _answer(guest: Guest, state: GuestState, *, by: Membership, at: datetime) -> None:
    Guest.objects.filter(pk=guest.pk).update(state=state, answered_by=by, answered_at=at)
    notices.supersede(guest)
    ledger.record(f"meeting.guests_{state}", by=by.person, about=guest, committee=guest.invited, at=at)
    notices.post("meetings/guest_answered", about=guest, committee=guest.committee, at=at, version=2, occasion=f"{at:%Y%m%d%H%M%S}")


def _locked(guest: Guest) -> Guest:
    """The row as it is now, held until the transaction ends."""
    return Guest.objects.select_for_update(of=("self",)).select_related("committee", "invited", "meeting").get(pk=guest.pk)


def _asked(guest: Guest) -> Guest:
    now = _locked(guest)
    if not now.is_asked:
        raise Refused(_("This has already been answered or taken back."))
    return now
