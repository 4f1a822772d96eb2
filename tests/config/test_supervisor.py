"""The supervisor: order, restarts with growing pauses, and no child left when it is killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from config.services.errors import ServiceFailed
from config.services.supervisor import Part, Supervisor
from tests.config.own_server import OwnServer, wait_until

SLEEPER = "import signal, sys, time; from pathlib import Path; Path(sys.argv[1]).write_text('up')\n{more}\ntime.sleep(600)"


def part(tmp_path: Path, name: str, code: str = SLEEPER.format(more=""), *, mark: str | None = None) -> Part:
    flag = tmp_path / (mark or name)
    return Part(name, [sys.executable, "-c", code, str(flag)], os.environ, tmp_path / f"{name}.log", flag.exists)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Supervisor:
    return Supervisor(tmp_path, said.append)


def test_parts_start_in_order_and_stop_in_reverse(tmp_path: Path, supervisor: Supervisor) -> None:
    farewell = """
def bye(*_):
    with open(sys.argv[1] + "/../order", "a") as out: out.write(sys.argv[1][-1])
    sys.exit()
signal.signal(signal.SIGTERM, bye)
Path(sys.argv[1] + "/ready").touch()"""
    code = SLEEPER.format(more=farewell).replace("Path(sys.argv[1]).write_text('up')", "Path(sys.argv[1]).mkdir()")
    for name in "abc":
        each = part(tmp_path, name, code, mark=name)
        each.answers = (tmp_path / name / "ready").exists
        supervisor.start(each)
        supervisor.wait_for(each, 20)
    supervisor.stop()
    assert (tmp_path / "order").read_text() == "cba"
    assert not any(each.runs for each in supervisor.parts)


def test_a_part_that_ends_while_starting_is_named_with_its_last_words(tmp_path: Path, supervisor: Supervisor) -> None:
    broken = part(tmp_path, "worker", "raise SystemExit('no such table: things')")
    supervisor.start(broken)
    with pytest.raises(ServiceFailed, match="worker ended while starting") as failed:
        supervisor.wait_for(broken, 20)
    assert "no such table: things" in str(failed.value)


def test_a_part_that_never_answers_is_not_waited_for_in_vain(tmp_path: Path, supervisor: Supervisor) -> None:
    silent = part(tmp_path, "web server", "import time; time.sleep(600)")
    supervisor.start(silent)
    with pytest.raises(ServiceFailed, match="did not answer"):
        supervisor.wait_for(silent, 0.3)
    supervisor.stop()
    assert not silent.runs


def test_what_dies_is_started_again_with_growing_pauses(tmp_path: Path, supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(part(tmp_path, "worker", "raise SystemExit(3)"))
    began = time.monotonic()

    def enough() -> None:
        if len(said) >= 3:
            supervisor.stopping = True

    with supervisor.signals():
        supervisor.watch(enough)
    supervisor.stop()
    assert ["exit code 3" in line for line in said] == [True, True, True]
    assert [line.split(" again in ")[1].split(" s")[0] for line in said] == ["0.5", "1", "2"]
    assert time.monotonic() - began >= 1.5


def test_a_killed_part_comes_back(tmp_path: Path, supervisor: Supervisor, said: list[str]) -> None:
    worker = part(tmp_path, "worker")
    supervisor.start(worker)
    supervisor.wait_for(worker, 20)
    assert worker.process is not None
    first = worker.process.pid
    (tmp_path / "worker").unlink()
    os.kill(first, signal.SIGKILL)

    def back() -> None:
        if (tmp_path / "worker").exists():
            supervisor.stopping = True
        elif worker.runs:
            signal.raise_signal(signal.SIGCHLD)  # look again soon
            time.sleep(0.05)

    with supervisor.signals():
        supervisor.watch(back)
    assert worker.runs
    assert worker.process.pid != first
    assert "SIGKILL" in said[0]
    supervisor.stop()


def test_a_part_that_ignores_sigterm_is_ended_all_the_same(tmp_path: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = part(tmp_path, "worker", "import signal; signal.signal(15, signal.SIG_IGN); signal.signal(3, signal.SIG_IGN)\n" + SLEEPER.format(more=""))
    supervisor.start(stubborn)
    supervisor.wait_for(stubborn, 20)
    monkeypatch.setattr("config.services.supervisor.STOP_PATIENCE", 0.2)
    supervisor.stop()
    assert not stubborn.runs


def test_kill_9_of_the_supervisor_leaves_no_child(own_server: OwnServer) -> None:
    code = """
import os, sys
from pathlib import Path
from config.services.supervisor import Part, Supervisor
boss = Supervisor(Path("/"), print)
with boss.signals():
    for name in ("a", "b"):
        boss.start(Part(name, [sys.executable, "-c", "import time; time.sleep(600)"], os.environ, Path(os.environ["RANKFILE_VAR"]) / "x.log"))
    print("started", flush=True)
    boss.watch()
"""
    boss = own_server.start_python(code)
    assert boss.stdout is not None
    assert boss.stdout.readline().strip() == "started"
    assert len(own_server.living()) == 3
    boss.kill()
    wait_until(lambda: not own_server.living(), 10)
