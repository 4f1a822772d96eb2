"""A row of a list as sites, or the reason why it makes none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from committees.base.text import clean_line
from committees.directory import industries, names, places
from committees.directory.imports import values
from committees.directory.imports.propose import Reading
from committees.directory.imports.reading import Record
from committees.directory.imports.sites import Reason, Site, Unusable, headcount_of, kind_of
from committees.directory.models import Employer, Workplace

_LENGTHS: dict[str, int] = {
    name: getattr(Workplace._meta.get_field(name), "max_length", 0) for name in ("name", "code", "address", "postcode", "city", "region")
}
_LENGTHS["employer"] = getattr(Employer._meta.get_field("name"), "max_length", 0)
_NEEDED = {"employer", "name", "code", "city", "place", "country", "region"}
_SEVERAL = re.compile(r"\s*[;|]\s*")
_ALNUM = re.compile(r"\w")
_EXCEL_TEXT = re.compile(r'^="(.*)"$')


class Maker:
    """Makes sites of the rows of one list."""

    def __init__(self, reading: Reading, headings: tuple[str, ...]) -> None:
        self.reading = reading
        industry = reading.columns.get("industry")
        self.naics = industry is not None and "naics" in names.words(headings[industry])

    def sites(self, record: Record) -> list[Site]:
        """The site that a row names; several where one employer is named with several places. Unusable otherwise."""
        if record.broken:
            raise Unusable(Reason.BROKEN)
        if record.surplus:  # a delimiter inside a name: what stands in which column is not known
            raise Unusable(Reason.SURPLUS)
        said = {name: self._line(name, record) for name in self.reading.columns if name not in {"position", "place", "employer"}}
        employers = [self._clean("employer", part) for part in values.several(self.reading.cell(record.cells, "employer"))]
        employers = [employer for employer in employers if employer]
        self._check_employers(employers)
        spots = list(self._spots(record, said))
        if len(employers) > 1 and len(spots) > 1:
            raise Unusable(Reason.SEVERAL_EMPLOYERS)
        return [self._site(employer, spot, said) for employer in employers for spot in spots]

    # -- cells ---------------------------------------------------------------------------------------
    def _line(self, name: str, record: Record) -> str:
        return self._clean(name, values.text(self.reading.cell(record.cells, name)))

    def _clean(self, name: str, said: str) -> str:
        if name in _NEEDED and ("\x00" in said or "\ufffd" in said):
            raise Unusable(Reason.DAMAGED)
        if excel := _EXCEL_TEXT.match(said):
            said = excel.group(1)
        if said.startswith("=") and name in _NEEDED:
            raise Unusable(Reason.FORMULA)
        said = clean_line(said)
        if name in _LENGTHS and len(said) > _LENGTHS[name]:
            if name in _NEEDED:
                raise Unusable(Reason.TOO_LONG)
            return ""
        return said if _ALNUM.search(said) else ""  # "-", "?", "*": nothing

    def _check_employers(self, employers: list[str]) -> None:
        if not employers:
            raise Unusable(Reason.NO_EMPLOYER)
        for employer in employers:
            if not any(c.isalpha() for c in employer) or "date" in values.kinds(employer):
                raise Unusable(Reason.NOT_A_NAME)

    # -- places --------------------------------------------------------------------------------------
    def _spots(self, record: Record, said: dict[str, str]) -> Iterator[dict[str, str | values.Position | None]]:
        """Where a row says that something is: once for each of its places."""
        points = values.positions(self.reading.cell(record.cells, "position"), longitude_first=self.reading.longitude_first)
        if "latitude" in said and (lat := values.degrees(said["latitude"], 90)) is not None and (lon := values.degrees(said["longitude"], 180)) is not None:
            points = [(lat, lon)] if (lat, lon) != (0, 0) else []
        named = [self._place(self._clean("place", part)) for part in values.several(self.reading.cell(record.cells, "place"))]
        if not named:  # a town may still carry its state with it
            town = said.get("city", "")
            named = [(values.place_in(town) if "," in town else None) or values.Place(town=town)]
        exact = len(points) == len(named)  # else it is not said which point belongs to which place
        for i, place in enumerate(named):
            spot = {
                "city": place.town or said.get("city", ""),
                "region": said.get("region") or place.region,
                "country": said.get("country") or place.country,
                "address": place.address or (said.get("address", "") if len(named) == 1 else ""),
            }
            yield {**spot, "point": points[i] if exact else None}

    def _place(self, said: str) -> values.Place:
        if found := values.place_in(said):
            return found
        country = places.country(said, guess=False) if len(said) > 2 else ""
        return values.Place(country=country) if country else values.Place(town=said)

    # -- the site --------------------------------------------------------------------------------------
    def _site(self, employer: str, spot: dict[str, str | values.Position | None], said: dict[str, str]) -> Site:
        point = spot["point"] if isinstance(spot["point"], tuple) else None
        region = str(spot["region"])
        country = self._country(str(spot["country"]), region, point)
        city = _town(str(spot["city"]))
        if not (city or point or spot["address"]):
            raise Unusable(Reason.NO_PLACE)
        known = places.region(region, country)
        zone = said.get("zone", "")
        name = said.get("name", "")
        return Site(
            employer=employer,
            name="" if name.isdigit() else name,
            code=said.get("code", ""),
            address=str(spot["address"]),
            postcode=said.get("postcode", ""),
            city=city,
            region=known.name if known else region,
            country=country,
            latitude=_degrees(point, 0),
            longitude=_degrees(point, 1),
            zone=zone if zone in places.all_zones() else places.zone(country, region, *(point or (None, None))),
            zone_given=zone in places.all_zones(),
            kind=kind_of(said.get("kind", "")),
            industry=industries.code_of(said.get("industry", ""), naics=self.naics),
            headcount_band=headcount_of(said.get("headcount", "")),
            languages=tuple(code for part in _SEVERAL.split(said.get("languages", "").replace(",", ";")) if (code := places.language(part))),
            aliases=_list(said.get("aliases", "")),
            employer_aliases=_list(said.get("employer_aliases", "")),
            domains=tuple(domain for domain in _list(said.get("domains", "").lower().replace(",", ";")) if "." in domain),
        )

    def _country(self, said: str, region: str, point: values.Position | None) -> str:
        if said:
            if found := places.country(said):
                return found
            raise Unusable(Reason.UNKNOWN_COUNTRY)
        regions = {known.country for known in places.regions_called(region)}
        if self.reading.home and (not regions or self.reading.home in regions):
            return self.reading.home
        if len(regions) == 1:  # one row from the neighbouring country
            return regions.pop()
        if point and (found := places.country_at(*point)):
            return found
        raise Unusable(Reason.NO_COUNTRY)


def _degrees(point: values.Position | None, half: int) -> Decimal | None:
    return None if point is None else Decimal(str(round(point[half], 5)))


@lru_cache(maxsize=8192)
def _town(said: str) -> str:
    """Towns in capitals, or without any, as one writes them; "(city)" behind a name goes."""
    said = values.without_brackets(said)
    return said.title().replace("’S", "’s").replace("'S", "'s") if said.islower() or (said.isupper() and len(said) > 3) else said


def _list(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _SEVERAL.split(said) if part))
