"""How a member is removed. Who decides about that is known to the room above (jointly, later the ballots)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Life
from committees.ledger import commands as ledger
from committees.membership import rules
from committees.membership.commands.belonging import end_membership
from committees.membership.commands.offices import whom
from committees.membership.commands.questioning import call_in_question
from committees.membership.models import Membership, RemovedAddress
from committees.membership.roles import REMOVABLE, Standing
from committees.notices import commands as notices
from committees.people.models import Contact, Person


@transaction.atomic
def remove(member: Membership, *, for_employer: bool, by: Person | None, at: datetime) -> None:
    """A member is out from the next request on; they are told. Whoever gives this command has asked who may.

    `for_employer`: they act for the employer, so that whom they vouched for has to be vouched for anew. Whoever went
    meanwhile, to be spared that, counts as removed too. Refused the second time.
    """
    now = Membership.objects.select_for_update(of=("self",)).select_related("committee__verified_by").get(pk=member.pk)
    if now.standing == Standing.REMOVED:
        raise Refused(_("This has already been done."))
    if now.standing in REMOVABLE:
        end_membership(now, Standing.REMOVED, at=at)
        notices.post("membership/removed", to=whom(now), about=now, committee=now.committee, at=at)
    _keep_marks(now)
    # When it ended stays: whoever went before is not gone for a second time.
    Membership.objects.filter(pk=now.pk).update(standing=Standing.REMOVED, removed_for_employer=for_employer)
    ledger.record("member.removed", by=by, about=now, committee=now.committee, at=at)
    if for_employer:
        call_in_question(now, at=at)


def _keep_marks(member: Membership) -> None:
    """So that reviewers can ask, should somebody apply with one of these addresses."""
    contacts = Contact.objects.verified().filter(person_id=member.person_id) if member.person_id else []
    marks = [RemovedAddress(committee_id=member.committee_id, membership=member, mark=rules.mark(contact, member.committee.slug)) for contact in contacts]
    RemovedAddress.objects.bulk_create(marks, ignore_conflicts=True)


@transaction.atomic
def forget_marks(_at: datetime) -> int:
    """The marks of whoever belongs again, and of committees that are closed, go. Returns how many."""
    stale = RemovedAddress.objects.exclude(membership__standing=Standing.REMOVED) | RemovedAddress.objects.filter(committee__life=Life.DISSOLVED)
    return RemovedAddress.objects.filter(pk__in=stale.values("pk")).delete()[0]
