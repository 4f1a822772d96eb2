"""When a series meets: the rules of the shared table, real calendars, and the clocks of the whole world."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from committees.base import clock
from committees.base.errors import Refused
from organizing.meetings import recurrence
from organizing.meetings.recurrence import occurrences, read

NEW_YORK, LONDON = "America/New_York", "Europe/London"


def walls(rule: str, start: str, zone: str = LONDON, *, most: int = 400, **more: Any) -> list[str]:
    found = occurrences(read(rule), datetime.fromisoformat(start), zone, **more)
    return [each.wall.strftime("%Y-%m-%dT%H:%M") for each in islice(found, most)]


def utc(rule: str, start: str, zone: str, most: int = 10) -> list[str]:
    return [f"{each.starts_at:%Y-%m-%dT%H:%M}" for each in islice(occurrences(read(rule), datetime.fromisoformat(start), zone), most)]


class TestTheSharedTable:
    """libical's own list. Where dateutil alone differs the table says so, and docs/recurrence.md why."""

    def test_every_rule_gives_the_instances_that_it_must(self, shared_data: Path) -> None:
        table = json.loads((shared_data / "ical" / "rrule-expected.json").read_text())
        assert len(table) > 50
        wrong = [row["rrule"] for row in table if _instances(row) != row["instances"]]
        assert wrong == []

    def test_dateutil_alone_differs_where_the_document_says_so(self, shared_data: Path) -> None:
        table = json.loads((shared_data / "ical" / "rrule-expected.json").read_text())
        explained = (Path(__file__).parents[3] / "docs" / "recurrence.md").read_text()
        for row in table:
            if row.get("python_dateutil_gives_the_same") is False:
                assert row["rrule"].split(";UNTIL")[0].split(";COUNT")[0] in explained, row["rrule"]


def _form(said: str) -> str:
    return "%Y%m%d" if "T" not in said else "%Y%m%dT%H%M%SZ" if said.endswith("Z") else "%Y%m%dT%H%M%S"


def _instances(row: dict[str, Any]) -> list[str]:
    form = _form(row["dtstart"])
    start = datetime.strptime(row["dtstart"], form)  # noqa: DTZ007 (the table's times have no zone)
    found = occurrences(read(row["rrule"]), start, "UTC", all_day="T" not in row["dtstart"])
    return [each.wall.strftime(form) for each in islice(found, len(row["instances"]) + 5)]


class TestRealCalendars:
    """Calendars from reports of faults in other programs: the same instants as their expected file, and as an independent library."""

    def test_all_of_them(self, shared_data: Path) -> None:
        folder = shared_data / "ical"
        expected = json.loads((folder / "calendars-expected.json").read_text())
        for name, row in expected.items():
            calendar = icalendar.Calendar.from_ical((folder / "calendars" / name).read_bytes())
            since, until = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
            found = sorted(_starts(calendar, since, until))
            assert len(found) == row["count"], name
            assert found[: len(row["occurrences"])] == sorted(_instant(said) for said, _end, _summary in row["occurrences"]), name
            other = sorted(_plain(event["DTSTART"].dt) for event in recurring_ical_events.of(calendar).between(since, until))
            assert found == other, name


def _instant(said: str) -> datetime:
    return _plain(datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said))


def _plain(when: date) -> datetime:
    """An instant in UTC; of a day its beginning, of a time without zone that time."""
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day, tzinfo=UTC)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _starts(calendar: icalendar.Calendar, since: date, until: date) -> Iterator[datetime]:
    """What our engine makes of a calendar: the rule of each series without the instances that are moved, changed or taken out."""
    newest: dict[tuple[str, Any], icalendar.Event] = {}
    for event in sorted(calendar.walk("VEVENT"), key=lambda each: int(each.get("SEQUENCE", 0))):
        newest[_uid(event), event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else None] = event
    events = list(newest.values())
    changed = [(_uid(event), event["RECURRENCE-ID"].dt) for event in events if "RECURRENCE-ID" in event]
    for event in events:
        start, end = _span(event)
        length = _plain(end) - _plain(start)
        for at in _starts_of(event, start, [when for uid, when in changed if uid == _uid(event) and "RECURRENCE-ID" not in event]):
            if at >= _plain(until):
                break
            if at + length > _plain(since) or at >= _plain(since):
                yield at


