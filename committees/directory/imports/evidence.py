"""What each field asks of a column: 1 where the contents prove it, 0 where they say nothing, -2 where they forbid it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping

from committees.directory import industries, names, places
from committees.directory.imports import sites, values
from committees.directory.imports.columns import Column, Mapped, Table, Where


def employer(column: Column, table: Table) -> float:
    if not column.is_name_like or column.share("place") > 0.4 or column.share("country") > 0.5 or column.share("address") > 0.6:
        return -2
    if len(column.counts) < 2 < len(column.filled):
        return 0
    sample = {names.name_key(cell) for cell in itertools.islice(column.counts, 400)}
    known = len(table.known(sample)) / max(1, len(sample))
    town = 0.5 if column.share("town") > 0.1 and column.share("company") < 0.05 else 0
    few = 0.4 if column.variety < 0.03 and column.share("company") < 0.1 else 0  # "Retail trade", "Health care": branches
    return min(1.0, 2.5 * column.share("company") + 0.9 * column.share("body") + 2 * known) - town - few


def city(column: Column, table: Table, chosen: Mapped, where: Where) -> float:
    shape = column.share("townlike") - 2 * column.share("company") - column.share("body") - 0.5 * column.share("address")
    if not column.is_name_like or column.share("townlike") < 0.6 or column.share("country") > 0.5:
        return -2
    if len(column.counts) < 3 and len(column.filled) > 5:
        return -0.5
    ties = [table.settles(column, table.columns[chosen[f]]) for f in ("region", "country", "postcode") if f in chosen and chosen[f] != column.index]
    gathered = table.gathers(column, where)
    proof = max(0.8 * max(ties, default=0.0) if max(ties, default=0) > 0.7 else 0, gathered if gathered > 0.7 else 0)
    proof += 0.3 if column.share("town") > 0.02 else 0
    proof += 0.4 if column.share("town") > 0.1 else 0
    return min(1.0, proof) * max(0.0, shape)


def _country(column: Column, _table: Table) -> float:
    codes = sum(1 for cell in column.filled if len(cell) in {2, 3} and cell.isalpha() and places.country(cell, guess=False)) / max(1, len(column.filled))
    if column.share("country") > 0.75:
        return 0.9
    return 0.65 if codes > 0.97 and regions(column) < 0.97 else -1 if column.share("number") > 0.2 or column.variety > 0.8 < codes else 0


def regions(column: Column) -> float:
    """The greatest part of the cells that are regions of one country."""
    found: Counter[str] = Counter()
    for cell in column.filled:
        found.update({region.country for region in places.regions_called(cell)})
    return max(found.values(), default=0) / max(1, len(column.filled))


def _region(column: Column, _table: Table) -> float:
    if column.share("number") > 0.2 or column.share("date") > 0.1 or column.is_prose:
        return -2
    return 0.9 if regions(column) > 0.9 and len(column.filled) > 1 else 0


def _place(column: Column, _table: Table) -> float:
    if column.share("number") > 0.3 or column.share("date") > 0.1 or column.share("link") > 0.1:
        return -2
    return 0.9 * column.share("place") if column.share("place") > 0.6 else 0


def _address(column: Column, _table: Table) -> float:
    if column.share("number") > 0.5 or column.share("date") > 0.2 or column.share("link") > 0.2 or column.share("union") > 0.4:
        return -2
    return 0.7 if column.share("address") > 0.55 and column.variety > 0.3 and 8 < column.length < 90 and column.share("company") < 0.2 else 0


def _postcode(column: Column, _table: Table) -> float:
    if column.share("postcode") < 0.8:
        return -2
    lettered = sum(1 for cell in column.filled if not cell.isdigit()) / max(1, len(column.filled))
    whole = sum(1 for cell in column.filled if 4 <= len(cell) <= 8 or not cell.isdigit()) / max(1, len(column.filled))
    return 0.65 if lettered > 0.8 or (whole > 0.99 and 0.15 < column.variety < 0.99) else 0


def _code(column: Column, _table: Table) -> float:
    if not column.filled or column.length > 12 or column.share("date") > 0.1 or column.variety < 0.6:
        return -2
    if column.share("integer") > 0.5:  # numbers are codes only where the heading says so: most are numbers of rows
        return -0.2
    with_digits = sum(any(c.isdigit() for c in cell) for cell in column.filled) / len(column.filled)
    return 0.7 if column.share("sitecode") > 0.85 and column.variety > 0.85 and with_digits > 0.4 else 0


def _position(column: Column, _table: Table) -> float:
    return 0.95 if column.positions > 0.8 else -2


def _degrees(column: Column, _table: Table) -> float:
    within = sum(values.degrees(cell, 180) is not None for cell in column.filled) / max(1, len(column.filled))
    return 0.1 if within > 0.95 else -2


def _industry(column: Column, _table: Table) -> float:
    if column.share("date") > 0.1 or column.is_prose:
        return -2
    said = sum(n for cell, n in column.counts.items() if len(cell) > 3 and any(c.isalpha() for c in cell) and industries.code_of(cell)) / max(
        1, len(column.filled)
    )
    return 0.6 if said > 0.4 and column.variety < 0.3 and len(column.counts) > 1 else 0


def _headcount(column: Column, _table: Table) -> float:
    return 0 if column.share("number") > 0.5 else -2


def _zone(column: Column, _table: Table) -> float:
    zones = {zone for some in places.zones_of().values() for zone in some}
    return 0.9 if sum(cell in zones for cell in column.filled) > 0.9 * max(1, len(column.filled)) else -2


def _kind(column: Column, _table: Table) -> float:
    known = sum(n for cell, n in column.counts.items() if sites.kind_of(cell))
    return 0 if known > 0.3 * len(column.filled) else -2


def _plain(_column: Column, _table: Table) -> float:
    return 0


SIMPLE: Mapping[str, Callable[[Column, Table], float]] = {
    "position": _position, "zone": _zone, "country": _country, "region": _region, "place": _place, "postcode": _postcode, "address": _address,
    "code": _code, "industry": _industry, "headcount": _headcount, "latitude": _degrees, "longitude": _degrees, "kind": _kind,
    "languages": _plain, "aliases": _plain, "employer_aliases": _plain, "domains": _plain,
}  # fmt: skip
