"""A committee leaves with all that it has; somebody brings one, those who verify founders answer, it is unpacked, and members
take their places."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import clean_line
from committees.bodies import commands as bodies
from committees.bodies.models import Committee, Scope
from committees.directory.models import Workplace
from committees.jointly import queries as acts
from committees.jointly.models import Deed, JointAct
from committees.ledger import commands as ledger
from committees.membership import register as membership
from committees.membership import rules as belonging
from committees.membership.models import Membership
from committees.membership.roles import Power, Standing
from committees.notices import commands as notices
from committees.people.models import Person
from committees.resettling import parts, register, rules
from committees.resettling.chest import Chest, Packing
from committees.resettling.models import Arrival, Seat, State

log = logging.getLogger(__name__)
AT_ONCE = 100
OWN_FILES = ("committee", "charters", "members", "log")


# -- Leaving ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def pack(act: JointAct, *, by: Membership, at: datetime) -> bytes:
    """One of the two organizers takes all that the committee has, as it is now; whoever gives it away seals it (chest.sealed).

    Each time stands in the log. PermissionDenied for anybody else; refused once the days in which it can be taken are over.
    """
    belonging.require(by, Power.CLOSE_COMMITTEE, in_committee=act.committee_id)
    if by.pk not in (act.proposed_by_id, act.agreed_by_id):
        raise PermissionDenied
    if not acts.can_be_fetched(act, at, Deed.LEAVING):
        raise Refused(_("It can no longer be taken. Propose it anew."))
    packing = Packing()
    parts.pack_committee(act.committee, packing)
    leaving = register.Leaving(act.committee, parts.pack_members(act.committee, act, packing))
    for part in register.parts():
        part.pack(leaving, packing)
    parts.pack_log(act.committee, packing)
    ledger.record("committee.packed", by=by.person, about=act, committee=act.committee, at=at)
    return packing.close()


# -- Coming ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def bring(content: bytes, code: str, *, workplace: Workplace, note: str, by: Person, at: datetime, form_key: UUID | None = None) -> Arrival:
    """Somebody brings a committee to this server, in a chest that was unsealed; organizers of the alliance are asked whether it
    may come.

    `code` is their own place in it, that of an organizer. The same form posted again gives the same arrival. Refused for what
    is damaged or newer than this software; for who did not organize that committee; and while they have brought one that
    nobody answered yet.
    """
    alliance = Committee.objects.alliance()
    if alliance is None:
        raise Refused(_("This server is not set up yet. Nobody could answer you."))
    if form_key and (made := Arrival.objects.without_file().filter(form_key=form_key, brought_by=by).first()):
        return made
    chest = Chest(content)
    _require_known(chest)
    chest.look_through()
    facts = parts.facts(chest)
    scope = facts.choice("scope", Scope)
    bodies.subject_at(scope, workplace)  # refused now rather than when it was accepted
    place = rules.digest(code)
    if not parts.brings(chest, place, at=at):
        raise Refused(_("This is not the code of somebody who organizes this committee. Look it up where the committee came from."), field="code")
    try:
        with transaction.atomic():
            arrival = Arrival.objects.create(
                form_key=form_key,
                asked=alliance,
                workplace=workplace,
                brought_by=by,
                name=clean_line(facts.text("name", 120, least=1)),
                scope=scope,
                members=sum(1 for line in chest.rows("members") if line.has("place")),
                founded_at=min(facts.instant("founded_at"), at),
                note=note,
                content=content,
                place=place,
                asked_at=at,
            )
    except IntegrityError:
        raise Refused(_("You have brought a committee already. Wait for the answer, or take it back first.")) from None
    ledger.record("arrival.asked", by=by, about=arrival, committee=alliance, at=at)
    notices.post("resettling/asked", about=arrival, committee=alliance, at=at)
    return arrival


def _require_known(chest: Chest) -> None:
    known = {*OWN_FILES, *(name for part in register.parts() for name in part.files)}
    if not known.issuperset(chest.names):
        raise Refused(_("This file was made by a newer version of this software."), field="file")


def _locked(arrival: Arrival, *states: State) -> Arrival:
    """The row as it is now, held; refused where it stands elsewhere."""
    now = Arrival.objects.without_file().select_for_update(of=("self",)).select_related("asked", "brought_by").filter(pk=arrival.pk).first()
    if now is None or now.state not in states:
        raise Refused(_("Somebody has answered this meanwhile."))
    return now


def _end(arrival: Arrival, state: State, *, at: datetime, reason: str = "", **facts: object) -> None:
    """The file goes the moment that nobody needs it any more."""
    Arrival.objects.filter(pk=arrival.pk).update(state=state, ended_at=at, reason=reason, content=None, **facts)
    notices.supersede(arrival)


@transaction.atomic
def take_back(arrival: Arrival, *, by: Person, at: datetime) -> None:
    """Who brought it takes it back before anybody answered. Refused after that."""
    if arrival.brought_by_id != by.pk:
        raise PermissionDenied
    now = _locked(arrival, State.WAITING)
    _end(now, State.WITHDRAWN, at=at)
    ledger.record("arrival.withdrawn", by=by, about=now, committee=now.asked, at=at)


@transaction.atomic
def accept(arrival: Arrival, *, by: Membership, at: datetime) -> None:
    """An organizer of the alliance lets the committee come; a worker unpacks it within a minute. Refused the second time."""
    belonging.require(by, Power.AFFILIATE, in_committee=arrival.asked_id)
    belonging.require_other(by, arrival.brought_by_id)
    now = _locked(arrival, State.WAITING)
    Arrival.objects.filter(pk=now.pk).update(state=State.ACCEPTED, answered_by=by)
    ledger.record("arrival.accepted", by=by.person, about=now, committee=now.asked, at=at)


@transaction.atomic
def decline(arrival: Arrival, *, reason: str, by: Membership, at: datetime) -> None:
    """An organizer of the alliance declines, with a reason that whoever brought it reads. Refused the second time."""
    belonging.require(by, Power.AFFILIATE, in_committee=arrival.asked_id)
    belonging.require_other(by, arrival.brought_by_id)
    now = _locked(arrival, State.WAITING)
    _end(now, State.DECLINED, at=at, reason=reason, answered_by=by)
    ledger.record("arrival.declined", by=by.person, about=now, committee=now.asked, at=at)
    notices.post("resettling/answered", to=[now.brought_by_id], about=now, at=at)


def unpack_accepted(at: datetime) -> int:
    """What was accepted is unpacked, each committee in one transaction: it is here whole, or not at all. Returns how many came."""
    due = list(Arrival.objects.filter(state=State.ACCEPTED).order_by("asked_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_unpack_or_say_why(pk, at) for pk in due)


def _unpack_or_say_why(pk: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            return _unpack(pk, at)
    except (Refused, ValidationError) as no:
        why = str(no) if isinstance(no, Refused) else " ".join(no.messages)
    except DatabaseError:
        log.exception("an arrival could not be unpacked")
        why = ""
    with transaction.atomic():
        arrival = Arrival.objects.without_file().select_for_update(skip_locked=True).filter(pk=pk, state=State.ACCEPTED).first()
        if arrival is not None:
            _end(arrival, State.BROKEN, at=at, reason=why)
            ledger.record("arrival.broken", by=None, about=arrival, committee=arrival.asked, at=at)
            notices.post("resettling/answered", to=[arrival.brought_by_id], about=arrival, at=at)
    return False


def _unpack(pk: int, at: datetime) -> bool:
    row = Arrival.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=State.ACCEPTED)
    arrival = row.select_related("asked", "brought_by", "workplace__employer").first()
    if arrival is None:  # another worker is at it
        return False
    chest = Chest(bytes(arrival.content or b""))
    _require_known(chest)
    site = bodies.still_there(arrival.workplace)
    committee = parts.unpack_committee(chest, bodies.subject_at(Scope(arrival.scope), site), verified_by=arrival.asked, at=at)
    members = parts.unpack_members(committee, chest, at=at)
    coming = register.Coming(committee, members, at)
    for part in register.parts():
        part.unpack(coming, chest)
    seal = hashlib.sha256(bytes(arrival.content or b"")).hexdigest()
    ledger.record(
        "committee.arrived", by=arrival.brought_by, about=committee, committee=committee, at=at, detail={"members": len(members), "sha256": seal[:40]}
    )
    seat = Seat.objects.select_related("membership__committee").get(digest=arrival.place)
    _sit(seat, arrival.brought_by, at=at)
    _end(arrival, State.THERE, at=at, committee=committee)
    ledger.record("arrival.there", by=None, about=arrival, committee=arrival.asked, at=at)
    notices.post("resettling/answered", to=[arrival.brought_by_id], about=arrival, at=at)
    return True


# -- Places ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_place(code: str, *, by: Person, at: datetime) -> Membership:
    """Somebody takes the place that was theirs where the committee came from: name, standing, roles and what they wrote.

    Refused for a code that leads nowhere or was used, and for who belongs to that committee already.
    """
    seats = Seat.objects.select_for_update(of=("self",)).select_related("membership__committee")
    seat = seats.filter(digest=rules.digest(code), until__gt=at, membership__standing=Standing.EXPECTED).first()
    if seat is None or seat.membership.committee.life == "dissolved":
        raise Refused(_("This code leads to no place here. It may have been used already. Check each letter."), field="code")
    return _sit(seat, by, at=at)


def _sit(seat: Seat, person: Person, *, at: datetime) -> Membership:
    member = seat.membership
    if Membership.objects.filter(committee_id=member.committee_id, person=person).exists():
        raise Refused(_("You belong, or once belonged, to this committee under another name. Ask its organizers."), field="code")
    new = member.probation_until is not None and member.probation_until > at
    member.person, member.changed_at = person, at
    member.standing = Standing.PROBATION if new else Standing.MEMBER
    member.probation_until = member.probation_until if new else None
    member.save(update_fields=["person", "changed_at", "standing", "probation_until"])
    seat.delete()
    ledger.record("member.took_place", by=person, about=member, committee=member.committee, at=at)
    membership.admitted(member, at=at)
    return member


@transaction.atomic
def let_places_go(at: datetime) -> int:
    """Places that nobody took in half a year lapse; the names stay reserved and lead to nobody. Returns how many."""
    due = list(
        Seat.objects.filter(until__lte=at).select_related("membership__committee").order_by("pk").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]
    )
    for seat in due:
        if Membership.objects.filter(pk=seat.membership_id, standing=Standing.EXPECTED).update(standing=Standing.LAPSED, changed_at=at, shift=""):
            ledger.record("member.lapsed", by=None, about=seat.membership, committee=seat.membership.committee, at=at)
    Seat.objects.filter(pk__in=[seat.pk for seat in due]).delete()
    return len(due)


# -- What the clock ends, and what the retention table promises --------------------------------------------------------------


@transaction.atomic
def lapse(at: datetime) -> int:
    """What nobody answered in 30 days ends, and whoever brought it is told. Returns how many."""
    due = Arrival.objects.without_file().filter(state=State.WAITING, asked_at__lte=at - rules.WAITS_FOR).select_related("asked").order_by("pk")
    found = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for arrival in found:
        _end(arrival, State.LAPSED, at=at)
        ledger.record("arrival.lapsed", by=None, about=arrival, committee=arrival.asked, at=at)
        notices.post("resettling/answered", to=[arrival.brought_by_id], about=arrival, at=at)
    return len(found)


def forget(at: datetime) -> int:
    """That somebody brought a committee, 14 days after it ended."""
    gone, _rows = Arrival.objects.filter(ended_at__lt=at - timedelta(days=rules.KEPT_DAYS)).delete()
    return gone


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: places that wait, and what came of an arrival (bodies.register.on_uniting)."""
    Seat.objects.filter(committee=loser).update(committee=winner)
    Arrival.objects.filter(committee=loser).update(committee=winner)


def close(committee: Committee, _by: int, at: datetime) -> None:
    """A committee closes: nobody takes a place in it any more (bodies.register.on_closing)."""
    Seat.objects.filter(committee=committee).delete()
