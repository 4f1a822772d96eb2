"""Countries, regions, coordinates and the clocks that go with them, from whatever a list calls them."""

from __future__ import annotations

import atexit
import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.core import get_global

from committees.directory import names

if TYPE_CHECKING:
    from timezonefinder import TimezoneFinder

DATA = Path(__file__).parent / "data"
#: Asked first, and guessed among. What a country is called in the others stands in data/countries.tsv: reading it out of all
#: these languages takes seconds, and every start of the server would wait for it (`python -m tools.countries` writes it).
_FIRST = ("en", "es")
OTHERS = """fr de pt it nl pl cs sk hu ro bg uk ru tr ar he fa hi bn ta te ur zh ja ko vi th id ms sv da nb fi et lv lt el hr sr
    sl sq mk ka hy az kk uz am sw so fil ne si my km lo mn ca eu gl ga cy is mt""".split()  # noqa: SIM905
#: Everyday names that no list of countries has.
_ALSO = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "us": "US", "usa": "US", "america": "US", "united states of america": "US", "eeuu": "US", "uae": "AE", "holland": "NL", "czech republic": "CZ",
    "korea": "KR", "republic of korea": "KR", "burma": "MM", "swaziland": "SZ", "macedonia": "MK", "ivory coast": "CI", "cape verde": "CV",
    "east timor": "TL", "russian federation": "RU", "viet nam": "VN", "drc": "CD", "bosnia": "BA", "republic of ireland": "IE", "prc": "CN",
    "slovak republic": "SK", "turkiye": "TR", "turkey": "TR", "persia": "IR",
}  # fmt: skip
#: Where most people live in countries with several clocks and no region given.
_MAIN_ZONE = {
    "US": "America/New_York", "CA": "America/Toronto", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "MX": "America/Mexico_City",
    "RU": "Europe/Moscow", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty", "CD": "Africa/Kinshasa", "MN": "Asia/Ulaanbaatar", "CL": "America/Santiago",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "NZ": "Pacific/Auckland", "UA": "Europe/Kyiv", "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin", "GL": "America/Nuuk", "PG": "Pacific/Port_Moresby", "CY": "Asia/Nicosia", "AR": "America/Argentina/Buenos_Aires",
    "UZ": "Asia/Tashkent", "MY": "Asia/Kuala_Lumpur", "PS": "Asia/Hebron", "KI": "Pacific/Tarawa", "FM": "Pacific/Pohnpei",
    "PF": "Pacific/Tahiti", "MH": "Pacific/Majuro", "AQ": "Antarctica/McMurdo",
}  # fmt: skip


@dataclass(frozen=True)
class Region:
    country: str
    code: str
    name: str
    zone: str


@cache
def zones_of() -> dict[str, tuple[str, ...]]:
    """Country code → its zones, from the tz database."""
    found: dict[str, list[str]] = {}
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _where, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return {country: tuple(zones) for country, zones in found.items()}


@cache
def _three_letters() -> dict[str, str]:
    return {old.lower(): new[0] for old, new in get_global("territory_aliases").items() if len(old) == 3 and old.isalpha() and len(new) == 1}


def spoken(locales: Iterable[str]) -> dict[str, str]:
    """Folded country name → code, in these languages. A name that two countries share is left out."""
    found: dict[str, set[str]] = {}
    for code in locales:
        for territory, name in Locale.parse(code).territories.items():
            if territory in zones_of():
                found.setdefault(" ".join(names.words(name)), set()).add(territory)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


@cache
def _first_names() -> dict[str, str]:
    return spoken(_FIRST) | _ALSO


