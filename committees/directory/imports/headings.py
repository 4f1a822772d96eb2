"""What a heading says about its column, in many languages (data/headings.csv), spelt as people spell headings."""

from __future__ import annotations

import csv
import difflib
import re
from functools import cache, lru_cache

from committees.directory import names
from committees.directory.places import DATA

#: In the order in which they are told from one another.
FIELDS = (
    "employer", "name", "code", "address", "postcode", "city", "region", "country", "place", "latitude", "longitude", "position", "kind",
    "industry", "headcount", "languages", "zone", "aliases", "employer_aliases", "domains",
)  # fmt: skip
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)")
#: A heading with one of these is about something else, whatever else stands in it.
_OTHER = frozenset(
    """date dates fecha datum data day time year union unions labor labour gewerkschaft syndicat sindicato sindacato votes vote votos ballots
    count phone telephone tel telefono telefon fax email mail url website web link links source sources quelle fuente status notes note
    comments description case id ids row record petition contact person affected impacted laid layoff layoffs jobs idled""".split()  # noqa: SIM905
)
#: Fields of which the heading alone is no evidence when it holds such a word.
_GUARDED = frozenset({"employer", "name", "code", "city", "place", "kind", "headcount"})


@cache
def known() -> dict[str, tuple[str, ...]]:
    """Folded heading → the fields it may mean ("kraj" is a country in Polish and a region in Czech)."""
    found: dict[str, tuple[str, ...]] = {}
    with (DATA / "headings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for heading in row["headings"].split("|"):
                said = " ".join(names.words(heading))
                found[said] = (*found.get(said, ()), row["field"])
    return found


@lru_cache(maxsize=4096)
def words(heading: str) -> tuple[str, ...]:
    """The words of a heading: "SiteName", "site_name" and "Site name:" are the same."""
    return tuple(names.words(_HUMPS.sub(" ", heading)))


def is_about_something_else(heading: str) -> bool:
    """Does it speak of a date, a union, a vote, a contact …?"""
    return not _OTHER.isdisjoint(words(heading))


def _by_phrase(parts: list[str], *, from_the_end: bool) -> dict[str, float]:
    """The longest known phrase at one end of a heading; its end says more than its beginning."""
    for size in range(len(parts) - 1, 0, -1):
        phrase = " ".join(parts[-size:] if from_the_end else parts[:size])
        if phrase in known() and len(phrase) > 2:
            return dict.fromkeys(known()[phrase], 0.75 if from_the_end else 0.65)
    return {}


@lru_cache(maxsize=4096)
def meanings(heading: str) -> dict[str, float]:
    """Field → how surely the heading names it (1: its very word, 0.75: a phrase that ends in it, 0.65: less)."""
    said = " ".join(words(heading))
    if said in known():
        return dict.fromkeys(known()[said], 1.0)
    parts = said.split()
    found = _by_phrase(parts, from_the_end=True)
    if not found and len(said) > 4:
        near = difflib.get_close_matches(said, known(), n=1, cutoff=0.86)
        found = dict.fromkeys(known()[near[0]], 0.65) if near else {}
    found = found or _by_phrase(parts, from_the_end=False)
    found.pop("headcount", None)  # "employees affected", "total employees": mostly other numbers
    if is_about_something_else(heading):
        found = {field: sure for field, sure in found.items() if field not in _GUARDED}
    return found
