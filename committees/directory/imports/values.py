"""What a single cell may be: a position, a town with its state, a date, a number, the name of a company, of a union …"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from committees.directory import names, places
from committees.directory.imports.reading import Cell

_DECIMAL = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"^\(?\[?\s*({_DECIMAL})\s*[,; ]\s*({_DECIMAL})\s*\]?\)?$")
_WKT = re.compile(rf"POINT\s*Z?M?\s*\(\s*({_DECIMAL})\s+({_DECIMAL})", re.IGNORECASE)
_SEXAGESIMAL = re.compile(r"(\d{1,3})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2}(?:\.\d+)?)\D{0,3}([NSEW])", re.IGNORECASE)
_DEGREES = re.compile(r"^[-+]?(?:1?\d)?\d\.\d{2,}$")
_NUMBER = re.compile(r"^[-+]?[\d.,\s]*\d%?$")
_INTEGER = re.compile(r"^[-+]?\d+$")
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|ene|abr|ago|dic|avr|ao[uû]|f[eé]v)[a-zäöéû]*\.?"
_DATE = re.compile(
    rf"^(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|\d{{1,2}}[-. ]{_MONTH}[-. ,]*\d{{2,4}}|{_MONTH}[-. ]\d{{1,2}},? \d{{4}})",
    re.IGNORECASE,
)
_LINK = re.compile(r"^(?:https?://|www\.)|^[^\s@]+@[^\s@]+\.\w+$", re.IGNORECASE)
#: What bodies that workers organise in are called; such a column names no employer.
_UNION = re.compile(
    r"\b(?:union|unions|unite|local \d+|locals?|lodge|brotherhood|teamsters|workers|steelworkers|amalgamated|federation of|afl|cio|seiu|uaw|ibew|ibt|iam|cwa|"
    r"gewerkschaft|syndicat|sindicato|sindacato|vakbond|zwiazek|sendika|fagforening|ammattiliitto|odbory|szakszervezet|sindicat|профсоюз|نقابة)\b",
    re.IGNORECASE,
)
#: Words that stand in the names of employers and their sites in many languages. A hint, never a proof.
_BODY = frozenset(
    """hospital hospitals clinic medical health healthcare care university college school academy institute center centre foundation society
    association services service systems solutions group holding holdings industries industrial manufacturing products foods food logistics
    transport transportation express motors motor steel energy power electric construction contractors materials bank insurance hotel hotels casino
    restaurant market markets stores supply distribution district county department authority railroad railway airlines airport port press paper
    plastics glass cement chemical chemicals refinery werk werke werks fabrik klinik klinikum krankenhaus stadtwerke papierfabrik zementwerk
    usine hopital ecole societe centre groupe etablissements fabrica empresa universidad universidade escuela escola planta compania industria
    industrias servicios servicos azienda ospedale fabbrica stabilimento zaklad zaklady szpital huta nemocnice zavod gyar uzem korhaz spital uzina
    hastane fabrika fabrikasi sanayi завод больница комбинат مستشفى مصنع अस्पताल কারখানা 工厂 医院 工場 病院 공장 병원""".split()  # noqa: SIM905
)
_HOUSE_NUMBER = re.compile(
    r"(?:^\d+[a-z]?(?:[-/]\d+[a-z]?)?[ ,]+\D{3,})|(?:\D{4,}[ ,]+\d+\s?[a-z]?(?:[-/ ]+\d+[a-z]?)*\.?$)|\b(?:p\.? ?o\.? box|postfach|rue|strasse|straße|street|avenue|road|blvd|calle|rua|ulica|utca|via)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"^(?:[A-Z]{1,2}-)?(?:\d{4,6}(?:-\d{3,4})?|\d{3} \d{2}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2})$"
)
_SITE_CODE = re.compile(r"^[A-Z]{2,4}[- ]?\d{1,4}[A-Z]?$|^[A-Z]{3,5}$")
_ZIP_BEHIND = re.compile(r"\s+\d{5}(?:-\d{4})?$")
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")

type Position = tuple[float, float]


def text(cell: Cell) -> str:
    """A cell as one line of text; a list of one is that one, longer lists are joined."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list):
        return "; ".join(text(part) if isinstance(part, str | list | dict) else str(part) for part in cell if part is not None)
    return json.dumps(cell, ensure_ascii=False)


def several(cell: Cell) -> list[str]:
    """The separate texts in a cell: those of a JSON list; otherwise the one."""
    if isinstance(cell, list):
        return [part.strip() for part in map(_text_of, cell) if part.strip()]
    if cell and isinstance(cell, str) and cell.startswith("[") and isinstance(parsed := _json(cell), list):
        return several(parsed)
    return [cell] if isinstance(cell, str) and cell else []


def _text_of(part: Any) -> str:
    return part if isinstance(part, str) else "" if part is None or isinstance(part, list | dict) else str(part)


def _json(said: str) -> Any:
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return None


def positions(cell: Cell, *, longitude_first: bool = False) -> list[Position]:
    """(latitude, longitude) of each point in a cell: WKT, GeoJSON, degrees and minutes, or plain pairs in the order given.

    WKT and GeoJSON say longitude first by their own rule. A pair that cannot lie on the globe is left out.
    """
    return [(lat, lon) for lat, lon in _pairs(cell, longitude_first) if abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)]


