"""PostgreSQL is killed while mails go out, again and again: it comes back with what was committed with the disk's word, nothing is lost, and
what comes twice is what was in hand."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from committees.notices import commands
from committees.notices.models import Channel, Notice, State
from config.services import launch
from config.services.postgres import Postgres, program
from tests.celery_workers import ROOT
from tests.faults.conftest import size
from tests.faults.quick_sink import QuickSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(1200)]
SENDERS = 2
BATCH = size(25, 100)
NOWHERE = "redis://127.0.0.1:1/0"


class Cluster:
    """A PostgreSQL of this test alone that keeps its promises to the disk, as a server's does; the tests' own does not, and is shared."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.joinpath("run").mkdir(mode=0o700)
        self.server = Postgres(folder, folder / "run")
        self.server.start()

    @property
    def address(self) -> str:
        return f"postgres:///{self.server.database}?host={self.server.run_folder}&user={self._user}"

    @property
    def _user(self) -> str:
        return str(connection.get_connection_params().get("user") or "rankfile")

    def take_over(self) -> None:
        """Everything that stands in the test's database stands here too."""
        ours = connection.get_connection_params()
        dump, major = self.folder / "dump", connection.pg_version // 10_000
        whose = [f"--host={ours['host']}", f"--username={ours['user']}"]
        subprocess.run([program("pg_dump", major), "--format=custom", "--no-owner", f"--file={dump}", *whose, str(ours["dbname"])], check=True)
        there = [f"--host={self.server.run_folder}", f"--username={self._user}", f"--dbname={self.server.database}"]
        subprocess.run([program("pg_restore", major), "--no-owner", "--exit-on-error", *there, dump], check=True)

    def kill(self) -> None:
        """SIGKILL to the server and all that it has started, and no moment to write anything down."""
        pid = abs(int((self.server.data / "postmaster.pid").read_text().split("\n", 1)[0]))
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        assert self.server.process is not None
        self.server.process.wait(timeout=30)

    def start(self) -> None:
        self.server.start()

    def counted(self, notice: Notice) -> dict[str, int]:
        """How the mails of a notice stand."""
        with psycopg.connect(host=str(self.server.run_folder), dbname=self.server.database, user=self._user) as line:
            asked = "SELECT state, count(*) FROM notices_delivery WHERE notice_id = %s AND channel = %s GROUP BY state"
            return {str(state): int(n) for state, n in line.execute(asked, [notice.pk, Channel.EMAIL.value])}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    if not Path("/proc/self/task").exists():
        pytest.fail("the children of a process are read from /proc")
    folder = Path(tempfile.mkdtemp(prefix="rankfile-dies-"))  # short, for the path of a socket
    if launch.unprivileged_mode() == launch.NOBODY:
        folder.chmod(0o755)
    made = Cluster(folder)
    yield made
    made.server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def dispatchers(cluster: Cluster, quick_sink: QuickSink) -> Iterator[Callable[[], list[subprocess.Popen[bytes]]]]:
    """Senders as a server runs them, on that database, without a broker."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> list[subprocess.Popen[bytes]]:
        env = {"DATABASE_URL": cluster.address, "MAIL_URL": quick_sink.url, "CELERY_BROKER_URL": NOWHERE, "LOG_LEVEL": "ERROR"}
        times = {"NOTICES_LEASE_SECONDS": "3", "NOTICES_RETRY_SECONDS": "1", "NOTICES_REST_SECONDS": "1", "NOTICES_BATCH": str(BATCH)}
        for n in range(SENDERS):
            with (cluster.folder / f"dispatch-{n}.log").open("wb") as log:
                argv = [sys.executable, "manage.py", "dispatch", "--every", "1"]
                started.append(subprocess.Popen(argv, cwd=ROOT, env=os.environ | env | times, stdout=log, stderr=log))
        return started

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_database_that_is_killed_while_mails_go_out_loses_none(
    told: Callable[[int], Notice],
    quick_sink: QuickSink,
    cluster: Cluster,
    dispatchers: Callable[[], list[subprocess.Popen[bytes]]],
    figure: Callable[[str], None],
) -> None:
    mails, kills = size(200, 10_000), size(2, 20)
    quick_sink.delay = 0.005
    notice = told(mails)
    commands.expand_due(at=timezone.now())
    cluster.take_over()
    began, before = time.monotonic(), 0
    processes = dispatchers()
    for kill in range(1, kills + 1):
        assert quick_sink.wait_for(max(mails * kill // (kills + 1), before + 1), seconds=120), _logs(cluster.folder)
        cluster.kill()
        before = len(quick_sink.accepted)
        cluster.start()
    ends = time.monotonic() + 300
    while (stand := cluster.counted(notice)) != {State.ACCEPTED.value: mails}:
        assert time.monotonic() < ends, f"{stand}\n{_logs(cluster.folder)}"
        time.sleep(0.2)
    copies = quick_sink.copies()
    doubled = sum(n - 1 for n in copies.values())
    figure(
        f"{mails} mails, PostgreSQL killed {kills} times, {SENDERS} senders with {BATCH} in hand: lost {mails - len(copies)}, doubled {doubled}, "
        f"most copies {max(copies.values())}, {time.monotonic() - began:.0f} s"
    )
    assert len(copies) == mails, "nothing is lost"
    assert doubled <= kills * SENDERS * BATCH, "no more than was in hand"
    assert all(len(ids) == 1 for ids in quick_sink.message_ids().values()), "a second copy has the same Message-ID"
    assert all(process.poll() is None for process in processes), f"a sender waits for its database\n{_logs(cluster.folder)}"


def _logs(folder: Path) -> str:
    return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(folder.glob("dispatch-*.log")))
