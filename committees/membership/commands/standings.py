"""Where those stand who were in both of two committees that become one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership.commands.belonging import end_membership
from committees.membership.commands.removing import remove
from committees.membership.models import Membership
from committees.membership.roles import PRESENT, REMOVABLE, Standing

#: Out, and not only by one's own wish: being in the other committee is no way back.
KEEPS_OUT = (Standing.STEPPED_ASIDE, Standing.REMOVED)
#: Which of two standings counts, the first before the last.
ORDER = (Standing.SUSPENDED, Standing.MEMBER, Standing.PROBATION, Standing.INACTIVE)
FIELDS = ("standing", "probation_until", "inactive_since", "changed_at", "asked_on", "revouch_since", "removed_for_employer")


def give_the_stronger(twice: Sequence[tuple[Membership, Membership]]) -> None:
    """The place in the committee that stays, the second of each pair, takes the stronger standing of the two; but whoever is
    suspended in either is so in the one. Two questions, however many they are."""
    for here, there in twice:
        _take_over(here, there)
    places = [there for _here, there in twice]
    # Nobody comes to these in one step from wherever they are: the database lets them by way of a full member.
    on_the_way = [there.pk for there in places if there.standing in (Standing.SUSPENDED, Standing.INACTIVE)]
    Membership.objects.filter(pk__in=on_the_way).exclude(standing__in=PRESENT).update(standing=Standing.MEMBER, probation_until=None)
    Membership.objects.bulk_update(places, FIELDS, batch_size=500)


def _take_over(here: Membership, there: Membership) -> None:
    there.removed_for_employer |= here.removed_for_employer
    inside = [each for each in (there, here) if each.standing in REMOVABLE]
    if not inside:
        return
    stands = min(inside, key=lambda each: ORDER.index(Standing(each.standing)))  # of two alike that in the one that stays
    is_full = any(each.standing == Standing.MEMBER or each.probation_until is None for each in inside)
    came_by = any(each.standing in PRESENT or (each.standing == Standing.SUSPENDED and each.inactive_since is None) for each in inside)
    there.revouch_since = inside[0].revouch_since
    there.inactive_since = None if came_by else stands.inactive_since
    there.probation_until = None if is_full else stands.probation_until
    there.changed_at, there.asked_on = stands.changed_at, stands.asked_on
    there.standing = Standing.MEMBER if is_full and stands.standing == Standing.PROBATION else stands.standing


def out_of_either(loser: Committee, winner: Committee) -> dict[int, str]:
    """Whoever was removed from one of the two, or stepped aside there; by person, the removal before all else."""
    gone = Membership.objects.filter(committee__in=(loser, winner), standing__in=KEEPS_OUT, person__isnull=False).values_list("person_id", "standing")
    return dict(sorted(gone, key=lambda row: KEEPS_OUT.index(Standing(row[1]))))


def stay_out(out: dict[int, str], winner: Committee, *, at: datetime) -> None:
    """They are out of the one that the two became, as if it had been from there that they were removed, or stepped aside."""
    places = Membership.objects.filter(committee=winner, person__in=list(out)).exclude(standing=Standing.REMOVED)
    for member in places.select_related("committee__verified_by").order_by("pk"):
        if out[member.person_id or 0] == Standing.REMOVED:
            remove(member, for_employer=member.removed_for_employer, by=None, at=at)
        elif member.standing in REMOVABLE:
            Membership.objects.filter(pk=member.pk).exclude(standing__in=PRESENT).update(standing=Standing.MEMBER)  # nobody steps aside otherwise
            end_membership(member, Standing.STEPPED_ASIDE, at=at)
            ledger.record("member.stepped_aside", by=None, about=member, committee=member.committee, at=at)
