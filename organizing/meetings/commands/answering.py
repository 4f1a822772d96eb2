"""Saying whether one comes."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.meetings import rules
from organizing.meetings.answers import OFFERED
from organizing.meetings.commands import places
from organizing.meetings.models import Answer, Choice, Meeting, Series


@transaction.atomic
def answer(
    meeting: Meeting,
    *,
    choice: str,
    by: Membership,
    at: datetime,
    interpretation: str = "",
    child_care: bool = False,
    ride: bool = False,
    show_name: bool = False,
    asking: int | None = None,
) -> Answer:
    """Say yes, maybe or no, and what one needs; the last word counts. Nobody is told but whoever gets the place of somebody who no longer
    comes, and the ledger does not keep it. Where there is no place, a yes waits for one: `choice` of what is returned says so. Whoever has
    said yes, or waits, and says it again keeps their turn.

    Refused before the call, after the end, when cancelled, and if the time changed since `asking`: a yes is never taken
    for a time that its giver has not seen.
    """
    membership.require(by, Power.ANSWER_MEETINGS, in_committee=by.committee_id)
    if not Meeting.objects.visible_to(by).filter(pk=meeting.pk).exists():
        raise PermissionDenied
    meeting = _now(meeting)
    if not rules.may_answer(meeting, by, at=at):
        raise Refused(_("This meeting can no longer be answered."))
    if asking is not None and asking != meeting.asking:
        raise Refused(_("The time has changed since you opened this page. Look at the new time, then answer."))
    if choice not in OFFERED:
        raise ValueError(f"{choice!r} is no answer")
    before = _before(meeting, by)
    counts = choice == Choice.YES and meeting.capacity is not None
    choice, since = _turn(meeting, before, at=at) if counts else (choice, at)
    said = {"choice": choice, "interpretation": interpretation, "child_care": child_care, "ride": ride, "show_name": show_name}
    given, _new = Answer.objects.update_or_create(
        meeting=meeting, membership=by, defaults={**said, "asking": meeting.asking, "at": since, "committee_id": by.committee_id}
    )
    if before is not None and before.choice == Choice.YES != choice:
        places.settle(meeting, at=at)
    return given


@transaction.atomic
def answer_all(series: Series, *, choice: str, by: Membership, at: datetime) -> list[Answer]:
    """The same answer for every meeting of a series that is to come and is there already (six at most); what one needs stays as it was said for
    each of them. PermissionDenied for whoever does not belong to its committee."""
    membership.require(by, Power.ANSWER_MEETINGS, in_committee=series.committee_id)
    coming = Meeting.objects.scheduled().filter(series=series, starts_at__gt=at).with_answer_of(by).order_by("pk")
    given = []
    for each in coming:
        said = each.my_answer or {}  # type: ignore[attr-defined]
        needs = {name: said[name] for name in ("interpretation", "child_care", "ride", "show_name") if name in said}
        given.append(answer(each, choice=choice, by=by, at=at, **needs))
    return given


def _now(meeting: Meeting) -> Meeting:
    """As it is now; held where there is room for so many only."""
    meeting.refresh_from_db(fields=["state", "ends_at", "asking", "capacity"])
    return meeting if meeting.capacity is None else places.held(meeting)


def _before(meeting: Meeting, by: Membership) -> Answer | None:
    """What they said since they were last asked, where it counts who said it first."""
    return Answer.objects.filter(meeting=meeting, membership=by, asking=meeting.asking).first() if meeting.capacity is not None else None


def _turn(meeting: Meeting, before: Answer | None, *, at: datetime) -> tuple[str, datetime]:
    """Whether somebody who says yes has a place or waits for one, and since when. The meeting's row is held."""
    if before is not None and before.choice == Choice.YES:
        return before.choice, before.at
    since = before.at if before is not None and before.choice == Choice.WAITING else at
    return (Choice.YES if places.has_room(meeting, mine=before, at=at) else Choice.WAITING), since
