"""Meetings as iCalendar (RFC 5545). Never a place, a link, a committee's name; the title is as discreet as its reader wants.

No METHOD is set, so DTSTAMP is when the meeting last changed: the same meetings always give the same bytes, which makes
a fingerprint of them a true ETag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from organizing.meetings.models import CalendarFeed, Choice, Meeting
from organizing.meetings.vtimezones import vtimezone

#: How often a calendar should ask again.
REFRESH = timedelta(hours=1)
ALARM_BEFORE = timedelta(hours=1)
#: How long a meeting stays in the feed after its end, so that a cancellation reaches a phone that was off.
KEPT = timedelta(days=30)
MOST_EVENTS = 500

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


def _event(meeting: Meeting, titles: str, url_of: UrlOf) -> Event:
    assert meeting.starts_at is not None
    event = Event()
    event.add("uid", str(meeting.uid))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at.replace(microsecond=0))
    event.add("last-modified", meeting.changed_at.replace(microsecond=0))
    # Made from the instant: a wall time that the clocks skip is thereby already the later one.
    event.add("dtstart", meeting.starts_at.astimezone(ZoneInfo(meeting.zone)))
    # A length, not an end: an end in the hour that the clocks repeat would be read as the first of the two.
    event.add("duration", vDuration(timedelta(minutes=meeting.minutes)))
    event.add("summary", title(meeting, titles))
    event.add("url", url_of(meeting))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if meeting.is_cancelled else "TENTATIVE" if _waits(meeting) else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if meeting.is_cancelled else "OPAQUE")
    if meeting.is_scheduled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ALARM_BEFORE)
        alarm.add("description", title(meeting, titles))
        event.add_component(alarm)
    return event


def ics(meetings: Iterable[Meeting], *, titles: str, url_of: UrlOf) -> bytes:
    """A calendar with these meetings and the rules of the zones they are in."""
    found = [meeting for meeting in meetings if meeting.starts_at is not None]
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//1//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _("Dates"))
    calendar.add("x-wr-calname", _("Dates"))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    years = [meeting.starts_at.year for meeting in found if meeting.starts_at]
    for zone in sorted({meeting.zone for meeting in found} - {"UTC"}):
        calendar.add_component(vtimezone(zone, min(years) - 1, max(years) + 1))
    for meeting in found:
        calendar.add_component(_event(meeting, titles, url_of))
    return bytes(calendar.to_ical())
