"""A second calendar program, from the distribution's packages: calcurse reads the feed. A meeting appears, moves, is cancelled; a series repeats.

Not in every run, for calcurse is no Python package: `apt-get install calcurse`, then `pytest tests/organizing/meetings/calcurse_reads.py`.
calcurse knows no addresses: it reads what was fetched, as a line in somebody's crontab has it do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from committees.membership.roles import Role
from organizing.meetings import commands as meetings
from organizing.meetings.models import Choice
from organizing.meetings.plans import Plan
from tests.organizing.meetings import cast
from tests.organizing.meetings.test_feed import get
from tests.organizing.meetings.test_real_clients import soon, there
from tests.organizing.meetings.weekly import WEEKLY, rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def shown(tmp_path: Path) -> Callable[[str], list[str]]:
    """What calcurse shows somebody in New York of the next weeks, fetched anew: start and title."""

    def read(url: str) -> list[str]:
        folder = tmp_path / "calcurse"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (tmp_path / "fetched.ics").write_bytes(get(url).content)
        _run("-q", "-D", str(folder), "-i", str(tmp_path / "fetched.ics"))
        form = "%(start:%Y-%m-%d %H:%M)|%m\\n"
        said = _run("-D", str(folder), "-Q", "--filter-type", "cal", "--days", "40", "--format-apt", form, "--format-recur-apt", form)
        return sorted(line for line in said.splitlines() if "|" in line)

    return read


def _run(*args: str) -> str:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "America/New_York"}
    done = subprocess.run(["calcurse", *args], env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_meeting_appears_moves_and_is_cancelled(live_server: LiveServer, shown: Callable[[str], list[str]]) -> None:
    site = cast.committee()
    ada, ben = cast.member(site, "Ada", Role.ORGANIZER), cast.member(site, "Ben")
    assert ben.person is not None
    now, first, second = datetime.now(UTC), soon(5), soon(6, 20)
    plan = Plan(cast.WORDS, first.zone, first.minutes, first.day, first.clock, cast.WHERE)
    meeting = meetings.call(meetings.draft(plan, by=ada, at=now), by=ada, at=now)
    url = live_server.url + reverse("meetings:feed", args=[meetings.subscribe_calendar(by=ben.person, at=now)])
    assert shown(url) == [f"{there(first)}|Appointment"]
    meetings.move(meeting, second, cast.WHERE, by=ada, at=now + timedelta(seconds=1))
    assert shown(url) == [f"{there(second)}|Appointment"]
    meetings.cancel(meeting, by=ada, at=now + timedelta(seconds=2))
    assert shown(url) == [f"{there(second)}|Cancelled: Appointment"]


def test_a_series_repeats_without_what_one_said_no_to(live_server: LiveServer, shown: Callable[[str], list[str]]) -> None:
    site = cast.committee()
    ada, ben = cast.member(site, "Ada", Role.ORGANIZER), cast.member(site, "Ben")
    assert ben.person is not None
    now, first = datetime.now(UTC), soon(3)
    plan = Plan(cast.WORDS, first.zone, first.minutes, first.day, first.clock, cast.WHERE)
    series = meetings.repeat(meetings.call(meetings.draft(plan, by=ada, at=now), by=ada, at=now), WEEKLY, by=ada, at=now)
    url = live_server.url + reverse("meetings:feed", args=[meetings.subscribe_calendar(by=ben.person, at=now)])
    assert shown(url) == [f"{there(soon(3 + 7 * n))}|Appointment" for n in range(6)]
    meetings.answer(rows(series)[1], choice=Choice.NO, by=ben, at=now)
    assert shown(url) == [f"{there(soon(3 + 7 * n))}|Appointment" for n in (0, 2, 3, 4, 5)]
