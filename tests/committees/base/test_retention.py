from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from committees.base import retention, tasks
from committees.people.models import Person

NOW = timezone.now()


@pytest.fixture
def empty_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_table", [])


def erase_people(at: datetime) -> int:
    return Person.objects.filter(created_on__lte=at.date()).delete()[0]


def fail(at: datetime) -> int:
    raise ValueError("ada@mail.example")


def promise(*columns: str, purge: Any = None, days: int | None = 3, model: str = "people.Person") -> None:
    retention.keep(model, *columns, days=days, after="the last visit", why="Because.", purge=purge)


def test_a_purge_shared_by_several_promises_runs_once(empty_table: None) -> None:
    calls: list[datetime] = []

    def purge(at: datetime) -> int:
        calls.append(at)
        return 2

    promise("language", purge=purge)
    promise("time_zone", purge=purge)
    promise("slug")
    assert list(retention.run(NOW).values()) == [2]
    assert calls == [NOW]


def test_a_dry_run_counts_and_erases_nothing(empty_table: None, db: None) -> None:
    Person.objects.create(sign_in_name="ada")
    promise("slug", purge=erase_people)
    assert list(retention.run(NOW, dry_run=True).values()) == [1]
    assert Person.objects.count() == 1
    assert list(retention.run(NOW).values()) == [1]
    assert Person.objects.count() == 0


def test_one_failing_purge_does_not_keep_the_others(empty_table: None, db: None, caplog: pytest.LogCaptureFixture) -> None:
    Person.objects.create(sign_in_name="ada")
    promise("slug", purge=fail)
    promise("language", purge=erase_people)
    with pytest.raises(retention.NotErased) as problem:
        retention.run(NOW)
    assert problem.value.failed == [retention.name_of(fail)]
    assert not Person.objects.exists()
    assert "mail.example" not in caplog.text


def test_the_command_erases_counts_and_fails_aloud(empty_table: None, db: None) -> None:
    Person.objects.create(sign_in_name="ada")
    promise("slug", purge=erase_people)
    assert run("--erase", "--dry-run", "--json") == {"erased": {retention.name_of(erase_people): 1}, "failed": [], "dry_run": True}
    assert Person.objects.exists()
    assert run("--erase", "--json")["erased"] == {retention.name_of(erase_people): 1}
    promise("language", purge=fail)
    with pytest.raises(CommandError, match="failed"):
        call_command("retention", "--erase", stdout=StringIO())


def run(*args: str) -> Any:
    out = StringIO()
    call_command("retention", *args, stdout=out)
    return json.loads(out.getvalue())


def test_the_page_says_each_promise_in_a_row(empty_table: None) -> None:
    promise("slug", "language", days=1)
    promise("theme", days=None)
    page = retention.page()
    assert "| **people.Person**: `slug`, `language` | 1 day after the last visit | Because. |" in page
    assert "| until the last visit |" in page
    assert [row["days"] for row in run("--json")] == [1, None]


def test_the_nightly_task_runs_the_table(empty_table: None, db: None) -> None:
    Person.objects.create(sign_in_name="ada")
    promise("slug", purge=erase_people)
    tasks.erase_what_is_due()
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_the_real_table_runs_on_an_empty_database_and_twice() -> None:
    first = retention.run(NOW)
    assert set(first.values()) == {0}
    assert retention.run(NOW) == first
