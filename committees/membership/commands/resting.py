"""A committee in which nothing happens: its organizers are told, then it rests, and it wakes by whatever happens in it.

What counts as happening is known to the rooms above; they register it with `bodies.register.shows_life`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from committees.bodies import register
from committees.bodies.models import Committee, Life
from committees.ledger import commands as ledger
from committees.membership import rules
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.notices import commands as notices

if TYPE_CHECKING:
    from committees.people.models import Person

TOLD_AFTER = timedelta(days=45)
RESTS_AFTER = timedelta(days=60)
#: So long before it rests its organizers know, even where the clocks of the server stood still meanwhile.
WARNING = RESTS_AFTER - TOLD_AFTER
#: Each committee is looked at once a day, for what happened can be taken back: a meeting is cancelled.
LOOK_AGAIN = timedelta(days=1)
ONCE_MORE = timedelta(minutes=5)
AT_ONCE = 200


@transaction.atomic
def look_at_the_quiet(at: datetime) -> int:
    """Organizers of a committee without meeting, post or vote for 45 days are told; after 60 it rests, and its members are told.

    One in which something happened all the same is woken. Returns at how many it looked. Nobody who writes in a committee waits
    for this; what was written in the very moment in which it came to rest is found a few minutes later.
    """
    committees = list(Committee.objects.to_look_at(at).select_for_update(of=("self",), skip_locked=True, no_key=True)[:AT_ONCE])
    latest = register.last_activity([committee.pk for committee in committees])
    for committee in committees:
        last = max(filter(None, (latest.get(committee.pk), committee.woken_at, committee.founded_at)))
        soon = _look(committee, last, at)
        Committee.objects.filter(pk=committee.pk).update(look_at=min(soon, at + LOOK_AGAIN))
    return len(committees)


def _look(committee: Committee, last: datetime, at: datetime) -> datetime:
    """Do with one committee what is due, and say when something is due next."""
    if committee.is_resting:
        if at < last + RESTS_AFTER:
            _wake(committee, by=None, at=at)
        return at + LOOK_AGAIN
    told = committee.quiet_told_at if committee.quiet_told_at and committee.quiet_told_at > last else None
    if told is None and at >= last + TOLD_AFTER:
        told = at
        Committee.objects.filter(pk=committee.pk).update(quiet_told_at=at)
        notices.post("membership/committee_quiet", about=committee, committee=committee, at=at, occasion=f"{at:%Y-%m-%d}")
    if told is None:
        return last + TOLD_AFTER
    rests = max(last + RESTS_AFTER, told + WARNING)
    if at < rests:
        return rests
    _rest(committee, at=at)
    return at + ONCE_MORE


def _rest(committee: Committee, *, at: datetime) -> None:
    if Committee.objects.filter(pk=committee.pk, life=Life.ACTIVE).update(life=Life.DORMANT, rests_since=at):
        ledger.record("committee.rests", by=None, about=committee, committee=committee, at=at)
        notices.post("membership/committee_rests", about=committee, committee=committee, at=at, occasion=f"{at:%Y-%m-%d}")


def _wake(committee: Committee, *, by: Person | None, at: datetime) -> bool:
    """Of many who wake it at once, one does."""
    woken = Committee.objects.filter(pk=committee.pk, life=Life.DORMANT).update(life=Life.ACTIVE, rests_since=None, woken_at=at)
    if woken:
        ledger.record("committee.woken", by=by, about=committee, committee=committee, at=at)
    return bool(woken)


def stir(committee: Committee, *, by: Person | None, at: datetime) -> None:
    """Something happened in a committee: it is awake. Given by commands of rooms above, in their transaction, with the committee
    as it was read there; what a clock did in that same moment it puts right soon (`look_at_the_quiet`)."""
    if committee.is_resting:
        _wake(committee, by=by, at=at)


@transaction.atomic
def wake(committee: Committee, *, by: Membership, at: datetime) -> bool:
    """A member past their first weeks wakes the committee; False if it was awake. Nobody is told: what happens then tells."""
    rules.require(by, Power.WAKE, in_committee=committee.pk)
    return _wake(committee, by=by.person, at=at)
