"""The project's own list of sites, people who ask for them, and lists written for one test."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from committees.directory import places, registry
from committees.directory.imports.run import Answer, Import
from committees.directory.models import Alias, Employer, Workplace
from committees.people import commands as people
from committees.people.models import Person

AT = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
OWN_LIST = places.DATA / "workplaces.csv"


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """`person()`: somebody with an account; `person(admin=True)` keeps the directory in order."""

    def make(*, admin: bool = False) -> Person:
        made, _paper = people.create(at=AT, password="paper lamp in the river")
        if admin:
            made.is_platform_admin = True
            made.save(update_fields=["is_platform_admin"])
        return made

    return make


@pytest.fixture
def ada(person: Callable[..., Person]) -> Person:
    return person()


@pytest.fixture
def ben(person: Callable[..., Person]) -> Person:
    return person()


@pytest.fixture
def keeper(person: Callable[..., Person]) -> Person:
    """A platform admin."""
    return person(admin=True)


@pytest.fixture
def browser_of() -> Callable[[Person], Client]:
    def signed_in(who: Person) -> Client:
        client = Client()
        client.force_login(who)
        return client

    return signed_in


#: The rows of the project's own list, as the first import of this process left them.
_imported: list[list[Any]] = []


@pytest.fixture
def own_sites(db: None) -> list[Workplace]:
    """The directory filled with the project's own list. Imported once; later tests get copies of its rows."""
    tables = (Employer, Workplace, Alias)
    if not _imported:
        assert all(answer.verdict == "new" for answer in Import(OWN_LIST))
        _imported.extend(list(table._default_manager.order_by("pk")) for table in tables)
    else:
        for table, rows in zip(tables, _imported, strict=True):
            table._default_manager.bulk_create(copy(row) for row in rows)
    return list(Workplace.objects.with_names().order_by("pk"))


@pytest.fixture
def a_list(tmp_path: Path) -> Callable[..., Path]:
    """`a_list([["Firm", "Town"], ["Acme", "Leeds"]])`: a CSV file."""

    def write(rows: Sequence[Sequence[object]], name: str = "list.csv", delimiter: str = ",", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


@pytest.fixture
def no_cards(monkeypatch: pytest.MonkeyPatch) -> list[registry.CardMaker]:
    """Nobody above speaks for a site; a test may put its own maker into the list."""
    makers: list[registry.CardMaker] = []
    monkeypatch.setattr(registry, "_makers", makers)
    return makers


def verdicts(job: Import) -> list[str]:
    """The verdict on each row, in order."""
    return [answer.verdict.value for answer in job]


def reasons(job: Import) -> dict[int, str]:
    """Row → why it was not taken."""
    return {answer.row: answer.reason for answer in job if answer.reason}


def answers(job: Import) -> Iterator[Answer]:
    yield from job
