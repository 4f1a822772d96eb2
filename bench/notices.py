"""How fast notices go out: `python -m bench.notices [--mails N] [--rounds N] [--workers N] [--rows N …] [--no-tasks]
[--queues]`.

A meeting is called in a committee of so many members. The same Celery worker sends the same mails in three ways, in turn:
through our outbox; as batches of ready bytes of which nothing is kept; as one task for each mail. Each queue is filled
while the worker is stopped, so that what counts is from its start to the last acceptance. Once with a mail server that
answers at once, and once with one that answers each mail after 20 ms, as real ones do. With `--queues` django-post-office
and django-mailer send them too, in turn with ours (bench/queues.py).

Then: the rows for a large audience, and the request that calls a meeting in a small and in a large committee.
"""

from __future__ import annotations

import argparse
import math
import os
import pickle
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from bench import lib, queues
from bench.mail_server import MailServer

if TYPE_CHECKING:
    from committees.bodies.models import Committee
    from committees.membership.models import Membership
    from committees.notices.models import Notice
    from organizing.meetings.models import Meeting

BATCH = 100
UNUSABLE = "!"


# -- The world -------------------------------------------------------------------------------------------------------------


def crowd(committee: Committee, members: int, *, name: str) -> None:
    """So many members with an address each, made in bulk."""
    from django.db import connection
    from django.utils import timezone

    from committees.membership.models import Membership
    from committees.people.models import Contact, Person

    now = timezone.now()
    people = Person.objects.bulk_create([Person(sign_in_name=f"{name}-{n}", password=UNUSABLE, time_zone="Europe/London") for n in range(members)], 5000)
    rows = (
        Contact(person=p, channel="email", address=f"{name}{n}@mail.example", lookup=f"{name}{n}", verified_at=now, primary=True) for n, p in enumerate(people)
    )
    Contact.objects.bulk_create(rows, 5000)
    common: dict[str, Any] = {"committee": committee, "standing": "member", "joined_at": now, "changed_at": now}
    Membership.objects.bulk_create([Membership(person=p, handle=f"{name} {n}", handle_key=f"{name}{n}", **common) for n, p in enumerate(people)], 5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def committee() -> Committee:
    """An active committee with one organizer."""
    from tests import make

    return make.committee(probation_days=0)


def draft(organizer: Membership, *, number: int = 0) -> Meeting:
    from django.utils import timezone

    from organizing.meetings import commands as meetings
    from organizing.meetings.plans import Plan, Point, Words

    now = timezone.now()
    words = Words(f"Meeting {number}", agenda=(Point("What we were told", 10), Point("What we answer", 20)))
    return meetings.draft(Plan(words, "Europe/London", 60, (now + timedelta(days=7)).date(), now.time()), by=organizer, at=now)


def call(organizer: Membership) -> Notice:
    """A meeting is called, and the rows of its notice are made."""
    from django.utils import timezone

    from committees.notices import commands as notices
    from committees.notices.models import Notice
    from organizing.meetings import commands as meetings

    meeting = meetings.call(draft(organizer), by=organizer, at=timezone.now())
    notice = Notice.objects.about(meeting).get()
    notices.expand(notice.pk, at=timezone.now())
    return notice


# -- The worker ------------------------------------------------------------------------------------------------------------


class Worker:
    """A Celery worker that can be stopped while its queue is filled."""

    def __init__(self, processes: int) -> None:
        argv = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "-I",
            "bench.rivals",
            "-Q",
            "urgent,mail,default",
            "-c",
            str(processes),
            "-l",
            "ERROR",
        ]
        argv += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.process = subprocess.Popen(argv, cwd=lib.ROOT, env=os.environ | {"MAIL_CONNECTIONS": str(processes)}, start_new_session=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *gone: object) -> None:
        from config.celery import app

        app.control.purge()
        self.process.terminate()
        self.process.wait(60)

    def signal(self, number: int) -> None:
        os.killpg(self.process.pid, number)


@dataclass(frozen=True)
class Sent:
    """One round: mails a second, CPU milliseconds for one mail, of the worker and of PostgreSQL; bytes of a mail."""

    rate: float
    app_ms: float
    db_ms: float
    length: int


