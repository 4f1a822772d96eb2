"""In which order people speak, and how long they still have. Pure: nothing here asks the database or the clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Asked:
    """Somebody asked to speak: who (`presence`), when, and whether it is about the order of the meeting itself."""

    pk: int
    presence: int
    at: datetime
    is_point: bool = False


def in_order(waiting: Iterable[Asked], spoken: Collection[int]) -> list[Asked]:
    """Points of order first; then those who have not spoken yet; each in the order in which they asked. `spoken`: who had the floor
    already for more than a point of order."""
    return sorted(waiting, key=lambda each: (not each.is_point, not each.is_point and each.presence in spoken, each.at, each.pk))


def minutes_left(limit: int | None, began_at: datetime, at: datetime) -> int | None:
    """How many minutes are begun and not over; 0 when the time is up, None where there is no limit."""
    return None if limit is None else max(0, min(limit, ceil((began_at + limit * MINUTE - at) / MINUTE)))


def left_in_words(minutes: int | None) -> str:
    """The same as it is read on the screen. Empty where there is no limit."""
    if minutes is None:
        return ""
    return ngettext("%(n)s minute left", "%(n)s minutes left", minutes) % {"n": minutes} if minutes else _("The time is up")
