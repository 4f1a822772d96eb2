"""Dates and times as people say them: in the reader's zone and language, the zone named as a city.

Pages use them through the template tags `when`, `day` and `dateblock`; mails call them directly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from committees.base import clock


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    for name in (to_locale(language), language.split("-", maxsplit=1)[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def locale() -> Locale:
    """Babel's locale for the language in use; English for pseudo-languages."""
    return _locale(get_language() or "en")


def zone_name(zone: str | None) -> str:
    """The zone asked for, else the reader's."""
    return zone or timezone.get_current_timezone_name()


def local(at: datetime, zone: str | None = None) -> datetime:
    """The instant in the zone asked for, else in the reader's."""
    return at.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(at)


@lru_cache(maxsize=512)
def _city(zone: str, language: str) -> str:
    if zone == "UTC":
        return "UTC"
    return get_timezone_location(zone, locale=_locale(language), return_city=True) or clock.city(zone)


def city(zone: str | None = None) -> str:
    """ "New York" for America/New_York, in the language in use."""
    return _city(zone_name(zone), get_language() or "en")


def zone_label(zone: str | None = None) -> str:
    """ "New York time", to stand behind a time of day."""
    return _("%(city)s time") % {"city": city(zone)}


@lru_cache(maxsize=64)
def _day_pattern(spoken: Locale) -> str:
    """Weekday, day and month in full, in the order of the language: CLDR's short pattern with its fields made long."""
    if spoken.language == "en":  # CLDR's order for plain English is the American one
        return "EEEE d MMMM"
    skeletons = spoken.datetime_skeletons
    pattern = str(skeletons.get("MMMMEd") or skeletons.get("MMMEd") or "EEEE d MMMM")
    return re.sub(r"[ML]{3,}", "MMMM", re.sub(r"[Ec]+", "EEEE", pattern))


def day(at: datetime | date, zone: str | None = None, *, now: datetime | None = None) -> str:
    """ "Sunday 22 November"; with the year when it is not this one."""
    when = local(at, zone).date() if isinstance(at, datetime) else at
    spoken = locale()
    if local(now or timezone.now(), zone).year == when.year:
        return format_date(when, _day_pattern(spoken), locale=spoken)
    return format_date(when, "EEEE d MMMM y" if spoken.language == "en" else "full", locale=spoken)


def time_of_day(at: datetime, zone: str | None = None) -> str:
    """ "7:00 pm", "12:00 noon", "12:00 midnight"; "19:00" where people count to 24."""
    when = local(at, zone)
    if (when.hour, when.minute) == (0, 0):
        return _("12:00 midnight")
    spoken = locale()
    if spoken.language != "en":
        return format_time(when.time(), "short", locale=spoken)
    if (when.hour, when.minute) == (12, 0):
        return _("12:00 noon")
    return f"{when.hour % 12 or 12}:{when.minute:02} {'am' if when.hour < 12 else 'pm'}"


def moment(at: datetime, zone: str | None = None, *, now: datetime | None = None) -> str:
    """ "Sunday 22 November, 7:00 pm". Midnight says which day it opens, so that nobody comes a day late."""
    when = local(at, zone)
    parts = {"day": day(at, zone, now=now), "time": time_of_day(at, zone)}
    if (when.hour, when.minute) == (0, 0):
        return _("%(time)s, start of %(day)s") % parts
    return _("%(day)s, %(time)s") % parts


def moment_with_zone(at: datetime, zone: str | None = None, *, now: datetime | None = None) -> str:
    """ "Sunday 22 November, 7:00 pm, London time": for mails and other plain text."""
    return _("%(moment)s, %(zone)s") % {"moment": moment(at, zone, now=now), "zone": zone_label(zone)}


def weekday(at: datetime, zone: str | None = None) -> str:
    """ "Sunday", for a subject line that says almost nothing."""
    return format_date(local(at, zone).date(), "EEEE", locale=locale())


def short_weekday(at: datetime, zone: str | None = None) -> str:
    return format_date(local(at, zone).date(), "EEE", locale=locale())


def short_month(at: datetime, zone: str | None = None) -> str:
    return format_date(local(at, zone).date(), "MMM", locale=locale())


@dataclass(frozen=True)
class Leaf:
    """A calendar leaf: what stands on it, top to bottom."""

    weekday: str
    number: int
    month: str


def leaf(at: datetime, zone: str | None = None) -> Leaf:
    """The calendar leaf of a day, for mails and pages."""
    return Leaf(short_weekday(at, zone), local(at, zone).day, short_month(at, zone))


def duration(minutes: int) -> str:
    """ "1 hour 15 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return " ".join(parts)
