"""When a series meets: a recurrence rule (RFC 5545 §3.3.10), a wall time and an IANA zone give occurrences.

A series keeps its wall time, whatever the clocks do (base/clock.py). What dateutil works out otherwise than the RFC is worked out here
(docs/recurrence.md); all else is dateutil's.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from dateutil import rrule
from django.utils.translation import gettext as _

from committees.base import clock
from committees.base.errors import Refused

#: So far a rule is followed: a day that does not come within a hundred years does not come.
HORIZON_YEARS = 100
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PERIODS = {name: number for number, name in enumerate(rrule.FREQNAMES)}
_SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
#: The least and the greatest number of each part; negative ones count from the end where the RFC allows it.
_RANGES = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (-366, 366),
}
#: What may not stand beside a frequency.
_NOT_WITH = {
    "BYWEEKNO": {"MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"},
    "BYYEARDAY": {"MONTHLY", "WEEKLY", "DAILY"},
    "BYMONTHDAY": {"WEEKLY"},
}
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_LONGEST = 500
_LEAP = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Occurrence(NamedTuple):
    """One time that a series meets: the naive wall time in its zone, and the instant in UTC."""

    wall: datetime
    starts_at: datetime


@dataclass(frozen=True)
class Rule:
    """A recurrence rule, read. `until`: an instant in UTC, a naive wall time, or a whole day, which is in."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    wkst: int = 0
    #: Days of the week from Monday (0), each with its ordinal or 0.
    days: tuple[tuple[int, int], ...] = ()
    by: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def part(self, name: str) -> tuple[int, ...]:
        return self.by.get(name, ())


# -- Reading a rule --------------------------------------------------------------------------------------------------------


def read(text: str) -> Rule:
    """The rule that an RRULE's value says. Refused, with the part that is wrong, where it says none (RFC 5545 §3.3.10)."""
    said = _parts(text)
    freq = said.pop("FREQ", "")
    if freq not in _PERIODS:
        raise _wrong(f"FREQ={freq}")
    if "COUNT" in said and "UNTIL" in said:
        raise Refused(_("A series ends after a number of times or on a day, not both."))
    interval, count = (_number(said.pop(name), name, 1, 10_000) if name in said else None for name in ("INTERVAL", "COUNT"))
    until = _until(said.pop("UNTIL")) if "UNTIL" in said else None
    wkst = said.pop("WKST", "MO")
    if wkst not in DAYS:
        raise _wrong(f"WKST={wkst}")
    days = tuple(_day(each, freq, "BYWEEKNO" in said) for each in said.pop("BYDAY").split(",")) if "BYDAY" in said else ()
    by = {name: _numbers(name, value) for name, value in said.items()}
    for name, others in _NOT_WITH.items():
        if name in by and freq in others:
            raise _wrong(f"{name} + {freq}")
    rule = Rule(freq, interval or 1, count, until, DAYS.index(wkst), days, by)
    if not _comes(rule):
        raise Refused(_("By this rule there is never a meeting."))
    return rule


def _parts(text: str) -> dict[str, str]:
    if len(text) > _LONGEST:
        raise Refused(_("This rule is too long."))
    said: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in said:
            raise _wrong(part)
        said[name] = value
    if said.get("COUNT") == "-1":  # some programs say so that there is no number
        del said["COUNT"]
    return said


def _wrong(part: str) -> Refused:
    return Refused(_("This part of the rule cannot be read: %(part)s") % {"part": part[:40]})


def _number(value: str, name: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,5}", value) or not least <= int(value) <= most:
        raise _wrong(f"{name}={value}")
    return int(value)


def _numbers(name: str, value: str) -> tuple[int, ...]:
    if name not in _RANGES:
        raise _wrong(f"{name}={value}")
    least, most = _RANGES[name]
    found = {_number(each, name, least, most) for each in value.split(",")}
    if least < 0 and 0 in found:
        raise _wrong(f"{name}=0")
    return tuple(sorted(found))


def _day(value: str, freq: str, in_weeks: bool) -> tuple[int, int]:
    found = _DAY.fullmatch(value)
    if found is None or (found[1] and (int(found[1]) == 0 or abs(int(found[1])) > 53 or freq not in ("MONTHLY", "YEARLY") or in_weeks)):
        raise _wrong(f"BYDAY={value}")
    return DAYS.index(found[2]), int(found[1] or 0)


