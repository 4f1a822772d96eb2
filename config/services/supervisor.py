"""Runs the parts of the server as children: starts them in order, restarts what dies, stops them in reverse.

Each child asks the kernel for SIGTERM at our death (launch.py), so that `kill -9` of this process leaves none.
Use it from the main thread only.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.services import launch, processes
from config.services.errors import ServiceFailed

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
CALM_AFTER = 60.0
STOP_PATIENCE = 20.0  # a worker ends its task first


class Stopped(Exception):
    """SIGINT or SIGTERM came while we were still starting."""


@dataclass
class Part:
    """One child: what to run, how to know that it answers."""

    name: str
    argv: list[str]
    env: Mapping[str, str]
    log: Path
    answers: Callable[[], bool] | None = None  # None: that it runs is all there is to see
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    restart_at: float | None = field(default=None)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Holds the parts of one server."""

    def __init__(self, root: Path, say: Callable[[str], None]) -> None:
        self.root = root
        self.say = say
        self.parts: list[Part] = []
        self.stopping = False
        self._may_raise = True

    def start(self, part: Part) -> None:
        self.parts.append(part)
        self._spawn(part)

    def _spawn(self, part: Part) -> None:
        with processes.open_log(part.log) as log:
            part.process = launch.spawn(part.argv, env=part.env, cwd=self.root, log=log)
        part.started, part.restart_at = time.monotonic(), None

    def wait_for(self, part: Part, seconds: float = 60) -> None:
        """Wait until a part answers; say why if it does not."""
        deadline = time.monotonic() + seconds
        while part.answers is not None and not part.answers():
            if not part.runs:
                raise ServiceFailed(f"The {part.name} ended while starting. Its log is {part.log}.\n{processes.tail(part.log)}")
            if time.monotonic() > deadline:
                raise ServiceFailed(f"The {part.name} did not answer within {seconds:.0f} seconds. Its log is {part.log}.\n{processes.tail(part.log)}")
            time.sleep(0.05)
        if not part.runs:  # another program answered in its place
            raise ServiceFailed(f"The {part.name} ended while starting. Its log is {part.log}.\n{processes.tail(part.log)}")

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """While starting, Ctrl-C and SIGTERM raise Stopped; while watching they end the watch."""
        names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in names}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        again, self.stopping = self.stopping, True
        if self._may_raise and not again:
            raise Stopped

    def watch(self, each_second: Callable[[], None] = lambda: None) -> None:
        """Stay until told to stop; start again what dies. Sleeps until a signal comes or a restart is due."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._may_raise = False
        try:
            while not self.stopping:
                self._mend(time.monotonic())
                due = [part.restart_at for part in self.parts if part.restart_at is not None]
                wait = max(0.05, min(due) - time.monotonic()) if due else 5.0
                if select.select([reader], [], [], wait)[0]:
                    with contextlib.suppress(BlockingIOError):
                        os.read(reader, 4096)
                each_second()
        finally:
            signal.set_wakeup_fd(before)
            os.close(reader)
            os.close(writer)

    def _mend(self, now: float) -> None:
        for part in self.parts:
            if part.runs or part.process is None:
                continue
            if part.restart_at is None:
                part.failures = 1 if now - part.started > CALM_AFTER else part.failures + 1
                delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (part.failures - 1))
                part.restart_at = now + delay
                self.say(f"The {part.name} ended ({_how(part.process.returncode)}); starting it again in {delay:g} s. Its log is {part.log}.")
            elif now >= part.restart_at:
                self._spawn(part)

    def hush(self) -> None:
        """From here on signals are only noted: a second Ctrl-C does not cut the stopping short."""
        self._may_raise = False
        self.stopping = True

    def stop(self) -> None:
        """Stop all parts: first those that nobody asks anything, side by side, then the others, the last one started first."""
        self.hush()
        alone = [part for part in reversed(self.parts) if not part.answers]
        for part in alone:
            processes.ask_to_end(part.process, signal.SIGTERM)
        for part in (*alone, *(part for part in reversed(self.parts) if part.answers)):
            processes.stop(part.process, signal.SIGTERM, then=signal.SIGQUIT, patience=STOP_PATIENCE, asked=part in alone)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def python(*arguments: str) -> list[str]:
    """This Python, with warnings and output as they come."""
    return [sys.executable, "-u", *arguments]
