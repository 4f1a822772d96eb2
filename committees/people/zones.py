"""A first guess at somebody's time zone, from the languages their browser asks for. Shown, and changed with one tap."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from itertools import groupby

from babel.core import UnknownLocaleError, get_global
from babel.dates import get_timezone_location
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from committees.base import clock, dates

DEFAULT = "Europe/London"
#: The zone database lists a country's zones from east to west; for these the first is not where most people live.
_MOST_PEOPLE = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "RU": "Europe/Moscow",
}


def _table(name: str) -> list[str]:
    return files("tzdata.zoneinfo").joinpath(name).read_text().splitlines()


@lru_cache(maxsize=1)
def of_countries() -> dict[str, str]:
    """One zone for each country code."""
    found: dict[str, str] = {}
    for line in _table("zone.tab"):
        if line and not line.startswith("#"):
            country, _where, zone = line.split("\t")[:3]
            found.setdefault(country, zone)
    return {**found, **_MOST_PEOPLE}


def guess(request: HttpRequest) -> str:
    """The zone of the first country that the browser names ("es-MX" names Mexico), or London."""
    for language, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        country = language.rpartition("-")[2].upper() if "-" in language else ""
        if zone := of_countries().get(country):
            return zone
    return DEFAULT


@lru_cache(maxsize=1)
def listed() -> frozenset[str]:
    """The zones that stand in the list: each once, under the name it has today (others are still understood)."""
    named = {line.split("\t")[2] for line in _table("zone.tab") if line and not line.startswith("#")}
    return frozenset(named & clock.zones()) | {"UTC"}


@lru_cache(maxsize=1)
def old_names() -> dict[str, str]:
    """The names by which a browser may still call a zone of the list, with blanks between them."""
    found: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        found.setdefault(new, []).append(old)
    return {zone: " ".join(found[zone]) for zone in listed() if zone in found}


@lru_cache(maxsize=16)
def _choices(_language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    def label(zone: str) -> str:
        try:
            return get_timezone_location(zone, locale=dates.locale(), return_city=True) or clock.city(zone)
        except (LookupError, UnknownLocaleError):
            return clock.city(zone)

    named = sorted((zone.partition("/")[0], label(zone), zone) for zone in listed())
    return tuple((area, tuple((zone, name) for _area, name, zone in rows)) for area, rows in groupby(named, key=lambda row: row[0]))


def choices(*, also: str = "") -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every zone by the name of its city in the language in use, in groups by continent; and `also`, if that is another."""
    more = [(also.partition("/")[0], ((also, clock.city(also)),))] if also and also not in listed() else []
    return [*more, *_choices(get_language() or "en")]