def _until(value: str) -> datetime | date:
    for form, kind in (("%Y%m%dT%H%M%SZ", "utc"), ("%Y%m%dT%H%M%S", "wall"), ("%Y%m%d", "day")):
        try:
            read_as = datetime.strptime(value, form)  # noqa: DTZ007 (what it means, `kind` says)
        except ValueError:
            continue
        return read_as.replace(tzinfo=UTC) if kind == "utc" else read_as.date() if kind == "day" else read_as
    raise _wrong(f"UNTIL={value}")


def _comes(rule: Rule) -> bool:
    """False where no month has such a day."""
    months, days = rule.part("BYMONTH"), rule.part("BYMONTHDAY")
    return not months or not days or any(abs(day) <= _LEAP[month - 1] for month in months for day in days)


# -- Following it ----------------------------------------------------------------------------------------------------------


def occurrences(
    rule: Rule | None,
    start: datetime,
    zone: str,
    *,
    besides: Iterable[datetime] = (),
    without: Collection[datetime] = (),
    all_day: bool = False,
) -> Iterator[Occurrence]:
    """When a series meets that begins at the naive wall time `start`, in order, each once; without a rule that one time.

    `besides` and `without`: wall times that are added (RDATE) and left out (EXDATE); COUNT counts those that are left out too. `all_day`: only
    days matter, and what a rule says of hours is passed over. Endless where the rule is: take as many as you need.
    """
    walls = _until_it_ends(rule, start, zone, all_day=all_day) if rule else iter([start])
    left_out, last = set(without), None
    for wall in merge(walls, sorted(set(besides))):
        if wall != last and wall not in left_out:
            yield Occurrence(wall, clock.instant(wall, zone))
        last = wall


def _until_it_ends(rule: Rule, start: datetime, zone: str, *, all_day: bool) -> Iterator[datetime]:
    for wall in islice((each for each in _walls(rule, start, all_day=all_day) if each >= start), rule.count):
        if wall.year > start.year + HORIZON_YEARS or _is_over(rule.until, wall, zone):
            return
        yield wall


def _is_over(until: datetime | date | None, wall: datetime, zone: str) -> bool:
    if isinstance(until, datetime):
        return (clock.instant(wall, zone) if until.tzinfo else wall) > until
    return until is not None and wall.date() > until


def _walls(rule: Rule, start: datetime, *, all_day: bool) -> Iterator[datetime]:
    """What the rule gives, without its end; perhaps some before `start`."""
    by = {name: part for name, part in rule.by.items() if not (all_day and name in ("BYHOUR", "BYMINUTE", "BYSECOND"))}
    if rule.freq in _SECONDS:
        return _by_the_clock(rule, by, start)
    if "BYWEEKNO" in by:
        return _by_week(rule, by, start)
    if rule.freq == "YEARLY" and "BYMONTHDAY" in by and not rule.days and not {"BYMONTH", "BYYEARDAY"} & by.keys():
        by["BYMONTH"] = (start.month,)  # what a rule leaves open its start says
    begins = start
    if rule.freq == "WEEKLY" and "BYSETPOS" in by:  # of the whole week in which it begins
        begins -= timedelta(days=(start.weekday() - rule.wkst) % 7)
    return iter(_dateutil(rule, by, begins))


def _dateutil(rule: Rule, by: dict[str, tuple[int, ...]], begins: datetime) -> rrule.rrule:
    days = [rrule.weekday(day, n) if n else rrule.weekday(day) for day, n in rule.days] or None
    parts: dict[str, Any] = {name.lower(): part for name, part in by.items()}
    return rrule.rrule(_PERIODS[rule.freq], dtstart=begins, interval=rule.interval, wkst=rule.wkst, byweekday=days, **parts)


def _of_day(by: dict[str, tuple[int, ...]], begins: datetime) -> list[time]:
    """The times of a day on which it meets."""
    parts = (by.get("BYHOUR", (begins.hour,)), by.get("BYMINUTE", (begins.minute,)), by.get("BYSECOND", (begins.second,)))
    return [time(hour, minute, min(second, 59)) for hour in parts[0] for minute in parts[1] for second in parts[2]]