def _starts_of(event: icalendar.Event, start: date, changed: list[date]) -> Iterator[datetime]:
    zone = _zone(start)
    wall = _wall(start, zone)
    besides = [_wall(_begin(each.dt), zone) for each in _listed(event, "RDATE")]
    without = [*(_wall(each.dt, zone) for each in _listed(event, "EXDATE")), *(_wall(when, zone) for when in changed)]
    rule = read(event["RRULE"].to_ical().decode()) if "RRULE" in event else None
    found = occurrences(rule, wall, zone, without=without, besides=[wall, *besides], all_day=not isinstance(start, datetime))
    return (each.starts_at for each in found)


def _uid(event: icalendar.Event) -> str:
    return str(event.get("UID", id(event)))


def _span(event: icalendar.Event) -> tuple[date, date]:
    """From when to when, as it says; some of these calendars say it twice, or the wrong way round."""
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
    else:
        end = start + (event["DURATION"].dt if "DURATION" in event else timedelta(0 if isinstance(start, datetime) else 1))
    return (start, end) if _plain(start) <= _plain(end) else (end, start)


def _begin(when: Any) -> date:
    return when[0] if isinstance(when, tuple) else when


def _listed(event: icalendar.Event, name: str) -> list[Any]:
    lines = event.get(name, [])
    return [each for line in (lines if isinstance(lines, list) else [lines]) for each in line.dts]


def _zone(start: date) -> str:
    zone = getattr(getattr(start, "tzinfo", None), "key", None) or "UTC"
    return str(zone)


def _wall(when: date, zone: str) -> datetime:
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day)
    return when.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if when.tzinfo else when


class TestTheClocks:
    def test_a_series_keeps_its_wall_time_through_the_change_of_the_clocks(self) -> None:
        assert utc("FREQ=WEEKLY;COUNT=3", "2026-03-22T18:00", LONDON) == ["2026-03-22T18:00", "2026-03-29T17:00", "2026-04-05T17:00"]

    def test_a_time_that_the_clocks_skip_is_moved_forward_and_one_that_comes_twice_is_the_first(self) -> None:
        assert utc("FREQ=DAILY;COUNT=3", "2026-03-07T02:30", NEW_YORK) == ["2026-03-07T07:30", "2026-03-08T07:30", "2026-03-09T06:30"]
        assert utc("FREQ=DAILY;COUNT=3", "2026-10-31T01:30", NEW_YORK) == ["2026-10-31T05:30", "2026-11-01T05:30", "2026-11-02T06:30"]

    def test_the_last_instant_counts_in_the_zone_of_the_series(self) -> None:
        assert len(walls("FREQ=DAILY;UNTIL=20260331T170000Z", "2026-03-27T18:00")) == 5
        assert len(walls("FREQ=DAILY;UNTIL=20260331T165959Z", "2026-03-27T18:00")) == 4
        assert len(walls("FREQ=DAILY;UNTIL=20260331", "2026-03-27T18:00")) == 5

    @pytest.mark.parametrize("first", [0, 1, 2, 3])
    def test_in_every_zone_around_every_change_to_2030_a_daily_series_is_what_the_zone_database_says(self, first: int) -> None:
        """Four times around each change: an hour before, in the gap or the hour that comes twice, at its end, and an hour after."""
        looked_at = 0
        for zone in sorted(clock.zones())[first::4]:
            for change in _changes(zone):
                before = change.replace(tzinfo=None) + _offset(zone, change - timedelta(seconds=1))
                for minutes in (-60, 0, 30, 60, 90):
                    start = before + timedelta(minutes=minutes) - timedelta(days=1)
                    three = list(islice(occurrences(read("FREQ=DAILY"), start, zone), 3))
                    assert [each.wall for each in three] == [start + timedelta(days=n) for n in range(3)]
                    assert [each.starts_at for each in three] == sorted(each.starts_at for each in three)
                    for each in three:
                        _is_right(each.wall, each.starts_at, zone)
                looked_at += 1
        assert looked_at > 100


def _offset(zone: str, at: datetime) -> timedelta:
    found = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert found is not None
    return found


def _is_right(wall: datetime, instant: datetime, zone: str) -> None:
    """By the zone database alone: the earliest instant that shows this time; where none does, so long after the gap as it lies within."""
    shown = clock.wall(instant, zone)
    if shown == wall:
        for hours in (1, 0.5, 2, 24):
            assert clock.wall(instant - timedelta(hours=hours), zone) != wall, (zone, wall)
        return
    offset = _offset(zone, instant - timedelta(days=1))
    assert shown > wall, (zone, wall)
    assert instant.replace(tzinfo=None) == wall - offset or instant.replace(tzinfo=None) == wall - _offset(zone, instant - timedelta(hours=3)), (zone, wall)


