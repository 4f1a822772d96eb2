"""Web pages beside a large sending: `python -m bench.beside [--mails N] [--per-minute N …] [--rounds N]`.

A server with production settings, the Celery worker as it ships (it steps back for the web server: WORKER_NICE), and a mail server that
answers at once. One reader asks four times a second for the first page, the page of a committee and that of a meeting in turn: first
while nothing else happens, then while the mails of a called meeting go out at a set rate (MAIL_PER_MINUTE; 0: as fast as it
goes). Printed for each rate, of all rounds: median and 95th percentile of both, and the latter ÷ the former, of which 1.5 is the most that may be.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bench import lib
from bench.browsers import Browser, after, at, read
from bench.mail_server import MailServer
from bench.notices import Worker, call, committee, crowd, draft

if TYPE_CHECKING:
    from committees.membership.models import Membership

EVERY = 0.25


@dataclass
class Round:
    idle: list[float]
    busy: list[float]
    seconds: float

    @property
    def ratio(self) -> float:
        return at(self.busy, 0.95) / at(self.idle, 0.95)


type Read = Callable[[threading.Event], list[float]]


def round_of(read_until: Read, server: MailServer, send: Callable[[], object], *, mails: int, idle: float) -> Round:
    """Idle, sending, idle."""
    before = read_until(after(idle / 2))
    server.expect(mails, delay=0)
    send()
    stop, busy = threading.Event(), list[float]()
    reading = threading.Thread(target=lambda: busy.extend(read_until(stop)), daemon=True)
    reading.start()
    first, last, _length = server.wait(seconds=600 + mails)
    stop.set()
    reading.join()
    return Round(before + read_until(after(idle / 2)), busy, last - first)


@dataclass
class Stage:
    """A quiet committee whose pages somebody reads, and a large one in which meetings are called."""

    reads: Membership
    organizes: Membership
    paths: list[str]


def stage(mails: int) -> Stage:
    from django.utils import timezone

    from organizing.meetings import commands as meetings
    from tests import make

    quiet, large = committee(), committee()
    crowd(large, mails - large.memberships.count(), name="large")
    reads, organizes = make.reloaded(make.organizer_of(quiet)), make.reloaded(make.organizer_of(large))
    meeting = meetings.call(draft(reads), by=reads, at=timezone.now())
    return Stage(reads, organizes, ["/today/", f"/committees/{quiet.slug}/inside/", meeting.get_absolute_url()])


def measure(scene: Stage, server: MailServer, *, mails: int, rate: int, rounds: int, idle: float) -> list[Round]:
    from tests import make

    os.environ["MAIL_PER_MINUTE"] = str(rate)
    with Worker(2), lib.Server() as web:
        browser = Browser(web.port, f"session={make.client(scene.reads.person).cookies['session'].value}")
        read_until = partial(read, browser, scene.paths, every=EVERY)
        read_until(after(10))  # the notices of the quiet committee go meanwhile
        found = [round_of(read_until, server, lambda: call(scene.organizes), mails=mails, idle=idle) for _ in range(rounds)]
    if browser.failed:
        raise SystemExit(f"{browser.failed} answers failed")
    return found


def say(rate: int, rounds: list[Round], mails: int) -> None:
    print(f"\n{mails:,} mails, {f'{rate:,} a minute' if rate else 'as fast as it goes'}; they took {statistics.median(each.seconds for each in rounds):.0f} s")
    print(f"  {'pages, ms':<16}{'p50':>9}{'p95':>9}{'asked':>8}")
    for name, times in (("idle", [t for each in rounds for t in each.idle]), ("while they go", [t for each in rounds for t in each.busy])):
        print(f"  {name:<16}{at(times, 0.5):>9.1f}{at(times, 0.95):>9.1f}{len(times):>8}")
    ratios = ", ".join(f"{each.ratio:.2f}" for each in rounds)
    print(f"  p95 ÷ idle p95: {statistics.median(each.ratio for each in rounds):.2f} ({ratios})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--per-minute", type=int, nargs="+", default=[6_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--idle", type=float, default=60, help="seconds")
    options = parser.parse_args()
    with MailServer() as server:
        os.environ["MAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        with lib.world():
            scene = stage(options.mails)
            for rate in options.per_minute:
                say(rate, measure(scene, server, mails=options.mails, rate=rate, rounds=options.rounds, idle=options.idle), options.mails)


if __name__ == "__main__":
    main()
