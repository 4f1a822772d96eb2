"""Taking a member's rights for a while, and giving them back. Who decides that, and why, is known to rooms above."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, When
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import queries, register
from committees.membership.commands.offices import end_covers, whom
from committees.membership.models import Membership
from committees.membership.roles import THAT_SEE, Standing
from committees.notices import commands as notices
from committees.people.models import Person


@transaction.atomic
def suspend(member: Membership, *, by: Person | None, at: datetime, rule: str = "") -> None:
    """From the next request on a member sees nothing of the committee; what was on its way to them is asked about again.

    Terms of office run on and count for nothing meanwhile. `end_suspension` undoes it. Refused for whoever has no place to
    lose, and for the last organizer. Whoever gives this command has asked who may, and tells the member. `rule`: its code.
    """
    organizers = [each.pk for each in queries.holders(member.committee_id, at).order_by("pk").select_for_update(of=("self",))]
    if organizers == [member.pk]:
        raise Refused(_("They are the last organizer here. Nobody else could take over."))
    since = Case(When(standing=Standing.INACTIVE, then=F("changed_at")), default=None)
    if not Membership.objects.filter(pk=member.pk, standing__in=THAT_SEE).update(standing=Standing.SUSPENDED, inactive_since=since, changed_at=at):
        raise Refused(_("This has already been done."))
    notices.hold_back(whom(member))
    end_covers(member, at=at)
    register.suspended(member, at=at)
    ledger.record("member.suspended", by=by, about=member, committee=member.committee, at=at, detail={"rule": rule})


@transaction.atomic
def end_suspension(member: Membership, *, by: Person | None, at: datetime) -> bool:
    """A suspended member is what they were before; False where they have left or were removed meanwhile, and where another
    room still wants them suspended (register.keeps_suspended).

    A new member whose first weeks were not over is new again, and those go on where they stood in the calendar; so does the time
    of somebody inactive, who comes back by a tap of their own.
    """
    if register.is_held(member, at=at):
        return False
    suspended = Membership.objects.filter(pk=member.pk, standing=Standing.SUSPENDED)
    back = suspended.filter(inactive_since__isnull=False).update(standing=Standing.INACTIVE, changed_at=F("inactive_since"), inactive_since=None)
    back += suspended.filter(probation_until__isnull=False).update(standing=Standing.PROBATION, changed_at=at)
    back += suspended.filter(probation_until=None).update(standing=Standing.MEMBER, changed_at=at)
    if back:
        register.let_back(member, at=at)
        ledger.record("member.suspension_ended", by=by, about=member, committee=member.committee, at=at)
    return bool(back)