def _changes(zone: str) -> Iterator[datetime]:
    """The instants at which the clocks of a zone change, from this year on to 2030."""
    here = ZoneInfo(zone)
    day, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    while day < last:
        after = day + timedelta(days=5)
        if day.astimezone(here).utcoffset() != after.astimezone(here).utcoffset():
            low, high = day, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                if middle.astimezone(here).utcoffset() == day.astimezone(here).utcoffset():
                    low = middle
                else:
                    high = middle
            yield high.replace(microsecond=0)
        day = after


class TestReading:
    @pytest.mark.parametrize(
        "rule",
        [
            *("", "FREQ", "FREQ=", "FREQ=FORTNIGHTLY", "INTERVAL=2", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=0"),
            *("FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;UNTIL=tomorrow", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=2MO", "FREQ=MONTHLY;BYDAY=0MO"),
            *("FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=DAILY;BYYEARDAY=1", "FREQ=MONTHLY;BYWEEKNO=2"),
            *("FREQ=DAILY;BYEASTER=1", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;WKST=XX", "FREQ=DAILY;" + "BYHOUR=1," * 200, "FREQ=DAILY;BYMONTH=٣"),
        ],
    )
    def test_what_is_no_rule_is_refused(self, rule: str) -> None:
        with pytest.raises(Refused):
            read(rule)

    def test_a_day_that_never_comes_is_refused(self) -> None:
        with pytest.raises(Refused, match="never"):
            read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")

    def test_what_is_left_out_counts_and_what_is_added_comes_in_its_place(self) -> None:
        out, more = [datetime(2026, 11, 17, 18)], [datetime(2026, 11, 19, 18), datetime(2026, 11, 24, 18)]
        found = walls("FREQ=WEEKLY;COUNT=3", "2026-11-10T18:00", without=out, besides=more)
        assert found == ["2026-11-10T18:00", "2026-11-19T18:00", "2026-11-24T18:00"]

    @settings(max_examples=150, deadline=None)
    @given(
        freq=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
        interval=st.integers(1, 5),
        days=st.sets(st.sampled_from(recurrence.DAYS), max_size=3),
        start=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
    )
    def test_plain_rules_give_what_dateutil_gives(self, freq: str, interval: int, days: set[str], start: datetime) -> None:
        rule = f"FREQ={freq};INTERVAL={interval}" + (f";BYDAY={','.join(sorted(days))}" if days else "")
        start = start.replace(microsecond=0)
        ours = [each.wall for each in islice(occurrences(read(rule), start, "UTC"), 12)]
        assert ours == list(islice(rrulestr(rule, dtstart=start), 12))
        assert all(a < b for a, b in pairwise(ours))


class TestTheCommand:
    def said(self, *arguments: str) -> str:
        out = StringIO()
        call_command("occurrences", *arguments, stdout=out)
        return out.getvalue()

    def test_it_says_instants_and_what_the_clocks_show(self) -> None:
        said = json.loads(self.said("--rrule", "FREQ=DAILY", "--start", "2026-03-08T02:30", "--zone", NEW_YORK, "--count", "2", "--json"))
        assert said == [{"utc": "2026-03-08T07:30:00Z", "wall": "2026-03-08T03:30:00"}, {"utc": "2026-03-09T06:30:00Z", "wall": "2026-03-09T02:30:00"}]

    def test_it_ends_on_a_day_and_is_never_endless(self) -> None:
        rule = ("--rrule", "FREQ=WEEKLY", "--start", "2026-11-10T18:00", "--zone", LONDON)
        assert len(self.said(*rule, "--until", "2026-11-24").splitlines()) == 3
        assert len(self.said(*rule).splitlines()) == 100

    @pytest.mark.parametrize(
        ("name", "value"), [("--rrule", "FREQ=NEVER"), ("--zone", "Mars/Olympus"), ("--start", "soon"), ("--start", "2026-11-10T18:00+01:00")]
    )
    def test_it_says_plainly_what_it_cannot_read(self, name: str, value: str) -> None:
        said = {"--rrule": "FREQ=DAILY", "--start": "2026-11-10T18:00", "--zone": LONDON} | {name: value}
        with pytest.raises(CommandError):
            self.said(*(part for pair in said.items() for part in pair))
