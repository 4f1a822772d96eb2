"""A small loop that needs no broker: mail flows without Redis and without a worker."""

from __future__ import annotations

import json
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils import timezone

from committees.notices import commands, sending, tasks, waking
from committees.notices.push import sending as pushing

SWEEP_EVERY = 60.0


class Command(BaseCommand):
    help = (
        "Send what is due, for as long as this runs: expands notices, sends mails, sweeps each minute. PostgreSQL itself wakes it "
        "when something is posted, so that mail flows while the broker is away. Runs beside any number of workers and of itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, say how much, and end")
        parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="look at least this often (default: 5)")
        parser.add_argument("--json", action="store_true", help="with --once: say it as JSON")

    def handle(self, *, once: bool, every: float, json: bool, **options: Any) -> None:
        if once:
            self._say(turn(sweep=True), as_json=json)
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_signal: stop.set())
        loop(stop, every=every)

    def _say(self, done: dict[str, int], *, as_json: bool) -> None:
        self.stdout.write(json.dumps(done) if as_json else ", ".join(f"{name}: {n}" for name, n in done.items()))


def turn(*, sweep: bool) -> dict[str, int]:
    """Everything that is due now. With `sweep` also what a minute brings: the rooms' clocks, and closing what is done."""
    at = timezone.now()
    if sweep:
        tasks.ask_the_rooms()
        done = commands.sweep(at=at)
    else:
        done = {"expanded": commands.expand_due(at=at)}
    return done | {"sent": sending.run(seconds=20), "pushed": pushing.run(seconds=20)}


def loop(stop: threading.Event, *, every: float) -> None:
    """Turn after turn, until `stop`. A database that is away is waited for."""
    bell = Bell()
    swept = 0.0
    while not stop.is_set():
        due = time.monotonic() - swept >= SWEEP_EVERY
        try:
            if due:
                swept = time.monotonic()
            turn(sweep=due)
            close_old_connections()
            bell.wait(every, stop)
        except DatabaseError:
            connection.close()
            bell.close()
            stop.wait(1)
    bell.close()


class Bell:
    """Waits until PostgreSQL says that something was posted, on a connection of its own."""

    def __init__(self) -> None:
        self._line: psycopg.Connection[Any] | None = None

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Until it rings or so long, and never longer than half a second after `stop`."""
        ends = time.monotonic() + seconds
        while not stop.is_set() and (left := ends - time.monotonic()) > 0:
            if self._rang(min(left, 0.5)):
                return

    def _rang(self, seconds: float) -> bool:
        try:
            if self._line is None:
                settings = connection.get_connection_params()
                wanted = {name: settings[name] for name in ("host", "port", "dbname", "user", "password") if settings.get(name)}
                self._line = psycopg.connect(**wanted, autocommit=True)
                self._line.execute(f"LISTEN {waking.BELL}")
            return any(True for _notify in self._line.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error as error:
            self.close()
            raise DatabaseError(type(error).__name__) from None

    def close(self) -> None:
        """Let go of the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None
