"""The Celery worker as it ships."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.celery_workers import WorkerProcess


@pytest.mark.parametrize(("given", "steps"), [({}, 5), ({"WORKER_NICE": "0"}, 0)])
def test_it_steps_back_for_whoever_waits_for_a_page(worker_processes: Callable[..., WorkerProcess], given: dict[str, Any], steps: int) -> None:
    worker = worker_processes(concurrency=1, **given)
    assert os.getpriority(os.PRIO_PROCESS, worker.process.pid) == os.getpriority(os.PRIO_PROCESS, 0) + steps
