"""Helpers: a VAR of one's own, programs run on it, and looking whether anything of it still lives."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.services import processes

ROOT = Path(__file__).resolve().parent.parent.parent
FOREIGN = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MAIL_URL", "RANKFILE_REDIS_OFFSET", "RANKFILE_DATABASE", "INVENTED_LANGUAGES")


def wait_until(found: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    numbers = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return numbers


class OwnServer:
    """A folder for a server of this test alone."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port, reader, sink = free_ports(3)
        self.env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.env |= {"RANKFILE_VAR": str(var), "RANKFILE_IGNORE_DOTENV": "1", "PYTHONPATH": str(ROOT)}
        self.env |= {"PORT": str(self.port), "MAIL_READER_PORT": str(reader), "MAIL_SINK_PORT": str(sink)}
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *argv: str, **env: str) -> subprocess.Popen[str]:
        """Start a program of this Python on the folder."""
        process = subprocess.Popen(
            [sys.executable, "-u", *argv],
            cwd=ROOT,
            env=self.env | env,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *argv: str, timeout: float = 100, **env: str) -> tuple[int, str]:
        process = self.start(*argv, **env)
        out, _ = process.communicate(timeout=timeout)
        return process.returncode, out

    def python(self, code: str, **env: str) -> str:
        status, out = self.run("-c", code, **env)
        assert status == 0, out
        return out.strip()

    def start_python(self, code: str) -> subprocess.Popen[str]:
        return self.start("-c", code)

    def living(self) -> list[str]:
        """The command lines of all processes that belong to this folder."""
        found = []
        for entry in processes.PROC.iterdir():
            if entry.name.isdigit():
                try:
                    belongs = f"RANKFILE_VAR={self.var}\0".encode() in (entry / "environ").read_bytes() + b"\0"
                except OSError:
                    belongs = False
                line = processes.command_line(int(entry.name))
                if line and (belongs or str(self.var) in line):
                    found.append(f"{entry.name} {line}")
        return found

    def pid_of(self, *parts: str) -> int:
        """The one process of this folder whose command line holds all parts."""
        found = [line for line in self.living() if all(part in line for part in parts)]
        assert len(found) == 1, found
        return int(found[0].split()[0])

    def clean_up(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        wait_until(lambda: not self.living(), 30)
        shutil.rmtree(self.var, ignore_errors=True)


def an_own_server() -> Iterator[OwnServer]:
    # Not tmp_path: the path must be short enough for a socket, and the name is looked for among the processes.
    server = OwnServer(Path(tempfile.mkdtemp(prefix="rankfile-own-")))
    try:
        yield server
    finally:
        server.clean_up()


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    yield from an_own_server()
