"""Which column is what: by headings in many languages, by contents alone, and not at all where it cannot be told."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from committees.directory.imports import headings
from committees.directory.imports.columns import Table
from committees.directory.imports.propose import ColumnsUnclear, Reading, propose
from committees.directory.imports.reading import Source

#: What a person would say of the shared lists. Only here, in a test, are their columns named.
LISTS = {
    "industrial-sites-europe.csv": (
        ";",
        {"employer": "CompanyName", "name": "SiteName", "address": "Address", "postcode": "CityCode", "city": "City", "country": "Country", "position": "geom"},
    ),
    "nlrb-union-elections.csv": (",", {"employer": "Case Name", "city": "Unit City", "region": "Unit State"}),
    "work-stoppages-us.csv": (",", {"employer": "Employer", "place": "City, State", "industry": "Industry"}),
}


def read(path: Path) -> tuple[Reading, dict[str, str]]:
    source = Source(path)
    reading = propose(Table.of(source, lambda _keys: set()))
    return reading, {name: source.headings[index] for name, index in reading.columns.items()}


def table(path: Path, delimiter: str) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize("name", LISTS)
def test_the_shared_lists_as_they_are(shared_data: Path, name: str) -> None:
    _delimiter, expected = LISTS[name]
    assert expected.items() <= read(shared_data / "workplaces" / name)[1].items()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", LISTS)
def test_the_shared_lists_shuffled_and_without_telling_headings(shared_data: Path, a_list: Callable[..., Path], name: str, seed: int) -> None:
    """Columns in another order under "c1", "c2" …, rows in another order: told by their contents alone."""
    delimiter, expected = LISTS[name]
    head, *rows = table(shared_data / "workplaces" / name, delimiter)
    dice = random.Random(seed)
    order = dice.sample(range(len(head)), len(head))
    dice.shuffle(rows)
    renamed = {f"c{n}": head[i] for n, i in enumerate(order, start=1)}
    reading, found = read(a_list([list(renamed), *[[row[i] for i in order] for row in rows]], delimiter=";,"[seed % 2]))
    assert expected.items() <= {field: renamed[column] for field, column in found.items()}.items()
    assert reading.home == ("" if "country" in expected else "US")


def test_actions_name_their_columns_and_without_names_the_employer_is_asked_for(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "workplaces" / "tech-worker-actions.json"
    assert {"employer": "companies", "place": "locations", "position": "latlngs"}.items() <= read(path)[1].items()
    rows = json.loads(path.read_text())
    nonsense = {key: f"c{n}" for n, key in enumerate(sorted(rows[0]), start=1)}
    (tmp_path / "x.json").write_text(json.dumps([{nonsense[key]: value for key, value in row.items()} for row in rows]))
    with pytest.raises(ColumnsUnclear) as refusal:
        read(tmp_path / "x.json")
    assert refusal.value.missing == ["employer"]
    assert "--map employer=COLUMN" in str(refusal.value)


@pytest.mark.parametrize(
    "head",
    [
        ["Employer", "Site name", "Site code", "Town", "Country"],
        ["Arbeitgeber", "Standort", "Standortcode", "Ort", "Land"],
        ["Empresa", "Centro de trabajo", "Código", "Municipio", "País"],
        ["employeur", "nom du site", "code site", "ville", "pays"],
        ["Работодатель", "Объект", "Код", "Город", "Страна"],
        ["işveren", "tesis adı", "tesis kodu", "şehir", "ülke"],
        ["pracodawca", "zakład", "kod obiektu", "miasto", "kraj"],
        ["company_name", "facilityName", "FACILITY CODE", "city/town", "Country:"],
        ["Empoyer", "Site nmae", "Site cod", "Municipalty", "Contry"],
        ["صاحب العمل", "اسم الموقع", "رمز", "المدينة", "البلد"],
        ["会社名", "事業所", "コード", "市", "国"],
    ],
)
def test_headings_in_many_languages_and_spellings(a_list: Callable[..., Path], head: list[str]) -> None:
    rows = [["Acme", "North shed", "AN1", "Leeds", "GB"], ["Acme", "South shed", "AS2", "Cork", "IE"], ["Beta", "Yard", "BY3", "Lyon", "FR"]]
    shuffled = [3, 0, 4, 2, 1]
    _reading, found = read(a_list([[row[i] for i in shuffled] for row in [head, *rows]]))
    expected = dict(zip(["employer", "name", "code", "city", "country"], head, strict=True))
    assert {field: headings.words(column) for field, column in found.items()} == {field: headings.words(column) for field, column in expected.items()}


def test_numbers_of_rows_and_of_cases_are_no_site_codes(a_list: Callable[..., Path]) -> None:
    rows = [[n, f"01-RC-{n:06}", "Acme Ltd", town, "GB"] for n, town in enumerate(["Leeds", "York", "Hull", "Bath", "Ely", "Deal"] * 5, start=1)]
    for head in (["SiteID", "Case Number", "Employer", "Town", "Country"], ["id", "record", "firm", "town", "country"]):
        assert "code" not in read(a_list([head, *rows]))[1]


def test_site_codes_are_known_by_their_look(a_list: Callable[..., Path]) -> None:
    codes = ["BHX4", "BHX1", "LEJ1", "MAN2", "EDI4", "DSA6", "LTN1", "GLA1", "CWL1", "BRS1"]
    rows = [
        ["Acme Ltd", code, town, "United Kingdom"]
        for code, town in zip(
            codes, ["Coventry", "Rugeley", "Leeds", "Manchester", "Dunfermline", "Doncaster", "Luton", "Gourock", "Swansea", "Bristol"], strict=True
        )
    ]
    assert read(a_list([["Employer", "c9", "Town", "Country"], *rows]))[1]["code"] == "c9"


def test_unions_are_no_employers(a_list: Callable[..., Path]) -> None:
    towns = ["Chicago", "Denver", "Boston", "Phoenix"]
    rows = [
        [f"Teamsters Local {n}", f"{name} Inc", towns[n % 4], ["IL", "CO", "MA", "AZ"][n % 4]]
        for n, name in enumerate(["Able", "Baker", "Charlie", "Dog", "Easy", "Fox"] * 3)
    ]
    _reading, found = read(a_list([["Labor Organization Name", "who", "City", "State"], *rows]))
    assert found["employer"] == "who"


def test_latitude_and_longitude_are_told_apart_by_where_the_country_lies(a_list: Callable[..., Path]) -> None:
    points = [(51.387, 12.443), (52.433, 10.79), (50.993, 6.958), (53.533, 9.91), (52.542, 13.345)]
    rows = [["Acme GmbH", lon, town, "Germany", lat] for (lat, lon), town in zip(points, ["Leipzig", "Wolfsburg", "Köln", "Hamburg", "Berlin"], strict=True)]
    _reading, found = read(a_list([["firma", "c1", "Ort", "Land", "c2"], *rows]))
    assert (found["latitude"], found["longitude"]) == ("c2", "c1")


@pytest.mark.parametrize("swapped", [False, True])
def test_the_order_inside_pairs_is_told_by_where_the_country_lies(a_list: Callable[..., Path], swapped: bool) -> None:
    points = [(51.387, 12.443), (52.433, 10.79), (50.993, 6.958)]
    rows = [["Acme", f"{b}, {a}" if swapped else f"{a}, {b}", town, "DE"] for (a, b), town in zip(points, ["Leipzig", "Wolfsburg", "Köln"], strict=True)]
    assert read(a_list([["Employer", "c1", "Town", "Country"], *rows]))[0].longitude_first is swapped


def test_the_country_follows_from_the_regions(a_list: Callable[..., Path]) -> None:
    rows = [["Acme", "Ottawa", "ON"], ["Acme", "Calgary", "AB"], ["Acme", "Montréal", "QC"]]
    assert read(a_list([["Employer", "City", "Province"], *rows]))[0].home == "CA"


@pytest.mark.parametrize(
    ("head", "rows", "missing"),
    [
        (["a", "b", "c"], [["1", "2", "3"], ["4", "5", "6"]], ["employer", "city", "country"]),
        (["first", "last", "address", "city", "zip"], [["John", "Doe", "120 any st.", "Anytown", "08123"]], ["employer", "country"]),
        (["Employer", "Country"], [["Acme", "GB"], ["Beta", "FR"]], ["city"]),
        (["Employer", "Town"], [["Acme", "Leeds"], ["Beta", "York"]], ["country"]),
    ],
)
def test_what_is_missing_is_named(a_list: Callable[..., Path], head: list[str], rows: list[list[str]], missing: list[str]) -> None:
    with pytest.raises(ColumnsUnclear) as refusal:
        read(a_list([head, *rows]))
    assert refusal.value.missing == missing
    assert all(f"--map {field}=" in str(refusal.value) for field in missing)


def test_an_employer_that_the_directory_knows_is_evidence(a_list: Callable[..., Path]) -> None:
    """Names without a legal form, under a meaningless heading."""
    rows = [[name, town, "DE"] for name, town in zip(["tesla", "ford", "dhl", "amazon"] * 3, ["Berlin", "Köln", "Leipzig"] * 4, strict=True)]
    source = Source(a_list([["c1", "Ort", "Land"], *rows]))
    with pytest.raises(ColumnsUnclear):
        propose(Table.of(source, lambda _keys: set()))
    known = propose(Table.of(source, lambda keys: keys & {"tesla", "dhl", "amazon"}))
    assert known.columns["employer"] == 0


def test_headings_mean_one_thing_each_but_for_those_that_two_languages_share() -> None:
    known = headings.known()
    assert len(known) > 700
    assert {field for fields in known.values() for field in fields} == set(headings.FIELDS)
    assert {heading for heading, fields in known.items() if len(fields) > 1} == {"kraj"}
