"""Telling people about a meeting. What is said and to whom stands in kinds.py; here only that it is to be said, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from organizing.meetings.models import Meeting, MeetingChange

Kind = MeetingChange.Kind


def silence(meeting: Meeting) -> None:
    """Nothing more of what was told about this meeting before goes out; waits for the batch that is just going out."""
    if meeting.told_version:
        notices.supersede(meeting)


def tell(meeting: Meeting, kind: MeetingChange.Kind, *, at: datetime, until: datetime) -> None:
    """Post the notice of a change, in the transaction that makes it.

    Those whom the call had not reached when the meeting was moved get the call instead, with the new time.
    """
    about: dict[str, Any] = {"about": meeting, "committee": meeting.committee, "version": meeting.told_version, "at": at}
    notices.post(f"meetings/{kind}", useful_until=until, **about)
    if kind == Kind.MOVED:
        notices.post("meetings/called", useful_until=meeting.ends_at, **about)


@transaction.atomic
def tell_newcomer(member: Membership, *, at: datetime) -> None:
    """Someone who was let in hears of the meetings that are called already. Membership gives this command when it admits."""
    coming = Meeting.objects.scheduled().filter(committee_id=member.committee_id, starts_at__gt=at).select_related("committee")
    for meeting in coming.order_by("starts_at", "pk"):
        notices.post(
            "meetings/called",
            about=meeting,
            committee=meeting.committee,
            to=[member.person_id] if member.person_id else [],
            version=meeting.told_version,
            at=at,
            useful_until=meeting.ends_at,
        )


@transaction.atomic
def send_test(meeting: Meeting, *, by: Membership, at: datetime) -> None:
    """The notice of a draft, to its organizer alone, as openly as they get their mails; at most once a minute.

    Refused once it has been called.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    if not meeting.is_draft:
        raise Refused(_("This meeting has already been called."))
    occasion = at.strftime("%Y%m%d%H%M")
    to = [by.person_id] if by.person_id else []
    notices.post(
        "meetings/test", about=meeting, to=to, committee=meeting.committee, version=1, occasion=f"{by.pk}-{occasion}", at=at, useful_until=meeting.ends_at
    )
