"""Two hundred people who come to a meeting within two minutes: `python -m bench.live [--people N] [--seconds N]`.

A server with production settings. One reader asks for the page of the meeting once a second, first while nothing else happens, then
while everybody comes: each of them opens the meeting's page, then the page of the meeting that goes on, types the code, and asks
for what is new every five seconds from then on, as a phone does. Printed side by side for the reader: how long the page took, median
and 95th percentile; and of those who came, how many are here, how long that took, and how many answers failed.
"""

from __future__ import annotations

import argparse
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bench import lib
from bench.browsers import Browser, after, at, read, token_in

EVERY = 5.0


@dataclass
class Comer:
    """Somebody who comes after some seconds, and stays."""

    browser: Browser
    meeting: str
    code: Callable[[], str]
    came_ms: float | None = None

    def run(self, wait: float, until: float) -> None:
        time.sleep(wait)
        self.browser.ask(self.meeting)
        page, _took = self.browser.ask(f"{self.meeting}live/")
        _text, self.came_ms = self.browser.ask(f"{self.meeting}live/come/", {"code": self.code(), "csrfmiddlewaretoken": token_in(page)}, status=(302,))
        page, _took = self.browser.ask(f"{self.meeting}live/")
        while time.time() + EVERY < until:  # nobody asks at the very end, when all would ask at once
            time.sleep(EVERY)
            again = re.search(r'hx-get="([^"]+)"', page)
            text, took = self.browser.ask(again[1] if again else f"{self.meeting}live/now/", status=(200, 204))
            self.browser.times.append(took)
            page = text or page


def measure(people: int, seconds: int) -> None:
    from django.utils import timezone

    from organizing.live import code
    from organizing.live import commands as live
    from organizing.live.models import Gathering, Presence
    from organizing.meetings import commands as meetings
    from organizing.meetings.plans import Plan, Words
    from tests import make

    committee = make.committee(probation_days=0)
    ada = make.reloaded(make.organizer_of(committee))
    members = [make.member(committee) for _n in range(people)]
    starts, before = timezone.now() + timedelta(minutes=5), timezone.now() - timedelta(days=1)
    plan = Plan(Words("The rota"), "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0))
    meeting = meetings.call(meetings.draft(plan, by=ada, at=before), by=ada, at=before)
    gathering = live.open_meeting(meeting, by=ada, at=timezone.now())
    secret = str(Gathering.objects.get(pk=gathering.pk).secret)
    cookies = [f"session={make.client(member.person).cookies['session'].value}" for member in (ada, *members) if member.person]
    with lib.Server() as server:
        reader = Browser(server.port, cookies[0])
        path = meeting.get_absolute_url()
        read(reader, [path], after(5))
        idle = read(reader, [path], after(seconds / 2))
        comers = [Comer(Browser(server.port, cookie), path, lambda: code.shown(secret, timezone.now())) for cookie in cookies[1:]]
        until = time.time() + seconds
        threads = [threading.Thread(target=each.run, args=(seconds * number / people, until), daemon=True) for number, each in enumerate(comers)]
        for thread in threads:
            thread.start()
        cpu = lib.cpu_of(server.served.workers())
        busy = read(reader, [path], after(seconds))
        cpu = lib.cpu_of(server.served.workers()) - cpu
        for thread in threads:
            thread.join(90)
    say(people, seconds, idle, busy, comers, here=Presence.objects.here().count(), cpu=cpu, failed=reader.failed)


def say(people: int, seconds: int, idle: list[float], busy: list[float], comers: list[Comer], *, here: int, cpu: float, failed: int) -> None:
    print(f"{'the meeting’s page, ms':<34}{'p50':>9}{'p95':>9}{'asked':>8}")
    print(f"{'while nothing else happens':<34}{at(idle, 0.5):>9.1f}{at(idle, 0.95):>9.1f}{len(idle):>8}")
    print(f"{f'while {people} come in {seconds} s':<34}{at(busy, 0.5):>9.1f}{at(busy, 0.95):>9.1f}{len(busy):>8}")
    came = [each.came_ms for each in comers if each.came_ms is not None]
    asked = [took for each in comers for took in each.browser.times]
    print(f"{'typing the code':<34}{at(came, 0.5):>9.1f}{at(came, 0.95):>9.1f}{len(came):>8}")
    print(f"{'asking what is new':<34}{at(asked, 0.5):>9.1f}{at(asked, 0.95):>9.1f}{len(asked):>8}")
    wrong = failed + sum(each.browser.failed for each in comers)
    print(f"Here: {here} of {people}. Answers that failed: {wrong}. CPU of the web workers: {100 * cpu / seconds:.0f} % of one core.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    with lib.world():
        measure(options.people, options.seconds)


if __name__ == "__main__":
    main()
