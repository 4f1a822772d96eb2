"""Members of a committee that came take their places."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership import register as membership
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.people.models import Person
from committees.resettling import rules
from committees.resettling.models import Arrival, Seat

AT_ONCE = 100


@transaction.atomic
def take_place(code: str, *, by: Person, at: datetime) -> Membership:
    """Somebody takes the place that was theirs where the committee came from: name, standing, roles and what they wrote.

    Refused for a code that leads nowhere or was used, and for who belongs to that committee already.
    """
    seats = Seat.objects.select_for_update(of=("self",)).select_related("membership__committee")
    seat = seats.filter(digest=rules.digest(code), until__gt=at, membership__standing=Standing.EXPECTED).first()
    if seat is None or seat.membership.committee.life == "dissolved":
        raise Refused(_("This code leads to no place here. It may have been used already. Check each letter."), field="code")
    return sit(seat, by, at=at)


def sit(seat: Seat, person: Person, *, at: datetime) -> Membership:
    """The place is this person's from now on. Refused for who belongs, or belonged, to that committee."""
    member = seat.membership
    new = member.probation_until is not None and member.probation_until > at
    member.person, member.changed_at = person, at
    member.standing = Standing.PROBATION if new else Standing.MEMBER
    member.probation_until = member.probation_until if new else None
    try:
        with transaction.atomic():
            member.save(update_fields=["person", "changed_at", "standing", "probation_until"])
    except IntegrityError:
        raise Refused(_("You belong, or once belonged, to this committee under another name. Ask its organizers."), field="code") from None
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


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: places that wait, and what came of an arrival (bodies.register.on_uniting)."""
    Seat.objects.filter(committee=loser).update(committee=winner)
    Arrival.objects.filter(committee=loser).update(committee=winner)


def close(committee: Committee, _by: int, at: datetime) -> None:
    """A committee closes: nobody takes a place in it any more (bodies.register.on_closing)."""
    Seat.objects.filter(committee=committee).delete()
