"""Proposing, agreeing, objecting, dropping; and what the clock makes of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.commands import CharterWords
from committees.bodies.models import Committee, Scope
from committees.jointly import groups, queries, register, rules
from committees.jointly.commands import deeds, ending, uniting
from committees.jointly.models import Deed, Introduction, JointAct, Objection, State
from committees.ledger import commands as ledger
from committees.membership import queries as members
from committees.membership import rules as membership
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import GIVEN, REMOVABLE, Power, Role, Standing
from committees.notices import commands as notices
from committees.support import commands as support

log = logging.getLogger(__name__)
ERASE_AFTER = timedelta(days=90)
AT_ONCE = 100


# -- Proposing -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose_role(member: Membership, role: Role, *, months: int, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes that another member holds a role for so many months; a second organizer has to agree.

    Refused for whoever is no full member, while the same is proposed already, and where nobody could agree. A delegate is sent with a
    mandate (the room above), and by nothing else.
    """
    membership.require(by, Power.GIVE_ROLE, in_committee=member.committee_id)
    membership.require_other(by, member.person_id)
    _require_given(role)
    if member.standing != Standing.MEMBER:
        raise Refused(_("Only members past their first weeks can hold a role."), field="role")
    if any(term.role == role and not term.interim and term.absent is None for term in member.running_terms):
        raise Refused(_("They hold this role already."), field="role")
    return propose(Deed.GIVE_ROLE, by=by, at=at, reason=reason, form_key=form_key, member=member, role=role, months=months)


def _require_given(role: Role) -> None:
    if role not in GIVEN:
        raise Refused(_("A delegate is sent with a mandate."), field="role")


