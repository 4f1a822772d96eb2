"""What every measurement shares: a throw-away world, a server with production settings, CPU time, paired rounds.

Machines are noisy. So nothing here reports one timing: two things are measured in turn (A B A B …) in one run, and what
counts is the median of their ratios, and CPU seconds per request, which waiting does not change.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def world() -> Iterator[Path]:
    """A temporary folder with PostgreSQL and Valkey of its own, the environment pointing at them, everything gone after."""
    with tempfile.TemporaryDirectory(prefix="rankfile-bench-") as folder:
        os.environ.update(
            RANKFILE_VAR=folder,
            RANKFILE_IGNORE_DOTENV="1",
            DJANGO_SETTINGS_MODULE="config.settings",
            DEMO="false",
            # Over plain HTTP on loopback, but otherwise as in production.
            SECRET_KEY=secrets.token_urlsafe(60),
            FIELD_ENCRYPTION_KEYS=f"1:{b64encode(secrets.token_bytes(32)).decode()}",
            LOG_LEVEL="ERROR",
        )
        from config.services.postgres import Postgres
        from config.services.valkey import Valkey

        run = Path(folder) / "run"
        run.mkdir(mode=0o700)
        services = [Postgres(Path(folder), run), Valkey(Path(folder), run)]
        for service in services:
            service.start()
        try:
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            yield Path(folder)
        finally:
            from django.db import connections

            connections.close_all()
            for service in reversed(services):
                service.stop()


def cpu_of(pids: set[int]) -> float:
    """User and system CPU seconds of these processes so far."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError, IndexError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICK


def cpu_seconds(pid: int) -> float:
    """The same of one process and by the nanosecond, where the kernel counts so finely: for what takes a few milliseconds."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return cpu_of({pid})


def family(pid: int) -> set[int]:
    """A process and all below it."""
    found, todo = set(), [pid]
    while todo:
        one = todo.pop()
        found.add(one)
        for task in Path(f"/proc/{one}/task").glob("*/children") if Path(f"/proc/{one}").exists() else ():
            with contextlib.suppress(OSError):
                todo += [int(child) for child in task.read_text().split()]
    return found


def memory_of(pid: int) -> int:
    """Proportional set size of one process in kilobytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A running server: where it listens, and its first process."""

    port: int
    pid: int

    def workers(self) -> set[int]:
        return family(self.pid)


class Server:
    """Granian over WSGI with two workers, as `manage.py up` starts it."""

    def __init__(self, target: str = "config.wsgi:application", *, settings: str = "config.settings", python: str = sys.executable, **environment: str) -> None:
        self.port = free_port()
        env = os.environ | {"DJANGO_SETTINGS_MODULE": settings, "PORT": str(self.port), "PYTHONPATH": str(ROOT)} | environment
        argv = [
            python,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--no-access-log",
            "--log-level",
            "error",
            target,
        ]
        self.process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit("the server to be measured did not start")

    @property
    def served(self) -> Served:
        return Served(self.port, self.process.pid)

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(15)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *gone: object) -> None:
        self.stop()


@dataclass(frozen=True)
class Round:
    """One round of requests: how many a second, CPU milliseconds each of application and database, times in milliseconds."""

    rate: float
    app_ms: float
    db_ms: float
    p50: float
    p95: float
    size: int
    failed: int


def round_of(
    server: Served,
    path: str | Sequence[str],
    *,
    requests: int,
    cookie: str = "",
    database: int | None = None,
    status: int = 200,
    form: Callable[[], dict[str, str]] | None = None,
) -> Round:
    """Ask for one page (or several, one after the other) again and again over one connection. Counts every answer that is not
    `status`. `form`: what is posted there, made anew for each request."""
    paths = itertools.cycle([path] if isinstance(path, str) else path)
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Host": f"localhost:{server.port}"} | ({"Cookie": cookie} if cookie else {})
    if form:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{server.port}"}
    app, db = server.workers(), family(database) if database else set()
    times, size, failed = [], 0, 0
    app_before, db_before, began = cpu_of(app), cpu_of(db), time.perf_counter()
    for _ in range(requests):
        body = urlencode(form()) if form else None
        start = time.perf_counter()
        client.request("POST" if form else "GET", next(paths), body, headers)
        answer = client.getresponse()
        size = len(answer.read())
        times.append((time.perf_counter() - start) * 1000)
        failed += answer.status != status
    took = time.perf_counter() - began
    times.sort()
    return Round(
        rate=requests / took,
        app_ms=(cpu_of(app) - app_before) * 1000 / requests,
        db_ms=(cpu_of(family(database) if database else set()) - db_before) * 1000 / requests,
        p50=times[len(times) // 2],
        p95=times[int(len(times) * 0.95)],
        size=size,
        failed=failed,
    )


def paired(a: Callable[[], Round], b: Callable[[], Round], *, rounds: int = 5) -> tuple[list[Round], list[Round], float]:
    """A B A B …; returns all rounds and the median ratio of requests per second, A ÷ B."""
    a(), b()
    first, second = [], []
    for _ in range(rounds):
        first.append(a())
        second.append(b())
    return first, second, statistics.median(x.rate / y.rate for x, y in zip(first, second, strict=True))


def median(rounds: list[Round]) -> Round:
    """The middle of each figure; failures are added up."""
    return Round(
        *(statistics.median(getattr(r, name) for r in rounds) for name in ("rate", "app_ms", "db_ms", "p50", "p95", "size")),  # type: ignore[arg-type]
        failed=sum(r.failed for r in rounds),
    )


def python_with(name: str, *wanted: str) -> Path:
    """The Python of an environment in which these packages are installed from the registry; made once, and kept between two measurements. To be
    asked before `world`, which is thrown away."""
    home = Path(os.environ.get("RANKFILE_VAR") or ROOT / "var") / f"bench-{name}"
    python, mark = home / "bin" / "python", home / "installed"
    if not mark.exists() or mark.read_text() != " ".join(wanted):
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True, stdout=sys.stderr)
        mark.write_text(" ".join(wanted))
    return python


def path_of(address: str) -> str:
    return urlsplit(address).path or "/"
