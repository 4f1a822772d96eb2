"""Telling people about a meeting. What is said and to whom stands in kinds.py; here only that it is to be said, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from organizing.meetings import queries, register
from organizing.meetings.models import Guest, Meeting, MeetingChange

Kind = MeetingChange.Kind
WEEK = timedelta(days=7)


def silence(meeting: Meeting) -> None:
    """Nothing more of what was told about this meeting before goes out; waits for the batch that is just going out."""
    if meeting.told_version:
        notices.supersede(meeting)


def post(kind: str, meeting: Meeting, *, committee: Committee, at: datetime, **more: Any) -> None:
    """Post one kind of notice about a meeting to the members of one of the committees that it is open to.

    The host's has no occasion; a guest's has that committee's slug, by which its page is found.
    """
    occasion = "" if committee.pk == meeting.committee_id else committee.slug
    notices.post(kind, about=meeting, committee=committee, version=meeting.told_version, occasion=occasion, at=at, **more)


def everywhere(kind: str, meeting: Meeting, *, at: datetime, only_guests: bool = False, **more: Any) -> None:
    """The same to the host's members and to those of every committee that comes as a guest; or to these alone."""
    coming = Guest.objects.accepted().filter(meeting=meeting).select_related("invited").order_by("pk")
    for committee in (*(() if only_guests else (meeting.committee,)), *(guest.invited for guest in coming)):
        post(kind, meeting, committee=committee, at=at, **more)
    register.tell(kind, meeting, at=at, more=more)


def tell(meeting: Meeting, kind: MeetingChange.Kind, *, at: datetime, until: datetime, only_guests: bool = False) -> None:
    """Post the notice of a change, in the transaction that makes it.

    Those whom the call had not reached when the meeting was moved get the call instead, with the new time. A meeting that its series made
    was called by nobody: there all members are told of the move.
    """
    everywhere(f"meetings/{kind}", meeting, at=at, only_guests=only_guests, useful_until=until)
    if kind == Kind.MOVED and not meeting.made_ahead:
        everywhere("meetings/called", meeting, at=at, only_guests=only_guests, useful_until=meeting.ends_at)


def foretell(meeting: Meeting, *, at: datetime) -> None:
    """Post what is said a week before, if people know of it earlier than that; of a series only where none of its others is in the eight days before: a
    meeting of every Tuesday would be told of three times. Overtaken by every change, as all that was told."""
    if meeting.starts_at is None or meeting.starts_at - WEEK <= at:
        return
    lately = meeting.starts_at - WEEK - timedelta(days=1)
    others = Meeting.objects.scheduled().filter(series=meeting.series_id, starts_at__gte=lately, starts_at__lt=meeting.starts_at)
    if meeting.series_id and others.exists():
        return
    everywhere("meetings/week_before", meeting, at=at, due_at=meeting.starts_at - WEEK, useful_until=meeting.starts_at - timedelta(days=1))


@transaction.atomic
def tell_newcomer(member: Membership, *, at: datetime) -> None:
    """Someone who was let in hears of the meetings that are called already. Membership gives this command when it admits."""
    coming = Meeting.objects.visible_to(member).scheduled().filter(starts_at__gt=at).select_related("committee")
    to = [member.person_id] if member.person_id else []
    for meeting in queries.one_of_each_series(coming.order_by("starts_at", "pk")):
        post("meetings/called", meeting, committee=member.committee, at=at, to=to, useful_until=meeting.ends_at)


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
