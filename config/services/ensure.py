"""Makes sure that the embedded services answer before a command needs them."""

from __future__ import annotations

import fcntl
import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.env import ROOT
from config.services import keeper, locks, paths, processes
from config.services.errors import ServiceFailed
from config.services.postgres import Postgres
from config.services.valkey import Valkey

#: Commands that never ask the database, or that see to the services themselves.
WITHOUT_SERVICES = {
    "check",
    "check_mail",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "doctor",
    "findstatic",
    "mailsink",
    "makelocks",
    "makemessages",
    "reset",
    "startapp",
    "stop",
    "test",
    "up",
    "version",
}
HELP = {"--help", "-h", "--version"}

_held: int | None = None


def for_command(argv: list[str]) -> None:
    """Called by manage.py before Django loads: start the services if this command needs them and they are not up."""
    name = next((word for word in argv[1:] if not word.startswith("-")), "")
    os.environ.setdefault("DATABASE_POOLED", "0")  # one command, one connection; only the web server keeps a pool
    if HELP & set(argv) or name in ("", "help"):
        return
    try:
        importlib.import_module("config.settings")  # Django would show a traceback, or hide the reason
    except ImproperlyConfigured as reason:
        raise SystemExit(f"This server is not configured. {reason}") from None
    if name in WITHOUT_SERVICES or "--keys" in argv:  # `setup --keys` only makes secrets
        return
    try:
        services(say=sys.stderr.isatty())
    except ServiceFailed as problem:
        raise SystemExit(f"{problem}\n`manage.py doctor` looks closer.") from None


def wanted() -> list[Postgres | Valkey]:
    """The embedded services of this configuration, none of them started."""
    ours, run_folder = paths.embedded(), paths.run_folder()
    found: list[Postgres | Valkey] = []
    if "postgres" in ours:
        found.append(Postgres(paths.VAR, run_folder))
    if "valkey" in ours:
        found.append(Valkey(paths.VAR, run_folder))
    return found


def services(*, say: bool = False, seconds: float = 90) -> list[str]:
    """Hold the services up for as long as this process lives. Returns the names of those that had to be started."""
    needed = wanted()
    if not needed:
        return []
    _hold()
    missing = [service for service in needed if not service.answers()]
    if not missing:
        return []
    if say:
        print("Starting " + " and ".join(service.name for service in missing) + f" in {paths.VAR} …", file=sys.stderr, flush=True)
    _start_keeper(missing, time.monotonic() + seconds)
    return [service.name for service in missing]


def _hold() -> None:
    """Take the shared lock once per process. While an old keeper is stopping this waits for it."""
    global _held
    if _held is None:
        _held = locks.open_lock(paths.run_folder() / keeper.USERS)
        fcntl.flock(_held, fcntl.LOCK_SH)


def release(*, seconds: float = 20) -> bool:
    """Let go of the services. Returns True once they have stopped, False if another command still uses them."""
    global _held
    if _held is None:
        return True
    fcntl.flock(_held, fcntl.LOCK_UN)
    keeper_lock = paths.run_folder() / keeper.KEEPER
    deadline, others_since = time.monotonic() + seconds, 0.0
    while locks.held_by_other(keeper_lock) and time.monotonic() < deadline:
        if locks.held_by_other(paths.run_folder() / keeper.USERS):  # the keeper has it: it is stopping
            others_since = 0.0
        elif not others_since:
            others_since = time.monotonic()
        elif time.monotonic() - others_since > 1:
            break
        time.sleep(0.03)
    os.close(_held)
    _held = None
    return not locks.held_by_other(keeper_lock)


def _start_keeper(missing: list[Postgres | Valkey], deadline: float) -> None:
    log_path = paths.VAR / "log" / "keeper.log"
    process = _spawn_keeper(log_path)
    while not (keeper.watches() and all(service.answers() for service in missing)):
        if process.poll():
            raise ServiceFailed("The embedded services could not be started.\n" + processes.tail(log_path, 20))
        if process.poll() == 0 and not locks.held_by_other(paths.run_folder() / keeper.KEEPER):
            process = _spawn_keeper(log_path)  # it left to another keeper, which has gone since
        if time.monotonic() > deadline:
            raise ServiceFailed(f"The embedded services did not answer in time.\n{processes.tail(log_path)}")
        time.sleep(0.05)


def _spawn_keeper(log_path: Path) -> subprocess.Popen[bytes]:
    with processes.open_log(log_path) as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.services.keeper"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))},
            start_new_session=True,  # it outlives us while another command uses the services
        )
