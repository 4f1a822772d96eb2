"""A place in a wider committee for somebody whom another committee sends there. Who is sent, and until when, is known to the room above
(mandates)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.ledger import commands as ledger
from committees.membership import queries, register
from committees.membership.applications import DECIDED, Application, Decline, State
from committees.membership.commands.belonging import end_membership
from committees.membership.commands.entering import enter
from committees.membership.models import Membership, RemovedAddress
from committees.membership.roles import REMOVABLE, Standing
from committees.people.models import Person

#: Out, and not only by one's own wish: being sent is no way back.
KEPT_OUT = frozenset({Standing.REMOVED, Standing.STEPPED_ASIDE})


@transaction.atomic
def seat_delegate(committee: Committee, person: Person, *, handle: str, attested_at: datetime, at: datetime) -> Membership:
    """Whom another committee sends is a full member from now on, without a review: a whole committee has looked at them. Whoever gives
    this command has asked who sends them.

    Refused for whoever belongs already or has applied, and for whoever was removed there or stepped aside, is suspended there, has an
    address of somebody who was removed, or was declined when they applied: they apply as anybody does, so that its organizers look.
    Never says which of these it is.
    """
    if committee.life == Life.DISSOLVED:
        raise Refused(_("This committee is no longer there."))
    before = Membership.objects.select_for_update(of=("self",)).filter(committee=committee, person=person).first()
    if before is not None and before.standing in REMOVABLE:
        raise Refused(_("You belong to this committee already."))
    if Application.objects.waiting().filter(committee=committee, person=person).exists():
        raise Refused(_("You have applied there already. Take your application back first."))
    if (before is not None and _is_kept_out(before, at)) or _has_a_mark(committee, person) or _was_declined(committee, person):
        raise Refused(_("You cannot sit there without being asked. Apply as anybody does; its organizers answer."))
    Application.objects.open().filter(committee=committee, person=person).delete()  # begun, and never sent
    member = enter(committee, person, handle=handle, at=at, standing=Standing.MEMBER, probation_until=None, attested_at=attested_at)
    ledger.record("member.seated", by=person, about=member, committee=committee, at=at)
    return member


def _is_kept_out(before: Membership, at: datetime) -> bool:
    """Whether they are out against their own wish, or would be suspended had they not gone: a seat that ends with its mandate ends no suspension."""
    return before.standing in KEPT_OUT or register.is_held(before, at=at)


def _was_declined(committee: Committee, person: Person) -> bool:
    """Whether its reviewers said no when they last answered this person, and not only that another committee is the right one."""
    answered = Application.objects.filter(committee=committee, person=person, state__in=sorted(DECIDED)).exclude(decline_code=Decline.OTHER_COMMITTEE)
    return answered.order_by("-ended_at", "-pk").values_list("state", flat=True).first() in (State.DECLINED, State.SPAM)


def _has_a_mark(committee: Committee, person: Person) -> bool:
    """Whether one of their addresses was somebody's who was removed there."""
    marks = RemovedAddress.objects.filter(committee=committee, mark__in=queries.marks_of(person.pk, committee), membership__standing=Standing.REMOVED)
    return marks.exclude(membership__person=person).exists()


@transaction.atomic
def unseat_delegate(member: Membership, *, at: datetime) -> bool:
    """Nobody sends them any more: the place ends, and what they hold there. The last organizer of the widest committee stays, as in an
    absence, for nobody could take over. Returns whether it ended."""
    committee = member.committee
    if committee.verified_by_id is None and [each.pk for each in queries.holders(committee.pk, at).order_by("pk").select_for_update(of=("self",))] == [
        member.pk
    ]:
        return False
    try:
        end_membership(member, Standing.LEFT, at=at)
    except Refused:  # they had gone already
        return False
    ledger.record("member.unseated", by=None, about=member, committee=committee, at=at)
    return True