def database_pid() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int((lib.Path("/proc") / str(backend) / "stat").read_text().rsplit(")", 1)[1].split()[1])


def round_of(worker: Worker, server: MailServer, fill: Callable[[], object], *, mails: int, delay: float) -> Sent:
    worker.signal(signal.SIGSTOP)
    server.expect(mails, delay=delay)
    fill()
    workers, database = lib.family(worker.process.pid), database_pid()
    app, db = lib.cpu_of(workers), {pid: lib.cpu_of({pid}) for pid in lib.family(database)}
    began = time.monotonic()
    worker.signal(signal.SIGCONT)
    _first, last, length = server.wait(seconds=600)
    return Sent(
        rate=mails / (last - began),
        app_ms=(lib.cpu_of(workers) - app) * 1000 / mails,
        db_ms=sum(lib.cpu_of({pid}) - db.get(pid, 0) for pid in lib.family(database)) * 1000 / mails,
        length=length,
    )


def median(rounds: list[Sent], what: str) -> float:
    return float(statistics.median(getattr(each, what) for each in rounds))


def _cpu(rounds: list[Sent], what: str) -> str:
    found = median(rounds, what)
    return "–" if math.isnan(found) else f"{found:.2f}"


# -- The ways --------------------------------------------------------------------------------------------------------------


def keep_ready_mails(notice: Notice) -> None:
    """The bytes that our outbox sends, for those who send them as they are."""
    from email.utils import formatdate

    from django.utils import timezone

    from bench.rivals import ready_mails
    from committees.notices import reading
    from committees.notices.messages import Maker, Messages
    from committees.notices.reading import Ready

    ids = set(notice.deliveries.values_list("person_id", flat=True))
    people = {pk: found for pk, found in reading.read(notice, ids, at=timezone.now()).items() if isinstance(found, Ready)}
    messages = Messages(Maker(), notice, people, formatdate(usegmt=True))
    addresses = {pk: str(ready.contact.address) for pk, ready in people.items()}
    ready_mails().write_bytes(pickle.dumps([(to, messages.make(pk, to)) for pk, to in addresses.items()]))


def ways(organizer: Membership, *, mails: int, tasks: bool) -> tuple[dict[str, Callable[[], object]], queues.Letter]:
    """Name → how its queue is filled; and what all are sent, ready for those who make no message of their own."""
    from committees.notices import letters
    from committees.notices.models import Level
    from config.celery import app

    notice = call(organizer)
    keep_ready_mails(notice)
    people = sorted(set(notice.deliveries.values_list("person_id", flat=True)))
    letter = letters.letter(notice, language="en", level=Level.NEUTRAL).filled({"unsubscribe": "https://example.org/stop/" + "x" * 80})
    notice.delete()

    def raw() -> None:
        for first in range(0, mails, BATCH):
            app.send_task("bench.raw", args=[first, first + BATCH])

    def one() -> None:
        for person in people:
            app.send_task("bench.one", args=[person, letter.subject, letter.text, letter.html])

    found: dict[str, Callable[[], object]] = {"outbox": lambda: call(organizer), "raw batches": raw}
    return found | ({"task per mail": one} if tasks else {}), queues.Letter(letter.subject, letter.text, letter.html)


type Way = Callable[[float], Sent]


def of_worker(worker: Worker, server: MailServer, fill: Callable[[], object], mails: int) -> Way:
    return lambda delay: round_of(worker, server, fill, mails=mails, delay=delay)


def of_queue(name: str, theirs: queues.Queues, server: MailServer, mails: int) -> Way:
    """Of those only the mails a second are known: they are no processes of ours."""
    return lambda delay: Sent(theirs.rate(name, server, mails=mails, delay=delay), math.nan, math.nan, 0)


