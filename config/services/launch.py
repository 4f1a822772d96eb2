"""Starts a server so that it dies with whoever started it, and never as root where it refuses to run as root.

This file is two things: `spawn()`, called by the keeper and the supervisor, and the small program that `spawn()`
runs in between, which changes user, asks the kernel for a signal at the parent's death and becomes the server.
"""

from __future__ import annotations

import ctypes
import functools
import os
import pwd
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
SELF, USER_NAMESPACE, NOBODY = "self", "namespace", "nobody"
NOBODY_ID = 65534
#: Nothing of the caller's environment (secrets among it) reaches a server that does not need it.
BARE_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@functools.cache
def unprivileged_mode() -> str:
    """How to run a server that refuses root: as ourselves, as root of nothing in a user namespace, or as `nobody`."""
    if os.geteuid() != 0:
        return SELF
    if sys.platform != "linux" or not hasattr(os, "unshare"):
        return NOBODY
    probe = subprocess.run([sys.executable, "-I", "-S", __file__, USER_NAMESPACE, "0", "0", "/bin/true"], capture_output=True, check=False)
    return USER_NAMESPACE if probe.returncode == 0 else NOBODY


def give_to(path: Path, mode: str) -> None:
    """In `nobody` mode the server's folder must belong to nobody; in the others it already belongs to us."""
    if mode == NOBODY:
        for each in (path, *path.rglob("*")):
            os.chown(each, NOBODY_ID, NOBODY_ID, follow_symlinks=False)


def wrapped(argv: Sequence[str | Path], *, mode: str = SELF, death_signal: int = signal.SIGTERM) -> list[str]:
    """The command that becomes `argv` with the right user and a signal at the parent's death."""
    return [sys.executable, "-I", "-S", __file__, mode, str(int(death_signal)), str(os.getpid()), *map(str, argv)]


def spawn(
    argv: Sequence[str | Path],
    *,
    mode: str = SELF,
    death_signal: int = signal.SIGTERM,
    log: IO[bytes] | int | None = subprocess.DEVNULL,
    env: Mapping[str, str] = BARE_ENVIRONMENT,
    cwd: str | Path = "/",
) -> subprocess.Popen[bytes]:
    """Start a server. Call from the main thread: Linux ties the death signal to the thread that forked."""
    return subprocess.Popen(
        wrapped(argv, mode=mode, death_signal=death_signal),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor alone, which stops the rest in order
    )


def run(argv: Sequence[str | Path], *, mode: str = SELF, text: str | None = None, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a server's tool (initdb, createdb …) to its end, as the server's user."""
    return subprocess.run(
        wrapped(argv, mode=mode, death_signal=signal.SIGKILL),
        input=text,
        stdin=None if text is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=BARE_ENVIRONMENT,
        cwd="/",
        timeout=timeout,
        check=False,
    )


def _change_user(mode: str) -> None:
    if mode == USER_NAMESPACE:
        os.unshare(os.CLONE_NEWUSER)
        for name, line in (("setgroups", "deny"), ("uid_map", f"{NOBODY_ID} 0 1"), ("gid_map", f"{NOBODY_ID} 0 1")):
            Path(f"/proc/self/{name}").write_text(line)
    elif mode == NOBODY:
        os.setgroups([])
        os.setgid(pwd.getpwuid(NOBODY_ID).pw_gid if sys.platform == "linux" else NOBODY_ID)
        os.setuid(NOBODY_ID)


def _die_with_parent(death_signal: int, parent: int) -> None:
    if not death_signal or not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    elif sys.platform == "darwin":
        _watch(parent, death_signal)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(0)


if sys.platform == "darwin":

    def _watch(parent: int, death_signal: int) -> None:
        """macOS has no death signal: a process beside us waits for the parent's end and then tells us. Untried."""
        server = os.getpid()
        if first := os.fork():
            os.waitpid(first, 0)
            return
        if os.fork():  # twice, so that the server has no child that it does not know
            os._exit(0)
        queue = select.kqueue()
        wanted = [select.kevent(pid, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT) for pid in (parent, server)]
        ended = queue.control(wanted, 1, None)[0].ident
        if ended == parent:
            os.kill(server, death_signal)
        os._exit(0)


def main(mode: str, death_signal: str, parent: str, *argv: str) -> None:
    """Become the server. The order matters: changing the user clears the death signal."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    _change_user(mode)
    _die_with_parent(int(death_signal), int(parent))
    os.execv(argv[0], argv)


if __name__ == "__main__":
    main(*sys.argv[1:])
