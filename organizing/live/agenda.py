"""Which point of the agenda a meeting is at, and for how long. Pure: nothing here asks the database or the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizing.live.order import MINUTE
from organizing.meetings.models import AgendaItem

if TYPE_CHECKING:
    from organizing.live.models import Gathering


def minutes_taken(since: datetime, at: datetime) -> int:
    """Whole minutes."""
    return max(0, int((at - since) / MINUTE))


def taken_in_words(taken: int, planned: int | None) -> str:
    """How long a point has taken, in whole minutes, beside what was planned for it."""
    if planned and taken > planned:
        over = taken - planned
        return ngettext("%(n)s minute over its time", "%(n)s minutes over its time", over) % {"n": over}
    if planned:
        return ngettext("%(taken)s of %(n)s minute", "%(taken)s of %(n)s minutes", planned) % {"taken": taken, "n": planned}
    return ngettext("for %(n)s minute", "for %(n)s minutes", taken) % {"n": taken} if taken else _("just begun")


@dataclass(frozen=True)
class Agenda:
    """The points that one reader sees, and where the meeting is. A point that they do not see is not the one they are told of."""

    points: Sequence[AgendaItem]
    now: AgendaItem | None
    minutes: int

    @property
    def taken(self) -> str:
        """How long the one that is on has taken, in words."""
        return taken_in_words(self.minutes, self.now.minutes) if self.now else ""

    @property
    def is_late(self) -> bool:
        """Whether that is longer than was planned for it."""
        return self.now is not None and self.now.minutes is not None and self.minutes > self.now.minutes

    @property
    def place(self) -> int:
        """How many of the points that are shown come before the one that is on; -1 where none is."""
        return list(self.points).index(self.now) if self.now else -1

    @property
    def next(self) -> AgendaItem | None:
        """What comes after it; the first where none is on yet, nothing after the last."""
        return self.points[self.place + 1] if self.place + 1 < len(self.points) else None


def agenda(gathering: Gathering, points: Sequence[AgendaItem], at: datetime) -> Agenda:
    """As whoever sees these points sees it."""
    now = current(gathering.point_key, points)
    return Agenda(points, now, minutes_taken(gathering.point_since, at) if now and gathering.point_since else 0)


def current(key: UUID | None, points: Sequence[AgendaItem]) -> AgendaItem | None:
    """The point with that key; None where it is not among them, because it was taken off or is not theirs to see."""
    return next((point for point in points if key is not None and point.key == key), None)
