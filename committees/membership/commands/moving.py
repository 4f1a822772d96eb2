"""From the committee of one site to that of another: a usual application, and what it says of where one comes from."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership.applications import Application, State
from committees.membership.commands.belonging import leave
from committees.membership.commands.offices import whom
from committees.membership.models import Membership
from committees.membership.moves import Leaving, Move
from committees.membership.roles import PRESENT, THAT_SEE
from committees.notices import commands as notices
from committees.people.models import Person


def _not_sent(application: Application, by: Person) -> Application:
    """Their own, as it is now, held until the transaction ends. PermissionDenied for another's, Refused once it is sent."""
    if application.person_id != by.pk:
        raise PermissionDenied
    now = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if now.state != State.STARTED:
        raise Refused(_("This application has been sent. You can write to the organizers instead."))
    return now


@transaction.atomic
def come_from(application: Application, member: Membership, *, shown: bool, leaving: Leaving, by: Person, at: datetime) -> Move:
    """The applicant says from which of their committees they move. `shown`: reviewers may see that they were confirmed there,
    as a fact of the past. Nobody is told, and nothing ends before the application is sent.

    Refused once it is sent. PermissionDenied for another's membership, one that is not in good standing, and the same committee's.
    """
    now = _not_sent(application, by)
    mine = Membership.objects.filter(pk=member.pk, person=by, standing__in=PRESENT).exclude(committee_id=now.committee_id)
    if not mine.exists():
        raise PermissionDenied
    said = {"came_from": member, "shown": shown, "leaving": leaving, "said_at": at}
    move, _made = Move.objects.update_or_create(application=now, defaults=said)
    return move


@transaction.atomic
def come_from_nowhere(application: Application, *, by: Person) -> None:
    """The applicant does not move after all. Refused once it is sent."""
    Move.objects.filter(application=_not_sent(application, by)).delete()


def _former(application: Application, leaving: Leaving) -> Membership | None:
    """The place that an applicant leaves at this moment; none where they are out of it already, or were suspended there."""
    move = Move.objects.filter(application=application, leaving=leaving).select_related("came_from__committee__verified_by", "came_from__person").first()
    former = move.came_from if move else None
    return former if former and former.person_id == application.person_id and former.standing in THAT_SEE else None


def hold_logs(application: Application, leaving: Leaving) -> None:
    """Before the first line: what follows stands in the log of the committee to which they come, and of the one that they leave then."""
    former = _former(application, leaving)
    if former:
        ledger.hold(application.committee, former.committee)


def set_out(application: Application, *, at: datetime) -> None:
    """It is sent: whoever wanted to leave at once does. Refused to the last organizer where nobody could take over."""
    former = _former(application, Leaving.NOW)
    if former:
        leave(former, by=former, at=at)


def arrive(application: Application, *, at: datetime) -> None:
    """It is accepted: the former membership ends where they chose so, and they are told. The last organizer of the widest
    committee stays there too, for nobody could take over."""
    former = _former(application, Leaving.WHEN_ACCEPTED)
    if former is None:
        return
    with suppress(Refused):
        leave(former, by=former, at=at)
        notices.post("membership/moved", to=whom(former), about=former, committee=former.committee, at=at, occasion=f"{at:%Y-%m-%d}")
