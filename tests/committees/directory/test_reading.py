"""Any file as headings and rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from committees.base.errors import Refused
from committees.directory.imports import values
from committees.directory.imports.reading import Source

ROWS = [["Betrieb", "Ort", "Land"], ["Zementwerk Ñandú GmbH", "Gmünd", "Österreich"], ["Acme; Söhne, KG", 'Bad "Ischl"', "Österreich"]]


def table(path: Path) -> list[list[str]]:
    source = Source(path)
    return [list(source.headings), *[list(map(values.text, record.cells)) for record in source]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_delimiters_and_encodings(a_list: Callable[..., Path], delimiter: str, encoding: str) -> None:
    assert table(a_list(ROWS, delimiter=delimiter, encoding=encoding)) == ROWS


def test_a_spreadsheet(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["List of sites, 2026"])  # a title above the headings
    sheet.append([])
    for row in ROWS:
        sheet.append(row)
    sheet.append(["Formel", "=1+1", None])
    book.save(tmp_path / "list.xlsx")
    assert table(tmp_path / "list.xlsx") == [*ROWS, ["Formel", "", ""]]


@pytest.mark.parametrize("shape", ["list", "lines", "wrapped", "utf-16"])
def test_json(tmp_path: Path, shape: str) -> None:
    objects = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    path = tmp_path / "list.json"
    if shape == "lines":
        path.write_text("".join(json.dumps(one) + "\n" for one in objects))
    else:
        body = {"count": 2, "data": objects} if shape == "wrapped" else objects
        path.write_text(json.dumps(body, indent=1), encoding="utf-16" if shape == "utf-16" else "utf-8")
    assert table(path) == ROWS


def test_geojson_and_nested_objects(tmp_path: Path) -> None:
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [12.4, 51.3]}, "properties": {"firm": "A", "address": {"city": "B"}}}
    (tmp_path / "list.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    source = Source(tmp_path / "list.geojson")
    (record,) = source
    cells = dict(zip(source.headings, record.cells, strict=True))
    assert cells["firm"] == "A"
    assert cells["address city"] == "B"
    assert values.positions(cells["geometry"]) == [(51.3, 12.4)]


def test_a_broken_line_of_json_is_one_broken_row(tmp_path: Path) -> None:
    (tmp_path / "list.jsonl").write_text('{"a": "1"}\n{"a": \n[1]\n{"a": "2"}\n')
    assert [record.broken for record in Source(tmp_path / "list.jsonl")] == [False, True, True, False]


def test_ragged_rows(a_list: Callable[..., Path]) -> None:
    source = Source(a_list([["a", "b", "c"], ["1"], ["1", "2", "3", "", ""], ["1", "2", "3", "4"], [], ["", "", ""]]))
    assert [(record.cells, record.surplus) for record in source] == [(("1", "", ""), 0), (("1", "2", "3"), 0), (("1", "2", "3"), 1)]


def test_a_list_without_headings_is_given_some(a_list: Callable[..., Path]) -> None:
    assert table(a_list([["Acme", "51.5", "0.1"], ["Beta", "52.5", "0.2"]]))[0] == ["column 1", "column 2", "column 3"]


@pytest.mark.parametrize(
    ("name", "body"), [("empty.csv", b""), ("blank.csv", b" \n \n"), ("old.xls", b"\xd0\xcf\x11\xe0" + b"0" * 99), ("bad.xlsx", b"PK\x03\x04zip")]
)
def test_what_is_no_list_is_refused(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(Refused):
        Source(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        Source(tmp_path / "nowhere.csv")


def test_a_big_file_is_read_row_by_row(tmp_path: Path) -> None:
    """Reading goes on only as far as it is asked to."""
    path = tmp_path / "list.json"
    with path.open("w") as file:
        file.write("[" + ",".join(json.dumps({"a": str(n), "b": "x" * 100}) for n in range(20_000)) + "]")
    source = Source(path)
    assert next(iter(source)).cells[0] == "0"
    assert sum(1 for _record in source) == 20_000


def test_the_awkward_files(shared_data: Path) -> None:
    """Each CSV of the collection says the same as the JSON beside it (one of the pairs differs in itself)."""
    seen = 0
    for path in sorted((shared_data / "csv").glob("*.csv")):
        if path.stem == "location_coordinates":
            continue
        expected = json.loads(path.with_suffix(".json").read_text())
        source = Source(path)
        got = [dict(zip(source.headings, record.cells, strict=True)) for record in source]
        assert [_plain(row) for row in got] == [_plain(row) for row in expected], path.name
        seen += 1
    assert seen == 11


def _plain(row: dict[str, str]) -> dict[str, str]:
    return {key: value.replace("\r\n", "\n").strip() for key, value in row.items()}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("SRID=4326;POINT(15.067806 47.03378)", [(47.03378, 15.067806)]),
        ("51.387, 12.443", [(51.387, 12.443)]),
        ("(51.387; 12.443)", [(51.387, 12.443)]),
        ([[51.387, 12.443], [1.0, 2.0]], [(51.387, 12.443), (1.0, 2.0)]),
        ('{"type": "Point", "coordinates": [102.0, 0.5]}', [(0.5, 102.0)]),
        ("37\ufffd36'37.8\"N 121\ufffd2'17.9\"W", [(37.6105, -121.0383)]),
        ("POINT(200 100)", []),
        ("0, 0", []),
        ("12", []),
        ("Leipzig, Germany", []),
        ("", []),
    ],
)
def test_positions(cell: values.Cell, found: list[tuple[float, float]]) -> None:
    assert [(round(lat, 4), round(lon, 4)) for lat, lon in values.positions(cell)] == [(round(lat, 4), round(lon, 4)) for lat, lon in found]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("EAST HARTFORD, CT", values.Place("EAST HARTFORD", "CT", "US")),
        ("Leipzig, Germany", values.Place("Leipzig", "", "DE")),
        ("san francisco-california-usa", values.Place("san francisco", "california", "US")),
        ("Toledo, Ohio, USA", values.Place("Toledo", "Ohio", "US")),
        ("120 Hay Rd.; Wilmington, Delaware 19809", values.Place("Wilmington", "Delaware", "US", "120 Hay Rd.")),
        ("1 Main St, Springfield, IL 62701", values.Place("Springfield", "IL", "US", "1 Main St")),
        ("St. Louis (city), MO", values.Place("St. Louis (city)", "MO", "US")),
        ("Marche-en-Famenne", None),
        ("Perth, WA", values.Place("Perth", "WA", "")),  # there are two
    ],
)
def test_places(said: str, place: values.Place | None) -> None:
    assert values.place_in(said) == place
