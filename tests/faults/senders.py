"""Senders in threads of the test, for faults in which no process has to die."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from committees.notices import commands, sending
from committees.notices.models import Channel, Notice, State
from tests.faults.quick_sink import QuickSink


@contextmanager
def senders(n: int) -> Iterator[None]:
    """`n` senders at work for the length of the block. What one of them raises is raised at its end."""
    stop, problems = threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            while not stop.is_set():
                sending.run(seconds=1)
                stop.wait(0.01)
        except BaseException as problem:  # noqa: BLE001 (it must not die unseen)
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _sender in range(n)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
    if problems:
        raise problems[0]


def until_sent(notice: Notice, sink: QuickSink, *, seconds: float, sweep: bool = False) -> None:
    """Until nothing of the notice waits any more. With `sweep`, what the scheduler does meanwhile, more often than it does."""
    ends = time.monotonic() + seconds
    while notice.deliveries.filter(channel=Channel.EMAIL, state=State.WAITING).exists():
        assert time.monotonic() < ends, f"{len(sink.accepted)} accepted after {seconds} s"
        if sweep:
            commands.sweep(at=timezone.now())
        sink.wait_for(len(sink.accepted) + 1, seconds=0.25 if sweep else 0.02)