@transaction.atomic
def volunteer(*, months: int, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """A full member offers to organize a committee in which nobody does any more; an organizer of the wider committee has to agree.

    Refused where somebody organizes, where there is nobody who could agree, and the second time.
    """
    membership.require(by, Power.VOLUNTEER, in_committee=by.committee_id)
    if not queries.nobody_organizes(by.committee_id):
        raise Refused(_("Somebody organizes here. They can propose you."))
    return propose(Deed.GIVE_ROLE, by=by, at=at, reason=reason, form_key=form_key, member=by, role=Role.ORGANIZER, months=months)


@transaction.atomic
def propose_end(member: Membership, role: Role, *, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes that another member no longer holds a role. Refused where they do not, and for the last organizer."""
    membership.require(by, Power.GIVE_ROLE, in_committee=member.committee_id)
    membership.require_other(by, member.person_id)
    _require_given(role)
    if role not in member.roles:
        raise Refused(_("They do not hold this role any more."), field="role")
    return propose(Deed.END_ROLE, by=by, at=at, reason=reason, form_key=form_key, member=member, role=role)


@transaction.atomic
def propose_removal(member: Membership, *, reason: str, for_employer: bool = False, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes to remove a member. Only organizers learn of it, and not that one, until a second one agrees.

    `for_employer`: they act for the employer, so that whom they vouched for has to be vouched for anew. Refused for whoever
    is not there any more, and while the same is proposed already.
    """
    membership.require(by, Power.REMOVE_MEMBER, in_committee=member.committee_id)
    membership.require_other(by, member.person_id)
    if member.standing not in REMOVABLE:
        raise Refused(_("They are no longer here."))
    return propose(Deed.REMOVAL, by=by, at=at, reason=reason, form_key=form_key, member=member, for_employer=for_employer)


@transaction.atomic
def propose_closing(*, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes that the committee closes. Refused for the alliance, and while it is proposed already."""
    membership.require(by, Power.CLOSE_COMMITTEE, in_committee=by.committee_id)
    if by.committee.scope == Scope.ALLIANCE:
        raise Refused(_("Other committees rely on this one. It cannot be closed."))
    return propose(Deed.CLOSING, by=by, at=at, reason=reason, form_key=form_key)


@transaction.atomic
def propose_uniting(introduction: Introduction, *, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes that their group and the other one to which it was introduced become one committee.

    It happens once both groups have agreed and nobody stopped it in either. Refused while it is proposed already, and where the
    other is no more.
    """
    membership.require(by, Power.CLOSE_COMMITTEE, in_committee=by.committee_id)
    if by.committee_id not in (introduction.first_id, introduction.second_id):
        raise PermissionDenied
    if not Introduction.objects.standing().filter(pk=introduction.pk).exists():
        raise Refused(_("One of the two committees is no longer there."))
    return propose(Deed.UNITING, by=by, at=at, reason=reason, form_key=form_key, introduction=introduction)


@transaction.atomic
def propose_export(*, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes to take the list of members out of here. Refused while it is proposed already."""
    membership.require(by, Power.EXPORT_MEMBERS, in_committee=by.committee_id)
    return propose(Deed.EXPORT, by=by, at=at, reason=reason, form_key=form_key)


@transaction.atomic
def propose_leaving(*, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes that the committee takes all that it has to another server. Refused for the alliance, and while it
    is proposed already."""
    membership.require(by, Power.CLOSE_COMMITTEE, in_committee=by.committee_id)
    if by.committee.scope == Scope.ALLIANCE:
        raise Refused(_("Other committees rely on this one. It stays here."))
    return propose(Deed.LEAVING, by=by, at=at, reason=reason, form_key=form_key)


@transaction.atomic
def fetch(act: JointAct, *, by: Membership, at: datetime) -> list[Membership]:
    """One of the two organizers takes the list of members that nobody stopped, as it is now. Each time stands in the log.

    Refused once the days in which it can be fetched are over, or the committee became one with another.
    """
    membership.require(by, Power.EXPORT_MEMBERS, in_committee=act.committee_id)
    if act.deed != Deed.EXPORT or by.pk not in (act.proposed_by_id, act.agreed_by_id):
        raise PermissionDenied
    now = _locked(act)
    if not queries.can_be_fetched(now, at):
        raise Refused(_("This list can no longer be fetched. Propose it anew."))
    ledger.record("members.exported", by=by.person, about=now, committee=now.committee, at=at)
    return list(members.roster(now.committee_id).order_by("handle_key", "pk"))


@transaction.atomic
def propose_charter(words: CharterWords, *, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes a new charter. Refused while another one is proposed."""
    membership.require(by, Power.CHANGE_CHARTER, in_committee=by.committee_id)
    return propose(Deed.CHARTER, by=by, at=at, reason=reason, form_key=form_key, words=asdict(words))


@transaction.atomic
def propose_support(parts: Sequence[str], *, hours: int, reason: str, by: Membership, at: datetime, form_key: UUID | None = None) -> JointAct:
    """An organizer proposes to let those who keep the service look at parts of the committee for some hours.

    It begins as soon as a second one agrees. Refused while the same is proposed already.
    """
    membership.require(by, Power.GRANT_SUPPORT, in_committee=by.committee_id)
    if form_key and (made := JointAct.objects.filter(form_key=form_key, committee=by.committee).first()):
        return made
    asked = support.ask(parts, hours=hours, reason=reason, by=by, at=at)
    return propose(Deed.SUPPORT, by=by, at=at, reason=reason, form_key=form_key, grant=asked)


@transaction.atomic
def propose_about(
    row: Model, deed: Deed, *, reason: str = "", by: Membership, at: datetime, form_key: UUID | None = None, gains: Sequence[int | None] = (), **what: Any
) -> JointAct:
    """For rooms above: an organizer proposes what is about a row of theirs (register.can_be_done). `gains`: whom that row names
    besides the member, as ids of people. Refused while it is proposed already, and where nobody could agree."""
    membership.require(by, register.MEANS[deed].power, in_committee=by.committee_id)
    return propose(deed, by=by, at=at, reason=reason, form_key=form_key, gains=gains, matter=row._meta.label_lower, row_id=row.pk, **what)


def propose(deed: Deed, *, by: Membership, at: datetime, reason: str, form_key: UUID | None, gains: Sequence[int | None] = (), **what: Any) -> JointAct:
    """One act of that kind, with whoever can agree told of it. Other commands use this, after they have asked who may. Refused where
    nobody could agree, and while the same is proposed."""
    committee = by.committee
    if form_key and (made := JointAct.objects.filter(form_key=form_key, committee=committee).first()):
        return made
    member: Membership | None = what.get("member")
    parties = (by.person_id, member.person_id if member else None, *gains)
    alone = not queries.others(committee.pk, *parties).exists()
    if alone and not queries.anybody_agrees(committee, *parties):
        raise Refused(_("There is nobody who could agree: no other organizer here, and none in the wider committee."))
    try:
        with transaction.atomic():
            act = JointAct.objects.create(
                committee=committee, deed=deed, reason=reason, asks_wider=alone, proposed_by=by, proposed_at=at, form_key=form_key, **what
            )
    except IntegrityError:
        raise Refused(_("This is proposed already. You can agree to it.")) from None
    ending.record("proposed", act, by=by.person, at=at)
    notices.post("jointly/proposed", about=act, committee=committee.verified_by if alone else committee, at=at)
    return act


# -- Agreeing, objecting, dropping -----------------------------------------------------------------------------------------


@transaction.atomic
def agree(act: JointAct, *, by: Membership, at: datetime) -> JointAct:
    """A second organizer agrees. Members are told and can object (rules.to_object); while the committee is forming it happens at
    once, but for what cannot be taken back.

    Never the one who proposed it, nor the one whom it is about. Both must hold their office at this moment: their rows are
    held, and those of all organizers, so that of two who end each other's office one is too late. Refused once it has lapsed or was dropped.

    The committee's row is held before anything stands in its log: what happens at once may change that row, and others who do so take
    the two in this order.
    """
    now = _locked(act)
    bodies.hold(now.committee_id)
    rows = _held([each for each in (by.pk, now.proposed_by_id, now.member_id) if each], committee_id=now.committee_id)
    held = {m.pk: m for m in rows.select_related("committee", "person").with_running_roles(at)}
    means = deeds.means(now)
    first, second = held[now.proposed_by_id], held[by.pk]
    if not now.is_proposed or at >= now.proposed_at + rules.TO_AGREE:
        membership.require(second, Power.AGREE, in_committee=second.committee_id)
        raise Refused(_("This has already been answered, or too much time has gone by."))
    _require_second(now, second)
    _require_first(now, first, means.power)
    at_once = queries.happens_at_once(now, at)
    happens_at = at if at_once else at + rules.to_object(now.deed)
    electorate = queries.electorate(now.committee_id, without=now.member_id if now.deed == Deed.REMOVAL else None)
    now.state, now.agreed_by, now.agreed_at, now.happens_at, now.electorate = State.AGREED, second, at, happens_at, electorate
    now.save(update_fields=["state", "agreed_by", "agreed_at", "happens_at", "electorate"])
    ending.record("agreed", now, by=second.person, at=at)
    if now.deed == Deed.UNITING:
        uniting.tell_those_in_both(now, at=at)
    if at_once:
        _carry_out(now, at=at)
    else:
        if means.begin:
            means.begin(now, second.person, at)
        notices.post("jointly/agreed", about=now, committee=now.committee, at=at)
    return now


def _held(pks: list[int], *, committee_id: int) -> MembershipQuerySet:
    """These members and all organizers of the committee, their rows held until the transaction ends, always in the same order.

    First the lock, then the roles: those read along with it would be of before it.
    """
    organizers = members.organizers(committee_id).values("pk")
    list(Membership.objects.filter(Q(pk__in=pks) | Q(pk__in=organizers)).order_by("pk").select_for_update(of=("self",)))
    return Membership.objects.filter(pk__in=pks)


def _require_first(act: JointAct, first: Membership, power: Power) -> None:
    """Whoever proposed it must still be who could: an organizer; or, of a committee without any, the member who offered. Not with an account
    that was hidden or closed meanwhile: somebody else may have had it in hand."""
    if first.person is None or not first.person.is_active:
        raise Refused(_("Whoever proposed this is not there any more. Propose it anew."))
    if act.is_volunteering:
        if not membership.may(first, Power.VOLUNTEER, in_committee=act.committee_id) or not queries.nobody_organizes(act.committee_id):
            raise Refused(_("Somebody organizes there now, or whoever offered is no longer a full member."))
    elif not membership.may(first, power, in_committee=act.committee_id):
        raise Refused(_("Whoever proposed this is no longer an organizer. Propose it anew."))


def _require_second(act: JointAct, second: Membership) -> None:
    membership.require(second, Power.AGREE, in_committee=second.committee_id)
    if second.pk == act.proposed_by_id:
        raise Refused(_("You proposed this. Another organizer has to agree."))
    if not queries.seconds(act).filter(pk=second.pk).exists():
        raise PermissionDenied


@transaction.atomic
def object_to(act: JointAct, *, reason: str, by: Membership, at: datetime) -> JointAct:
    """A full member objects before it happens. With a quarter of the members it is stopped, and all are told.

    Refused the second time, and once it has happened.
    """
    membership.require(by, Power.OBJECT, in_committee=act.committee_id)
    now = _locked(act)
    if not now.is_agreed or now.happens_at is None or at >= now.happens_at:
        raise Refused(_("It is too late, or not yet the time, to object to this."))
    _row, made = Objection.objects.get_or_create(act=now, by=by, defaults={"reason": reason, "at": at})
    if not made:
        raise Refused(_("You have objected already."))
    ending.record("objected", now, by=by.person, at=at)
    if now.objections.count() >= rules.objections_needed(now.electorate or 1):
        notices.supersede(now)
        ending.take_back(now, State.STOPPED, at=at)
        ending.record("stopped", now, by=None, at=at)
        notices.post("jointly/stopped", about=now, committee=now.committee, version=2, at=at)
    return now


@transaction.atomic
def drop(act: JointAct, *, by: Membership, at: datetime) -> JointAct:
    """An organizer drops it: any of them before a second one agrees, one of the two after that. Whoever offered themself takes it
    back. Refused once it is over."""
    mine = act.is_volunteering and by.pk == act.proposed_by_id
    membership.require(by, Power.VOLUNTEER if mine else Power.AGREE, in_committee=act.committee_id)
    now = _locked(act)
    if not now.is_open:
        raise Refused(_("This has already been done."))
    if not queries.may_drop(now, by):
        raise PermissionDenied
    was_told = now.is_agreed
    notices.supersede(now)
    ending.take_back(now, State.DROPPED, at=at)
    ending.record("dropped", now, by=by.person, at=at)
    if was_told:
        notices.post("jointly/stopped", about=now, committee=now.committee, version=2, at=at)
    return now


# -- The clock --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def lapse(at: datetime) -> int:
    """What no second organizer agreed to in 72 hours lapses. Returns how many."""
    late = JointAct.objects.filter(state=State.PROPOSED, proposed_at__lte=at - rules.TO_AGREE).select_related("committee", "cover", "grant")
    acts = list(late.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for act in acts:
        ending.take_back(act, State.LAPSED, at=at)
        ending.record("lapsed", act, by=None, at=at)
        notices.post("jointly/lapsed", about=act, committee=act.committee, version=2, at=at)
    return len(acts)


@transaction.atomic
def carry_out(at: datetime) -> int:
    """What nobody stopped in 72 hours happens. Returns how many."""
    due = JointAct.objects.filter(state=State.AGREED, happens_at__lte=at).select_related("committee", "member__committee", "proposed_by", "cover", "grant")
    due = due.exclude(groups.waiting_alone(at))
    acts = list(due.select_for_update(of=("self",), skip_locked=True).order_by("happens_at", "pk")[:AT_ONCE])
    for act in acts:
        act.refresh_from_db(fields=["state"])  # one act may have carried another one out
        if act.is_agreed:
            _carry_out(act, at=at)
    return len(acts)


def _carry_out(act: JointAct, *, at: datetime) -> None:
    """It happens; or it is overtaken, where what happened meanwhile has made it impossible."""
    try:
        with transaction.atomic():
            if not Committee.objects.open().filter(pk=act.committee_id).exists():
                raise Refused(_("This committee is no longer there."))
            deeds.means(act).carry_out(act, at)
    except (Refused, IntegrityError) as no:  # the database's own no, too: one that cannot be done holds up none that can
        if isinstance(no, IntegrityError):
            log.warning("the database refused joint act %s (%s)", act.slug, act.deed, exc_info=no)
        ending.overtake(act, at=at)
    else:
        act.refresh_from_db(fields=["committee"])  # two committees may have become one
        ending.end(act, State.DONE, at=at)
        ending.record("done", act, by=None, at=at)
        if deeds.means(act).tells:
            notices.post("jointly/done", about=act, committee=act.committee, version=3, at=at)


def _locked(act: JointAct) -> JointAct:
    """The row as it is now, held until the transaction ends."""
    rows = JointAct.objects.select_for_update(of=("self",)).select_related("committee", "member__committee", "proposed_by", "cover", "grant")
    return rows.get(pk=act.pk)


@transaction.atomic
def forget(at: datetime) -> int:
    """Why something was proposed, and what was objected, is erased 90 days after it was over; that it was stays in the log."""
    over = JointAct.objects.filter(ended_at__lte=at - ERASE_AFTER, erased_at=None)
    Objection.objects.filter(act__in=over).update(reason="")
    return over.update(reason="", erased_at=at)
