"""How committees come together and part: asking, answering, taking back, ending.

Each act is written into the chains of both committees, for both have members who may read what was done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.utils.translation import gettext as _

from committees.alliance import queries, register, rules
from committees.alliance.models import OPEN, Affiliation, State
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices

ERASE_AFTER = timedelta(days=90)
#: The trigger's name for what it refuses (migrations/0002).
CIRCLE = "no_circle_of_affiliations"


def _circle() -> Refused:
    return Refused(_("They belong to you already, directly or through others. Committees cannot belong to each other in a circle."))


def _record(verb: str, tie: Affiliation, *, by: Membership, at: datetime) -> None:
    for committee in sorted((tie.committee, tie.wider), key=lambda each: each.slug):  # one order for all: two acts at once wait, and never for each other
        ledger.record(f"affiliation.{verb}", by=by.person, about=tie, committee=committee, at=at)


@transaction.atomic
def ask(wider: Committee, *, why: str = "", by: Membership, at: datetime, form_key: UUID | None = None) -> Affiliation:
    """An organizer asks that their committee belong to a wider one; that one's organizers are told.

    Refused while the committee is forming, for one that it does not fit or that belongs to it, and the second time. The same
    form posted again gives the same request.
    """
    membership.require(by, Power.AFFILIATE, in_committee=by.committee_id)
    committee = by.committee
    if committee.life not in rules.MAY_ASK:
        raise Refused(_("Hold your first meeting, then you can ask others."))
    if not rules.fits(committee, wider) or wider.life == Life.DISSOLVED:
        raise Refused(_("Your committee cannot belong to this one."))
    if form_key and (made := Affiliation.objects.filter(form_key=form_key, committee=committee).first()):
        return made
    if queries.would_circle(committee, wider):
        raise _circle()
    try:
        with transaction.atomic():
            tie = Affiliation.objects.create(committee=committee, wider=wider, why=why, asked_by=by, asked_at=at, form_key=form_key)
    except IntegrityError:
        raise Refused(_("You have asked them already.")) from None
    _record("requested", tie, by=by, at=at)
    notices.post("alliance/requested", about=tie, committee=wider, at=at)
    return tie


@transaction.atomic
def accept(tie: Affiliation, *, by: Membership, at: datetime) -> None:
    """An organizer of the wider committee says yes; all members of the other one are told.

    Refused if it was answered first or taken back, and where a circle would come about, also by another tie accepted in the same moment.
    """
    membership.require(by, Power.AFFILIATE, in_committee=tie.wider_id)
    now = _waiting(tie)
    try:
        with transaction.atomic():
            Affiliation.objects.filter(pk=now.pk).update(state=State.ACCEPTED, answered_by=by, answered_at=at)
    except IntegrityError as no:
        if getattr(no.__cause__, "diag", None) is None or no.__cause__.diag.constraint_name != CIRCLE:  # type: ignore[union-attr]
            raise
        raise _circle() from None
    _record("accepted", now, by=by, at=at)
    notices.post("alliance/accepted", about=now, committee=now.committee, at=at)


@transaction.atomic
def decline(tie: Affiliation, reason: str, *, by: Membership, at: datetime) -> None:
    """An organizer of the wider committee says no, with a reason; the organizers who asked are told. Refused if it was answered first."""
    membership.require(by, Power.AFFILIATE, in_committee=tie.wider_id)
    now = _waiting(tie)
    Affiliation.objects.filter(pk=now.pk).update(state=State.DECLINED, answered_by=by, answered_at=at, ended_at=at, reason=reason)
    _record("declined", now, by=by, at=at)
    notices.post("alliance/declined", about=now, committee=now.committee, at=at)


@transaction.atomic
def withdraw(tie: Affiliation, *, by: Membership, at: datetime) -> None:
    """An organizer takes their committee's request back. Refused once it is answered."""
    membership.require(by, Power.AFFILIATE, in_committee=tie.committee_id)
    now = _waiting(tie)
    Affiliation.objects.filter(pk=now.pk).update(state=State.WITHDRAWN, ended_at=at)
    notices.supersede(now)
    _record("withdrawn", now, by=by, at=at)


