"""Offices: how a role begins and ends. Who decides about that is known to the room above (jointly, later the ballots)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Life
from committees.ledger import commands as ledger
from committees.membership import queries, rules, standing_in
from committees.membership.covers import Cover
from committees.membership.covers import State as Covering
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


def end_terms(terms: RoleTermQuerySet, at: datetime) -> int:
    """These terms end; one that would begin later never does."""
    return terms.update(ends_at=Greatest(F("begins_at"), at))


def end_cover_now(cover: Cover, *, by: Person | None, at: datetime) -> None:
    """Nobody covers any more: what ran ends, what was not settled or has not begun is called off. Both are told."""
    terms = RoleTerm.objects.filter(membership=cover.member, stands_in_for=cover.absent, role=cover.role)
    end_terms(terms.filter(ends_at__gt=at), at)
    has_begun = cover.is_arranged and cover.begins_at <= at
    if has_begun:
        Cover.objects.filter(pk=cover.pk).update(ends_at=at, told_begun_at=cover.told_begun_at or at, told_ended_at=at)
    else:
        Cover.objects.filter(pk=cover.pk).update(state=Covering.OFF)
    notices.supersede(cover)
    ledger.record("cover.ended" if has_begun else "cover.off", by=by, about=cover, committee=cover.committee, at=at, detail={"role": cover.role})
    both = [*whom(cover.member), *whom(cover.absent)]
    notices.post("membership/cover_ends" if has_begun else "membership/cover_off", to=both, about=cover, version=2, committee=cover.committee, at=at)


def end_covers(member: Membership, *, at: datetime, role: str = "") -> None:
    """Whoever has no place or no office any more neither covers nor is covered for. `role`: only that office of theirs ends."""
    rows = Cover.objects.not_over(at).filter(Q(member=member) | Q(absent=member)).select_related("committee", "member", "absent")
    for cover in rows.order_by("pk").select_for_update(of=("self",)):
        if not role or (cover.absent_id == member.pk and cover.role == role) or (cover.member_id == member.pk and not _can_cover(cover, at)):
            end_cover_now(cover, by=None, at=at)


def _can_cover(cover: Cover, at: datetime) -> bool:
    """Whether it is not arranged yet, or who covers still has what they cover with."""
    if not cover.is_arranged:
        return True
    stands_in = running(cover.member, at).filter(stands_in_for=cover.absent, role=cover.role)
    return stands_in.exists() or standing_in.gives_nothing(cover.member, cover.role, at)


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
    if held.filter(interim=False, stands_in_for=None).exists():
        raise Refused(_("They hold this role already."))
    end_terms(held, at)  # whoever covers for somebody in this role goes on with a right of their own
    term = RoleTerm.objects.create(committee_id=now.committee_id, membership=now, role=role, begins_at=at, ends_at=until)
    ledger.record("role.given", by=by, about=now, committee=now.committee, at=at, detail={"role": str(role)})
    notices.post("membership/role_given", to=whom(now), about=now, version=term.pk, committee=now.committee, at=at)
    return term


@transaction.atomic
def end_term(member: Membership, role: Role, *, by: Person | None, at: datetime) -> None:
    """From now on a member no longer holds a role; they are told. Whoever gives this command has asked who may.

    Refused for whoever does not hold it, and for the last organizer: nobody could take over.
    """
    organizers = [each.pk for each in queries.holders(member.committee_id, at).order_by("pk").select_for_update(of=("self",))]
    if role == Role.ORGANIZER and organizers == [member.pk]:
        raise Refused(_("They are the last organizer here. Nobody else could take over."))
    held = running(member, at).filter(role=role)
    term = held.order_by("-pk").first()
    if term is None:
        raise Refused(_("They do not hold this role any more."))
    end_terms(held, at)
    end_covers(member, at=at, role=role)
    ledger.record("role.ended", by=by, about=member, committee=member.committee, at=at, detail={"role": str(role)})
    notices.post("membership/role_ended", to=whom(member), about=member, version=term.pk, committee=member.committee, at=at)


@transaction.atomic
def keep_office(member: Membership, role: Role, *, until: Callable[[], datetime | None], at: datetime) -> None:
    """The office follows what a room above keeps: from now on it runs until then, or ends where that is None. That room tells the member.

    `until` is asked once the row of the running term is held, so that of two who change at once what it follows the second sees both.
    """
    for _attempt in range(2):
        term = running(member, at).filter(role=role, stands_in_for=None).select_for_update(of=("self",)).order_by("pk").first()
        ends = until()
        if term is None and ends is not None:
            try:
                with transaction.atomic():
                    RoleTerm.objects.create(committee_id=member.committee_id, membership=member, role=role, begins_at=at, ends_at=ends)
            except IntegrityError:  # another one made it in the same moment
                continue
            ledger.record("role.given", by=None, about=member, committee=member.committee, at=at, detail={"role": str(role)})
        elif term is not None and ends is None:
            end_terms(RoleTerm.objects.filter(pk=term.pk), at)
            ledger.record("role.ended", by=None, about=member, committee=member.committee, at=at, detail={"role": str(role)})
        elif term is not None and term.ends_at != ends:
            RoleTerm.objects.filter(pk=term.pk).update(ends_at=ends)
        return


@transaction.atomic
def resign(member: Membership, role: Role, *, by: Membership, at: datetime) -> None:
    """A member hands their office back. Refused for the last organizer, and to a delegate: they hand back what they are sent with."""
    rules.require(by, Power.LEAVE, in_committee=member.committee_id)
    rules.require_self(by, member)
    if role == Role.DELEGATE:
        raise Refused(_("Hand your mandate back, on its page. The office ends with it."))
    end_term(member, role, by=by.person, at=at)


@transaction.atomic
def keep_last_organizers(at: datetime) -> int:
    """The office of the last organizer runs on for another month where it would end within a day. Returns how many."""
    due = RoleTerm.objects.filter(role=Role.ORGANIZER, ends_at__gt=at, ends_at__lte=at + timedelta(days=1), membership__standing=Standing.MEMBER)
    due = due.filter(stands_in_for=None)
    others = Membership.objects.with_office(Role.ORGANIZER, at=at + timedelta(days=1)).values("committee_id")
    due = due.exclude(committee_id__in=others).exclude(committee__life=Life.DISSOLVED).select_related("membership__committee")
    terms = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for term in terms:
        RoleTerm.objects.filter(pk=term.pk).update(ends_at=at + RUNS_ON)
        ledger.record("role.runs_on", by=None, about=term.membership, committee=term.membership.committee, at=at, detail={"role": str(term.role)})
    return len(terms)


@transaction.atomic
def remind_of_ends(at: datetime) -> int:
    """Whoever holds an office is told a month before it ends. Returns how many."""
    due = RoleTerm.objects.filter(ends_at__gt=at, ends_at__lte=at + REMIND_BEFORE, reminded_at=None, stands_in_for=None, membership__standing=Standing.MEMBER)
    due = due.exclude(role=Role.DELEGATE)  # whose mandate says when it ends
    terms = list(due.select_related("membership__committee").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for term in terms:
        member = term.membership
        notices.post("membership/role_ends", to=whom(member), about=member, version=term.pk, committee=member.committee, at=at)
    RoleTerm.objects.filter(pk__in=[term.pk for term in terms]).update(reminded_at=at)
    return len(terms)