def _pairs(cell: Cell, swap: bool) -> Iterator[Position]:
    if isinstance(cell, dict):
        yield from _numbers(cell.get("coordinates"), swap=True)  # GeoJSON
    elif isinstance(cell, list):
        yield from _numbers(cell, swap=swap)
        for part in cell:
            if isinstance(part, list | dict):
                yield from _pairs(part, swap)
    elif match := _WKT.search(cell):
        yield float(match.group(2)), float(match.group(1))
    elif match := _PAIR.match(cell):
        yield from _numbers([float(match.group(1)), float(match.group(2))], swap=swap)
    elif cell[:1] in {"{", "["} and (parsed := _json(cell)) is not None:
        yield from _pairs(parsed, swap)
    else:
        yield from _sexagesimal(cell)


def _numbers(pair: object, *, swap: bool) -> Iterator[Position]:
    if isinstance(pair, list) and 2 <= len(pair) <= 3 and all(isinstance(n, int | float) for n in pair):
        yield (float(pair[1]), float(pair[0])) if swap else (float(pair[0]), float(pair[1]))


def _sexagesimal(said: str) -> Iterator[Position]:
    """37°36'37.8"N 121°2'17.9"W, whatever became of the signs between the figures."""
    parts = {hand.upper(): int(d) + int(m) / 60 + float(s) / 3600 for d, m, s, hand in _SEXAGESIMAL.findall(said)}
    lat, lon = parts.get("N", -parts.get("S", 0.0)), parts.get("E", -parts.get("W", 0.0))
    if len(parts) == 2 and lat and lon:
        yield lat, lon


def degrees(said: str, limit: int) -> float | None:
    """A latitude (limit 90) or longitude (180) alone in its cell, with a decimal point or comma."""
    try:
        number = float(said.strip().replace(",", ".").rstrip("°"))
    except ValueError:
        return None
    return number if abs(number) <= limit else None


@dataclass(frozen=True)
class Place:
    """ "Toledo, OH" taken apart. `country` stays empty where a region of that name lies in several countries."""

    town: str = ""
    region: str = ""
    country: str = ""
    address: str = ""


@lru_cache(maxsize=65536)
def place_in(said: str) -> Place | None:
    """A town with its region or country: "Leipzig, Germany", "1 Hay Rd.; Dover, DE 19901", "san francisco-california-usa".

    None when the last part is no region or country that we know.
    """
    said = _IN_BRACKETS.sub("", said)
    for separator in (",", ";", " / ", "|", "-"):
        parts = [part.strip() for part in said.split(separator) if part.strip()]
        if len(parts) > 2 and parts[-1].replace("-", "").isdigit():  # a postal code by itself
            parts.pop()
        if 1 < len(parts) <= 5 and (found := _assemble(parts, by_dash=separator == "-")):
            return found
    return None


def _assemble(parts: list[str], *, by_dash: bool) -> Place | None:
    last = _ZIP_BEHIND.sub("", parts.pop())
    country = places.country(last, guess=False) if len(last) > 2 or not places.regions_called(last) else ""
    region = ""
    if country:
        if len(parts) > 1 and (by_dash or places.region(_ZIP_BEHIND.sub("", parts[-1]), country)):
            region = _ZIP_BEHIND.sub("", parts.pop())
    elif (known := places.regions_called(last)) and not by_dash:
        region, country = last, known[0].country if len({r.country for r in known}) == 1 else ""
    else:
        return None
    town = parts.pop() if parts else ""
    if ";" in town:
        street, _sep, town = town.rpartition(";")
        parts.append(street.strip())
    if any(c.isdigit() for c in town):
        parts.append(town)
        town = ""
    return Place(town.strip(), region, country, ", ".join(parts))


@lru_cache(maxsize=65536)
def kinds(said: str) -> frozenset[str]:
    """All that this text could be, for telling a column by its contents."""
    found = {kind for kind, pattern in _PATTERNS if pattern.search(said)}
    if not found & {"number", "date"}:
        found |= _words_for(said)
    return frozenset(found)


def _words_for(said: str) -> set[str]:
    """What a text in words could be: a place, a company, a body, a country, a town."""
    found = set()
    parts = names.words(said)
    if len(said) < 120 and (place := place_in(said)):
        found |= {"located", "place" if place.town else "address"}
    elif names.has_legal_form(said):
        found.add("company")
    if not _BODY.isdisjoint(parts):
        found.add("body")
    if len(said) > 3 and places.country(said, guess=False):
        found.add("country")
    if parts and len(parts) <= 4 and not any(c.isdigit() for c in said) and "company" not in found:
        found.add("townlike")
        if " ".join(parts) in places.known_towns():
            found.add("town")
    return found


_PATTERNS = (
    ("number", _NUMBER), ("integer", _INTEGER), ("degrees", _DEGREES), ("date", _DATE), ("link", _LINK), ("union", _UNION), ("address", _HOUSE_NUMBER),
    ("postcode", _POSTCODE), ("sitecode", _SITE_CODE),
)  # fmt: skip


def without_brackets(said: str) -> str:
    """ "St. Louis (city)" without what stands in brackets behind it."""
    return _IN_BRACKETS.sub("", said) or said
