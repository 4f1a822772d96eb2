"""A list handed in with the browser, as commands: settled, read, confirmed, taken in; in as many turns as it takes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from committees.base import retention
from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import tasks
from committees.directory.commands import lists
from committees.directory.imports import run
from committees.directory.imports.headings import FIELDS
from committees.directory.models import Employer, ListPart, Stage, Workplace, WorkplaceList
from committees.ledger.models import Entry
from committees.notices import waking
from committees.people.models import Person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HEAD = "Employer,Site name,Site code,City,Country,AKA"
ROWS = [
    "Acme Ltd,North yard,,Leeds,GB,",
    "Acme Ltd,Old shed,,Leeds,GB,Shed",
    "ACME,North Yard,,LEEDS,England,",
    ",Nameless,,Leeds,GB,",
    "Beta plc,Mill,ML1,York,GB,",
]
COLUMNS = {"employer": 0, "name": 1, "code": 2, "city": 3, "country": 4, "aliases": 5}


def content(rows: list[str] | None = None) -> bytes:
    return "\n".join([HEAD, *(ROWS if rows is None else rows)]).encode()


def many(number: int) -> list[str]:
    return [f"Firm {n % 7},Shed {n},,Leeds,GB," for n in range(number)]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the workers were rung for; nobody answers, so that each test gives the turns itself."""
    rings: list[tuple[Any, ...]] = []
    monkeypatch.setattr(waking, "now", lambda task, *ids: rings.append((task, *ids)))
    monkeypatch.setattr(waking, "after_commit", lambda task, *ids: rings.append((task, *ids)))
    return rings


@pytest.fixture
def handed_in(keeper: Person, rung: Any) -> Callable[..., WorkplaceList]:
    """`handed_in(rows)`: a list whose columns are settled; `read=True`: read to its end."""

    def make(rows: list[str] | None = None, *, read: bool = True) -> WorkplaceList:
        made = directory.hand_in(content(rows), name="sites.csv", by=keeper, at=AT)
        directory.settle_columns(made, columns={field: COLUMNS.get(field) for field in FIELDS}, country="", by=keeper)
        if read:
            assert not directory.work(made.pk)
        return fresh(made)

    return make


def fresh(listed: WorkplaceList) -> WorkplaceList:
    return WorkplaceList.objects.get(pk=listed.pk)


def test_it_is_kept_in_little_room_and_read_as_it_was(keeper: Person, handed_in: Callable[..., WorkplaceList]) -> None:
    rows = many(3000)
    kept = fresh(handed_in(rows))
    assert len(kept.content or b"") < len(content(rows)) / 4
    assert kept.counts == {"new": 3000}
    book = workbook([HEAD.split(","), *[row.split(",") for row in ROWS]])
    assert fresh(directory.hand_in(book, name="sites.xlsx", by=keeper, at=AT)).content == book


def test_the_columns_are_proposed(keeper: Person) -> None:
    made = directory.hand_in(content(), name="sites.csv", by=keeper, at=AT)
    assert (made.stage, made.headings) == (Stage.NEW, HEAD.split(","))
    assert {field: index for field, index in made.proposed_columns.items() if index is not None} == COLUMNS
    assert Entry.objects.get().verb == "list.handed_in"


def test_the_same_form_twice_hands_one_list_in(keeper: Person) -> None:
    key = uuid4()
    first = directory.hand_in(content(), name="a.csv", by=keeper, at=AT, form_key=key)
    assert directory.hand_in(content(), name="a.csv", by=keeper, at=AT, form_key=key) == first


def test_what_is_read_is_not_written(handed_in: Callable[..., WorkplaceList], rung: list[tuple[Any, ...]]) -> None:
    listed = handed_in()
    assert rung == [(directory.TASK, listed.pk)]
    assert (listed.stage, listed.total, listed.position) == (Stage.CHECKED, 5, 6)
    assert listed.counts == {"new": 3, "duplicate": 1, "error": 1}
    assert listed.examples["error"] == [[5, "Nameless · Leeds", "no employer", []]]
    assert not Workplace.objects.exists()