@transaction.atomic
def end(tie: Affiliation, reason: str, *, by: Membership, at: datetime) -> None:
    """An organizer of either side ends the tie, with a reason; the other side's organizers and the parting committee's members
    are told. What both shared is shut to the parting committee from the next request on. Refused the second time."""
    if by.committee_id not in (tie.committee_id, tie.wider_id):
        membership.require(by, Power.AFFILIATE, in_committee=tie.wider_id)
    membership.require(by, Power.AFFILIATE, in_committee=by.committee_id)
    now = _locked(tie)
    if not now.is_accepted:
        raise Refused(_("This has already been done."))
    Affiliation.objects.filter(pk=now.pk).update(state=State.ENDED, ended_in=by.committee_id, ended_by=by, ended_at=at, reason=reason)
    notices.supersede(now)
    _record("ended", now, by=by, at=at)
    register.parted(now.committee, now.wider, at=at)
    notices.post("alliance/ended", about=now, committee=now.committee, version=2, at=at)
    notices.post("alliance/parted", about=now, committee=now.wider, version=2, at=at)


@transaction.atomic
def part_from_all(committee: Committee, by: int, at: datetime) -> None:
    """The committee closes: it belongs to nobody any more, and nobody to it; the other sides are told (bodies.register)."""
    closing = Membership.objects.select_related("person").get(pk=by)
    both = Affiliation.objects.filter(Q(committee=committee) | Q(wider=committee), state__in=sorted(OPEN)).order_by("pk")
    for tie in both.select_related("committee", "wider").select_for_update(of=("self",)):
        notices.supersede(tie)
        if tie.is_accepted:
            Affiliation.objects.filter(pk=tie.pk).update(state=State.ENDED, ended_in=committee, ended_by=closing, ended_at=at)
            _record("ended", tie, by=closing, at=at)
            register.parted(tie.committee, tie.wider, at=at)
            told, other = ("alliance/parted", tie.wider) if tie.committee_id == committee.pk else ("alliance/ended", tie.committee)
            notices.post(told, about=tie, committee=other, version=2, at=at)
        elif tie.committee_id == committee.pk:
            Affiliation.objects.filter(pk=tie.pk).update(state=State.WITHDRAWN, ended_at=at)
            _record("withdrawn", tie, by=closing, at=at)
        else:
            answered = {"answered_by": closing, "answered_at": at, "ended_at": at}
            Affiliation.objects.filter(pk=tie.pk).update(state=State.DECLINED, **answered)
            _record("declined", tie, by=closing, at=at)
            notices.post("alliance/declined", about=tie, committee=tie.committee, at=at)


@transaction.atomic
def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees of workplaces become one, which belongs where either did (bodies.register.on_uniting). Of two ties to one wider
    committee that one goes over which was accepted, else that of the one that stays."""
    theirs = Affiliation.objects.filter(committee=loser, state__in=sorted(OPEN))
    asked = Affiliation.objects.filter(committee=winner, state=State.REQUESTED, wider__in=theirs.filter(state=State.ACCEPTED).values("wider"))
    for tie in asked:
        notices.supersede(tie)
    asked.delete()
    there = Affiliation.objects.filter(committee=winner, state__in=sorted(OPEN)).values("wider")
    theirs.filter(wider__in=there).delete()
    ended_in = Case(When(ended_in=loser, then=Value(winner.pk)), default=F("ended_in_id"), output_field=BigIntegerField())
    Affiliation.objects.filter(committee=loser).update(committee=winner, ended_in=ended_in)


def _locked(tie: Affiliation) -> Affiliation:
    """The row as it is now, held until the transaction ends, with both sides."""
    return Affiliation.objects.select_for_update(of=("self",)).select_related("committee", "wider").get(pk=tie.pk)


def _waiting(tie: Affiliation) -> Affiliation:
    now = _locked(tie)
    if not now.is_requested:
        raise Refused(_("This has already been answered or taken back."))
    return now


@transaction.atomic
def forget(at: datetime) -> int:
    """What was written about a tie that is over is erased 90 days later; that it was stays in both logs."""
    return Affiliation.objects.filter(ended_at__lte=at - ERASE_AFTER, erased_at=None).update(why="", reason="", erased_at=at)