@cache
def _all_names() -> dict[str, str]:
    lines = (DATA / "countries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines) | _first_names()


@lru_cache(maxsize=4096)
def country(text: str, *, guess: bool = True) -> str:
    """ISO code of a country, from a code of two or three letters or a name in any usual language.

    With `guess` also slightly misspelt. Empty when it is not known, or when two countries are about as near ("Austrlia").
    """
    said = " ".join(names.words(text))
    if not said:
        return ""
    if said in _first_names():
        return _first_names()[said]
    if len(said) == 2 and said.isascii():
        return said.upper() if said.upper() in zones_of() else ""
    if len(said) == 3 and said.isascii():
        return _three_letters().get(said, "")
    without_the = said.removeprefix("the ")
    return _all_names().get(without_the, "") or (_nearest(without_the) if guess and 4 < len(said) < 40 else "")


def _nearest(said: str) -> str:
    """The one country that is nearly spelt so in English or Spanish, or none."""
    near = difflib.get_close_matches(said, _first_names(), n=8, cutoff=0.85)
    if not near:
        return ""
    best = difflib.SequenceMatcher(None, near[0], said).ratio()
    rivals = {_first_names()[n] for n in near if difflib.SequenceMatcher(None, n, said).ratio() > best - 0.05}
    return rivals.pop() if len(rivals) == 1 else ""


@cache
def regions() -> tuple[Region, ...]:
    with open(DATA / "regions.csv", encoding="utf-8", newline="") as file:
        return tuple(Region(**row) for row in csv.DictReader(file))


@cache
def _regions_by_name() -> dict[str, tuple[Region, ...]]:
    found: dict[str, tuple[Region, ...]] = {}
    for region in regions():
        for said in {" ".join(names.words(region.name)), region.code.lower()} - {""}:
            found[said] = (*found.get(said, ()), region)
    return found


@lru_cache(maxsize=4096)
def regions_called(text: str) -> tuple[Region, ...]:
    """Every region with that name or code; several countries may have one ("WA", "MA")."""
    return _regions_by_name().get(" ".join(names.words(text)), ())


def region(text: str, country_code: str) -> Region | None:
    """The region of that country with this name or code, if it is one of those we know."""
    return next((r for r in regions_called(text) if r.country == country_code), None)


@lru_cache(maxsize=65536)
def region_key(text: str, country_code: str) -> str:
    """A region as it is compared: "TX", "texas" and "Texas" are one. Empty where nothing is said."""
    return " ".join(names.words(region_name(text, country_code)))[:80]


def region_name(text: str, country_code: str) -> str:
    """What a region is called: by the name that we know, else as it was written."""
    known = region(text, country_code)
    return known.name if known else text


@cache
def _finder() -> TimezoneFinder:
    from timezonefinder import TimezoneFinder  # brings numpy along: a third of a second and 25 MB for every process that needs no zone

    finder = TimezoneFinder()
    atexit.register(finder.cleanup)  # left to the interpreter's end, it finds its own modules gone and its files stay open
    return finder


@lru_cache(maxsize=65536)
def zone_at(latitude: float, longitude: float) -> str:
    """The zone on land at these coordinates; empty at sea."""
    zone = _finder().timezone_at(lat=latitude, lng=longitude) or ""
    return "" if zone.startswith("Etc/") else zone


@lru_cache(maxsize=512)
def clocks(country_code: str) -> frozenset[str]:
    """The zones of a country and of those of its regions that have a code of their own (Puerto Rico)."""
    return frozenset(zones_of().get(country_code, ())) | {region.zone for region in regions() if region.country == country_code}


def zone(country_code: str, region_name: str = "", latitude: float | None = None, longitude: float | None = None) -> str:
    """The zone of a site: from its coordinates where they lie in its country, else from region and country."""
    if latitude is not None and longitude is not None:
        found = zone_at(latitude, longitude)
        if found and found in clocks(country_code):
            return found
    if known := region(region_name, country_code):
        return known.zone
    return _MAIN_ZONE.get(country_code) or zones_of()[country_code][0]


def lies_in(country_code: str, latitude: float, longitude: float) -> bool:
    """Do the coordinates lie in that country, as far as its clocks tell?"""
    return zone_at(latitude, longitude) in clocks(country_code)


@lru_cache(maxsize=512)
def country_names(country_code: str) -> tuple[str, ...]:
    """What a searcher may call the country: in English, and in the languages most spoken there."""
    spoken = get_global("territory_languages").get(country_code, {})
    locales = [code for code, about in spoken.items() if about.get("official_status") == "official"][:4]
    found = [Locale.parse("en").territories.get(country_code, country_code)]
    for code in locales:
        name = Locale.parse(code).territories.get(country_code, "") if code in _locales() else ""
        if name and name not in found:
            found.append(name)
    return tuple(found)


@cache
def _locales() -> frozenset[str]:
    from babel.localedata import locale_identifiers

    return frozenset(locale_identifiers())


@cache
def known_towns() -> frozenset[str]:
    """Folded names of the few hundred towns that zones are named after, in the usual languages: a hint that a column holds towns."""
    found = {" ".join(names.words(zone.rsplit("/", 1)[-1])) for zones in zones_of().values() for zone in zones}
    for code in ("en", "es", "de", "fr", "pt", "it", "pl", "tr"):
        found |= {" ".join(names.words(about["city"])) for about in Locale.parse(code).time_zones.values() if about.get("city")}
    return frozenset(found)


@cache
def all_zones() -> frozenset[str]:
    return frozenset(zone for zones in zones_of().values() for zone in zones)


@cache
def _country_of_zone() -> dict[str, str]:
    return {zone: country_code for country_code, zones in zones_of().items() for zone in zones}


def country_at(latitude: float, longitude: float) -> str:
    """The country in which the coordinates lie, by its clocks; empty at sea."""
    return _country_of_zone().get(zone_at(latitude, longitude), "")


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in ("es", "en"):
        found |= {" ".join(names.words(name)): tag for tag, name in Locale.parse(code).languages.items()}
    return found


def language(text: str) -> str:
    """The code of a language from its code or its name in English or Spanish; empty when it is not known."""
    said = " ".join(names.words(text))
    return said if said in _languages().values() else _languages().get(said, "")
