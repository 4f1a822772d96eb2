"""Which column is what: proposed from headings and from contents, so that a list with meaningless headings can be read too.

Each field looks at each column and says how likely it is; the likeliest pairs are taken first. What cannot be told is not
guessed: the list is refused, and the refusal names the field that is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from committees.base.errors import Refused
from committees.directory import names, places
from committees.directory.imports import evidence, headings, values
from committees.directory.imports.columns import Column, Mapped, Table, Where
from committees.directory.imports.reading import Cell

#: Asked about in the refusal, in the order in which a person would name them.
_QUESTIONS = {
    "employer": gettext_noop("No column could be told to hold the employer."),
    "city": gettext_noop("No column could be told to hold the town, and none the coordinates."),
    "country": gettext_noop("No column could be told to hold the country, and it does not follow from the regions."),
}
_SURE = 0.6
_CHECKED = 60  # rows by which the order of coordinates is told
_HALVES = 6  # columns of degrees that are tried as latitude and longitude
#: Rows in which two columns share a word, for them to name an employer and its site.
_SAME_BODY = 0.3


class ColumnsUnclear(Refused):
    """A list whose columns cannot be told. `missing` names the fields."""

    def __init__(self, gaps: list[str], columns: list[str]) -> None:
        self.missing, self.columns = gaps, columns
        say = " ".join(_(_QUESTIONS[field]) for field in gaps)
        options = " ".join(f"--map {field}=COLUMN" if field != "country" else "--map country=COLUMN / --country XX" for field in gaps)
        super().__init__(_("%(say)s Name it: %(options)s. The columns are: %(columns)s.") % {"say": say, "options": options, "columns": ", ".join(columns)})


@dataclass
class Reading:
    """How a list is to be read: field → column, the country of rows that name none, which half of a pair comes first."""

    columns: Mapped = field(default_factory=dict)
    home: str = ""
    longitude_first: bool = False

    def cell(self, cells: tuple[Cell, ...], name: str) -> Cell:
        """The cell of a field in a row; empty where the list has no such column."""
        return cells[self.columns[name]] if name in self.columns else ""


def propose(table: Table, *, given: Mapping[str, int | None] | None = None, country: str = "") -> Reading:
    """The likeliest reading. `given` is what a person said (None: no such column). Refused when it is not clear."""
    reading = likeliest(table, given=given, country=country)
    if gaps := missing(reading):
        raise ColumnsUnclear(gaps, [column.heading for column in table.columns])
    return reading


def likeliest(table: Table, *, given: Mapping[str, int | None] | None = None, country: str = "") -> Reading:
    """As far as it can be told; `missing` says what could not."""
    given = given or {}
    reading = Reading({name: index for name, index in given.items() if index is not None}, home=country)
    closed = {name for name, index in given.items() if index is None}
    _by_heading(table, reading.columns, closed)
    _by_contents(table, reading.columns, closed)
    _coordinates(table, reading, closed)
    _town(table, reading, closed)
    _employer_and_name(table, reading.columns, closed)
    reading.home = reading.home or _home(table, reading.columns)
    return reading


def _free(table: Table, taken: Mapped) -> list[Column]:
    return [column for column in table.columns if column.index not in taken.values() and column.filled]


def _take(scores: list[tuple[float, str, int]], taken: Mapped) -> None:
    """Give out columns by falling score; each field and each column once."""
    for _score, name, index in sorted(scores, key=lambda s: (-s[0], headings.FIELDS.index(s[1]), s[2])):
        if name not in taken and index not in taken.values():
            taken[name] = index


def _weigh(name: str, column: Column, table: Table) -> float:
    """What the contents say about a field, where that needs no other column."""
    if name in {"employer", "name"}:
        return 0.0 if max(column.share(kind) for kind in ("number", "date", "link")) < 0.5 else -2.0
    if name == "city":
        return 0.0 if column.share("townlike") > 0.4 else -2.0
    return evidence.SIMPLE[name](column, table)


def _by_heading(table: Table, taken: Mapped, closed: set[str]) -> None:
    scores = []
    for column in _free(table, taken):
        for said, sure in headings.meanings(column.heading).items():
            # A "location" may be a town, a "city" may have its state behind it.
            name = said if said not in {"city", "place"} else "place" if column.share("located") > 0.5 else "city"
            weight = _weigh(name, column, table)
            if name not in closed and sure + min(weight, 0) >= _SURE:
                scores.append((sure + weight, name, column.index))
    _take(scores, taken)


def _by_contents(table: Table, taken: Mapped, closed: set[str]) -> None:
    scores = []
    for column in _free(table, taken):
        for name, ask in evidence.SIMPLE.items():
            if name not in taken and name not in closed and (score := ask(column, table)) >= _SURE:
                scores.append((score, name, column.index))
    if "city" in taken:
        scores = [score for score in scores if score[1] != "place"]
    _take(scores, taken)


def _town(table: Table, reading: Reading, closed: set[str]) -> None:
    """The town, by what it settles: its region, its country, where it lies."""
    taken = reading.columns
    if {"city", "place"} & taken.keys() or "city" in closed:
        return
    where = _where(table, reading)
    scores = [(evidence.city(column, table, taken, where), "city", column.index) for column in _free(table, taken)]
    _take([score for score in scores if score[0] >= 0.5], taken)


def _employer_and_name(table: Table, taken: Mapped, closed: set[str]) -> None:
    """Two columns may hold names of bodies: sites are more various than employers and often repeat the employer's name."""
    if "employer" not in taken and "employer" not in closed:
        good = _names_of_bodies(table, taken)
        if "name" in taken:
            good = [column for column in good if column.variety <= table.columns[taken["name"]].variety]
        if good:
            partners = [column for column in good[1:] if column.variety <= good[0].variety and _repeats(column, good[0]) > _SAME_BODY]
            taken["employer"] = min([good[0], *partners], key=lambda column: (column.variety, column.index)).index
        elif "name" in taken:  # the one name there is: a hospital, a school is its own employer
            taken["employer"] = taken.pop("name")
    if "employer" in taken and "name" not in taken and "name" not in closed:
        employer = table.columns[taken["employer"]]
        others = [c for c in _names_of_bodies(table, taken) if c.variety >= employer.variety and _repeats(employer, c) > _SAME_BODY]
        if others:
            taken["name"] = max(others, key=lambda column: (_repeats(employer, column), -column.index)).index


