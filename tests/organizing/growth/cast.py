"""What the tests of growth need: members who came and went at known times, and the page in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.test import Client

from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.models import Membership
from organizing.growth.models import Week
from tests import make

#: A Tuesday. The last whole week, in London, is that of Monday 9 November.
NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
LAST = date(2026, 11, 9)
WEEK = timedelta(days=7)
WEDNESDAY = datetime(2026, 11, 11, 12, tzinfo=UTC)


def came(committee: Committee, *, weeks_ago: float = 0, shift: str = "Night shift") -> Membership:
    """A member who came at noon of that Wednesday; the last whole week's where nothing is said."""
    made = make.member(committee)
    at = WEDNESDAY - weeks_ago * WEEK
    Membership.objects.filter(pk=made.pk).update(joined_at=at, changed_at=at, shift=shift)
    return make.reloaded(made)


def went(member: Membership, *, weeks_ago: float = 0) -> None:
    membership.leave(member, by=member, at=WEDNESDAY - weeks_ago * WEEK)


def last_week(committee: Committee) -> Week:
    return Week.objects.get(committee=committee, monday=LAST)


def address(committee: Committee, weeks: str = "") -> str:
    return f"/committees/{committee.slug}/growth/" + (f"?weeks={weeks}" if weeks else "")


def page(member: Membership, weeks: str = "", *, browser: Client | None = None) -> str:
    """The page as this member reads it."""
    answer = (browser or make.client(member.person)).get(address(member.committee, weeks))
    assert answer.status_code == 200
    return str(answer.content.decode())
