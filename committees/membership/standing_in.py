"""Who covers for whom: what pages need of it, whether it gives anything, and that two people with one office are one voice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.membership.covers import Cover
from committees.membership.covers import State as Covering
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import GRANTS, Power, Role, Standing
from committees.people.models import Person


def one_voice_with(person_ids: Iterable[int], committee_ids: Iterable[int], at: datetime) -> set[int]:
    """The people who share the office of an organizer with one of these people in one of these committees: whoever is away, and
    whoever covers for them. Two of them are one voice."""
    people = list(person_ids)
    shared = RoleTerm.objects.running(at).filter(role=Role.ORGANIZER, stands_in_for__isnull=False, committee_id__in=list(committee_ids))
    pairs = shared.filter(Q(membership__person__in=people) | Q(stands_in_for__person__in=people)).values_list("membership__person", "stands_in_for__person")
    return {each for pair in pairs for each in pair if each is not None}


def shared_with(person: Person, *others: str, where: Iterable[str], at: datetime) -> QuerySet[RoleTerm]:
    """The terms by which this person and another one are one voice. For another query: `others` are its columns of memberships, `where`
    those of the committees in which it counts."""
    either, there = Q(), Q()
    for column in others:
        theirs = OuterRef(f"{column}__person_id")
        either |= Q(membership__person=person, stands_in_for__person=theirs) | Q(stands_in_for__person=person, membership__person=theirs)
    for column in where:
        there |= Q(committee=OuterRef(column))
    return RoleTerm.objects.running(at).filter(either, there, role=Role.ORGANIZER, stands_in_for__isnull=False)


def away(committee_id: int, at: datetime) -> QuerySet[Any, int | None]:
    """Person ids of those for whom somebody covers at that instant."""
    return Cover.objects.running(at).filter(committee_id=committee_id).values_list("absent__person_id", flat=True)


def covers_now(member: Membership, at: datetime) -> list[Cover]:
    """Who covers for whom at this moment, as a full member sees it, and what waits for that member's own answer."""
    rows = Cover.objects.visible_to(member).not_over(at).filter(Q(state=Covering.ARRANGED, begins_at__lte=at) | Q(state=Covering.ASKED, member=member))
    return list(rows.select_related("absent", "member", "committee").order_by("ends_at", "pk"))


def full_member_named(by: Membership, name: str) -> Membership:
    """The full member of one's committee who uses this name. Refused where nobody else does."""
    named = Membership.objects.standing_members().filter(committee_id=by.committee_id, handle_key=skeleton(name), person__isnull=False)
    found = named.exclude(pk=by.pk).select_related("committee", "person").first()
    if found is None:
        raise Refused(_("No other full member uses this name here."), field="name")
    return found


def own_term(member: Membership, role: str, at: datetime) -> RoleTerm | None:
    """The running term by which a member holds this role themself."""
    return RoleTerm.objects.running(at).filter(membership=member, role=role, stands_in_for=None).first()


def holds_an_office(member: Membership, at: datetime) -> bool:
    """Whether a member holds some office themself: the committee knows them already."""
    return member.standing == Standing.MEMBER and RoleTerm.objects.running(at).filter(membership=member, stands_in_for=None).exists()


def gives_nothing(member: Membership, role: str, at: datetime) -> bool:
    """Whether a member has all powers of this role already, by an office of their own."""
    own = RoleTerm.objects.running(at).filter(membership=member, stands_in_for=None).values_list("role", flat=True)
    return GRANTS[Role(role)] <= frozenset[Power]().union(*(GRANTS[Role(each)] for each in own))
