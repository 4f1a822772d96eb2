"""Writing a meeting down, calling, moving, editing and cancelling it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.membership import commands as belonging
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.meetings import rules
from organizing.meetings.commands import places, recurring
from organizing.meetings.commands.changing import change, locked, write_agenda
from organizing.meetings.models import Meeting, MeetingChange, State
from organizing.meetings.plans import Plan, When, Where, Words

Kind = MeetingChange.Kind


# -- Drafts: nobody is told of them, nothing is recorded --------------------------------------------------------------


@transaction.atomic
def draft(plan: Plan, *, by: Membership, at: datetime, form_key: UUID | None = None) -> Meeting:
    """Write a meeting down without calling it. The same form, posted again, changes the same draft."""
    membership.require(by, Power.CALL_MEETING, in_committee=by.committee_id)
    try:
        with transaction.atomic():
            fields: dict[str, Any] = {**plan.fields(), "form_key": form_key}
            meeting = Meeting.objects.create(committee_id=by.committee_id, changed_at=at, **fields)
    except IntegrityError:
        made = Meeting.objects.filter(form_key=form_key, committee_id=by.committee_id).first() if form_key else None
        if made is None:
            raise Refused(_("This form was used before. Open a new one.")) from None
        return save(made, plan, by=by, at=at) if made.is_draft else made
    write_agenda(meeting, plan.words.agenda)
    return meeting


@transaction.atomic
def save(meeting: Meeting, plan: Plan, *, by: Membership, at: datetime) -> Meeting:
    """Change a draft. Refused once it has been called."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    if not Meeting.objects.drafts().filter(pk=meeting.pk).update(changed_at=at, **plan.fields()):
        raise Refused(_("This meeting has been called meanwhile. Move it or change it on its page."))
    meeting.refresh_from_db()
    write_agenda(meeting, plan.words.agenda)
    return meeting


@transaction.atomic
def copy(meeting: Meeting, *, by: Membership, at: datetime) -> Meeting:
    """A new draft with the same words, agenda and place, and no date yet."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    return draft(Plan(Words.of(meeting), meeting.zone, meeting.minutes, None, meeting.clock, Where.of(meeting)), by=by, at=at)


@transaction.atomic
def discard(meeting: Meeting, *, by: Membership) -> None:
    """Throw a draft away. A meeting that was called is cancelled instead, so that people hear of it."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    deleted, _rows = Meeting.objects.drafts().filter(pk=meeting.pk).delete()
    recurring.drop_unbegun()
    if not deleted:
        raise Refused(_("This meeting has been called meanwhile. You can cancel it on its page."))


# -- Calling, moving, editing, cancelling ------------------------------------------------------------------------------


@transaction.atomic
def call(meeting: Meeting, *, by: Membership, at: datetime) -> Meeting:
    """Make a draft a meeting; everyone in the committee is told. Refused without a time, for a past one, and the second time."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    meeting = locked(meeting)
    if not meeting.is_draft:
        raise Refused(_("This meeting has already been called."))
    when = rules.require_future(When.of(meeting), at=at)
    change(meeting, Kind.CALLED, by=by, at=at, fields={"state": State.SCHEDULED, **when.fields()}, sequence=0)
    recurring.begin(meeting, by=by, at=at)
    belonging.stir(meeting.committee, by=by.person, at=at)
    return meeting


@transaction.atomic
def move(meeting: Meeting, when: When, where: Where, *, why: str = "", seen: int | None = None, by: Membership, at: datetime) -> Meeting:
    """Another time or place; everyone who was told is told again, those who answered are asked again if it is far from before.

    Refused if nothing is different, for a past time, once it is over, and if it was changed since `seen`. The place alone
    can still change while it runs.
    """
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    meeting = locked(meeting)
    what = rules.require_move(meeting, when, where, seen=seen, at=at)
    change(meeting, Kind.MOVED, by=by, at=at, why=why, fields={**what.fields, "own_time": meeting.series_id is not None}, facts=what.facts)
    return meeting


@transaction.atomic
def edit(meeting: Meeting, words: Words, *, seen: int | None = None, by: Membership, at: datetime) -> Meeting:
    """Other words: subject, agenda, languages, who sees the place when, how many can come. Nobody is told but whoever gets a place or
    loses it; calendars hear of it."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    meeting = locked(meeting)
    rules.require_coming(meeting, seen=seen, at=at)
    room = meeting.capacity
    change(meeting, Kind.EDITED, by=by, at=at, fields={**words.fields(), "own_words": meeting.series_id is not None})
    write_agenda(meeting, words.agenda)
    if meeting.capacity != room:
        places.resize(meeting, at=at)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, why: str = "", by: Membership, at: datetime) -> Meeting:
    """It does not take place; everyone who was told hears it at once. Refused the second time and once it is over."""
    membership.require(by, Power.CALL_MEETING, in_committee=meeting.committee_id)
    meeting = locked(meeting)
    if meeting.is_cancelled:
        raise Refused(_("This meeting has already been cancelled."))
    rules.require_coming(meeting, at=at)
    change(meeting, Kind.CANCELLED, by=by, at=at, why=why, fields={"state": State.CANCELLED})
    return meeting


@transaction.atomic
def call_off(committee: Committee, by: int, at: datetime) -> None:
    """What is still to come does not take place, for the committee closes; committees that were invited hear it (bodies.register)."""
    coming = Meeting.objects.scheduled().coming(at).filter(committee=committee).order_by("pk")  # the order in which all hold them
    closing = Membership.objects.select_related("person").get(pk=by)
    told = set[int]()
    for meeting in sorted(coming.select_related("committee").select_for_update(of=("self",)), key=lambda each: (each.starts_at, each.pk)):
        facts = {"and_following": meeting.series_id is not None}
        change(meeting, Kind.CANCELLED, by=closing, at=at, fields={"state": State.CANCELLED}, facts=facts, quietly=meeting.series_id in told)
        if meeting.series_id:
            told.add(meeting.series_id)  # one notice says it of the whole series
