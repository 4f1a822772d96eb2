"""Workers die by SIGKILL, and the broker forgets all it was told: nothing is lost, and hardly anything comes twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from committees.notices import commands
from committees.notices.models import Notice
from tests.faults.conftest import FULL, size
from tests.faults.quick_sink import QuickSink
from tests.faults.senders import until_sent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(1500)]
PROCESSES = 2
#: At which of the kills the broker forgets everything too.
FORGETS = [pytest.param(0, id="broker stays"), pytest.param(1, id="broker forgets at each")] if FULL else [pytest.param(2, id="broker forgets at every second")]


def broker() -> Any:
    """The client of this test's own database of the broker."""
    from config.celery import app

    return app.connection_for_write().default_channel.client


@pytest.mark.parametrize("forgets", FORGETS)
def test_killed_workers_lose_nothing_and_double_at_most_what_they_had_in_hand(
    told: Callable[[int], Notice], quick_sink: QuickSink, worker_processes: Callable[..., Any], figure: Callable[[str], None], forgets: int
) -> None:
    mails, kills = size(200, 10_000), size(2, 20)
    quick_sink.delay = 0.005
    env = {"NOTICES_LEASE_SECONDS": "3", "NOTICES_BATCH": str(size(25, 100)), "LOG_LEVEL": "ERROR"}
    notice = told(mails)
    began, before = time.monotonic(), 0
    for kill in range(1, kills + 1):
        worker = worker_processes(concurrency=PROCESSES, wait=False, **env)
        for _sender in range(PROCESSES):
            commands.sweep(at=timezone.now())
        assert quick_sink.wait_for(max(mails * kill // (kills + 1), before + 1), seconds=90), worker.log.read_text()
        worker.kill()
        before = len(quick_sink.accepted)
        assert before < mails, "it died while mails went out"
        if forgets and kill % forgets == 0:
            broker().flushdb()
    worker_processes(concurrency=PROCESSES, wait=False, **env)
    until_sent(notice, quick_sink, seconds=180, sweep=True)
    copies = quick_sink.copies()
    doubled = sum(n - 1 for n in copies.values())
    figure(
        f"{mails} mails, {kills} kills of {PROCESSES} processes: lost {mails - len(copies)}, doubled {doubled}, "
        f"most copies {max(copies.values())}, {time.monotonic() - began:.0f} s"
    )
    assert len(copies) == mails, "nothing is lost"
    assert doubled <= kills * PROCESSES
    assert max(copies.values()) <= 2
    assert all(len(ids) == 1 for ids in quick_sink.message_ids().values()), "a second copy has the same Message-ID"


@pytest.mark.usefixtures("worker")
def test_a_flushed_broker_loses_nothing_and_doubles_nothing(told: Callable[[int], Notice], quick_sink: QuickSink, figure: Callable[[str], None]) -> None:
    """Nobody dies; the bells are lost while mails go out, again and again."""
    mails = size(200, 5_000)
    quick_sink.delay = 0.002
    notice = told(mails)
    for n in range(1, 10):
        assert quick_sink.wait_for(mails * n // 10, seconds=60)
        broker().flushdb()
    until_sent(notice, quick_sink, seconds=120, sweep=True)
    copies = quick_sink.copies()
    figure(f"{mails} mails, broker emptied 9 times: lost {mails - len(copies)}, doubled {len(quick_sink.accepted) - len(copies)}")
    assert sorted(copies.values()) == [1] * mails
