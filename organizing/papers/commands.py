"""Hanging documents on points of an agenda, hanging them elsewhere, taking them away. The host's organizers do it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.people.models import Person
from organizing.meetings.models import AgendaItem, Meeting
from organizing.papers import queries, rules
from organizing.papers.cleaning import Cleaned, NotTaken, apart
from organizing.papers.models import Content, Paper

__all__ = ["attach", "change", "cleaned", "forget", "go_over", "remove"]


def cleaned(raw: bytes) -> Cleaned:
    """A file made anew, without what tells on its sender. Refused in words for what is not taken. Takes up to some seconds: call it outside of a
    transaction."""
    try:
        return apart.cleaned(raw)
    except NotTaken as no:
        raise Refused(rules.REASONS[no.why], field="file") from None


@transaction.atomic
def attach(point: AgendaItem, file: Cleaned, *, name: str, by: Membership, at: datetime, form_key: UUID | None = None) -> Paper:
    """Hang a cleaned file on a point of an agenda. The same form, posted again, hangs nothing twice. Refused where there is no more room."""
    membership.require(by, Power.CALL_MEETING, in_committee=point.committee_id)
    meeting = _held(point)
    if form_key and (made := Paper.objects.filter(form_key=form_key, committee_id=point.committee_id).first()):
        return made
    size = len(file.content)
    _require_room(meeting, point, size)
    new = {"committee_id": meeting.committee_id, "meeting": meeting, "point": point, "form_key": form_key}
    paper = Paper.objects.create(**new, name=name, kind=file.kind, size=size, by=by, at=at)
    Content.objects.create(paper=paper, committee_id=meeting.committee_id, content=file.content)
    Meeting.objects.filter(pk=meeting.pk, has_papers=False).update(has_papers=True)
    if not meeting.is_draft:
        ledger.record("paper.attached", by=by.person, about=meeting, committee=meeting.committee, at=at)
    return paper


def _held(point: AgendaItem) -> Meeting:
    """The committee's row and its meeting's, so that of two at once the second counts the first's file. Refused where the point went meanwhile."""
    committee = Committee.objects.select_for_update(no_key=True).get(pk=point.committee_id)
    meeting = Meeting.objects.select_for_update(no_key=True).filter(pk=point.meeting_id).first()
    if meeting is None or not AgendaItem.objects.filter(pk=point.pk).exists():
        raise Refused(_("This point is not on the agenda any more."), field="point")
    meeting.committee = committee
    return meeting


def _require_room(meeting: Meeting, point: AgendaItem, size: int) -> None:
    all_of_it = Paper.objects.filter(meeting=meeting)
    rules.require_room(
        at_point=all_of_it.filter(point=point).count(), of_meeting=all_of_it.count(), bytes_of_committee=queries.bytes_of(meeting.committee_id), size=size
    )


@transaction.atomic
def change(paper: Paper, *, name: str, point: AgendaItem, by: Membership) -> Paper:
    """Another name, or another point of the same meeting. Refused where that point has as many as it may."""
    membership.require(by, Power.CALL_MEETING, in_committee=paper.committee_id)
    if point.meeting_id != paper.meeting_id:
        raise Refused(_("This point is not on the agenda any more."), field="point")
    meeting = _held(point)
    if paper.point_id != point.pk:
        at_point = Paper.objects.filter(meeting=meeting, point=point).count()
        rules.require_room(at_point=at_point, of_meeting=0, bytes_of_committee=0, size=0)
    Paper.objects.filter(pk=paper.pk).update(name=name, point=point)
    paper.refresh_from_db()
    return paper


@transaction.atomic
def remove(paper: Paper, *, by: Membership, at: datetime) -> None:
    """Take a document away, with what stands in it. A second time changes nothing."""
    membership.require(by, Power.CALL_MEETING, in_committee=paper.committee_id)
    meeting = Meeting.objects.select_related("committee").get(pk=paper.meeting_id)
    gone, _rows = Paper.objects.filter(pk=paper.pk).delete()
    if gone and not meeting.is_draft:
        ledger.record("paper.removed", by=by.person, about=meeting, committee=meeting.committee, at=at)


def forget(person: Person) -> None:
    """That a document came from this person."""
    Paper.objects.filter(by__person=person).update(by=None)


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one (bodies.register.on_uniting)."""
    Paper.objects.filter(committee=loser).update(committee=winner)
    Content.objects.filter(committee=loser).update(committee=winner)
