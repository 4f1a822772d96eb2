"""What members do with their own place, and what organizers together do with another's."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.bodies.models import Committee, Life, Scope
from committees.ledger import commands as ledger
from committees.membership import handles, queries, rules
from committees.membership.models import Membership, Removal, RoleTerm
from committees.membership.roles import THAT_SEE, Power, Role, Standing
from committees.notices import commands as notices
from committees.people.models import Person


def end_membership(membership: Membership, standing: Standing, *, at: datetime) -> None:
    """Leave no right behind: the standing changes and every running term ends. Refused if it had ended already."""
    changed = Membership.objects.filter(pk=membership.pk, standing__in=THAT_SEE | {Standing.SUSPENDED, Standing.STEPPED_ASIDE})
    if not changed.exclude(standing=standing).update(standing=standing, changed_at=at):
        raise Refused(_("This has already been done."))
    RoleTerm.objects.filter(membership=membership, ends_at__isnull=True).update(ends_at=at)


def _not_the_last_organizer(member: Membership, at: datetime) -> None:
    """A committee with members keeps an organizer. Locks the organizers' rows, so that two do not go at once."""
    organizers = list(Membership.objects.filter(committee=member.committee_id).with_role(Role.ORGANIZER, at=at).select_for_update(of=("self",)))
    others = Membership.objects.present().filter(committee=member.committee_id).exclude(pk=member.pk)
    if [o.pk for o in organizers] == [member.pk] and others.exists():
        raise Refused(_("You are the last organizer. Find another one first, so that the committee is not left alone."))


@transaction.atomic
def seat(committee: Committee, person: Person, *, handle: str, roles: list[Role], at: datetime) -> Membership:
    """The first set-up gives the alliance its first organizers. Refused for any other committee."""
    if committee.scope != Scope.ALLIANCE:
        raise Refused(_("Members of a committee come in by applying."))
    handle = handles.free(handle, in_committee=committee.pk)
    try:
        with transaction.atomic():
            member = Membership.objects.create(
                committee=committee, person=person, handle=handle, handle_key=skeleton(handle), standing=Standing.MEMBER, joined_at=at, changed_at=at
            )
    except IntegrityError:
        raise Refused(_("You already belong to this committee.")) from None
    for role in roles:
        RoleTerm.objects.create(committee=committee, membership=member, role=role, begins_at=at)
        ledger.record("role.given", by=None, about=member, committee=committee, at=at, detail={"role": str(role)})
    return member


@transaction.atomic
def give_role(member: Membership, role: Role, *, by: Membership, at: datetime) -> RoleTerm:
    """While a committee forms, its organizers give roles until an election; the member is told. Refused later on."""
    rules.require(by, Power.GIVE_ROLE, in_committee=member.committee_id)
    if role == Role.ORGANIZER or not member.committee.is_forming:
        raise Refused(_("This role is given by an election."))
    if member.standing != Standing.MEMBER:
        raise Refused(_("Only members past their first weeks can hold a role."))
    if RoleTerm.objects.running(at).filter(membership=member, role=role).exists():
        raise Refused(_("They hold this role already."))
    term = RoleTerm.objects.create(committee_id=member.committee_id, membership=member, role=role, begins_at=at, interim=True)
    ledger.record("role.given", by=by.person, about=member, committee=member.committee, at=at, detail={"role": str(role)})
    notices.post("membership/role_given", to=[member.person_id], about=member, version=term.pk, committee=member.committee, at=at)
    return term


@transaction.atomic
def conclude_founding(committee: Committee, *, by: Membership, at: datetime) -> None:
    """An organizer says that the first meeting was held: the committee is active and answers its own applications.

    Refused before enough founders are confirmed, and the second time.
    """
    rules.require(by, Power.CONCLUDE_FOUNDING, in_committee=committee.pk)
    now = queries.founding(committee)
    if now.verified < now.needed:
        raise Refused(_("Not enough of you are confirmed yet."))
    if not Committee.objects.filter(pk=committee.pk, life=Life.FORMING).update(life=Life.ACTIVE):
        raise Refused(_("This has already been done."))
    ledger.record("committee.active", by=by.person, about=committee, committee=committee, at=at)


@transaction.atomic
def step_aside(member: Membership, *, by: Membership, at: datetime) -> None:
    """A member who was promoted steps aside with one tap; from the next request on they see nothing of the committee."""
    rules.require(by, Power.STEP_ASIDE, in_committee=member.committee_id)
    rules.require_self(by, member)
    _not_the_last_organizer(member, at)
    end_membership(member, Standing.STEPPED_ASIDE, at=at)
    ledger.record("member.stepped_aside", by=by.person, about=member, committee=member.committee, at=at)


@transaction.atomic
def leave(member: Membership, *, by: Membership, at: datetime) -> None:
    """A member goes. Their handle stays reserved, so that nobody can come back as them."""
    rules.require(by, Power.LEAVE, in_committee=member.committee_id)
    rules.require_self(by, member)
    _not_the_last_organizer(member, at)
    end_membership(member, Standing.LEFT, at=at)
    ledger.record("member.left", by=by.person, about=member, committee=member.committee, at=at)


@transaction.atomic
def propose_removal(member: Membership, reason: str, *, by: Membership, at: datetime) -> Removal:
    """An organizer proposes to remove a member; the other organizers are told. Nothing happens until a second one agrees."""
    rules.require(by, Power.REMOVE_MEMBER, in_committee=member.committee_id)
    rules.require_other(by, member.person_id)
    if member.standing not in THAT_SEE | {Standing.SUSPENDED}:
        raise Refused(_("This has already been done."))
    try:
        with transaction.atomic():
            removal = Removal.objects.create(committee_id=member.committee_id, membership=member, proposed_by=by, reason=reason, proposed_at=at)
    except IntegrityError:
        raise Refused(_("Another organizer has already proposed this. You can agree to it.")) from None
    ledger.record("removal.proposed", by=by.person, about=member, committee=member.committee, at=at)
    notices.post("membership/removal_proposed", about=removal, committee=member.committee, at=at)
    return removal


@transaction.atomic
def confirm_removal(removal: Removal, *, by: Membership, at: datetime) -> None:
    """A second organizer agrees, and the member is out at once; they are told. Never the one who proposed it."""
    rules.require(by, Power.REMOVE_MEMBER, in_committee=removal.committee_id)
    member = Membership.objects.select_related("committee").get(pk=removal.membership_id)
    rules.require_other(by, member.person_id)
    if by.pk == removal.proposed_by_id:
        raise Refused(_("You proposed this. Another organizer has to agree."))
    if not Removal.objects.filter(pk=removal.pk, ended_at__isnull=True).update(confirmed_by=by, ended_at=at):
        raise Refused(_("This has already been done."))
    end_membership(member, Standing.REMOVED, at=at)
    ledger.record("member.removed", by=by.person, about=member, committee=member.committee, at=at)
    notices.post("membership/removed", to=[member.person_id], about=member, committee=member.committee, at=at)


@transaction.atomic
def drop_removal(removal: Removal, *, by: Membership, at: datetime) -> None:
    """An organizer stops a proposed removal. Refused once it was agreed to."""
    rules.require(by, Power.REMOVE_MEMBER, in_committee=removal.committee_id)
    rules.require_other(by, removal.membership.person_id)
    if not Removal.objects.filter(pk=removal.pk, ended_at__isnull=True).update(ended_at=at):
        raise Refused(_("This has already been done."))
    ledger.record("removal.dropped", by=by.person, about=removal.membership, committee=removal.membership.committee, at=at)
