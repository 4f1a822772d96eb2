"""What members do with their own place, and how a place ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.bodies.models import Committee, Life, Scope
from committees.ledger import commands as ledger
from committees.membership import handles, queries, register, rules
from committees.membership.commands.emptying import dissolve_if_empty
from committees.membership.commands.entering import enter, reserve
from committees.membership.commands.offices import end_covers, end_terms, running, whom
from committees.membership.models import Membership, ReservedHandle, RoleTerm
from committees.membership.roles import REMOVABLE, Power, Role, Standing
from committees.notices import commands as notices
from committees.people.models import Person

NAMES_A_MONTH = 3


def end_membership(membership: Membership, standing: Standing, *, at: datetime) -> None:
    """Leave no right behind: the standing changes, every running term ends, what rooms above keep for a member goes, and no notice
    begins to go to them that was not begun before the commit. Refused if it had ended already.

    Where nobody organizes any more, the wider committee's organizers are told; its tick takes the queue over.
    """
    ended = {"standing": standing, "changed_at": at, "probation_until": None, "inactive_since": None}
    if not Membership.objects.filter(pk=membership.pk, standing__in=REMOVABLE).update(**ended):
        raise Refused(_("This has already been done."))
    end_terms(running(membership, at), at)
    register.ended(membership, at=at)
    notices.hold_back(whom(membership))
    end_covers(membership, at=at)
    committee = membership.committee
    if committee.is_forming:
        dissolve_if_empty(committee, at=at)
    tell_of_no_organizers(committee, at=at)


def tell_of_no_organizers(committee: Committee, *, at: datetime) -> None:
    """Where members are left whom nobody organizes, the wider committee's organizers are told, once a day at most."""
    if committee.verified_by_id and queries.is_without_organizers(committee):
        notices.post("membership/without_organizers", about=committee, committee=committee.verified_by, at=at, occasion=f"{at:%Y-%m-%d}")


@transaction.atomic
def seat(committee: Committee, person: Person, *, handle: str, roles: list[Role], at: datetime) -> Membership:
    """The first set-up gives the alliance its first organizers. Refused for any other committee."""
    if committee.scope != Scope.ALLIANCE:
        raise Refused(_("Members of a committee come in by applying."))
    member = enter(committee, person, handle=handle, at=at, standing=Standing.MEMBER)
    for role in roles:
        RoleTerm.objects.create(committee=committee, membership=member, role=role, begins_at=at)
        ledger.record("role.given", by=None, about=member, committee=committee, at=at, detail={"role": str(role)})
    return member


@transaction.atomic
def give_role(member: Membership, role: Role, *, by: Membership, at: datetime) -> RoleTerm:
    """While a committee forms, its organizers give roles until an election; the member is told. Refused later on."""
    rules.require(by, Power.GIVE_ROLE, in_committee=member.committee_id)
    if role in (Role.ORGANIZER, Role.DELEGATE) or not member.committee.is_forming:
        raise Refused(_("This role is given by an election."))
    if by.covers_for:  # for some days one covers for somebody; what that gives must not outlast it
        rules.require_other(by, member.person_id)
    if member.standing != Standing.MEMBER:
        raise Refused(_("Only members past their first weeks can hold a role."))
    try:
        with transaction.atomic():
            term = RoleTerm.objects.create(committee_id=member.committee_id, membership=member, role=role, begins_at=at, interim=True)
    except IntegrityError:
        raise Refused(_("They hold this role already.")) from None
    ledger.record("role.given", by=by.person, about=member, committee=member.committee, at=at, detail={"role": str(role)})
    notices.post("membership/role_given", to=whom(member), about=member, version=term.pk, committee=member.committee, at=at)
    return term


@transaction.atomic
def conclude_founding(committee: Committee, *, by: Membership, at: datetime) -> None:
    """An organizer says that the first meeting was held: the committee is active and answers its own applications.

    All members are told. Refused before enough founders are confirmed, and the second time.
    """
    rules.require(by, Power.CONCLUDE_FOUNDING, in_committee=committee.pk)
    if not queries.founding(committee).is_complete:
        raise Refused(_("Not enough of you are confirmed yet."))
    if not Committee.objects.filter(pk=committee.pk, life=Life.FORMING).update(life=Life.ACTIVE, woken_at=at):
        raise Refused(_("This has already been done."))
    ledger.record("committee.active", by=by.person, about=committee, committee=committee, at=at)
    notices.post("membership/committee_active", about=committee, committee=committee, at=at)


@transaction.atomic
def change_handle(member: Membership, handle: str, *, by: Membership, at: datetime) -> Membership:
    """A member takes another name here; the old one stays reserved for them. Refused for a name that is, or looks like,
    somebody else's, and after three changes in a month."""
    rules.require(by, Power.CHANGE_HANDLE, in_committee=member.committee_id)
    rules.require_self(by, member)
    now = Membership.objects.select_for_update(of=("self",)).select_related("committee", "person").get(pk=member.pk)
    handle = handles.free(handle, in_committee=now.committee_id, person=now.person)
    if handle == now.handle:
        return now
    if ReservedHandle.objects.filter(membership=now, since__gt=max(now.joined_at, at - timedelta(days=30))).count() >= NAMES_A_MONTH:
        raise Refused(_("You have changed your name three times in a month. Please wait a while."), field="handle")
    try:
        with transaction.atomic():
            Membership.objects.filter(pk=now.pk).update(handle=handle, handle_key=skeleton(handle))
    except IntegrityError:
        raise handles.taken() from None
    now.refresh_from_db()
    reserve(now, at=at)
    ledger.record("member.renamed", by=by.person, about=now, committee=now.committee, at=at)
    return now


def _go(member: Membership, standing: Standing, *, by: Membership, at: datetime) -> None:
    rules.require_self(by, member)
    committee = member.committee
    if committee.verified_by_id is None and [m.pk for m in queries.holders(committee.pk, at).select_for_update(of=("self",))] == [member.pk]:
        raise Refused(_("You are its last organizer, and nobody else could take over. Find another one first."))
    end_membership(member, standing, at=at)
    ledger.record(f"member.{standing}", by=by.person, about=member, committee=committee, at=at)


@transaction.atomic
def step_aside(member: Membership, *, by: Membership, at: datetime) -> None:
    """A member who was promoted steps aside with one tap; from the next request on they see nothing of the committee."""
    rules.require(by, Power.STEP_ASIDE, in_committee=member.committee_id)
    _go(member, Standing.STEPPED_ASIDE, by=by, at=at)


@transaction.atomic
def leave(member: Membership, *, by: Membership, at: datetime) -> None:
    """A member goes. Their handle stays reserved, so that nobody can come back as them."""
    rules.require(by, Power.LEAVE, in_committee=member.committee_id)
    _go(member, Standing.LEFT, by=by, at=at)