def _chosen(found: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    """Of what one period gives, in order, those in these places."""
    if not positions:
        return found
    return sorted({found[n - 1 if n > 0 else n] for n in positions if abs(n) <= len(found)})


def _by_week(rule: Rule, by: dict[str, tuple[int, ...]], start: datetime) -> Iterator[datetime]:
    """Weeks are counted in years of weeks: the first has at least four days in the year, and the last may reach into the next
    (RFC 5545: "Week number one of the calendar year is the first week that contains at least four (4) days in that calendar year")."""
    year = next(y for y in (start.year + 1, start.year, start.year - 1) if _first_week(y, rule.wkst) <= start.date())
    if start not in _in_year_of_weeks(year, rule, by, start):  # a start that is none of them is in no week of the rule, only in its year
        year = start.year
    while year <= min(start.year + HORIZON_YEARS, 9998):
        yield from _in_year_of_weeks(year, rule, by, start)
        year += rule.interval


def _in_year_of_weeks(year: int, rule: Rule, by: dict[str, tuple[int, ...]], start: datetime) -> list[datetime]:
    days = {day for day, _n in rule.days} or {start.weekday()}
    first = _first_week(year, rule.wkst)
    weeks = (_first_week(year + 1, rule.wkst) - first).days // 7
    numbers = sorted({n if n > 0 else weeks + 1 + n for n in by["BYWEEKNO"] if abs(n) <= weeks})
    dates = (first + timedelta(weeks=n - 1, days=d) for n in numbers for d in range(7))
    found = [datetime.combine(day, at) for day in dates if day.weekday() in days and _fits(day, by, ()) for at in _of_day(by, start)]
    return _chosen(found, by.get("BYSETPOS", ()))


def _first_week(year: int, wkst: int) -> date:
    """The first day of the first week of a year of weeks."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - wkst) % 7)


def _fits(day: date, by: dict[str, tuple[int, ...]], weekdays: Collection[int]) -> bool:
    """Whether a day is one of those that a rule leaves."""
    if weekdays and day.weekday() not in weekdays:
        return False
    if "BYMONTH" in by and day.month not in by["BYMONTH"]:
        return False
    last = calendar.monthrange(day.year, day.month)[1]
    if "BYMONTHDAY" in by and not {day.day, day.day - last - 1} & {*by["BYMONTHDAY"]}:
        return False
    nth = day.timetuple().tm_yday
    return "BYYEARDAY" not in by or bool({nth, nth - 366 - calendar.isleap(day.year)} & {*by["BYYEARDAY"]})


def _by_the_clock(rule: Rule, by: dict[str, tuple[int, ...]], start: datetime) -> Iterator[datetime]:
    """Every so many hours, minutes or seconds on the clock on the wall. A day that does not fit is passed over in one step."""
    step = timedelta(seconds=_SECONDS[rule.freq] * rule.interval)
    weekdays = {day for day, _n in rule.days}
    now, last = start, start.year + HORIZON_YEARS
    while now.year <= min(last, 9998):
        if not _fits(now.date(), by, weekdays):
            midnight = datetime.combine(now.date() + timedelta(days=1), time.min)
            now += step * -((now - midnight) // step)
            continue
        yield from _chosen(_within(rule.freq, by, now), by.get("BYSETPOS", ()))
        now += step


def _within(freq: str, by: dict[str, tuple[int, ...]], now: datetime) -> list[datetime]:
    """What one hour, minute or second gives: larger parts of the clock limit it, smaller ones are filled in."""
    if "BYHOUR" in by and now.hour not in by["BYHOUR"]:
        return []
    if freq != "HOURLY" and "BYMINUTE" in by and now.minute not in by["BYMINUTE"]:
        return []
    if freq == "SECONDLY":
        return [now] if "BYSECOND" not in by or now.second in by["BYSECOND"] else []
    minutes = by.get("BYMINUTE", (now.minute,)) if freq == "HOURLY" else (now.minute,)
    return [now.replace(minute=minute, second=min(second, 59)) for minute in minutes for second in by.get("BYSECOND", (now.second,))]
