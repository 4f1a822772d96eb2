"""Somebody brings a committee, and organizers of the alliance answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.bodies.models import Committee
from committees.directory.models import Workplace
from committees.directory.registry import Merging
from committees.ledger import commands as ledger
from committees.membership import rules as belonging
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices
from committees.people.models import Person
from committees.resettling import parts, rules
from committees.resettling.chest import Chest
from committees.resettling.models import Arrival, State

AT_ONCE = 100


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
    parts.require_known(chest)
    chest.look_through()
    said = parts.outline(chest, at=at)
    bodies.subject_at(said["scope"], workplace, country=parts.country(chest), region=said["region"])  # refused now rather than when it was accepted
    place = rules.digest(code)
    if not parts.brings(chest, place, at=at):
        raise Refused(_("This is not the code of somebody who organizes this committee. Look it up where the committee came from."), field="code")
    asked = {"asked": alliance, "workplace": workplace, "brought_by": by, "note": note, "asked_at": at, "form_key": form_key}
    try:
        with transaction.atomic():
            arrival = Arrival.objects.create(content=content, place=place, **asked, **said)
    except IntegrityError:
        raise Refused(_("You have brought a committee already. Wait for the answer, or take it back first.")) from None
    ledger.record("arrival.asked", by=by, about=arrival, committee=alliance, at=at)
    notices.post("resettling/asked", about=arrival, committee=alliance, at=at)
    return arrival


def _locked(arrival: Arrival, *states: State) -> Arrival:
    """The row as it is now, held; refused where it stands elsewhere."""
    now = Arrival.objects.without_file().select_for_update(of=("self",)).select_related("asked", "brought_by").filter(pk=arrival.pk).first()
    if now is None or now.state not in states:
        raise Refused(_("Somebody has answered this meanwhile."))
    return now


def end(arrival: Arrival, state: State, *, at: datetime, reason: str = "", **facts: object) -> None:
    """The file goes the moment that nobody needs it any more."""
    Arrival.objects.filter(pk=arrival.pk).update(state=state, ended_at=at, reason=reason, content=None, **facts)
    notices.supersede(arrival)


@transaction.atomic
def take_back(arrival: Arrival, *, by: Person, at: datetime) -> None:
    """Who brought it takes it back before anybody answered. Refused after that."""
    if arrival.brought_by_id != by.pk:
        raise PermissionDenied
    now = _locked(arrival, State.WAITING)
    end(now, State.WITHDRAWN, at=at)
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
    end(now, State.DECLINED, at=at, reason=reason, answered_by=by)
    ledger.record("arrival.declined", by=by.person, about=now, committee=now.asked, at=at)
    notices.post("resettling/answered", to=[now.brought_by_id], about=now, at=at)


@transaction.atomic
def lapse(at: datetime) -> int:
    """What nobody answered in 30 days ends, and whoever brought it is told. Returns how many."""
    due = Arrival.objects.without_file().filter(state=State.WAITING, asked_at__lte=at - rules.WAITS_FOR).select_related("asked").order_by("pk")
    found = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for arrival in found:
        end(arrival, State.LAPSED, at=at)
        ledger.record("arrival.lapsed", by=None, about=arrival, committee=arrival.asked, at=at)
        notices.post("resettling/answered", to=[arrival.brought_by_id], about=arrival, at=at)
    return len(found)


def move_to_site(loser: Workplace, winner: Workplace, merging: Merging) -> None:
    """Two entries of a workplace become one: what was brought to the one, or waits there, is at the other from now on."""
    Arrival.objects.filter(workplace=loser).update(workplace=winner)


def forget_person(person: Person) -> None:
    """An account is erased: what it brought, with the file."""
    Arrival.objects.filter(brought_by=person).delete()


def forget(at: datetime) -> int:
    """That somebody brought a committee, 14 days after it ended."""
    gone, _rows = Arrival.objects.filter(ended_at__lt=at - timedelta(days=rules.KEPT_DAYS)).delete()
    return gone
