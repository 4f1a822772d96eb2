"""How a meeting repeats: what an organizer chooses, the recurrence rule that follows from it (recurrence.py), and how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, ngettext_lazy

from committees.base import dates
from committees.base.errors import Refused
from organizing.meetings import recurrence
from organizing.meetings.recurrence import DAYS, Occurrence

MOST_OFTEN, MOST_TIMES = 52, 500
LONGEST_RULE = 300
#: A series meets at most once a day; its clock is the meeting's.
_PERIODS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_CLOCK = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


class Every(models.TextChoices):
    """What is offered; all follows from the first date but one's own rule."""

    DAY = "day", _lazy("Every day")
    WEEK = "week", _lazy("Every week, on the same day of the week")
    MONTH_DATE = "month_date", _lazy("Every month, on the same date")
    MONTH_DAY = "month_day", _lazy("Every month, on the same day of the same week, such as the second Tuesday")
    MONTH_LAST = "month_last", _lazy("Every month, on the last such day of the week")
    YEAR = "year", _lazy("Every year")
    RULE = "rule", _lazy("By a rule of my own")


@dataclass(frozen=True)
class Rhythm:
    """How often, and until when: `count` times, up to the day `until` (which is in), or without an end. `own` is an RRULE's value without an
    end (RFC 5545 §3.3.10), where `every` is RULE."""

    every: str
    interval: int = 1
    own: str = ""
    count: int | None = None
    until: date | None = None

    def text(self, first: date) -> str:
        """The recurrence rule of a series that begins on this day."""
        end = f";COUNT={self.count}" if self.count else f";UNTIL={self.until:%Y%m%d}" if self.until else ""
        return self._frequency(first) + end

    def without_end(self, first: date) -> str:
        return self._frequency(first)

    def _frequency(self, first: date) -> str:
        if self.every == Every.RULE:
            return self.own.strip().upper().removeprefix("RRULE:").strip(";")
        day, nth = DAYS[first.weekday()], (first.day - 1) // 7 + 1
        rules = {
            Every.DAY: "FREQ=DAILY",
            Every.WEEK: f"FREQ=WEEKLY;BYDAY={day}",
            Every.MONTH_DATE: f"FREQ=MONTHLY;BYMONTHDAY={first.day}",
            Every.MONTH_DAY: f"FREQ=MONTHLY;BYDAY={nth}{day}",
            Every.MONTH_LAST: f"FREQ=MONTHLY;BYDAY=-1{day}",
            Every.YEAR: "FREQ=YEARLY",
        }
        return rules[Every(self.every)] + (f";INTERVAL={self.interval}" if self.interval > 1 else "")

    def from_(self, start: datetime, zone: str) -> Iterator[Occurrence]:
        """When it meets, if it first does at the naive wall time `start` in this zone. Refused as `require`."""
        return recurrence.occurrences(recurrence.read(self.text(start.date())), start, zone)

    def must_fit(self, start: datetime, zone: str, *, alone: bool = False) -> None:
        """Raises Refused unless it can be followed from this first time: a rule that can be read, at most once a day, whose first day is
        that of `start`, and which gives more than that, unless it may stand alone."""
        if self.every == Every.RULE:
            _require_own(self.own)
        if self.every == Every.MONTH_LAST and (start + timedelta(days=7)).month == start.month:
            raise Refused(_("This date is not the last such day of its month. Choose another rhythm."), field="every")
        if self.until and self.until < start.date():
            raise Refused(_("This day is before the first meeting."), field="until")
        found = self.from_(start, zone)
        if next(found, None) != Occurrence(start, recurrence.clock.instant(start, zone)):
            raise Refused(_("The date of this meeting is none of those that the rule gives."), field="own")
        if not alone and next(found, None) is None:
            raise Refused(_("So it takes place only once. Choose a later end, or let it not repeat."), field="until" if self.until else "count")

    def before(self, wall: datetime, start: datetime, zone: str) -> int:
        """How many times it meets before this wall time."""
        return sum(1 for _each in self._until(wall, start, zone))

    def _until(self, wall: datetime, start: datetime, zone: str) -> Iterator[Occurrence]:
        for each in self.from_(start, zone):
            if each.wall >= wall:
                return
            yield each

    def ending_before(self, day: date) -> Rhythm:
        """The same, with its last time before this day."""
        return replace(self, count=None, until=day - timedelta(days=1))

    def words(self, first: date) -> str:
        """In the language in use, such as "every 2 weeks on Tuesday, 10 times"."""
        said = self._often(first)
        if self.count:
            return _("%(rhythm)s, %(times)s") % {"rhythm": said, "times": ngettext("%(n)s time", "%(n)s times", self.count) % {"n": self.count}}
        if self.until:
            return _("%(rhythm)s, until %(day)s") % {"rhythm": said, "day": dates.day(self.until)}
        return said

    def _often(self, first: date) -> str:
        if self.every == Every.RULE:
            return _("by the rule %(rule)s") % {"rule": self._frequency(first)}
        words = _ORDINALS[(first.day - 1) // 7] if self.every == Every.MONTH_DAY else _OFTEN[Every(self.every)]
        return str(words % {"n": self.interval, "weekday": WEEKDAYS[first.weekday()], "day": first.day})


_OFTEN = {
    Every.DAY: ngettext_lazy("every day", "every %(n)s days", "n"),
    Every.WEEK: ngettext_lazy("every week on %(weekday)s", "every %(n)s weeks on %(weekday)s", "n"),
    Every.MONTH_DATE: ngettext_lazy("every month on day %(day)s", "every %(n)s months on day %(day)s", "n"),
    Every.MONTH_LAST: ngettext_lazy("every month on the last %(weekday)s", "every %(n)s months on the last %(weekday)s", "n"),
    Every.YEAR: ngettext_lazy("every year", "every %(n)s years", "n"),
}
_ORDINALS = (
    ngettext_lazy("every month on the first %(weekday)s", "every %(n)s months on the first %(weekday)s", "n"),
    ngettext_lazy("every month on the second %(weekday)s", "every %(n)s months on the second %(weekday)s", "n"),
    ngettext_lazy("every month on the third %(weekday)s", "every %(n)s months on the third %(weekday)s", "n"),
    ngettext_lazy("every month on the fourth %(weekday)s", "every %(n)s months on the fourth %(weekday)s", "n"),
    ngettext_lazy("every month on the fifth %(weekday)s", "every %(n)s months on the fifth %(weekday)s", "n"),
)


def _require_own(text: str) -> None:
    try:
        rule = recurrence.read(text)
    except Refused as no:
        raise Refused(str(no), field="own") from None
    if rule.freq not in _PERIODS or _CLOCK & rule.by.keys():
        raise Refused(_("A series meets at most once a day, at the time of its first meeting."), field="own")
    if rule.count or rule.until:
        raise Refused(_("Say below when it ends, and leave COUNT and UNTIL out of the rule."), field="own")
