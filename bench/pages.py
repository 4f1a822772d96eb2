"""What each page costs, and how that grows: `python -m bench.pages [--small N] [--large N] [--requests N] [--rounds N]`.

Two servers with production settings on the same machine, one with a small world and one with a large one, asked in turn
(A B A B …). Printed for each page: SQL statements, HTML, CPU milliseconds of the web workers and of PostgreSQL for one
request, median and 95th percentile, failed answers; and the CPU of the large world ÷ that of the small one.
"""

from __future__ import annotations

import argparse
import statistics
from datetime import timedelta

from bench import lib, worlds


def fill(members: int, meetings: int, sites: int) -> dict[str, str]:
    """A committee with members and meetings among many sites. Returns the addresses to ask for and the sessions to use."""
    from django.utils import timezone

    from committees.people.models import Person
    from organizing.meetings import commands as meeting
    from organizing.meetings.plans import Plan, Point, Words
    from tests import make

    for number in range(sites):
        make.workplace(name=f"Depot {number}", city=f"Town {number % 97}")
    committee = make.committee(probation_days=0)
    organizer = make.reloaded(make.organizer_of(committee))
    for _ in range(members):
        make.member(committee)
    now = timezone.now()
    for number in range(meetings):
        day = (now + timedelta(days=number + 2)).date()
        plan = Plan(Words(f"Meeting {number}", agenda=(Point("First", 10), Point("Second", 20))), "Europe/London", 60, day, now.time())
        called = meeting.call(meeting.draft(plan, by=organizer, at=now), by=organizer, at=now)
    for _ in range(3):
        make.application(committee)
    assert committee.workplace is not None
    person: Person | None = organizer.person
    assert person is not None
    cookie = make.client(person).cookies["session"].value
    return {
        "session": cookie,
        "front": "/",
        "search": "/workplaces/?q=depot+1",
        "workplace": committee.workplace.get_absolute_url(),
        "card": f"/committees/{committee.slug}/",
        "today *": "/today/",
        "committee *": committee.get_absolute_url(),
        "meetings *": "/meetings/",
        "meeting *": called.get_absolute_url(),
        "queue *": "/review/",
        "inbox *": "/notices/",
    }


def hold_a_world(size: int) -> None:
    """A process of its own: fills a world, serves it, says where, and stays until nobody needs it."""
    with lib.world():
        pages = fill(members=size, meetings=size, sites=size * 10)
        session = pages.pop("session")
        sql = worlds.statements(pages, session=session)
        with lib.Server() as server:
            worlds.tell(port=server.port, pid=server.process.pid, postmaster=worlds.database_pid(), pages=pages, session=session, sql=sql)


class World:
    """A world held by another process, and how to ask it."""

    def __init__(self, size: int) -> None:
        self._held = worlds.Held("bench.pages", "--hold", str(size))
        self.served, said = self._held.served(), self._held.said
        self.postmaster, self.pages, self.session = said["postmaster"], said["pages"], said["session"]
        self.sql = {name: number for name, (number, _writes) in said["sql"].items()}

    def ask(self, name: str, requests: int) -> lib.Round:
        cookie = f"session={self.session}" if name.endswith("*") else ""
        return lib.round_of(self.served, self.pages[name], requests=requests, cookie=cookie, database=self.postmaster)

    def end(self) -> None:
        self._held.end()


def row(name: str, small: World, large: World, options: argparse.Namespace) -> str:
    """One page, asked in turn of both worlds."""
    few, many, _ratio = lib.paired(lambda: small.ask(name, options.requests), lambda: large.ask(name, options.requests), rounds=options.rounds)
    growth = statistics.median((b.app_ms + b.db_ms) / max(a.app_ms + a.db_ms, 0.001) for a, b in zip(few, many, strict=True))
    m = lib.median(many)
    return (
        f"{name:<14}{small.sql[name]:>4}/{large.sql[name]:<4}{m.size / 1024:>7.1f}{m.app_ms:>9.2f}{m.db_ms:>8.2f}{m.p50:>8.1f}{m.p95:>8.1f}"
        f"{m.rate:>8.0f}{m.failed:>8}{growth:>12.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=5)
    parser.add_argument("--large", type=int, default=50)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hold", type=int, metavar="SIZE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hold:
        hold_a_world(options.hold)
        return
    small, large = World(options.small), World(options.large)
    try:
        print(f"{'* signed in':<14}{'SQL':>9}{'KiB':>7}{'app ms':>9}{'db ms':>8}{'p50':>8}{'p95':>8}{'req/s':>8}{'failed':>8}{'CPU large/small':>16}")
        for name in large.sql:
            print(row(name, small, large, options), flush=True)
        print(f"Memory of a web worker (PSS): {worlds.memory(large.served):.0f} MB.")
        print(f"Worlds of {options.small} and {options.large} members and meetings, ten times as many sites.")
    finally:
        small.end()
        large.end()


if __name__ == "__main__":
    main()
