"""Offices: how a role begins and ends. Who decides about that is known to the room above (jointly, later the ballots)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Life
from committees.ledger import commands as ledger
from committees.membership import queries, rules
from committees.membership.models import Membership, RoleTerm, RoleTermQuerySet
from committees.membership.roles import Power, Role, Standing
from committees.notices import commands as notices
from committees.people.models import Person

#: An office whose holder is the last organizer runs on by so much, until there is another.
RUNS_ON = timedelta(days=30)
REMIND_BEFORE = timedelta(days=30)
AT_ONCE = 200


def whom(member: Membership) -> list[int]:
    """To whom a notice about a membership goes: its person, or nobody after an erasure."""
    return [member.person_id] if member.person_id else []


def running(member: Membership, at: datetime) -> RoleTermQuerySet:
    """The terms that this member holds, or that begin later."""
    return RoleTerm.objects.filter(membership=member).filter(Q(ends_at=None) | Q(ends_at__gt=at))


@transaction.atomic
def begin_term(member: Membership, role: Role, *, until: datetime | None, by: Person | None, at: datetime) -> RoleTerm:
    """From now on a member holds a role, until that instant; they are told. Whoever gives this command has asked who may.

    A term of the same role that the member holds until an election ends where this one begins. Refused for whoever is no
    full member, and for one who holds the role already.
    """
    now = Membership.objects.select_for_update(of=("self",)).select_related("committee").get(pk=member.pk)
    if now.standing != Standing.MEMBER:
        raise Refused(_("Only members past their first weeks can hold a role."))
    held = running(now, at).filter(role=role)
    if held.filter(interim=False).exists():
        raise Refused(_("They hold this role already."))
    held.update(ends_at=at)
    term = RoleTerm.objects.create(committee_id=now.committee_id, membership=now, role=role, begins_at=at, ends_at=until)
    ledger.record("role.given", by=by, about=now, committee=now.committee, at=at, detail={"role": str(role)})
    notices.post("membership/role_given", to=whom(now), about=now, version=term.pk, committee=now.committee, at=at)
    return term


@transaction.atomic
def end_term(member: Membership, role: Role, *, by: Person | None, at: datetime) -> None:
    """From now on a member no longer holds a role; they are told. Whoever gives this command has asked who may.

    Refused for whoever does not hold it, and for the last organizer: nobody could take over.
    """
    organizers = [each.pk for each in queries.organizers(member.committee_id).order_by("pk").select_for_update(of=("self",))]
    if role == Role.ORGANIZER and organizers == [member.pk]:
        raise Refused(_("They are the last organizer here. Nobody else could take over."))
    held = running(member, at).filter(role=role)
    term = held.order_by("-pk").first()
    if term is None:
        raise Refused(_("They do not hold this role any more."))
    held.update(ends_at=at)
    ledger.record("role.ended", by=by, about=member, committee=member.committee, at=at, detail={"role": str(role)})
    notices.post("membership/role_ended", to=whom(member), about=member, version=term.pk, committee=member.committee, at=at)


@transaction.atomic
def resign(member: Membership, role: Role, *, by: Membership, at: datetime) -> None:
    """A member hands their office back. Refused for the last organizer."""
    rules.require(by, Power.LEAVE, in_committee=member.committee_id)
    rules.require_self(by, member)
    end_term(member, role, by=by.person, at=at)


@transaction.atomic
def keep_last_organizers(at: datetime) -> int:
    """The office of the last organizer runs on for another month where it would end within a day. Returns how many."""
    due = RoleTerm.objects.filter(role=Role.ORGANIZER, ends_at__gt=at, ends_at__lte=at + timedelta(days=1), membership__standing=Standing.MEMBER)
    others = Membership.objects.with_role(Role.ORGANIZER, at=at + timedelta(days=1)).values("committee_id")
    due = due.exclude(committee_id__in=others).exclude(committee__life=Life.DISSOLVED).select_related("membership__committee")
    terms = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for term in terms:
        RoleTerm.objects.filter(pk=term.pk).update(ends_at=at + RUNS_ON)
        ledger.record("role.runs_on", by=None, about=term.membership, committee=term.membership.committee, at=at, detail={"role": str(term.role)})
    return len(terms)


@transaction.atomic
def remind_of_ends(at: datetime) -> int:
    """Whoever holds an office is told a month before it ends. Returns how many."""
    due = RoleTerm.objects.filter(ends_at__gt=at, ends_at__lte=at + REMIND_BEFORE, reminded_at=None, membership__standing=Standing.MEMBER)
    terms = list(due.select_related("membership__committee").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for term in terms:
        member = term.membership
        notices.post("membership/role_ends", to=whom(member), about=member, version=term.pk, committee=member.committee, at=at)
    RoleTerm.objects.filter(pk__in=[term.pk for term in terms]).update(reminded_at=at)
    return len(terms)
