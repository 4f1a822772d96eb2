"""What the retention table promises, what an erased account takes along, and two committees that become one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F

from committees.bodies.models import Committee
from committees.membership.models import Membership
from organizing.live.models import Duty, Gathering, Knock, Presence

#: So long after a meeting ended its names are erased; who waits at its door goes when it ends, and whatever that left a day later.
NAMES_DAYS, DOOR_DAYS = 90, 1


def erase_names(at: datetime) -> int:
    """Who came and who spoke, ninety days after it ended; who waited at the door, if ending it left them. How many they were is kept."""
    names, door = (Gathering.objects.filter(ended_at__lt=at - timedelta(days=days)) for days in (NAMES_DAYS, DOOR_DAYS))
    gone, _rows = Presence.objects.filter(gathering__in=names).delete()
    duties, _rows = Duty.objects.filter(gathering__in=names).delete()
    waited, _rows = Knock.objects.filter(gathering__in=door).delete()
    return gone + duties + waited


def forget(members: Sequence[Membership]) -> None:
    """An account that was in committees is erased (membership.register.on_emptying): that it came, spoke, waited, or had a duty. What shows
    one of its meetings is drawn anew."""
    seen = Presence.objects.filter(membership__in=members).values("gathering")
    Gathering.objects.open().filter(pk__in=seen).update(version=F("version") + 1)
    for model in (Presence, Knock, Duty):
        model._default_manager.filter(membership__in=members).delete()


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one: this room's rows (bodies.register.on_uniting)."""
    for model in (Gathering, Duty, Presence, Knock):
        model._default_manager.filter(committee=loser).update(committee=winner)
