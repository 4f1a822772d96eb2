"""Countries by whatever name, the clocks of a place, and the project's own files."""

from __future__ import annotations

import csv

import pytest

from committees.base import clock
from committees.directory import industries, places
from committees.directory.imports.sites import kind_of
from tools import countries


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Netherland", "NL"),
        ("The Netherlands", "NL"),
        ("España", "ES"),
        ("대한민국", "KR"),
        ("U.S.A.", "US"),
        ("GBR", "GB"),
        ("de", "DE"),
        ("England", "GB"),
        ("Czech Republic", "CZ"),
        ("Česko", "CZ"),
        ("Untied States", "US"),
        ("Cote d'Ivoire", "CI"),
        ("বাংলাদেশ", "BD"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Türkiye", "TR"),
    ],
)
def test_a_country_by_what_lists_call_it(said: str, code: str) -> None:
    assert places.country(said) == code


@pytest.mark.parametrize("said", ["Austrlia", "Atlantis", "", "Berlin", "XX", "zz", "12"])
def test_a_country_is_not_guessed(said: str) -> None:
    """ "Austrlia" may be Austria or Australia."""
    assert places.country(said) == ""


@pytest.mark.parametrize(
    ("country", "region", "point", "zone"),
    [
        ("GB", "", None, "Europe/London"),
        ("DE", "", None, "Europe/Berlin"),
        ("US", "CA", None, "America/Los_Angeles"),
        ("US", "California", None, "America/Los_Angeles"),
        ("US", "", (35.077, -85.132), "America/New_York"),  # Chattanooga keeps eastern time in a state that mostly keeps central
        ("US", "TN", None, "America/Chicago"),
        ("US", "AZ", None, "America/Phoenix"),
        ("BR", "AM", None, "America/Manaus"),
        ("AU", "WA", None, "Australia/Perth"),
        ("US", "WA", None, "America/Los_Angeles"),
        ("CA", "", None, "America/Toronto"),
        ("RU", "", None, "Europe/Moscow"),
        ("DE", "", (52.35, -1.17), "Europe/Berlin"),  # coordinates in another country are a slip
        ("GB", "", (0.0, -30.0), "Europe/London"),  # at sea
    ],
)
def test_the_clock_of_a_place(country: str, region: str, point: tuple[float, float] | None, zone: str) -> None:
    assert places.zone(country, region, *(point or (None, None))) == zone


@pytest.mark.parametrize("country", sorted(places.zones_of()))
def test_every_country_has_a_clock_that_people_may_choose(country: str) -> None:
    clock.validate_zone(places.zone(country))


#: Regions of the United States that the tz database knows as countries.
TERRITORIES = {"PR", "GU", "VI", "AS", "MP"}


def test_every_region_has_a_clock_of_its_country() -> None:
    for region in places.regions():
        home = region.code if region.country == "US" and region.code in TERRITORIES else region.country
        assert region.zone in places.zones_of()[home], region


def test_a_territory_keeps_its_own_clock() -> None:
    assert places.zone("US", "", 18.4655, -66.1057) == places.zone("US", "PR") == "America/Puerto_Rico"


def test_industries_are_the_sections_and_divisions_of_isic() -> None:
    rows = industries.table()
    assert [sum(len(row["code"]) == n for row in rows) for n in (1, 2)] == [21, 88]
    assert len({row["code"] for row in rows}) == len(rows)
    assert {row["section"] for row in rows} == {row["code"] for row in rows if len(row["code"]) == 1}
    assert all(row["en"] and row["es"] and row["en"] != row["es"] for row in rows)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("C24", "24"), ("24.10", "24"), ("H", "H"), ("Iron and steel", "24"), ("Retail Trade", "47"), ("Health Care and Social Assistance", "Q"),
        ("Manufacture of textiles", "13"), ("Educación de dragones", ""), ("99999x", ""), ("Construcción", "F"),
    ],
)  # fmt: skip
def test_an_industry_by_what_lists_call_it(said: str, code: str) -> None:
    assert industries.code_of(said) == code


def test_naics_counts_only_where_the_column_says_so() -> None:
    assert industries.code_of("622110", naics=True) == "Q"
    assert industries.code_of("622110") in {"62", ""}


@pytest.mark.parametrize(("said", "kind"), [("Distribution Center", "warehouse"), ("Szpital", "hospital"), ("remote", "remote"), ("Zoo", "")])
def test_a_kind_by_what_lists_call_it(said: str, kind: str) -> None:
    assert kind_of(said) == kind


def test_every_site_of_our_own_list_lies_in_its_country() -> None:
    with (places.DATA / "workplaces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 60
    assert len({row["country"] for row in rows}) >= 15
    astray = [row["site name"] for row in rows if not places.lies_in(row["country"], float(row["latitude"]), float(row["longitude"]))]
    assert not astray


def test_the_names_of_countries_are_those_of_the_locale_data() -> None:
    """`python -m tools.countries` writes them anew after an upgrade."""
    assert countries.FILE.read_text(encoding="utf-8") == countries.lines()
