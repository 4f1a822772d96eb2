"""Quiet hours, levels, lists and waits, for all weeks and zones."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from committees.base import clock
from committees.notices import rules
from committees.notices.models import Level

ZONES = ["Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC"]
times = st.times().map(lambda t: t.replace(microsecond=0, second=0))
windows = st.lists(st.tuples(st.integers(0, 6), times, times).filter(lambda w: w[1] != w[2]), max_size=7, unique_by=lambda w: w[0])
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


def is_quiet(week: list[rules.Window], at: datetime, zone: str) -> bool:
    """The same question, asked of each quiet time as instants, one by one."""
    day = clock.wall(at, zone).date()
    for back in range(-1, 3):
        begins = day - timedelta(days=back)
        for weekday, since, until in week:
            if weekday == begins.weekday():
                ends = begins if until > since else begins + timedelta(days=1)
                if clock.instant(datetime.combine(begins, since), zone) <= at < clock.instant(datetime.combine(ends, until), zone):
                    return True
    return False


@given(windows, instants, st.sampled_from(ZONES))
@settings(max_examples=400, deadline=None)
def test_a_held_notice_leaves_at_the_first_instant_that_is_not_quiet(week: list[rules.Window], at: datetime, zone: str) -> None:
    ends = rules.quiet_until(week, at, zone)
    if ends is None:
        return
    assert is_quiet(week, at, zone)
    assert ends > at
    assert not is_quiet(week, ends, zone)
    step = (ends - at) / 7
    assert all(is_quiet(week, at + step * n, zone) for n in range(7)), "and not a moment later than need be"


@given(windows, instants, st.sampled_from(ZONES))
@settings(max_examples=400, deadline=None)
def test_outside_quiet_hours_nothing_is_held(week: list[rules.Window], at: datetime, zone: str) -> None:
    if not is_quiet(week, at, zone):
        assert rules.quiet_until(week, at, zone) is None


@given(instants, st.sampled_from(ZONES))
@settings(deadline=None)
def test_a_week_without_a_gap_swallows_nothing(at: datetime, zone: str) -> None:
    week = [(day, time(0, 0), time(0, 0, 1)) for day in range(7)]  # each lasts a day and a second
    week = [(day, since, time(23, 59, 59)) for day, since, _until in week]
    always = [(day, time(12, 0), time(11, 59)) for day in range(7)]
    for each in (week, always):
        ends = rules.quiet_until(each, at, zone)
        assert ends is None or ends - at < timedelta(days=7)


def test_a_night_shift_sleeps_by_day_across_the_change_of_clocks() -> None:
    """On 1 November 2026 New York turns its clocks back: eight in the morning stays eight in the morning."""
    sleep = [(day, time(8), time(16)) for day in range(7)]
    for day in (31, 1):
        month = 10 if day == 31 else 11
        at = datetime(2026, month, day, 9, tzinfo=ZoneInfo("America/New_York"))
        assert rules.quiet_until(sleep, at.astimezone(UTC), "America/New_York") == at.replace(hour=16).astimezone(UTC)


def test_quiet_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    friday_night = [(4, time(22), time(6))]
    saturday = datetime(2026, 11, 21, 5, tzinfo=UTC)
    assert rules.quiet_until(friday_night, saturday, "UTC") == saturday.replace(hour=6)
    assert rules.quiet_until(friday_night, saturday - timedelta(days=1), "UTC") is None


@pytest.mark.parametrize(
    ("chosen", "at_work", "level"),
    [(None, False, Level.NEUTRAL), ("", False, Level.NEUTRAL), ("full", False, Level.FULL), ("full", True, Level.NEUTRAL), ("kind", True, Level.NEUTRAL)],
)
def test_neutral_unless_chosen_and_always_at_work(chosen: str | None, at_work: bool, level: Level) -> None:
    assert rules.level_for(chosen, at_work=at_work) == level


@given(st.integers(1, 40))
def test_waits_grow_and_end(attempt: int) -> None:
    wait = rules.wait_before(attempt, base=60)
    assert timedelta(seconds=min(48 * 2 ** (attempt - 1), 8 * 3600 * 0.8)) <= wait <= timedelta(hours=9.6)


def test_greylisting_of_five_minutes_is_survived() -> None:
    """The waits of the first tries add up to far more, and the last comes before the delivery is given up."""
    total = sum((rules.wait_before(n, base=60) for n in range(1, rules.MOST_ATTEMPTS)), timedelta())
    assert timedelta(hours=12) < total < rules.LONGEST
