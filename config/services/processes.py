"""Looking at processes and ending them: is it really ours, stop it gently, then not."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

PROC = Path("/proc")  # not on macOS
LARGEST_LOG = 5_000_000


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending, readable by us alone. One that has grown too large begins anew, the old one is kept beside it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb")


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log, for a message."""
    if not path.exists():
        return ""
    return "\n".join("  | " + line for line in path.read_text(errors="replace").splitlines()[-lines:])


def command_line(pid: int) -> str:
    """The command line of a running process, or nothing. A zombie counts as nothing."""
    if PROC.is_dir():
        try:
            return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()


def runs(pid: int, *parts: str) -> bool:
    """Does this process run, and is it the one we mean? A pid is given to another program soon after its owner dies."""
    if pid <= 1:
        return False
    line = command_line(pid)
    return bool(line) and all(part in line for part in parts)


def end(pid: int, first: int, *, then: int = signal.SIGKILL, patience: float = 10) -> None:
    """Ask a process that is not our child to end, wait, and then make it."""
    for number in (first, then, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not command_line(pid):
                return
            time.sleep(0.05)


def ask_to_end(process: subprocess.Popen[bytes] | None, number: int) -> None:
    """Ask our child to end, and do not wait for it."""
    if process is not None and process.poll() is None:
        process.send_signal(number)


def stop(process: subprocess.Popen[bytes] | None, first: int, *, then: int = signal.SIGKILL, patience: float = 15, asked: bool = False) -> None:
    """Ask our child to end (unless it was `asked` before: a second time may mean "at once"), wait, and then make it."""
    if process is None:
        return
    for number in (first, then, signal.SIGKILL):
        if process.poll() is not None:
            return
        if number != first or not asked:
            process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
