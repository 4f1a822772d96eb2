"""Meetings as iCalendar (RFC 5545). Never a place, a link, a committee's name; the title is as discreet as its reader wants.

No METHOD is set, so DTSTAMP is when the meeting last changed: the same meetings always give the same bytes, which makes
a fingerprint of them a true ETag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration, vRecur

from committees.base import clock
from organizing.meetings.models import CalendarFeed, Choice, Meeting, Series
from organizing.meetings.vtimezones import vtimezone

#: How often a calendar should ask again.
REFRESH = timedelta(hours=1)
ALARM_BEFORE = timedelta(hours=1)
#: How long a meeting stays in the feed after its end, so that a cancellation reaches a phone that was off.
KEPT = timedelta(days=30)
MOST_EVENTS = 500
#: A series without an end goes on in a calendar; so far the rules of its zone are written out.
YEARS_AHEAD = 3

type UrlOf = Callable[[Meeting], str]
Titles = CalendarFeed.Titles


def title(meeting: Meeting, titles: str) -> str:
    """What a calendar shows, in the language in use. Many calendars hide STATUS, so a cancellation is said in words too."""
    words = {Titles.FULL: meeting.subject, Titles.KIND: _("Meeting")}.get(Titles(titles)) or _("Appointment")
    return _("Cancelled: %(title)s") % {"title": words} if meeting.is_cancelled else words


def _waits(meeting: Meeting) -> bool:
    """Whether its reader waits for a place, as the query that read the meeting says."""
    answer = getattr(meeting, "my_answer", None) or {"choice": getattr(meeting, "my_choice", "")}
    return bool(answer["choice"] == Choice.WAITING)


def _event(meeting: Meeting, titles: str, url_of: UrlOf, *, uid: UUID | None = None) -> Event:
    """One date that stands for itself, or for one of its series, which then gives the `uid`."""
    assert meeting.starts_at is not None
    # Made from the instant: a wall time that the clocks skip is thereby already the later one.
    starts = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    event = _entry(uid or meeting.uid, starts, meeting, titles, url_of)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at.replace(microsecond=0))
    event.add("last-modified", meeting.changed_at.replace(microsecond=0))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "TENTATIVE" if _waits(meeting) else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if meeting.is_cancelled else "OPAQUE")
    return event


def _entry(uid: UUID, starts: datetime, meeting: Meeting, titles: str, url_of: UrlOf) -> Event:
    event = Event()
    event.add("uid", str(uid))
    event.add("dtstart", starts)
    # A length, not an end: an end in the hour that the clocks repeat would be read as the first of the two.
    event.add("duration", vDuration(timedelta(minutes=meeting.minutes)))
    event.add("summary", title(meeting, titles))
    event.add("url", url_of(meeting))
    event.add("class", "PRIVATE")
    if meeting.is_scheduled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ALARM_BEFORE)
        alarm.add("description", title(meeting, titles))
        event.add_component(alarm)
    return event


# -- Series ----------------------------------------------------------------------------------------------------------------


def _series(series: Series, rows: list[Meeting], titles: str, url_of: UrlOf) -> list[Event]:
    """A series as its reader has it: one entry with the rule, from the first of `rows` on; one more for each date that is otherwise
    (RECURRENCE-ID, RFC 5545 §3.8.4.4); and what is outside of the rule, such as dates of a series that was ended, for itself."""
    usual = [row for row in rows if row.is_scheduled and not row.own_time and clock.exists(_wall(row), series.zone)]
    first = next((row for row in usual if series.until is None or _wall(row).date() <= series.until), None)
    if first is None:
        return [_event(row, titles, url_of) for row in rows if not _declined(row)]
    last = max(_wall(row) for row in rows)
    walls = {each.wall for each in takewhile(lambda each: each.wall <= last, series.rhythm.from_(series.start, series.zone)) if each.wall >= _wall(first)}
    pattern = next((row for row in usual if not row.own_words and _wall(row) >= _wall(first)), first)
    master = _master(series, first, pattern, titles, url_of)
    inside = {_wall(row): row for row in rows if _wall(row) in walls}
    for wall in sorted(walls):
        if wall not in inside or _declined(inside[wall]):
            master.add("exdate", _there(series, wall))
    others = [row for wall, row in inside.items() if not _declined(row) and _differs(row, series, pattern)]
    alone = [row for row in rows if _wall(row) not in walls and not _declined(row)]
    return [master, *(_instead(row, series, titles, url_of) for row in others), *(_event(row, titles, url_of) for row in alone)]


def _master(series: Series, first: Meeting, pattern: Meeting, titles: str, url_of: UrlOf) -> Event:
    event = _entry(series.uid, _there(series, _wall(first)), pattern, titles, url_of)
    event.add("sequence", series.sequence)
    event.add("dtstamp", series.changed_at.replace(microsecond=0))
    event.add("last-modified", series.changed_at.replace(microsecond=0))
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("rrule", vRecur.from_ical(_rule(series)))
    return event


def _rule(series: Series) -> str:
    """Its rule with its end as an instant: "If the DTSTART property is specified as a date with local time and time zone reference, then the
    UNTIL rule part MUST be specified as a date with UTC time". A number of times would be counted from another start."""
    endless, last = series.rhythm.without_end(series.day), None
    if series.until:
        last = clock.instant(datetime.combine(series.until, time(23, 59)), series.zone)
    elif series.count:
        last = [each.starts_at for each in series.rhythm.from_(series.start, series.zone)][-1]
    return f"{endless};UNTIL={last.astimezone(UTC):%Y%m%dT%H%M%SZ}" if last else endless


