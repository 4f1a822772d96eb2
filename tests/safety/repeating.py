"""Meetings that repeat or are soon, for the tests of who sees what and of what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan
from organizing.meetings.rhythms import Every, Rhythm

if TYPE_CHECKING:
    from tests.safety.world import World


def furnish(world: World, plan: Callable[..., Plan]) -> None:
    """Each committee has a meeting that repeats; `plan` makes the plan of one."""
    for key in ("home", "other", "hush"):
        organizer = world.members[f"{key}.founder1"]
        draft = meetings.draft(plan(world, f"{key}.series", day=8), by=organizer, at=world.days(-2))
        world.things[f"series of {key}"] = meetings.repeat(draft, Rhythm(Every.WEEK), by=organizer, at=world.days(-2))
        meetings.call(draft, by=organizer, at=world.days(-2))


def paths(world: World) -> dict[str, Any]:
    return {"meetings:series slug": {key: world.things[f"series of {key}"].slug for key in ("home", "other", "hush")}}


def repeats(world: World) -> None:
    """A meeting that was called repeats from now on."""
    meetings.repeat(Meeting.objects.get(pk=world.things["late meeting"].pk), Rhythm(Every.WEEK), by=world.members["organizer"], at=timezone.now())


def in_a_week(world: World, plan: Callable[..., Plan]) -> None:
    """A meeting that was called long ago is in a week."""
    organizer, before = world.members["organizer"], timezone.now() - timedelta(days=2)
    meetings.call(meetings.draft(plan(world, "soon", day=6.9), by=organizer, at=before), by=organizer, at=before)


def soon(world: World, plan: Callable[..., Plan]) -> None:
    """One begins within an hour; to whoever comes."""
    organizer, before = world.members["organizer"], timezone.now() - timedelta(days=2)
    meeting = meetings.call(meetings.draft(plan(world, "soon", day=0.03), by=organizer, at=before), by=organizer, at=before)
    for who in ("member", "delegate"):
        meetings.answer(meeting, choice="yes", by=world.members[who], at=timezone.now() - timedelta(days=1))
    meetings.remind_due(timezone.now())


def kinds(plan: Callable[..., Plan]) -> dict[str, Callable[[World], None]]:
    """The notices of this part, each with what leads to it."""
    return {
        "meetings/repeats": repeats,
        "meetings/week_before": lambda world: in_a_week(world, plan),
        "meetings/soon": lambda world: soon(world, plan),
    }
