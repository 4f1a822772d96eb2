"""What somebody does by a day: done, handed back, given to somebody else, no longer needed; and the clock that reminds."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.minutes import queries, rules
from organizing.minutes.commands import telling
from organizing.minutes.commands.writing import named
from organizing.minutes.models import Item, ItemState


def _open(item: Item) -> Item:
    """The row as it is now, held. Refused once it is settled."""
    now = Item.objects.in_force().select_for_update(of=("self",)).select_related("committee", "owner").filter(pk=item.pk).first()
    if now is None or not now.is_open:
        raise Refused(_("This was settled already."))
    return now


def _settle(now: Item, state: ItemState, at: datetime) -> None:
    now.state, now.settled_at = state, at
    now.save(update_fields=["state", "settled_at"])


@transaction.atomic
def finish(item: Item, *, by: Membership, at: datetime) -> Item:
    """Whoever does it, or an organizer, says that it is done. Refused once it is settled."""
    membership.require(by, Power.SEE_COMMITTEE if item.owner_id == by.pk else Power.KEEP_MINUTES, in_committee=item.committee_id)
    now = _open(item)
    if now.owner_id != by.pk and Power.KEEP_MINUTES not in by.powers:
        raise Refused(_("This was given to somebody else meanwhile."))
    _settle(now, ItemState.DONE, at)
    ledger.record("item.done", by=by.person, about=now, committee=now.committee, at=at)
    return now


@transaction.atomic
def hand_back(item: Item, *, by: Membership, at: datetime) -> Item:
    """Whoever was to do it cannot, without saying why; organizers find it on their page. Refused where it is no longer theirs."""
    membership.require(by, Power.SEE_COMMITTEE, in_committee=item.committee_id)
    if item.owner_id != by.pk:
        raise PermissionDenied
    now = _open(item)
    if now.owner_id != by.pk:
        raise Refused(_("This was given to somebody else meanwhile."))
    now.owner, now.given_back = None, True
    now.save(update_fields=["owner", "given_back"])
    ledger.record("item.handed_back", by=by.person, about=now, committee=now.committee, at=at)
    return now


@transaction.atomic
def give(item: Item, name: str, *, due: date, seen: int, by: Membership, at: datetime) -> Item:
    """An organizer gives it to somebody (an empty name: to nobody yet), by another day perhaps; they are told, and reminded anew.

    Refused where nobody uses that name, and if another one gave it to somebody since `seen`.
    """
    membership.require(by, Power.KEEP_MINUTES, in_committee=item.committee_id)
    now = _open(item)
    if now.round != seen:
        raise Refused(_("Another organizer has given this to somebody meanwhile. Look at it again."))
    owner = named(name, committee_id=now.committee_id, field="name") if name else None
    if (now.owner, now.due) == (owner, due) and not now.given_back:
        return now
    now.owner, now.due, now.given_back, now.round = owner, due, False, now.round + 1
    now.save(update_fields=["owner", "due", "given_back", "round"])
    ledger.record("item.given", by=by.person, about=now, committee=now.committee, at=at)
    telling.given(now, at=at)
    return now


@transaction.atomic
def drop(item: Item, *, by: Membership, at: datetime) -> Item:
    """An organizer says that nobody needs to do it any more. Refused once it is settled."""
    membership.require(by, Power.KEEP_MINUTES, in_committee=item.committee_id)
    now = _open(item)
    _settle(now, ItemState.DROPPED, at)
    ledger.record("item.dropped", by=by.person, about=now, committee=now.committee, at=at)
    return now


# -- The clock --------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def remind_due(at: datetime) -> int:
    """Tell whoever does something 24 hours before its day begins, and once when it is over; by their own clock. Returns how many were told.

    Called every minute. Given to somebody else or put off it is due anew, for it is another round then. What is approved so late that the
    day has begun or is over is told as it is given; what this clock missed until the day was over is told as overdue alone.
    """
    due = queries.near(at).select_for_update(of=("self",), skip_locked=True)
    return sum(_remind(item, at) for item in due.order_by("due", "pk"))


def _remind(item: Item, at: datetime) -> bool:
    owner = item.owner
    if owner is None or owner.person is None:
        return False
    zone = owner.person.time_zone
    if at >= rules.overdue_at(item.due, zone):
        if item.overdue_in == item.round:
            return False
        Item.objects.filter(pk=item.pk).update(overdue_in=item.round, reminded_in=item.round)
        telling.owner(item, queries.OVERDUE, at=at)
        return True
    if at < rules.reminded_at(item.due, zone) or item.reminded_in == item.round:
        return False
    Item.objects.filter(pk=item.pk).update(reminded_in=item.round)
    telling.owner(item, queries.DUE, at=at)
    return True
