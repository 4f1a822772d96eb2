"""iCalendar: the right instant in every zone around every clock change, SEQUENCE and STATUS, and nothing that gives away."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from io import StringIO
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from committees.base import clock
from committees.membership.models import Membership
from organizing.meetings import calendars
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting, State
from organizing.meetings.plans import When
from organizing.meetings.vtimezones import changes
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, START


def written(meetings: list[Meeting], titles: str = "neutral") -> str:
    return calendars.ics(meetings, titles=titles, url_of=lambda meeting: "https://example.org/here").decode()


def events(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def unsaved(when: When) -> Meeting:
    return Meeting(**when.fields(), state=State.SCHEDULED, subject="x", changed_at=NOW, uid=UUID(int=1))


def read_by_another_program(text: str, zone: str) -> list[datetime]:
    """The starts as python-dateutil understands the VTIMEZONE that stands in the file; it knows no zone of its own."""
    return _read(text.replace(f"TZID:{zone}", "TZID:There").replace(f"TZID={zone}", "TZID=There"))


@cache
def _read(text: str) -> list[datetime]:
    """Zones with the same rules are read once."""
    there = tzical(StringIO(text)).get("There")
    starts = re.findall(r"^DTSTART;TZID=There:(\d{8}T\d{6})$", text.replace("\r\n", "\n"), re.MULTILINE)
    return [datetime.strptime(start, "%Y%m%dT%H%M%S").replace(tzinfo=there).astimezone(UTC) for start in starts]  # type: ignore[arg-type]


@pytest.mark.slow
def test_in_every_zone_around_every_clock_change_of_four_years_another_program_reads_the_same_instants() -> None:
    """From an hour before to an hour and a half after each change, in all zones that have any."""
    wrong, seen = [], 0
    for zone in sorted(clock.zones() - {"UTC"}):
        there = changes(zone, 2026, 2030)
        walls = [clock.wall(at, zone) + timedelta(minutes=minutes) for at, _before, _after in there for minutes in (-60, -30, 0, 30, 60, 90)]
        planned = [When(wall.date(), wall.time(), zone, 60) for wall in walls]
        if planned:
            read = read_by_another_program(written([unsaved(when) for when in planned]), zone)
            wrong += [(zone, when.wall) for when, start in zip(planned, read, strict=True) if when.starts_at != start]
            seen += len(planned)
    assert seen > 6000
    assert not wrong, wrong[:10]


def test_every_clock_change_on_the_list_is_found(shared_data: Path) -> None:
    """The list has the last second before and the first after each change of six zones, made by another program."""
    listed: dict[str, set[datetime]] = {}
    with (shared_data / "locale" / "clock-changes-2024-2030.csv").open() as file:
        for before, after in batched(csv.DictReader(file), 2, strict=True):
            assert before["zone"] == after["zone"]
            listed.setdefault(after["zone"], set()).add(datetime.fromisoformat(after["utc"]))
    assert listed
    for zone, instants in listed.items():
        found = {at for at, _before, _after in changes(zone, min(instants).year, max(instants).year)}
        assert instants <= found
        assert len(found - instants) <= 2, "only changes of the first and last year that the list does not reach"


@pytest.mark.parametrize(
    ("zone", "wall", "instant", "skipped", "twice"),
    [
        ("Europe/London", datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC), True, False),
        ("Europe/London", datetime(2027, 10, 31, 1, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC), False, True),
        ("America/New_York", datetime(2027, 3, 14, 2, 15), datetime(2027, 3, 14, 7, 15, tzinfo=UTC), True, False),
        ("America/New_York", datetime(2027, 11, 7, 1, 0), datetime(2027, 11, 7, 5, 0, tzinfo=UTC), False, True),
        ("Australia/Lord_Howe", datetime(2027, 4, 4, 1, 45), datetime(2027, 4, 3, 14, 45, tzinfo=UTC), False, True),
        ("Asia/Kathmandu", datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 27, 19, 45, tzinfo=UTC), False, False),
    ],
)
def test_a_skipped_time_is_later_and_a_double_one_the_first(zone: str, wall: datetime, instant: datetime, skipped: bool, twice: bool) -> None:
    when = When(wall.date(), wall.time(), zone, 60)
    assert (when.starts_at, when.is_skipped, when.is_twice) == (instant, skipped, twice)
    assert read_by_another_program(written([unsaved(when)]), zone) == [instant]


def test_a_meeting_over_a_clock_change_lasts_as_long_as_planned() -> None:
    when = When(date(2027, 10, 31), time(0, 30), "Europe/London", 90)
    (event,) = events(written([unsaved(when)]))
    assert event.decoded("DURATION") == timedelta(minutes=90)
    assert "DTEND" not in event
    assert when.ends_at - when.starts_at == timedelta(minutes=90)


def test_the_neutral_entry_says_only_appointment(meeting: Meeting) -> None:
    text = written([meeting])
    (event,) = events(text)
    assert event["SUMMARY"] == "Appointment"
    assert set(event) == {"UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DURATION", "SUMMARY", "URL", "CLASS", "STATUS", "TRANSP"}
    for secret in (meeting.subject, meeting.committee.name, cast.PLACE, cast.LINK, cast.DIAL_IN, "Rank", "Ada", "Welcome"):
        assert secret not in text


@pytest.mark.parametrize(("titles", "shown"), [("neutral", "Appointment"), ("kind", "Meeting"), ("full", "Peak season hours")])
def test_a_person_chooses_what_the_calendar_shows_and_never_the_place(titles: str, shown: str, meeting: Meeting) -> None:
    text = written([meeting], titles)
    (event,) = events(text)
    assert event["SUMMARY"] == shown
    (alarm,) = event.walk("VALARM")
    assert (alarm["DESCRIPTION"], alarm.decoded("TRIGGER"), alarm["ACTION"]) == (shown, -timedelta(hours=1), "DISPLAY")
    assert cast.PLACE not in text
    assert cast.LINK not in text


def test_the_uid_stays_and_the_sequence_rises_with_each_change(meeting: Meeting, ada: Membership) -> None:
    (first,) = events(written([meeting]))
    moved = meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, by=ada, at=NOW + timedelta(hours=1))
    (second,) = events(written([moved]))
    cancelled = meetings.cancel(moved, by=ada, at=NOW + timedelta(hours=2))
    (third,) = events(written([cancelled]))
    assert first["UID"] == second["UID"] == third["UID"]
    assert [event["SEQUENCE"] for event in (first, second, third)] == [0, 1, 2]
    assert [str(event["STATUS"]) for event in (first, second, third)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert first["DTSTAMP"].dt < second["DTSTAMP"].dt < third["DTSTAMP"].dt
    assert (third["SUMMARY"], third["TRANSP"], third.walk("VALARM")) == ("Cancelled: Appointment", "TRANSPARENT", [])


def test_the_same_meetings_give_the_same_bytes(meeting: Meeting) -> None:
    assert written([meeting]) == written([Meeting.objects.select_related("committee").get()])


def test_each_zone_stands_in_the_file_once(meeting: Meeting) -> None:
    text = written(
        [meeting, unsaved(When(date(2027, 1, 5), time(9), "America/New_York", 30)), unsaved(When(date(2027, 1, 6), time(9), "America/New_York", 30))]
    )
    assert text.count("BEGIN:VTIMEZONE") == 2
    assert written([unsaved(When(date(2027, 1, 5), time(9), "UTC", 30))]).count("VTIMEZONE") == 0


def test_lines_are_folded_and_text_is_escaped(meeting: Meeting) -> None:
    meeting.subject = "Überstunden; Zuschläge, Pausen\\Schichten " + "und Löhne " * 8
    text = written([meeting], "full")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = events(text)
    assert event["SUMMARY"] == meeting.subject


def test_an_ordinary_meeting_begins_when_it_was_called_for(meeting: Meeting) -> None:
    assert read_by_another_program(written([meeting]), "Europe/London") == [START]
