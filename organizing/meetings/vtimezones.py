"""The rules of a zone for calendars (VTIMEZONE, RFC 5545 §3.6.5), for the years that are asked for.

Made here from the zone database and not by icalendar: its search (7.3) leaves out clock changes that lie close together,
such as Morocco's in 2027, and meetings there would be an hour off. tests/organizing/meetings/test_calendars.py reads what
is made here with another program, for every zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

#: No zone changes its clocks twice in one week.
_WEEK, _SECOND = timedelta(days=7), timedelta(seconds=1)


@dataclass(frozen=True)
class Rule:
    """What the clocks show between two changes."""

    name: str
    offset: timedelta
    is_summer: bool


def _rule(at: datetime, there: ZoneInfo) -> Rule:
    local = at.astimezone(there)
    return Rule(local.tzname() or "", local.utcoffset() or timedelta(), bool(local.dst()))


def changes(zone: str, first_year: int, last_year: int) -> Iterator[tuple[datetime, Rule, Rule]]:
    """Every instant of these years at which a zone's clocks change, with what they showed before and after."""
    there, end = ZoneInfo(zone), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    low, before = (start := datetime(first_year, 1, 1, tzinfo=UTC)), _rule(start, there)
    while low < end:
        high = min(low + _WEEK, end)
        after = _rule(high, there)
        if before != after:
            yield _instant(low, high, there), before, after
        low, before = high, after


def _instant(low: datetime, high: datetime, there: ZoneInfo) -> datetime:
    """The second between these two at which the rule changes."""
    before = _rule(low, there)
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        low, high = (middle, high) if _rule(middle, there) == before else (low, middle)
    return high.replace(microsecond=0)


@lru_cache(maxsize=256)
def vtimezone(zone: str, first_year: int, last_year: int) -> Timezone:
    """The component that tells a calendar what the clocks of `zone` show from the beginning of one year to the end of another."""
    found = Timezone()
    found.add("tzid", zone)
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    first = _rule(start, ZoneInfo(zone))
    found.add_component(_observance(first, first, [start]))
    alike: dict[tuple[Rule, Rule], list[datetime]] = {}
    for at, before, after in changes(zone, first_year, last_year):
        alike.setdefault((before, after), []).append(at)
    for (before, after), instants in alike.items():
        found.add_component(_observance(before, after, instants))
    return found


def _observance(before: Rule, after: Rule, instants: list[datetime]) -> TimezoneDaylight | TimezoneStandard:
    """A rule and when it begins: on the wall as it was before the change."""
    wall = [(at + before.offset).replace(tzinfo=None) for at in instants]
    part = TimezoneDaylight() if after.is_summer else TimezoneStandard()
    part.add("dtstart", wall[0])
    if wall[1:]:
        part.add("rdate", wall[1:])
    part.add("tzname", after.name)
    part.add("tzoffsetfrom", before.offset)
    part.add("tzoffsetto", after.offset)
    return part
