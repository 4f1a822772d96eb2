"""How somebody gets a place in a committee, and a name there. Other commands use this; members give none of it directly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.bodies.models import Committee
from committees.membership import handles
from committees.membership.applications import Application
from committees.membership.models import Membership, ReservedHandle, RoleTerm
from committees.membership.roles import COMES_BACK, Role, Standing
from committees.people.models import Person


def enter(committee: Committee, person: Person, *, handle: str, at: datetime, **fields: Any) -> Membership:
    """Give a person their place, or the one back that they once had. Refused for members, and for another's handle."""
    handle = handles.free(handle, in_committee=committee.pk, person=person)
    fields = {"attested_at": at, "attest_asked_at": None, "attest_reminded_at": None, "asked_on": None, "revouch_since": None} | fields
    fields |= {"handle": handle, "handle_key": skeleton(handle), "joined_at": at, "changed_at": at}
    before = Membership.objects.select_for_update().filter(committee=committee, person=person).first()
    if before is not None and before.standing not in COMES_BACK:
        raise Refused(_("This person already belongs to the committee."))
    try:
        with transaction.atomic():
            if before is None:
                member = Membership.objects.create(committee=committee, person=person, **fields)
            else:
                Membership.objects.filter(pk=before.pk).update(**fields)
                member = Membership.objects.get(pk=before.pk)
    except IntegrityError:
        raise handles.taken() from None
    reserve(member, at=at)
    return member


def reserve(member: Membership, *, at: datetime) -> None:
    """Keep the member's handle for them for ever. Refused if somebody else got it in the same moment."""
    try:
        with transaction.atomic():
            kept, _made = ReservedHandle.objects.get_or_create(
                committee_id=member.committee_id, key=member.handle_key, defaults={"membership": member, "since": at}
            )
    except IntegrityError:
        raise handles.taken() from None
    if kept.membership_id != member.pk:
        raise handles.taken()


def let_in(application: Application, *, at: datetime) -> Membership:
    """The membership that an accepted application becomes.

    Someone who founds a committee is a full member at once and, until an election, one of its organizers; anyone else is
    a new member for as long as the policy says.
    """
    committee = application.committee
    days = committee.policy.probation_days
    founder = application.founding and committee.is_forming
    on_probation = not founder and days > 0
    member = enter(
        committee,
        application.person,
        handle=application.handle,
        at=at,
        shift=application.shift,
        standing=Standing.PROBATION if on_probation else Standing.MEMBER,
        is_founder=founder,
        probation_until=at + timedelta(days=days) if on_probation else None,
        attested_version=application.attested_version or 1,
        attested_at=application.sent_at or at,
    )
    if founder:
        RoleTerm.objects.create(committee=committee, membership=member, role=Role.ORGANIZER, begins_at=at, interim=True)
    return member
