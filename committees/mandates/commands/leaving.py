"""What becomes of mandates when a member goes, when committees part, and when two become one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from committees.bodies.models import Committee
from committees.mandates.commands.holding import call_off, finish, follow, held, lose_alternate, record, vacate
from committees.mandates.models import Ending, Mandate, State
from committees.membership.models import Membership

#: So long after its end a mandate's text is kept: members can look back at what the last one said.
ERASE_AFTER = timedelta(days=365)


@transaction.atomic
def member_goes(member: Membership, at: datetime) -> None:
    """A membership ended, however it did: where they were the delegate the alternate is from now on; where they were the alternate
    there is none; what was only proposed does not come about (membership.register.on_ending)."""
    for mandate in held(Mandate.objects.open().filter(Q(delegate=member) | Q(alternate=member))):
        if mandate.alternate_id == member.pk:
            record("alternate_gone", mandate, by=None, at=at)
            lose_alternate(mandate, at=at)
        elif mandate.is_proposed:
            call_off(mandate, at=at)
        else:
            vacate(mandate, Ending.GONE, at=at)


@transaction.atomic
def part(committee: Committee, wider: Committee, at: datetime) -> None:
    """Two committees no longer belong together: nobody is sent from the one to the other any more (alliance.register.on_parting)."""
    for mandate in held(Mandate.objects.open().filter(committee=committee, wider=wider)):
        if mandate.is_proposed:
            call_off(mandate, at=at)
        else:
            finish(mandate, Ending.PARTED, at=at)


@transaction.atomic
def settle_before_uniting(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees are about to become one: what was proposed was so for one alone; of two mandates of one person to the same wider
    committee that of the one that stays goes on (bodies.register.before_uniting)."""
    for mandate in held(Mandate.objects.filter(committee__in=(loser, winner), state=State.PROPOSED)):
        call_off(mandate, at=at)
    running = Mandate.objects.filter(state=State.RUNNING)
    there = set(running.filter(committee=winner, delegate__person__isnull=False).values_list("delegate__person", "wider"))
    for mandate in held(running.filter(committee=loser)):
        if (mandate.delegate.person_id, mandate.wider_id) in there:
            finish(mandate, Ending.UNITED, at=at)


@transaction.atomic
def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Mandates go over to the committee that the two became: what either belonged to, it belongs to (bodies.register.on_uniting). The
    role of each delegate runs until the last of their mandates there."""
    Mandate.objects.filter(committee=loser).update(committee=winner)
    held = Mandate.objects.running(at).filter(committee=winner).values("delegate")
    for member in Membership.objects.filter(pk__in=held).select_related("committee").order_by("pk"):
        follow(member, at=at)


@transaction.atomic
def forget(at: datetime) -> int:
    """What a mandate said is erased a year after it was over; that it was, and who held it, stays."""
    return Mandate.objects.filter(ended_at__lte=at - ERASE_AFTER, erased_at=None).update(text="", erased_at=at)
