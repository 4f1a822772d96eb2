"""Real calendar programs subscribe: vdirsyncer fetches the address, khal shows what it got. A meeting appears, moves, is cancelled."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from organizing.meetings import commands as meetings
from organizing.meetings.plans import Plan, When
from tests.organizing.meetings import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
BIN = Path(sys.executable).parent


class Calendars:
    """A home folder with both programs set up, as a member would."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        (home / "vdirsyncer.conf").write_text(
            f'[general]\nstatus_path = "{home}/status"\n'
            '[pair meetings]\na = "ours"\nb = "theirs"\ncollections = null\nconflict_resolution = "b wins"\n'
            f'[storage ours]\ntype = "filesystem"\npath = "{home}/kept"\nfileext = ".ics"\n'
            f'[storage theirs]\ntype = "http"\nurl = "{url}"\n'
        )
        (home / "khal.conf").write_text(
            f"[calendars]\n[[meetings]]\npath = {home}/kept\n[sqlite]\npath = {home}/khal.db\n"
            "[locale]\nlocal_timezone = America/New_York\ndefault_timezone = America/New_York\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        (home / "kept").mkdir()
        self.run("vdirsyncer", "-c", str(home / "vdirsyncer.conf"), "discover")

    def run(self, program: str, *args: str) -> str:
        env = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = subprocess.run([BIN / program, *args], env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sync(self) -> str:
        """Fetch the address, then list what the next weeks hold: start, title, status."""
        self.run("vdirsyncer", "-c", str(self.home / "vdirsyncer.conf"), "sync")
        form = "{start-long}|{title}|{status}|{location}"
        return self.run("khal", "-c", str(self.home / "khal.conf"), "list", "--format", form, "--day-format", "", "today", "30d")


@pytest.fixture
def calendars(tmp_path: Path) -> Callable[[str], Calendars]:
    return lambda url: Calendars(tmp_path, url)


def soon(days: int, hour: int = 19) -> When:
    """A time in London, some days from now: the programs read the real clock."""
    return When(datetime.now(UTC).date() + timedelta(days=days), datetime(2000, 1, 1, hour).time(), "Europe/London", 75)


def there(when: When) -> str:
    """How the program of somebody in New York shows it."""
    from committees.base import clock

    return clock.wall(when.starts_at, "America/New_York").strftime("%Y-%m-%d %H:%M")


def test_a_real_calendar_subscribes_and_follows_a_move_a_cancellation_and_the_end_of_a_membership(
    live_server: LiveServer, calendars: Callable[[str], Calendars]
) -> None:
    site = cast.committee()
    ada, ben = cast.member(site, "Ada", Role.ORGANIZER), cast.member(site, "Ben")
    cast.member(site, "Cleo")
    assert ben.person is not None
    now = datetime.now(UTC)
    first, second = soon(5), soon(6, 20)
    plan = Plan(cast.WORDS, first.zone, first.minutes, first.day, first.clock, cast.WHERE)
    meeting = meetings.call(meetings.draft(plan, by=ada, at=now), by=ada, at=now)
    token = meetings.subscribe_calendar(by=ben.person, at=now)
    program = calendars(live_server.url + reverse("meetings:feed", args=[token]))

    assert program.sync().split("\n")[0].split("|")[:2] == [there(first), "Appointment"]

    meetings.move(meeting, second, cast.WHERE, by=ada, at=now + timedelta(seconds=1))
    shown = program.sync()
    assert there(second) in shown
    assert there(first) not in shown
    assert shown.count("Appointment") == 1, "one entry that moved, not two"

    meetings.cancel(meeting, by=ada, at=now + timedelta(seconds=2))
    cancelled = program.sync()
    assert "|Cancelled: Appointment|" in cancelled
    assert "CANCELLED" in cancelled
    for secret in (cast.PLACE, cast.LINK, cast.WORDS.subject, site.name):
        assert all(secret not in path.read_text() for path in (program.home / "kept").iterdir())

    Membership.objects.filter(pk=ben.pk).update(standing=Standing.LEFT)
    with pytest.raises(AssertionError, match="Not Found"):
        program.sync()
