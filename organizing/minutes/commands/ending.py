"""What ends with a membership, an account or a committee, what goes over into another one, and what the retention table promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from committees.bodies.models import Committee
from committees.membership.models import Membership
from organizing.minutes.models import Item, ItemState, Minutes, Remark, State, Taker

REMARK_DAYS = 30
OWNER_DAYS = 365


def let_go(member: Membership, at: datetime) -> None:
    """A membership ends (membership.register.on_ending): what they were to do is nobody's, and organizers find it; they write no more minutes."""
    Item.objects.filter(owner=member, state=ItemState.OPEN).update(owner=None)
    Taker.objects.filter(member=member).delete()


def call_off(committee: Committee, by: int, at: datetime) -> None:
    """A committee closes (bodies.register.on_closing): nobody is reminded of anything any more, and drafts go."""
    Item.objects.filter(committee=committee, state=ItemState.OPEN).update(state=ItemState.DROPPED, settled_at=at)
    Minutes.objects.filter(committee=committee).drafts().delete()


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: this room's rows (bodies.register.on_uniting)."""
    for model in (Minutes, Item, Taker, Remark):
        model._default_manager.filter(committee=loser).update(committee=winner)


def forget(members: Sequence[Membership]) -> None:
    """An account that was in committees is erased (membership.register.on_emptying): what it objected to, and that it was to do something,
    long ago too. What it wrote was the committee's word."""
    Remark.objects.filter(member__in=members).delete()
    Taker.objects.filter(member__in=members).delete()
    Item.objects.filter(owner__in=members).update(owner=None)


def lapse(member: Membership, at: datetime) -> None:
    """A membership lapses long after it ended (membership.register.on_lapse): the same of that one alone."""
    forget([member])


def erase_old(at: datetime) -> int:
    """What was objected, thirty days after the minutes were approved; and a year after something was settled who did it."""
    old = Remark.objects.filter(minutes__state=State.APPROVED, minutes__approved_at__lt=at - timedelta(days=REMARK_DAYS))
    erased, _rows = old.delete()
    done = Item.objects.exclude(owner=None).filter(settled_at__lt=at - timedelta(days=OWNER_DAYS))
    return erased + done.update(owner=None)
