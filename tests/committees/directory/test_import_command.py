"""`manage.py import_workplaces` as people and scripts call it."""

from __future__ import annotations

import io
import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from committees.directory.management.commands import import_workplaces
from committees.directory.models import Workplace
from tests.committees.directory.conftest import OWN_LIST

pytestmark = pytest.mark.django_db


def run(*args: object, **options: Any) -> str:
    out = io.StringIO()
    call_command("import_workplaces", *map(str, args), stdout=out, **options)
    return out.getvalue()


def test_the_json_answer() -> None:
    body = json.loads(run(OWN_LIST, "--json"))
    rows = body["rows"]
    assert rows >= 60
    assert {key: body[key] for key in ("new", "changed", "unchanged", "duplicate", "error")} == {
        "new": rows,
        "changed": 0,
        "unchanged": 0,
        "duplicate": 0,
        "error": 0,
    }
    assert body["reasons"] == {}
    assert body["mapping"]["employer"] == "employer"
    assert body["dry_run"] is False
    again = json.loads(run(OWN_LIST, "--json", "--dry-run"))
    assert (again["unchanged"], again["new"], again["dry_run"]) == (rows, 0, True)


def test_the_reasons_are_counted_and_named(a_list: Callable[..., Path]) -> None:
    path = a_list([["Employer", "Town", "Country"], ["Acme", "Leeds", "GB"], ["Acme", "Leeds", "GB"], ["", "York", "GB"], ["", "Hull", "GB"]])
    body = json.loads(run(path, "--json"))
    assert body["reasons"] == {"no employer": 2, "same site as an earlier row": 1}
    assert body["details"] == [
        {"row": 3, "verdict": "duplicate", "reason": "same site as an earlier row"},
        {"row": 4, "verdict": "error", "reason": "no employer"},
        {"row": 5, "verdict": "error", "reason": "no employer"},
    ]
    said = run(path)
    assert "4 rows: 0 new, 0 changed, 1 unchanged, 1 duplicate, 2 error." in said
    assert "row 4: error (no employer)" in said


def test_a_report_holds_every_row(a_list: Callable[..., Path], tmp_path: Path) -> None:
    run(a_list([["Employer", "Town", "Country"], ["Acme", "Leeds", "GB"], ["", "York", "GB"]]), "--report", tmp_path / "report.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert lines == [{"row": 2, "verdict": "new"}, {"row": 3, "verdict": "error", "reason": "no employer"}]


def test_columns_and_country_can_be_said(a_list: Callable[..., Path]) -> None:
    path = a_list([["c1", "c2", "c3"], ["Acme", "Leeds", "Yard"], ["Beta", "York", "Mill"]])
    run(path, "--country", "United Kingdom", "--map", "employer=c1", "city=#2", "--map", "name=c3")
    assert sorted(str(site) for site in Workplace.objects.select_related("employer")) == ["Acme Yard", "Beta Mill"]
    with pytest.raises(CommandError, match="employer"):
        run(path, "--country", "GB", "--map", "employer=-", "city=c2")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--map", "employer"], 2),
        (["--map", "colour=c1"], 1),
        (["--map", "employer=nowhere"], 1),
        (["--country", "Ruritania"], 1),
        ([], 3),
    ],
)
def test_exit_codes(a_list: Callable[..., Path], options: list[str], code: int) -> None:
    with pytest.raises(CommandError) as refusal:
        run(a_list([["c1", "c2"], ["1", "2"]]), *options)
    assert refusal.value.returncode == code


def test_a_refusal_in_json_names_what_is_missing(a_list: Callable[..., Path]) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("import_workplaces", str(a_list([["c1", "c2"], ["1", "2"]])), "--json", stdout=out)
    body = json.loads(out.getvalue())
    assert refusal.value.returncode == import_workplaces.UNCLEAR
    assert body["missing"] == ["employer", "city", "country"]
    assert body["columns"] == ["c1", "c2"]
    assert not Workplace.objects.exists()


def test_a_missing_file_and_a_list_of_which_nothing_is_usable(a_list: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(CommandError) as gone:
        run(tmp_path / "nowhere.csv")
    assert gone.value.returncode == import_workplaces.UNREADABLE
    with pytest.raises(CommandError) as useless:
        run(a_list([["Employer", "Town", "Country"], ["Acme", "Leeds", "Ruritania"], ["Acme", "York", "Borduria"]]))
    assert useless.value.returncode == import_workplaces.NOTHING_USABLE


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_told_on_a_terminal_after_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(import_workplaces.time, "monotonic", lambda: now[0])
    screen, pipe = Terminal(), io.StringIO()
    for out in (screen, pipe):
        progress = import_workplaces.Progress(out)
        for rows in range(1, 40):
            now[0] += 0.1
            progress.tell(rows * 100)
        progress.end()
        now[0] = 100.0
    assert "3,300 rows" in screen.getvalue()
    assert "\r1," not in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[K")
    assert pipe.getvalue() == ""


@pytest.mark.slow
def test_twenty_thousand_rows_in_flat_memory(tmp_path: Path) -> None:
    """Twice the rows must not need twice the memory: 20,000 rows take hardly more than the first 2,000."""
    path = tmp_path / "big.csv"

    def write(rows: int) -> None:
        with path.open("w") as file:
            file.write("Employer,Site name,Site code,Town,Country\n")
            file.writelines(f"Firm {n % 997} Ltd,Shed {n},SH{n},Town {n % 4999},GB\n" for n in range(rows))

    write(2_000)
    run(path, "--map", "city=Town", "--dry-run")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write(20_000)
    body = json.loads(run(path, "--map", "city=Town", "--json", "--dry-run"))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert body["new"] == body["rows"] == 20_000
    assert grown < 60_000, f"{grown} kB more"
