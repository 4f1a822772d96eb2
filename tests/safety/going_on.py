"""Meetings that go on, for the tests of who sees what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from committees.membership.models import Membership
from organizing.live import code
from organizing.live import commands as live
from organizing.live.models import Duty, Gathering
from organizing.meetings import commands as meetings
from organizing.meetings.models import Reveal
from organizing.meetings.plans import Plan, Where, Words
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

THREE = ("home", "other", "hush")


def begins(key: str, *, minutes: int) -> Plan:
    """A plan of something that begins in some minutes, and has a door."""
    starts = timezone.now() + timedelta(minutes=minutes)
    words = replace(Words(subject=WORDS.title(key), languages=("en",)), link_shown=Reveal.AT_DOOR)
    where = Where(held="online", link=WORDS.link(key), dial_in=WORDS.dial_in(key))
    return Plan(words, "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0), where)


def furnish(world: World) -> None:
    """In each committee a meeting goes on: two have come, one of them waits to speak, and one stands at the door."""
    for key in THREE:
        first, second, third = (_fresh(world.members[f"{key}.founder{n}"]) for n in (1, 2, 3))
        called = meetings.call(meetings.draft(begins(f"{key}.live", minutes=10), by=first, at=world.days(-2)), by=first, at=world.days(-2))
        gathering = live.open_meeting(called, by=first, at=world.at)
        world.things[f"live of {key}"] = called
        world.things[f"live secret of {key}"] = str(Gathering.objects.get(pk=gathering.pk).secret)
        live.come(gathering, code.shown(world.things[f"live secret of {key}"], world.at), by=second, at=world.at)
        live.tick(gathering, [third], by=first, at=world.at)
        live.ask(gathering, by=second, at=world.at)
        live.give_duty(gathering, second, Duty.Kind.CHAIR, by=first, at=world.at)
        live.knock(gathering, f"session of {key}", by=third, at=world.at)


def _fresh(member: Membership) -> Membership:
    return Membership.objects.select_related("committee", "person").with_running_roles().get(pk=member.pk)


def paths(world: World) -> dict[str, Any]:
    return {"live slug": {key: world.things[f"live of {key}"].slug for key in THREE}}


def secrets(world: World) -> dict[str, tuple[str, str]]:
    """From which the codes are worked out: it stands nowhere."""
    return {world.things[f"live secret of {key}"]: ("livesecret", key) for key in THREE}
