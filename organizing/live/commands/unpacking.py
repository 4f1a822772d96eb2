"""A committee comes from another server: how many came to its meetings is written anew."""

from __future__ import annotations

from committees.resettling.chest import Chest
from committees.resettling.register import Coming
from organizing.live.models import Gathering
from organizing.live.parcels import COUNTED, FILE
from organizing.meetings.models import Meeting

MOST = 1_000_000


def unpack(coming: Coming, chest: Chest) -> None:
    """The meetings were unpacked before (their room stands below), in the order in which they were packed."""
    lines = list(chest.rows(FILE))
    if not lines:
        return
    meetings = list(Meeting.objects.filter(committee=coming.committee).order_by("pk").values_list("pk", flat=True))
    seen = set[int]()
    for line in lines:
        number = line.number("meeting", most=len(meetings), least=1)
        opened = min(line.instant("began_at"), coming.at)
        ended = min(line.instant("ended_at"), coming.at)
        if number in seen or ended < opened:
            raise line.wrong("meeting" if number in seen else "ended_at")
        seen.add(number)
        counted = {name: line.number(name, most=MOST) for name in COUNTED}
        Gathering.objects.create(committee=coming.committee, meeting_id=meetings[number - 1], began_at=opened, ended_at=ended, **counted)
