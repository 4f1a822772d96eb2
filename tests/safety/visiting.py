"""Meetings that are open to visitors, for the tests of who sees what; and how each of the notices about them is caused (telling.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from committees.membership.models import Membership
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, When, Where, Words
from organizing.visitors import commands as visitors
from organizing.visitors.models import Opening, Way
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

THREE = ("home", "other", "hush")
type MakePlan = Callable[..., Plan]


def _fresh(member: Membership) -> Membership:
    return Membership.objects.select_related("committee", "person").with_running_roles().get(pk=member.pk)


def furnish(world: World, plan: MakePlan) -> None:
    """In each committee a meeting that is open to the public; of the one that is not listed it was opened while it still was. Somebody without
    a committee has registered at home."""
    for key in THREE:
        first = _fresh(world.members[f"{key}.founder1"])
        called = _called(plan(world, f"{key}.open", day=9), by=first, at=world.days(-2))
        if key == "hush":
            opened = Opening.objects.create(committee=called.committee, meeting=called, way=Way.PUBLIC, begun_by=first, begun_at=world.days(-1))
        else:
            opened = visitors.open_up(called, words="", room=None, by=first, at=world.days(-1))
        world.things[f"open meeting of {key}"], world.things[f"opening of {key}"] = called, opened
    visitors.register(world.things["opening of home"], WORDS.visitor("registered"), by=world.person("registered"), at=world.at)


def paths(world: World) -> dict[str, Any]:
    meetings_of, openings = ({key: world.things[f"{what} of {key}"].slug for key in THREE} for what in ("open meeting", "opening"))
    live = {key: world.things[f"live of {key}"].slug for key in THREE}
    kept = {f"visitors:{name} slug": meetings_of for name in ("keep", "close", "turn_away")}
    return {"visitors slug": openings, **kept, "visitors:voted slug": live, "visitors:answer slug": live}


# -- What is told -------------------------------------------------------------------------------------------------------------


def _meeting(world: World) -> Meeting:
    return Meeting.objects.get(pk=world.things["told open meeting"].pk)


def registered(world: World) -> None:
    """Another meeting is opened, of which everything is told: the first one stays as it is."""
    first, at = _fresh(world.members["home.founder1"]), timezone.now()
    world.things["told open meeting"] = _called(_plan(), by=first, at=at)
    opened = visitors.open_up(_meeting(world), words="", room=None, by=first, at=at)
    visitors.register(opened, WORDS.visitor("applicant"), by=world.person("applicant"), at=at)


def _plan() -> Plan:
    starts = timezone.now() + timedelta(days=9)
    clock = starts.time().replace(second=0, microsecond=0)
    words = Words(subject=WORDS.title("late.open"), languages=("en",))
    return Plan(words, "UTC", 60, starts.date(), clock, Where(held="both", place=WORDS.place("late.open"), link=WORDS.link("late.open")))


def _called(plan: Plan, *, by: Membership, at: datetime) -> Meeting:
    return meetings.call(meetings.draft(plan, by=by, at=at), by=by, at=at)


def moved(world: World) -> None:
    meeting = _meeting(world)
    when = When.of(meeting)
    assert when is not None
    later = When(when.day + timedelta(days=1), when.clock, when.zone, when.minutes)
    meetings.move(meeting, later, Where.of(meeting), why="", by=_fresh(world.members["home.founder1"]), at=timezone.now())


def reminder(world: World) -> None:
    """Its day comes: the clock is asked as it will stand then, and what it posts is due now."""
    from committees.notices.models import Notice

    meeting = _meeting(world)
    assert meeting.starts_at is not None
    meetings.remind_due(meeting.starts_at - timedelta(hours=23))
    Notice.objects.about(meeting).filter(kind__in=("visitors/reminder", "meetings/reminder")).update(due_at=timezone.now())


def cancelled(world: World) -> None:
    meetings.cancel(_meeting(world), why="", by=_fresh(world.members["home.founder1"]), at=timezone.now())


KINDS: dict[str, Callable[[World], None]] = {
    "visitors/registered": registered,
    "visitors/moved": moved,
    "visitors/reminder": reminder,
    "visitors/cancelled": cancelled,
}