def test_a_confirmed_list_is_taken_in_and_its_file_is_gone(handed_in: Callable[..., WorkplaceList], keeper: Person) -> None:
    listed = handed_in()
    directory.confirm(listed, by=keeper, at=AT)
    assert not directory.work(listed.pk)
    done = fresh(listed)
    assert (done.stage, done.content, done.counts) == (Stage.DONE, None, {"new": 3, "duplicate": 1, "error": 1})
    assert Workplace.objects.listed().count() == 3
    assert [part.unusable for part in done.parts.all()] == [[[5, "no employer", ["", "Nameless", "", "Leeds", "GB", ""]]]]
    last = Entry.objects.order_by("-position")[0]
    assert (last.verb, last.actor, last.detail["new"]) == ("list.taken_in", None, 3)


def test_the_same_file_again_changes_nothing(handed_in: Callable[..., WorkplaceList], keeper: Person) -> None:
    for expected in ({"new": 3, "duplicate": 1, "error": 1}, {"unchanged": 3, "duplicate": 1, "error": 1}):
        listed = handed_in()
        assert listed.counts == expected
        directory.confirm(listed, by=keeper, at=AT)
        directory.work(listed.pk)
        assert fresh(listed).counts == expected
    assert Workplace.objects.count() == 3


def test_many_turns_do_what_one_would_have_done(handed_in: Callable[..., WorkplaceList], keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second row for a site of an earlier turn is still a second row, and an alias said in the first turn is given in the last."""
    monkeypatch.setattr(run, "BATCH", 3)
    rows = [*many(7), "Firm 0,SHED 0,,leeds,United Kingdom,", "Firm 1,Shed 1,,Leeds,GB,The den"]
    listed = handed_in(rows)
    directory.confirm(listed, by=keeper, at=AT)
    turns = 1
    while directory.work(listed.pk, seconds=0):
        turns += 1
    done = fresh(listed)
    assert turns == 4
    assert (done.stage, done.counts, done.position) == (Stage.DONE, {"new": 7, "duplicate": 2}, 10)
    assert Workplace.objects.count() == 7


def test_other_names_of_employers_come_last_over_all_turns(keeper: Person, rung: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH", 1)
    head = "Employer,Site name,City,Country,Ticker\n"
    made = directory.hand_in((head + "Acme,One,Leeds,GB,ACM\nAcme,Two,Leeds,GB,AMC\nAMC,Three,Leeds,GB,\n").encode(), name="", by=keeper, at=AT)
    columns = {"employer": 0, "name": 1, "city": 2, "country": 3, "employer_aliases": 4}
    directory.settle_columns(made, columns={field: columns.get(field) for field in FIELDS}, country="", by=keeper)
    directory.work(made.pk)
    directory.confirm(made, by=keeper, at=AT)
    while directory.work(made.pk, seconds=0):
        pass
    assert {alias.name for alias in Employer.objects.get(name="Acme").aliases.all()} == {"ACM", "AMC"}
    assert Employer.objects.filter(name="AMC").exists(), "as it was when its row was read"


def test_one_worker_at_a_time_holds_a_list(handed_in: Callable[..., WorkplaceList], rung: list[tuple[Any, ...]]) -> None:
    listed = handed_in(read=False)
    holder = uuid4()
    assert lists._take_hold(listed.pk, holder)
    assert not directory.work(listed.pk), "the other one only looks"
    assert fresh(listed).position == 0
    rung.clear()
    assert directory.wake_for_forsaken(timezone.now()) == 0
    later = timezone.now() + lists.HOLD
    assert directory.wake_for_forsaken(later) == 1, "whoever held it is dead"
    assert rung == [(directory.TASK, listed.pk)]


def test_a_worker_that_lost_its_hold_writes_nothing_more(handed_in: Callable[..., WorkplaceList], monkeypatch: pytest.MonkeyPatch) -> None:
    """It slept while another one took the list over."""
    monkeypatch.setattr(run, "BATCH", 2)
    listed = handed_in(read=False)
    opened = lists._opened

    def and_another_takes_over(row: WorkplaceList) -> run.Import:
        WorkplaceList.objects.filter(pk=row.pk).update(holder=uuid4())
        return opened(row)

    monkeypatch.setattr(lists, "_opened", and_another_takes_over)
    assert not directory.work(listed.pk)
    assert (fresh(listed).position, ListPart.objects.count()) == (0, 0)


def test_a_batch_that_fails_leaves_nothing_of_itself(handed_in: Callable[..., WorkplaceList], keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next worker goes on from the one before it."""
    monkeypatch.setattr(run, "BATCH", 2)
    listed = handed_in(many(6))
    directory.confirm(listed, by=keeper, at=AT)
    take, batches = run.Import.take, iter(range(100))

    def and_dies_at_the_second(job: run.Import, records: Any) -> Any:
        answers = take(job, records)
        if next(batches) == 1:
            raise MemoryError
        return answers

    monkeypatch.setattr(run.Import, "take", and_dies_at_the_second)
    with pytest.raises(MemoryError):
        directory.work(listed.pk)
    assert (fresh(listed).position, Workplace.objects.count()) == (3, 2)
    WorkplaceList.objects.filter(pk=listed.pk).update(held_until=timezone.now())
    directory.work(listed.pk)
    assert (fresh(listed).stage, Workplace.objects.count(), fresh(listed).counts) == (Stage.DONE, 6, {"new": 6})


def test_a_list_over_which_workers_die_again_and_again_is_given_up(handed_in: Callable[..., WorkplaceList], monkeypatch: pytest.MonkeyPatch) -> None:
    listed = handed_in(read=False)
    monkeypatch.setattr(run.Import, "take", lambda *_args: 1 / 0)
    for _ in range(lists.TRIES):
        with pytest.raises(ZeroDivisionError):
            directory.work(listed.pk)
        WorkplaceList.objects.filter(pk=listed.pk).update(held_until=timezone.now())
    assert not directory.work(listed.pk)
    assert (fresh(listed).stage, fresh(listed).content) == (Stage.FAILED, None)


def test_a_task_rings_for_the_next_turn(handed_in: Callable[..., WorkplaceList], rung: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    listed = handed_in(read=False)
    rung.clear()
    answers = iter([True, False])
    monkeypatch.setattr(directory, "work", lambda _pk: next(answers))
    tasks.work_on_list(listed.pk)
    tasks.work_on_list(listed.pk)
    assert rung == [(directory.TASK, listed.pk)]


def test_a_list_is_confirmed_once_and_not_before_it_was_read(handed_in: Callable[..., WorkplaceList], keeper: Person) -> None:
    unread = handed_in(read=False)
    with pytest.raises(Refused, match="not read to its end"):
        directory.confirm(unread, by=keeper, at=AT)
    directory.work(unread.pk)
    directory.confirm(unread, by=keeper, at=AT)
    for again in (lambda: directory.confirm(unread, by=keeper, at=AT), lambda: directory.settle_columns(unread, columns=unread.columns, country="", by=keeper)):
        with pytest.raises(Refused, match="confirmed already"):
            again()
    with pytest.raises(Refused, match="being taken in"):
        directory.drop(unread, by=keeper, at=AT)


def test_other_columns_are_read_anew(handed_in: Callable[..., WorkplaceList], keeper: Person) -> None:
    listed = handed_in()
    directory.settle_columns(listed, columns={**dict.fromkeys(FIELDS), **COLUMNS, "employer": 1}, country="FR", by=keeper)
    assert (fresh(listed).stage, fresh(listed).counts, ListPart.objects.count()) == (Stage.CHECKING, {}, 0)
    directory.work(listed.pk)
    assert fresh(listed).counts == {"new": 4, "duplicate": 1}


def test_a_list_that_is_thrown_away_is_erased(handed_in: Callable[..., WorkplaceList], keeper: Person) -> None:
    listed = handed_in()
    directory.drop(listed, by=keeper, at=AT)
    assert not WorkplaceList.objects.exists()
    assert not ListPart.objects.exists()


def test_after_seven_days_everything_of_a_list_is_erased(handed_in: Callable[..., WorkplaceList]) -> None:
    handed_in()
    retention.run(AT + timedelta(days=6, hours=23))
    assert (WorkplaceList.objects.count(), ListPart.objects.count()) == (1, 1)
    retention.run(AT + timedelta(days=7, seconds=1))
    assert (WorkplaceList.objects.count(), ListPart.objects.count()) == (0, 0)


def test_nothing_of_the_file_can_be_read_in_the_database(handed_in: Callable[..., WorkplaceList]) -> None:
    handed_in()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text || coalesce(row_to_json(p)::text, '') FROM directory_workplacelist l JOIN directory_listpart p ON true")
        heap = cursor.fetchall()[0][0]
        cursor.execute("SELECT content, examples, outline FROM directory_workplacelist")
        raw = b"".join(bytes(cell) for cell in cursor.fetchone())
    assert "Nameless" not in heap
    assert b"Nameless" not in raw
    assert b"Acme" not in raw


# -- Files --------------------------------------------------------------------------------------------------------------


def workbook(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_a_spreadsheet_is_a_list_too(keeper: Person, rung: Any) -> None:
    made = directory.hand_in(workbook([HEAD.split(","), *[row.split(",") for row in ROWS]]), name="sites.xlsx", by=keeper, at=AT)
    directory.settle_columns(made, columns={field: COLUMNS.get(field) for field in FIELDS}, country="", by=keeper)
    directory.work(made.pk)
    assert fresh(made).counts == {"new": 3, "duplicate": 1, "error": 1}


def test_a_spreadsheet_that_would_unpack_to_too_much_is_refused(keeper: Person) -> None:
    whole = io.BytesIO(workbook([["Employer", "Town"], ["Acme", "Leeds"]]))
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zeros.bin", b"\0" * 210_000_000)
    assert len(whole.getvalue()) < 1_000_000
    with pytest.raises(Refused, match="too large once it is unpacked"):
        directory.hand_in(whole.getvalue(), name="bomb.xlsx", by=keeper, at=AT)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (b"Employer,Town,Country\n", "no rows"),
        (b"PK\x03\x04 and nothing more", "cannot be read to its end"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel file"),
        (",".join(f"c{n}" for n in range(200)).encode() + b"\n" + b"x," * 200, "more than 120 columns"),
    ],
)
def test_what_is_no_list_is_refused_in_words(file: bytes, why: str, keeper: Person) -> None:
    with pytest.raises(Refused, match=why):
        directory.hand_in(file, name="x", by=keeper, at=AT)
    assert not WorkplaceList.objects.exists()


def test_a_spreadsheet_that_breaks_off_is_given_up(keeper: Person, rung: Any) -> None:
    """Its first rows could be read; further on the packed data are damaged."""
    whole = workbook([HEAD.split(","), *[f"Firm {n},Shed {n * 7919 % 104729},,Leeds,GB,".split(",") for n in range(4000)]])
    made = directory.hand_in(whole, name="sites.xlsx", by=keeper, at=AT)
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        sheet = next(part for part in packed.infolist() if part.filename.endswith("sheet1.xml"))
    middle = sheet.header_offset + 30 + len(sheet.filename) + sheet.compress_size * 3 // 4
    WorkplaceList.objects.filter(pk=made.pk).update(content=whole[:middle] + b"\xff" * 64 + whole[middle + 64 :])
    directory.settle_columns(made, columns={field: COLUMNS.get(field) for field in FIELDS}, country="", by=keeper)
    assert not directory.work(made.pk)
    assert (fresh(made).stage, fresh(made).content) == (Stage.FAILED, None)
