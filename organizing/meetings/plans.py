"""What an organizer wants a meeting to be: the values that pass between a form, a command and a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from committees.base import clock
from organizing.meetings.models import AgendaItem, Held, Meeting, Reveal


class Scope(models.TextChoices):
    """Which meetings of a series a change is for."""

    ONE = "one", _("Only this meeting")
    FOLLOWING = "following", _("This one and all later ones")
    ALL = "all", _("All that are to come")


@dataclass(frozen=True)
class When:
    """A wall time in a zone, and how long. The instants follow."""

    day: date
    clock: time
    zone: str
    minutes: int

    @property
    def wall(self) -> datetime:
        return datetime.combine(self.day, self.clock)

    @property
    def starts_at(self) -> datetime:
        return clock.instant(self.wall, self.zone)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_skipped(self) -> bool:
        """The clocks jump over this time; the meeting is later by the length of the jump."""
        return not clock.exists(self.wall, self.zone)

    @property
    def is_twice(self) -> bool:
        """The clocks show this time twice; the first is meant."""
        return clock.happens_twice(self.wall, self.zone)

    def fields(self) -> dict[str, Any]:
        return {"day": self.day, "clock": self.clock, "zone": self.zone, "minutes": self.minutes, "starts_at": self.starts_at, "ends_at": self.ends_at}

    @classmethod
    def of(cls, meeting: Meeting) -> When | None:
        if meeting.day is None or meeting.clock is None:
            return None
        return cls(meeting.day, meeting.clock, meeting.zone, meeting.minutes)


@dataclass(frozen=True)
class Where:
    """How people come together, and the sealed lines that say where."""

    held: str = Held.ONLINE
    place: str = ""
    link: str = ""
    dial_in: str = ""

    def fields(self) -> dict[str, Any]:
        return {"held": self.held, "place": self.place, "link": self.link, "dial_in": self.dial_in}

    @classmethod
    def of(cls, meeting: Meeting) -> Where:
        return cls(meeting.held, str(meeting.place), str(meeting.link), str(meeting.dial_in))


@dataclass(frozen=True)
class Point:
    """One line of an agenda. `key` says which of the lines before it is; None for a new one."""

    subject: str
    minutes: int | None = None
    presenter: str = ""
    visibility: str = AgendaItem.Visibility.ALL
    key: UUID | None = field(default=None, compare=False)

    FIELDS: ClassVar = ("subject", "minutes", "presenter", "visibility")

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.FIELDS}


@dataclass(frozen=True)
class Words:
    """What can change without anybody being told: subject, chair, languages, agenda, who may see the place."""

    subject: str
    chair: str = ""
    languages: tuple[str, ...] = ()
    agenda: tuple[Point, ...] = ()
    place_shown: str = Reveal.ON_YES
    link_shown: str = Reveal.HALF_HOUR
    probation_sees_place: bool = False
    #: For how many there is room; None for as many as come.
    capacity: int | None = None

    @property
    def minutes_planned(self) -> int:
        return sum(point.minutes or 0 for point in self.agenda)

    def fields(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "chair": self.chair,
            "languages": list(self.languages),
            "place_shown": self.place_shown,
            "link_shown": self.link_shown,
            "probation_sees_place": self.probation_sees_place,
            "capacity": self.capacity,
        }

    @classmethod
    def of(cls, meeting: Meeting) -> Words:
        agenda = tuple(Point(i.subject, i.minutes, i.presenter, i.visibility, i.key) for i in meeting.agenda.all())
        return cls(
            meeting.subject,
            meeting.chair,
            tuple(meeting.languages),
            agenda,
            meeting.place_shown,
            meeting.link_shown,
            meeting.probation_sees_place,
            meeting.capacity,
        )


@dataclass(frozen=True)
class Plan:
    """A whole meeting as an organizer wrote it. A draft may lack its time."""

    words: Words
    zone: str
    minutes: int = 60
    day: date | None = None
    clock: time | None = None
    where: Where = Where()

    @property
    def when(self) -> When | None:
        if self.day is None or self.clock is None:
            return None
        return When(self.day, self.clock, self.zone, self.minutes)

    def fields(self) -> dict[str, Any]:
        when = self.when
        time = when.fields() if when else {"day": self.day, "clock": self.clock, "zone": self.zone, "minutes": self.minutes, "starts_at": None, "ends_at": None}
        return {**self.words.fields(), **self.where.fields(), **time}
