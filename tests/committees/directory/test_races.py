"""Two admins at once, and a worker that is killed: what is done is done once, and the second is told in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies import commands as bodies
from committees.directory import commands as directory
from committees.directory.imports.headings import FIELDS
from committees.directory.models import Employer, FormerAddress, Stage, Workplace, WorkplaceList
from committees.ledger.models import Entry
from committees.notices import waking
from tests import make
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ROWS = 12_000


def refused(results: list[Any]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Refused)]


@pytest.mark.parametrize("crosswise", [False, True], ids=["the same way", "crosswise"])
def test_of_two_who_merge_the_same_pair_one_merges(crosswise: bool) -> None:
    one, other = make.workplace(), make.workplace()
    keepers = [make.person(is_platform_admin=True) for _ in range(2)]
    pairs = [(one, other), (other, one) if crosswise else (one, other)]
    results = at_once(
        [lambda by=by, pair=pair: directory.merge(pair[0], into=pair[1], by=by, at=timezone.now()) for by, pair in zip(keepers, pairs, strict=True)]
    )
    assert refused(results) == ["One of the two is not there any more. Somebody else has merged them."]
    assert (Workplace.objects.count(), FormerAddress.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="workplace.merged").count() == 1


def test_of_two_who_merge_the_same_employers_one_merges() -> None:
    one, other = make.workplace().employer, make.workplace().employer
    keepers = [make.person(is_platform_admin=True) for _ in range(2)]
    results = at_once([lambda by=by: directory.merge_employers(one, into=other, by=by, at=timezone.now()) for by in keepers])
    assert len(refused(results)) == 1
    assert Employer.objects.count() == 1
    assert Workplace.objects.filter(employer=other).count() == 2


def test_no_committee_is_lost_between_founding_and_merging() -> None:
    """Whoever comes first: the committee stands at the site that is left, or its founder is told to look again."""
    make.alliance()
    gone, kept, keeper, founder = make.workplace(), make.workplace(), make.person(is_platform_admin=True), make.person()
    results = at_once(
        [
            lambda: directory.merge(gone, into=kept, by=keeper, at=timezone.now()),
            lambda: bodies.found(gone, name="Late", languages=["en"], by=founder, at=timezone.now()),
        ]
    )
    assert Workplace.objects.get(pk=kept.pk).committees.count() + len(refused(results)) == 1


def handed_in(rows: int) -> tuple[WorkplaceList, Any]:
    keeper = make.person(is_platform_admin=True)
    lines = ["Employer,Site name,City,Country", *[f"Firm {n % 50},Shed {n},Leeds,GB" for n in range(rows)]]
    listed = directory.hand_in("\n".join(lines).encode(), name="", by=keeper, at=timezone.now())
    columns = {"employer": 0, "name": 1, "city": 2, "country": 3}
    directory.settle_columns(listed, columns={field: columns.get(field) for field in FIELDS}, country="", by=keeper)
    return listed, keeper


def test_of_two_who_confirm_the_same_list_one_confirms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waking, "now", lambda *_args: None)
    listed, keeper = handed_in(10)
    directory.work(listed.pk)
    other = make.person(is_platform_admin=True)
    results = at_once([lambda by=by: directory.confirm(listed, by=by, at=timezone.now()) for by in (keeper, other)])
    assert len(refused(results)) == 1
    assert Entry.objects.filter(verb="list.confirmed").count() == 1
    four = at_once([lambda: directory.work(listed.pk) for _ in range(4)])
    assert four == [False] * 4
    assert (Workplace.objects.count(), WorkplaceList.objects.get().stage) == (10, Stage.DONE)


def eventually(question: Callable[[], Any], *, seconds: float = 90) -> Any:
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
    return answer


@pytest.mark.slow
def test_after_a_worker_was_killed_the_next_goes_on_where_it_stopped(worker_processes: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A real worker, killed in the middle of a list; nothing is lost, nothing is done twice."""
    from config.celery import app

    app.control.purge()
    listed, keeper = handed_in(ROWS)
    while directory.work(listed.pk):
        pass
    first = worker_processes(concurrency=1)
    directory.confirm(listed, by=keeper, at=timezone.now())
    eventually(lambda: WorkplaceList.objects.get().position > 1000)
    first.kill()
    reached = WorkplaceList.objects.get()
    assert 0 < reached.rows_done < ROWS
    assert Workplace.objects.count() == reached.rows_done, "what is settled is written, and nothing besides"
    assert directory.wake_for_forsaken(timezone.now()) == 0, "it may still be alive, for all that anybody knows"
    WorkplaceList.objects.update(held_until=timezone.now())  # two minutes later
    app.control.purge()
    worker_processes(concurrency=1)
    call_command("dispatch", "--once")  # each minute the rooms are asked
    eventually(lambda: WorkplaceList.objects.get().stage == Stage.DONE)
    done = WorkplaceList.objects.get()
    assert (done.counts, Workplace.objects.count()) == ({"new": ROWS}, ROWS)
