"""A pytest plugin (`-p tests.services`): one throw-away PostgreSQL and Valkey for a whole run, started before Django loads.

The process that pytest was called in starts them, in a temporary folder of its own, so that runs side by side never
meet; the processes of xdist inherit the addresses and take a test database and a pair of Valkey databases each.
A DATABASE_URL or .env of the developer is never used: tests empty what they touch.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "rankfile-test-"
#: What a developer's shell may hold and a test must not see.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MAIL_URL", "PRODUCTION", "DEBUG", "DEMO", "SITE_URL", "SECRET_KEY", "PORT")


class Pair:
    """The throw-away servers and the folder they live in."""

    def __init__(self) -> None:
        self.var = Path(tempfile.mkdtemp(prefix=PREFIX))
        os.environ["RANKFILE_VAR"] = str(self.var)
        # Addresses are read once, at import: they stand in the environment before anything of ours loads.
        from config.services.postgres import Postgres
        from config.services.valkey import Valkey

        self.lock = os.open(self.var / "alive.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        run_folder = self.var / "run"
        run_folder.mkdir(mode=0o700)
        self.services = [Postgres(self.var, run_folder, throw_away=True), Valkey(self.var, run_folder, throw_away=True)]

    def start(self) -> None:
        for service in self.services:
            service.start()

    def stop(self) -> None:
        for service in reversed(self.services):
            service.stop()
        shutil.rmtree(self.var, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders of runs that were killed; a living run holds its lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), open(folder / "alive.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _collect_static(var: Path) -> None:
    """The pages need collected files, as on a server. Collected once per state of static/, for all runs."""
    state = hashlib.sha256()
    for path in sorted(p for p in (ROOT / "static").rglob("*") if p.is_file()):
        info = path.stat()
        state.update(f"{path.relative_to(ROOT)}|{info.st_size}|{info.st_mtime_ns}\n".encode())
    kept = Path(tempfile.gettempdir()) / f"rankfile-static-{os.geteuid()}-{state.hexdigest()[:16]}"
    if not (kept / "staticfiles.json").exists():
        shutil.rmtree(kept, ignore_errors=True)  # left by a run that was killed half-way
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, check=True, env=os.environ | {"RANKFILE_VAR": str(var)})
        with contextlib.suppress(OSError):  # a run beside this one may have been first
            (var / "static").rename(kept)
    if not (var / "static").exists():
        (var / "static").symlink_to(kept)


def _worker_number() -> int | None:
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) if name else None


_pair: Pair | None = None


def start() -> None:
    global _pair
    if (number := _worker_number()) is not None:
        os.environ["RANKFILE_REDIS_OFFSET"] = str(2 * (number + 1))
        return
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(RANKFILE_IGNORE_DOTENV="1", DATABASE_POOLED="0", INVENTED_LANGUAGES="1", LOG_LEVEL="ERROR")
    _sweep()
    if "config.env" in sys.modules:
        raise pytest.UsageError("config.env was imported before tests.services; keep `-p tests.services` first.")
    if len(tempfile.gettempdir()) > 40:  # a socket's path must stay short
        tempfile.tempdir = "/tmp"
    _pair = Pair()


start()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the servers after the options are read: `--help` and `--version` need none."""
    if _pair is not None:
        _pair.start()
        _collect_static(_pair.var)


def pytest_report_header() -> str:
    data = os.environ.get("RANKFILE_DATA")
    lists = f"lists in {data}" if data else "RANKFILE_DATA is not set: tests that need the shared lists will say so"
    return f"services: throw-away PostgreSQL and Valkey in {os.environ['RANKFILE_VAR']}; {lists}"


def pytest_unconfigure() -> None:
    global _pair
    if _pair is not None:
        _pair.stop()
        _pair = None
