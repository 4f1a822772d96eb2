"""Plans and people for the tests of meetings."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from committees.bodies.models import Committee, Life, Scope
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
from committees.people.models import Person
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, Point, When, Where, Words

#: Sunday morning in London; the meeting is on the Thursday after, at seven in the evening.
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY, CLOCK, ZONE = date(2026, 11, 26), time(19, 0), "Europe/London"
START = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
PLACE, LINK, DIAL_IN = "Upstairs at the Crown, Foleshill Road", "https://meet.example.org/sentinel-link", "+44 24 5550 0142"
WORDS = Words(
    subject="Peak season hours",
    chair="Night shift, dock 4",
    languages=("en", "es"),
    agenda=(
        Point("Welcome", 5),
        Point("What we were told", 20, "Twilight, ramp 2"),
        Point("Who speaks to the press", 10, visibility="members"),
        Point("Names we were given", 10, visibility="organizers"),
    ),
)
WHERE = Where(held="both", place=PLACE, link=LINK, dial_in=DIAL_IN)
numbers = itertools.count(1)


def plan(**changes: Any) -> Plan:
    return Plan(**{"words": WORDS, "zone": ZONE, "minutes": 75, "day": DAY, "clock": CLOCK, "where": WHERE, **changes})


def when(day: date = DAY, clock: time = CLOCK, zone: str = ZONE, minutes: int = 75) -> When:
    return When(day, clock, zone, minutes)


def person(**fields: Any) -> Person:
    return Person.objects.create(sign_in_name=f"worker-{next(numbers)}", **fields)


def alliance() -> Committee:
    return Committee.objects.filter(scope=Scope.ALLIANCE).first() or Committee.objects.create(name="All committees", scope=Scope.ALLIANCE, founded_at=NOW)


def committee(name: str = "Coventry committee", **fields: Any) -> Committee:
    usual = {
        "name": name,
        "scope": Scope.REGION,
        "region": f"Region {next(numbers)}",
        "verified_by": alliance(),
        "zone": ZONE,
        "languages": ["en", "es"],
        "life": Life.ACTIVE,
        "founded_at": NOW,
    }
    return Committee.objects.create(**{**usual, **fields})


def member(of: Committee, handle: str, *roles: Role, standing: str = Standing.MEMBER, **fields: Any) -> Membership:
    long_ago = NOW - timedelta(days=90)
    row = Membership.objects.create(
        committee=of,
        person=person(**fields),
        handle=handle,
        handle_key=handle.casefold(),
        standing=standing,
        joined_at=long_ago,
        changed_at=long_ago,
        probation_until=NOW + timedelta(days=7) if standing == Standing.PROBATION else None,
    )
    for role in roles:
        RoleTerm.objects.create(committee=of, membership=row, role=role, begins_at=long_ago)
    return row


def browser(of: Membership) -> Client:
    """A browser in which this member has signed in."""
    assert of.person is not None
    client = Client()
    client.force_login(of.person)
    return client


def address(name: str, meeting: Meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.committee.slug, meeting.slug])


def typed(**changes: Any) -> dict[str, Any]:
    """The form of a new meeting, filled in."""
    usual = {
        "form_key": str(uuid.uuid4()),
        "subject": "Peak season hours",
        "day": DAY.isoformat(),
        "clock": "19:00",
        "minutes": "75",
        "zone": ZONE,
        "held": "both",
        "place": PLACE,
        "link": LINK,
        "dial_in": DIAL_IN,
        "chair": "Night shift, dock 4",
        "languages": ["en", "es"],
        "place_shown": "on_yes",
        "link_shown": "half_hour",
        "point-TOTAL_FORMS": "2",
        "point-INITIAL_FORMS": "0",
        "point-0-subject": "Welcome",
        "point-0-minutes": "5",
        "point-0-presenter": "",
        "point-0-visibility": "all",
        "point-1-subject": "What we were told",
        "point-1-minutes": "20",
        "point-1-presenter": "Twilight, ramp 2",
        "point-1-visibility": "members",
        "do": "check",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}