def _names_of_bodies(table: Table, taken: Mapped) -> list[Column]:
    """The columns left that hold names of companies and other bodies, the likeliest first.

    "Case name" speaks of a case, yet holds whom it is about: such a heading loses to others, no more than that.
    """
    scored = [(headings.is_about_something_else(c.heading), -evidence.employer(c, table), c.index, c) for c in _free(table, taken)]
    return [column for _elsewhere, score, _index, column in sorted(scored, key=lambda s: s[:3]) if -score >= 0.4]


def _repeats(employer: Column, site: Column) -> float:
    """Part of the rows in which the site's name holds a word of the employer's."""
    both = [(a, b) for a, b in zip(employer.cells, site.cells, strict=True) if a and b]
    shared = sum(any(len(word) > 3 and word in names.words(b) for word in names.words(a)) for a, b in both)
    return shared / max(1, len(both))


# -- coordinates ------------------------------------------------------------------------------------
def _countries(table: Table, reading: Reading) -> list[str]:
    """The country of each row of the sample, as far as it is known by now."""
    taken = reading.columns
    if "country" in taken:
        return [places.country(cell, guess=False) for cell in table.columns[taken["country"]].cells]
    if "place" in taken and not reading.home:
        return [place.country if (place := values.place_in(cell)) else "" for cell in table.columns[taken["place"]].cells]
    home = reading.home or _home(table, taken)
    return [home] * len(table.columns[0].cells)


