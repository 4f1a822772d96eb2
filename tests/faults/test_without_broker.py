"""The dispatcher: mail flows without Redis, and any number of schedulers and senders send everything once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from committees.notices import commands, sending, tasks
from committees.notices.models import Notice
from tests.celery_workers import ROOT
from tests.faults.conftest import size
from tests.faults.quick_sink import QuickSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(600)]
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def dispatcher(settings: Any, quick_sink: QuickSink, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts `manage.py dispatch` as a server runs it, with a broker that is not there."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        own = {"RANKFILE_DATABASE": settings.DATABASES["default"]["NAME"], "MAIL_URL": quick_sink.url, "CELERY_BROKER_URL": NOWHERE, "LOG_LEVEL": "ERROR"}
        with (tmp_path / f"dispatch-{len(started)}.log").open("wb") as log:
            argv = [sys.executable, "manage.py", "dispatch", "--every", "30"]
            process = subprocess.Popen(argv, cwd=ROOT, env=os.environ | own, stdout=log, stderr=log)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_until_it_listens(*, seconds: float = 60) -> None:
    """Until a connection to PostgreSQL waits for the bell."""
    ends = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN notices' AND state = 'idle'")
            if cursor.fetchone():
                return
            assert time.monotonic() < ends, "the dispatcher does not listen"
            cursor.execute("SELECT pg_sleep(0.05)")


def test_without_a_broker_mail_flows_and_nobody_waits_for_the_next_look(
    told: Callable[..., Notice], quick_sink: QuickSink, dispatcher: Callable[[], Any], figure: Callable[[str], None]
) -> None:
    """It looks by itself each 30 s only; PostgreSQL rings."""
    mails = size(100, 5_000)
    process = dispatcher()
    wait_until_it_listens()
    began = time.monotonic()
    told(mails)
    assert quick_sink.wait_for(mails, seconds=25), f"{len(quick_sink.accepted)} of {mails}"
    figure(f"{mails} mails in {time.monotonic() - began:.1f} s, posting included")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert sorted(quick_sink.copies().values()) == [1] * mails


def test_four_schedulers_and_four_senders_at_once_send_everything_once(
    told: Callable[[int], Notice], quick_sink: QuickSink, settings: Any, figure: Callable[[str], None]
) -> None:
    mails, settings.NOTICES_BATCH = size(200, 10_000), 10
    told(mails)
    problems: list[BaseException] = []

    def work() -> None:
        try:
            while len(quick_sink.accepted) < mails:
                tasks.ask_the_rooms()
                commands.sweep(at=timezone.now())
                sending.run(seconds=2)
        except BaseException as problem:  # noqa: BLE001 (it must not die unseen)
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _scheduler in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert problems == []
    figure(f"{mails} mails, 4 schedulers and 4 senders: doubled {len(quick_sink.accepted) - mails}")
    assert sorted(quick_sink.copies().values()) == [1] * mails
