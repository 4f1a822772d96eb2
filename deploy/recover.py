"""`deploy/recover`: the whole database as it stood when the last piece of the log was kept, or at a time before."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy import database, places, releases, services
from deploy.machine import DONE, UNSUITABLE, USAGE, Machine, Stop

#: In memory: the private key is on no disk, and gone when this ends.
KEY = Path("/run/rankfile-recover/identity")
PATIENCE = 3600
SPENT = ("restore_command", "recovery_target_timeline", "recovery_target_action", "recovery_target_time")


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="deploy/recover", description=__doc__, allow_abbrev=False)
    parser.add_argument("--identity", required=True, metavar="FILE", help="the private key of the backups; “-” reads it from standard input")
    parser.add_argument("--from", dest="folder", type=Path, help=f"the folder with the copies and the log; else the only one under {places.BACKUPS / 'log'}")
    parser.add_argument("--until", default="", help="to this time, with its zone (2026-05-01 12:00+00); else to the end")
    parser.add_argument("--dry-run", action="store_true", help="say each step and change nothing")
    said = parser.parse_args(words)
    machine = Machine(print, dry_run=said.dry_run)
    release = releases.current()
    if release is None or os.geteuid() != 0:
        raise Stop("As root, on a machine on which deploy/install has run (with the settings and secrets of the lost one).", UNSUITABLE)
    key = sys.stdin.read() if said.identity == "-" else Path(said.identity).read_text()
    recover(machine, release, said.folder or only_folder(), key, said.until)
    return DONE


def only_folder() -> Path:
    found = [path for path in (places.BACKUPS / "log").glob("*") if any(path.glob("base-*"))]
    if len(found) != 1:
        raise Stop(f"Say which: --from {' or '.join(map(str, found)) or places.BACKUPS / 'log'}. Each folder belongs to one cluster.", USAGE)
    return found[0]


def recover(machine: Machine, release: Path, folder: Path, key: str, until: str) -> None:
    """See that the key opens everything; then stop, lay the copy out, let PostgreSQL play the log, verify, start. The proxy stays and says
    “back in a moment”."""
    began = time.monotonic()
    machine.folder(KEY.parent, mode=0o700, owner="postgres:postgres")
    try:
        machine.write(KEY, key, mode=0o400, owner="postgres:postgres")
        said = ["--folder", str(folder), "--identity", str(KEY), *(["--until", until] if until else [])]
        machine.note(_wal(machine, release, "check", *said, what="open all that is kept with this key, before anything is stopped"))
        aside = _clear(machine)
        _wal(machine, release, "restore", str(database.data_folder(machine)), *said, what="lay out the newest copy")
        database.control(machine, "start")
        _play(machine)
    finally:
        machine.remove(KEY.parent)
    machine.run("psql", "-Xqd", "rankfile", "-c", "DELETE FROM people_session", user="postgres", what="end every session: some had been ended since")
    machine.step(releases.manage(machine, release, "verify_ledger") or "the ledger would be verified")
    if machine.has_services():
        machine.run("systemctl", "start", "rankfile.target", *places.PARTS, *services.TIMERS)
    machine.step(f"Recovered in {time.monotonic() - began:.0f} s.{aside}")


def _wal(machine: Machine, release: Path, *words: str, what: str) -> str:
    python = str(release / ".venv" / "bin" / "python")
    return machine.run(python, "-m", "config.services.wal", *words, user="postgres", cwd=release, what=what)


def _clear(machine: Machine) -> str:
    """Stop all that uses the database, and move its folder aside. What is to be said of that at the end."""
    if machine.has_services():
        machine.run("systemctl", "stop", *places.PARTS, *services.TIMERS)
    database.control(machine, "stop")
    data = database.data_folder(machine)
    if not data.exists():
        return ""
    aside = data.with_name(f"{data.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    machine.run("mv", str(data), str(aside), what=f"move {data} aside, to {aside.name}")
    return f" {aside} holds what was there before; remove it when all is well."


def _play(machine: Machine) -> None:
    """Wait until the log is played to its end; then forget how it was fetched."""
    deadline = time.monotonic() + PATIENCE
    while not machine.dry_run and database.ask(machine, "SELECT pg_is_in_recovery()") != "f":
        if time.monotonic() > deadline or not database.runs(machine):
            raise Stop("PostgreSQL did not come to the end of the log. Its own log (/var/log/postgresql) says which piece is missing or damaged.")
        time.sleep(1)
    for name in SPENT:
        machine.run("psql", "-Xqd", "postgres", "-c", f"ALTER SYSTEM RESET {name}", user="postgres", what=f"forget {name}")
    machine.run("psql", "-Xqd", "postgres", "-c", "SELECT pg_reload_conf()", user="postgres", what="and let the server know")