def _instead(row: Meeting, series: Series, titles: str, url_of: UrlOf) -> Event:
    """One date that is not as its series has it."""
    event = _event(row, titles, url_of, uid=series.uid)
    event.add("recurrence-id", _there(series, _wall(row)))
    return event


def _there(series: Series, wall: datetime) -> datetime:
    return clock.instant(wall, series.zone).astimezone(ZoneInfo(series.zone))


def _differs(row: Meeting, series: Series, pattern: Meeting) -> bool:
    as_usual = row.starts_at == clock.instant(_wall(row), series.zone) and row.zone == series.zone
    same = (row.minutes, row.subject) == (pattern.minutes, pattern.subject)
    return not (as_usual and same and row.is_scheduled) or _waits(row)


def _wall(row: Meeting) -> datetime:
    """When its series has it. The series that has rows here has begun, so each has its time."""
    assert row.series_wall is not None
    return row.series_wall


def _declined(row: Meeting) -> bool:
    return getattr(row, "my_choice", "") == Choice.NO


def ics(meetings: Iterable[Meeting], *, titles: str, url_of: UrlOf, with_series: bool = False) -> bytes:
    """A calendar with these meetings and the rules of the zones they are in. `with_series`: those of one's own committees that repeat are one
    entry with a rule; else each stands for itself."""
    found = [meeting for meeting in meetings if meeting.starts_at is not None]
    series: dict[Series, list[Meeting]] = {}
    for meeting in found:
        if with_series and meeting.series and meeting.committee.slug == meeting.door:
            series.setdefault(meeting.series, []).append(meeting)
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//1//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _("Dates"))
    calendar.add("x-wr-calname", _("Dates"))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    years = [meeting.starts_at.year for meeting in found if meeting.starts_at]
    for zone in sorted({*(meeting.zone for meeting in found), *(each.zone for each in series)} - {"UTC"}):
        calendar.add_component(vtimezone(zone, min(years) - 1, max(years) + (YEARS_AHEAD if series else 1)))
    of_series = {row.pk for rows in series.values() for row in rows}
    for meeting in found:
        if meeting.pk not in of_series and not _declined(meeting):
            calendar.add_component(_event(meeting, titles, url_of))
    for each, rows in series.items():
        for event in _series(each, rows, titles, url_of):
            calendar.add_component(event)
    return bytes(calendar.to_ical())
