"""Celery workers for tests, on the real broker: one in a thread, or real processes that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

QUEUES = ["urgent", "mail", "default"]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def worker(transactional_db: None, settings: Any) -> Iterator[Any]:
    """A Celery worker in a thread of this test. It sees what the test has committed."""
    from celery.contrib.testing.worker import start_worker

    from config.celery import app

    app.control.purge()
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30, queues=QUEUES, loglevel="ERROR") as running:
        yield running


class WorkerProcess:
    """A worker as a server runs it, on the test's own database, killable."""

    def __init__(self, env: dict[str, str], log: Path, concurrency: int) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "config",
                    "worker",
                    "-Q",
                    ",".join(QUEUES),
                    "-c",
                    str(concurrency),
                    "-l",
                    "INFO",
                    "--without-gossip",
                    "--without-mingle",
                    "--without-heartbeat",
                ],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while " ready." not in self.log.read_text(errors="replace"):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to the whole group, as the kernel does when memory runs out."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def worker_processes(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts real worker processes: `worker_processes(concurrency=2, MAIL_URL=sink.url)`."""
    started: list[WorkerProcess] = []

    def start(*, concurrency: int = 2, wait: bool = True, **env: str) -> WorkerProcess:
        database = settings.DATABASES["default"]["NAME"]
        own = {"RANKFILE_DATABASE": database, "MAIL_URL": settings.MAIL_URL, **env}
        process = WorkerProcess(os.environ | own, tmp_path / f"worker-{len(started)}.log", concurrency)
        started.append(process)
        if wait:
            process.wait_until_ready()
        return process

    yield start
    for process in started:
        process.kill()
