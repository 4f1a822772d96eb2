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
from organizing.meetings.models import Answer, Meeting


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
    """Say yes, maybe or no, and what one needs; the last word counts. Nobody is told, and the ledger does not keep it.

    Refused before the call, after the end, when cancelled, and if the time changed since `asking`: a yes is never taken
    for a time that its giver has not seen.
    """
    membership.require(by, Power.ANSWER_MEETINGS, in_committee=by.committee_id)
    if not Meeting.objects.visible_to(by).filter(pk=meeting.pk).exists():
        raise PermissionDenied
    meeting.refresh_from_db(fields=["state", "ends_at", "asking"])
    if not rules.may_answer(meeting, by, at=at):
        raise Refused(_("This meeting can no longer be answered."))
    if asking is not None and asking != meeting.asking:
        raise Refused(_("The time has changed since you opened this page. Look at the new time, then answer."))
    said = {"choice": choice, "interpretation": interpretation, "child_care": child_care, "ride": ride, "show_name": show_name}
    given, _new = Answer.objects.update_or_create(
        meeting=meeting, membership=by, defaults={**said, "asking": meeting.asking, "at": at, "committee_id": by.committee_id}
    )
    return given
