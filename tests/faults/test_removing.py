"""Who is removed while mails go out gets nothing that had not begun, and whoever removes them waits for no mail."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from committees.notices import commands
from committees.notices.commands import leasing
from committees.people import commands as people
from committees.people.models import Person
from tests.committees.notices import letterbox
from tests.faults.conftest import size
from tests.faults.quick_sink import QuickSink
from tests.faults.senders import senders, until_sent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> dict[int, float]:
    """When the mark for each person was asked for that was then given."""
    asked: dict[int, float] = {}
    real = leasing.begin

    def begin(batch: leasing.Batch, delivery_id: int, *, at: datetime) -> bool:
        now = time.monotonic()
        if given := real(batch, delivery_id, at=at):
            asked[next(row.person_id for row in batch.rows if row.id == delivery_id)] = now
        return given

    monkeypatch.setattr(leasing, "begin", begin)
    return asked


def test_nothing_begins_for_somebody_after_the_commit_that_removed_them(
    quick_sink: QuickSink, figure: Callable[[str], None], settings: Any, begun: dict[int, float]
) -> None:
    """Some hide while it goes out, in any order. Each mail takes a while, so that a batch is always on its way."""
    many, gone, settings.NOTICES_BATCH = size(150, 4_000), size(40, 500), size(50, 100)
    quick_sink.delay = 0.01
    letterbox.audience[:] = ids = letterbox.crowd(many)
    notice = commands.post("letterbox/letter", about=letterbox.thing(), at=timezone.now())
    commands.expand(notice.pk, at=timezone.now())
    order = random.Random(20261122).sample(list(Person.objects.filter(pk__in=ids).order_by("pk")), gone)
    committed: dict[int, float] = {}
    longest = 0.0
    with senders(2):
        for n, person in enumerate(order):
            assert quick_sink.wait_for(many * n // (2 * gone), seconds=60)
            began = time.monotonic()
            people.hide(person, at=timezone.now())
            committed[person.pk] = time.monotonic()
            longest = max(longest, committed[person.pk] - began)
        until_sent(notice, quick_sink, seconds=120)
    late = [who for who, at in committed.items() if begun.get(who, 0) > at]
    spared = committed.keys() - begun.keys()
    figure(f"{gone} of {many} hide: begun after their commit {len(late)}, spared {len(spared)}, longest wait {longest * 1000:.0f} ms")
    assert late == []
    assert sorted(quick_sink.copies().values()) == [1] * (many - len(spared)), "everyone else once"
    assert spared, "some were removed before their turn"
    assert longest < 2
