"""How many came to the meetings of a committee that goes to another server: numbers, never names. What goes on stays behind."""

from __future__ import annotations

from committees.resettling.chest import Packing
from committees.resettling.register import Leaving
from organizing.live.models import Gathering
from organizing.meetings.models import Meeting

FILE = "attendance"
COUNTED = ("people", "entitled_here", "entitled", "needed")


def pack(leaving: Leaving, packing: Packing) -> None:
    """A meeting is known by its place among the committee's called ones: the order in which they are packed (meetings.parcels)."""
    called = Meeting.objects.filter(committee=leaving.committee).called().order_by("starts_at", "pk")
    place = {pk: number for number, pk in enumerate(called.values_list("pk", flat=True), start=1)}
    ended = Gathering.objects.filter(committee=leaving.committee, ended_at__isnull=False).order_by("began_at", "pk")
    packing.add(
        FILE,
        (
            {
                "meeting": place[each.meeting_id],
                "began_at": each.began_at.isoformat(),
                "ended_at": each.ended_at.isoformat(),
                **{name: getattr(each, name) for name in COUNTED},
            }
            for each in ended.iterator(chunk_size=200)
            if each.ended_at is not None and each.meeting_id in place
        ),
    )
