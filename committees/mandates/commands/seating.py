"""A delegate's place in the wider committee: taken with one tap, and there as long as the mandate runs."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.mandates import queries
from committees.mandates.models import Mandate, State
from committees.membership import commands as membership
from committees.membership import rules as members
from committees.membership.models import Membership
from committees.membership.roles import PRESENT, Power, Standing
from committees.notices import commands as notices


@transaction.atomic
def take_seat(mandate: Mandate, *, handle: str, by: Membership, at: datetime) -> Membership:
    """The delegate sits in the wider committee, under a name of their own there, as a full member and without a review: their whole
    committee sent them. That one's organizers are told who sent them.

    Refused once the mandate is over, for whoever belongs there already, and for whoever was removed there.
    """
    members.require(by, Power.TAKE_SEAT, in_committee=mandate.committee_id)
    if by.pk != mandate.delegate_id or by.person is None:
        raise PermissionDenied
    # First their place at home, as whoever ends or suspends it does: that waits until they sit, and then ends or suspends the seat too.
    if not Membership.objects.filter(pk=by.pk, standing=Standing.MEMBER).select_for_update(of=("self",), no_key=True).first():
        raise PermissionDenied
    now = Mandate.objects.select_for_update(of=("self",)).select_related("wider").get(pk=mandate.pk)
    if now.delegate_id != by.pk or now.state != State.RUNNING or now.ends_at is None or now.ends_at <= at:
        raise Refused(_("This is over already."))
    seat = membership.seat_delegate(now.wider, by.person, handle=handle, attested_at=by.attested_at, at=at)
    Mandate.objects.filter(pk=now.pk).update(seat=seat, seated_at=seat.joined_at)
    notices.post("mandates/seated", about=now, committee=now.wider, at=at, occasion=f"{at:%Y-%m-%dT%H:%M:%S}")
    return seat


def leave(mandate: Mandate, *, at: datetime) -> None:
    """The seat ends, because what gave it does. Another committee's mandate to the same one keeps it, where the same person has both.
    The row is held."""
    seat = Membership.objects.select_related("committee__verified_by", "person").filter(pk=mandate.seat_id).first() if mandate.seat_id else None
    taken_at = mandate.seated_at
    Mandate.objects.filter(pk=mandate.pk).update(seat=None, seated_at=None)
    mandate.seat = mandate.seated_at = None
    if seat is None or seat.joined_at != taken_at:  # they joined there by themselves since
        return
    others = Mandate.objects.running(at).filter(wider=mandate.wider_id, delegate__person=seat.person_id, seat=None).exclude(pk=mandate.pk)
    other = others.order_by("pk").values_list("pk", flat=True).first() if seat.person_id else None
    if other is not None and Mandate.objects.filter(pk=other, state=State.RUNNING, seat=None).update(seat=seat, seated_at=taken_at):
        _be_as_at_home(seat, at=at)
        return
    membership.unseat_delegate(seat, at=at)


def _be_as_at_home(seat: Membership, *, at: datetime) -> None:
    """Another mandate holds the seat from now on: it is suspended if its delegate is so where that one was given, and no longer because
    of where the last one was."""
    if seat.standing == Standing.SUSPENDED:
        membership.end_suspension(seat, by=None, at=at)
    elif seat.standing in PRESENT and queries.is_suspended_at_home(seat, at):
        _suspend(seat, at=at)


def _suspend(seat: Membership, *, at: datetime) -> None:
    with suppress(Refused), transaction.atomic():  # the last organizer there
        membership.suspend(seat, by=None, at=at)


@transaction.atomic
def suspend_seats(member: Membership, at: datetime) -> None:
    """Whoever is suspended where they were sent from is so where they were sent to: for the same time, and never because of it an
    office of theirs there is lost."""
    for seat in queries.seats_of(member, at).filter(standing__in=PRESENT).select_related("committee", "person").order_by("pk"):
        ledger.hold(member.committee, seat.committee)
        _suspend(seat, at=at)


@transaction.atomic
def let_back(member: Membership, at: datetime) -> None:
    """What they were before there, too, unless that committee itself wants them suspended."""
    for seat in queries.seats_of(member, at).filter(standing=Standing.SUSPENDED).select_related("committee", "person").order_by("pk"):
        ledger.hold(member.committee, seat.committee)
        membership.end_suspension(seat, by=None, at=at)
