"""A meeting with fewer places than people, for the tests of what is told."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from organizing.meetings import commands as meetings
from organizing.meetings.plans import Words
from tests.safety.world import World, plan


def place_given(world: World) -> None:
    """There was no room for everybody, and now there is."""
    _crowded(world)
    meetings.answer(world.things["crowded meeting"], choice="no", by=world.members["organizer"], at=timezone.now())


def place_lost(world: World) -> None:
    """There is less room than was planned."""
    _crowded(world)
    meeting = world.things["crowded meeting"]
    meeting.refresh_from_db()
    for words, room in ((Words.of(meeting), 2), (Words.of(meeting), 1)):
        meetings.edit(meeting, replace(words, capacity=room), by=world.members["organizer"], at=timezone.now())


def _crowded(world: World) -> None:
    organizer = world.members["organizer"]
    planned = plan(world, "soon", day=5)
    draft = meetings.draft(replace(planned, words=replace(planned.words, capacity=1)), by=organizer, at=timezone.now())
    world.things["crowded meeting"] = meetings.call(draft, by=organizer, at=timezone.now())
    for role in ("organizer", "member"):
        meetings.answer(world.things["crowded meeting"], choice="yes", by=world.members[role], at=timezone.now())