def compare(ways: dict[str, Way], *, mails: int, delay: float, rounds: int) -> None:
    """All ways in turn, so that a busy machine troubles them alike; then medians, and ours ÷ each other's."""
    found: dict[str, list[Sent]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            sent = way(delay)
            if number:  # the first of each warms up
                found[name].append(sent)
    print(
        f"\n{mails:,} mails of {found['outbox'][0].length:,} bytes; the mail server answers {'at once' if not delay else f'after {delay * 1000:.0f} ms'}; {rounds} rounds"
    )
    print(f"  {'way':<20}{'mails/s':>9}{'CPU ms':>9}{'SQL ms':>9}{'outbox ÷':>12}")
    for name, rows in found.items():
        ratio = statistics.median(a.rate / b.rate for a, b in zip(found["outbox"], rows, strict=True))
        print(f"  {name:<20}{median(rows, 'rate'):>9.0f}{_cpu(rows, 'app_ms'):>9}{_cpu(rows, 'db_ms'):>9}{ratio:>12.2f}", flush=True)


# -- Rows, and the request -------------------------------------------------------------------------------------------------


def time_rows(sizes: list[int], *, rounds: int) -> None:
    """The one statement that makes the deliveries, both channels: spec 8, row 18."""
    from django.utils import timezone

    from committees.notices import commands as notices
    from committees.notices.models import Notice
    from organizing.meetings import commands as meetings
    from tests import make

    for members in sizes:
        where = committee()
        crowd(where, members, name=f"rows{members}x")
        organizer = make.reloaded(make.organizer_of(where))
        took = []
        for _ in range(rounds):
            meeting = meetings.call(draft(organizer), by=organizer, at=timezone.now())
            notice = Notice.objects.about(meeting).get()
            began = time.perf_counter()
            rows = notices.expand(notice.pk, at=timezone.now())
            took.append(time.perf_counter() - began)
            notice.delete()
        print(f"  {members:>9,} members: {rows:,} rows in {statistics.median(took):.3f} s (best {min(took):.3f})", flush=True)


def time_request(small: Committee, large: Committee, *, rounds: int) -> None:
    """The whole request that calls a meeting, in turn in a small and in a large committee: spec 8, row 19."""
    from django.urls import reverse

    from tests import make

    browsers = {where: make.client(make.organizer_of(where).person) for where in (small, large)}  # type: ignore[arg-type]
    took: dict[Committee, list[float]] = {small: [], large: []}
    for number in range(rounds + 1):
        for where, browser in browsers.items():
            meeting = draft(make.reloaded(make.organizer_of(where)), number=number)
            path = reverse("meetings:check", args=[where.slug, meeting.slug])
            began = time.perf_counter()
            answer = browser.post(path, HTTP_HOST="localhost")
            if number:
                took[where].append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 302, answer.status_code
    for where, times in took.items():
        print(f"  {where.memberships.count():>9,} members: median {statistics.median(times):.1f} ms")
    print(f"  large ÷ small: {statistics.median(b / a for a, b in zip(took[small], took[large], strict=True)):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=4, help="processes of the worker, and connections to the mail server")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000])
    parser.add_argument("--delays", type=float, nargs="+", default=[0, 20], help="milliseconds")
    parser.add_argument("--no-tasks", action="store_true", help="leave out the task for each mail: it takes longest")
    parser.add_argument("--queues", action="store_true", help="django-post-office and django-mailer too; the first time they are installed")
    options = parser.parse_args()
    python = queues.install() if options.queues else None  # before the world's own folder is the one that everything is kept in
    with MailServer() as server:
        os.environ["MAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        os.environ.update(NOTICES_REST_SECONDS="1")
        with lib.world():
            from tests import make

            small, large = committee(), committee()
            crowd(large, options.mails - large.memberships.count(), name="large")
            organizer = make.reloaded(make.organizer_of(large))
            # Before the worker runs: what is called only to be read and taken away again must not be in its hands.
            fills, letter = ways(organizer, mails=options.mails, tasks=not options.no_tasks)
            with Worker(options.workers) as worker:
                known = {name: of_worker(worker, server, fill, options.mails) for name, fill in fills.items()}
                if python is not None:
                    theirs = queues.Queues(python, letter, options.mails, processes=options.workers)
                    known |= {name: of_queue(name, theirs, server, options.mails) for name in queues.VERSIONS}
                for delay in options.delays:
                    compare(known, mails=options.mails, delay=delay / 1000, rounds=options.rounds)
            print("\nRows for both channels, one statement")
            time_rows(options.rows, rounds=options.rounds)
            print("\nThe request that calls a meeting")
            time_request(small, large, rounds=max(10, options.rounds))


if __name__ == "__main__":
    main()
