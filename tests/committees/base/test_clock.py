from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from django.core.exceptions import ValidationError

from committees.base import clock

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def transitions(zone: str) -> list[datetime]:
    """The instants at which the offset of a zone changes, to the minute, found by halving the hours in which it does."""
    local, found, hour = ZoneInfo(zone), [], FIRST
    while hour < LAST:
        later = hour + timedelta(hours=24)
        if hour.astimezone(local).utcoffset() != later.astimezone(local).utcoffset():
            low, high = hour, later
            while high - low > timedelta(minutes=1):
                middle = low + timedelta(minutes=((high - low) // timedelta(minutes=1)) // 2)
                low, high = (middle, high) if middle.astimezone(local).utcoffset() == hour.astimezone(local).utcoffset() else (low, middle)
            found.append(high)
        hour = later
    return found


CHANGING = {zone: found for zone in sorted(clock.zones()) if (found := transitions(zone))}


def test_the_zones_are_those_with_a_city() -> None:
    assert {"Europe/London", "America/New_York", "Asia/Kathmandu", "UTC"} <= clock.zones()
    assert not {"EST", "GMT+1", "Etc/GMT+5", "posixrules", "localtime"} & clock.zones()
    assert len(CHANGING) > 100
    with pytest.raises(ValidationError):
        clock.validate_zone("Mars/Olympus")


@pytest.mark.slow
def test_every_change_of_every_zone_in_the_coming_years() -> None:
    """A time that is skipped moves forward by the gap, one that happens twice is the first; checked with dateutil's reading."""
    gaps = overlaps = 0
    for zone, instants in CHANGING.items():
        other = tz.gettz(zone)
        for change in instants:
            before, after = (change - timedelta(minutes=1)).astimezone(ZoneInfo(zone)), change.astimezone(ZoneInfo(zone))
            moved = after.utcoffset() - before.utcoffset()
            wall = before.replace(tzinfo=None) + timedelta(minutes=1)  # what the clock would show without the change
            for minutes in (0, 1, 29):
                local = wall + timedelta(minutes=minutes)
                if moved > timedelta(0):
                    gaps += 1
                    assert not clock.exists(local, zone)
                    assert not clock.happens_twice(local, zone)
                    assert clock.wall(clock.instant(local, zone), zone) == local + moved
                    assert clock.instant(local, zone) == tz.resolve_imaginary(local.replace(tzinfo=other)).astimezone(UTC)
                else:
                    overlaps += 1
                    repeated = local + moved
                    assert clock.exists(repeated, zone)
                    assert clock.happens_twice(repeated, zone)
                    assert clock.instant(repeated, zone) == repeated.replace(tzinfo=other, fold=0).astimezone(UTC)
                    assert clock.instant(repeated, zone) < change
    assert gaps > 1000
    assert overlaps > 1000


@pytest.mark.parametrize("zone", sorted(clock.zones()))
def test_every_ordinary_time_comes_back(zone: str) -> None:
    for month in range(1, 13):
        local = datetime(2027, month, 15, 19, 0)
        assert clock.wall(clock.instant(local, zone), zone) == local


def test_a_meeting_at_seven_stays_at_seven() -> None:
    winter, summer = datetime(2027, 3, 27, 19), datetime(2027, 3, 28, 19)
    assert clock.instant(summer, "Europe/London") - clock.instant(winter, "Europe/London") == timedelta(hours=23)


def test_skipped_and_repeated_times_of_london() -> None:
    assert clock.instant(datetime(2027, 3, 28, 1, 30), "Europe/London") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # shown as 02:30
    assert clock.instant(datetime(2027, 10, 31, 1, 30), "Europe/London") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_an_aware_time_is_no_wall_time() -> None:
    with pytest.raises(ValueError, match="no zone"):
        clock.instant(datetime(2027, 1, 1, tzinfo=UTC), "UTC")


def test_midnight_in_a_zone_that_skips_it() -> None:
    """In Santiago the clocks go from 24:00 to 1:00."""
    before = datetime(2026, 9, 5, 23, 0)
    assert clock.next_midnight(clock.instant(before, "America/Santiago"), "America/Santiago") == datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
    assert clock.wall(datetime(2026, 9, 6, 4, 0, tzinfo=UTC), "America/Santiago") == datetime(2026, 9, 6, 1, 0)