def _coordinates(table: Table, reading: Reading, closed: set[str]) -> None:
    """Two columns of degrees without a telling heading, and the order inside pairs: told by where the country lies."""
    taken = reading.columns
    countries = _countries(table, reading)
    if "position" in taken:
        cells = table.columns[taken["position"]].raw
        first = _agreeing([values.positions(cell) for cell in cells], countries)  # type: ignore[arg-type]
        second = _agreeing([values.positions(cell, longitude_first=True) for cell in cells], countries)  # type: ignore[arg-type]
        reading.longitude_first = second > first
        return
    if {"latitude", "longitude"} & (taken.keys() | closed):
        if len({"latitude", "longitude"} & taken.keys()) == 1:  # one half alone says nothing
            taken.pop("latitude", None), taken.pop("longitude", None)
        return
    halves = [column for column in _free(table, taken) if column.share("degrees") > 0.5 and column.variety > 0.3][:_HALVES]
    best, pair = 0.7, None
    for latitude, longitude in permutations(halves, 2):
        rows = [_point(a, b) for a, b in zip(latitude.cells, longitude.cells, strict=True)]
        agreeing = _agreeing([[row] if row else [] for row in rows], countries)
        if agreeing > best:
            best, pair = agreeing, (latitude, longitude)
    if pair:
        taken["latitude"], taken["longitude"] = pair[0].index, pair[1].index


def _point(latitude: str, longitude: str) -> values.Position | None:
    lat, lon = values.degrees(latitude, 90), values.degrees(longitude, 180)
    return (lat, lon) if lat is not None and lon is not None and (lat, lon) != (0, 0) else None


def _agreeing(rows: list[list[values.Position]], countries: list[str]) -> float:
    """Part of the rows whose position lies in their country."""
    known = [(points[0], country) for points, country in zip(rows, countries, strict=True) if points and country]
    known = known[:: max(1, len(known) // _CHECKED)]
    return sum(places.lies_in(country, *point) for point, country in known) / max(1, len(known))


def _where(table: Table, reading: Reading) -> Where:
    taken = reading.columns
    if "position" in taken:
        found = [values.positions(cell, longitude_first=reading.longitude_first) for cell in table.columns[taken["position"]].raw]  # type: ignore[arg-type]
        return [points[0] if points else None for points in found]
    if "latitude" in taken and "longitude" in taken:
        return [_point(a, b) for a, b in zip(table.columns[taken["latitude"]].cells, table.columns[taken["longitude"]].cells, strict=True)]
    return [None] * len(table.columns[0].cells)


# -- country and what is missing ------------------------------------------------------------------------
def _home(table: Table, taken: Mapped) -> str:
    """The country that nearly all regions of the list belong to: "OH, CA, TX" are states of one country only."""
    if "country" in taken:
        return ""
    return next((home for name in ("region", "place", "address") if name in taken and (home := _home_of(table.columns[taken[name]], name))), "")


def _home_of(column: Column, name: str) -> str:
    cells = column.filled
    said = cells if name == "region" else [place.region for cell in cells if (place := values.place_in(cell)) and place.region]
    found: Counter[str] = Counter()
    for region in said:
        found.update({known.country for known in places.regions_called(region)})
    ranking = found.most_common(2)
    if not ranking or len(said) < 2 or ranking[0][1] < 0.9 * len(said) or len(said) < 0.5 * len(cells):
        return ""
    return ranking[0][0] if len(ranking) == 1 or ranking[1][1] < 0.8 * ranking[0][1] else ""


def missing(reading: Reading) -> list[str]:
    """The fields without which no row makes a site, as far as the columns do not give them."""
    taken = reading.columns
    located = {"position", "latitude"} & taken.keys()
    gaps = []
    if "employer" not in taken:
        gaps.append("employer")
    if not ({"city", "place"} & taken.keys() or located):
        gaps.append("city")
    if not ("country" in taken or reading.home or located or "place" in taken):
        gaps.append("country")
    return gaps
