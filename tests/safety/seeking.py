"""A time for a meeting is sought, for the tests of who sees what and of what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from committees.membership.models import Membership
from committees.notices import commands as notices
from organizing.finding import commands as finding
from organizing.finding.models import Poll
from organizing.meetings.plans import When
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

DAY = timedelta(days=1)
ZONE = "Europe/London"
THREE = ("home", "other", "hush")


def furnish(world: World) -> None:
    """In each committee a time is sought, and one member has answered."""
    for key in THREE:
        poll = _sought(key, by=_fresh(world.members[f"{key}.founder1"]), at=world.days(-1))
        world.things[f"poll of {key}"] = poll
        _answered(poll, by=_fresh(world.members[f"{key}.founder2"]), at=world.days(-0.9))


def paths(world: World) -> dict[str, Any]:
    return {"finding slug": {key: world.things[f"poll of {key}"].slug for key in THREE}}


def _fresh(member: Membership) -> Membership:
    return Membership.objects.select_related("committee", "person").get(pk=member.pk)


def _sought(key: str, *, by: Membership, at: datetime, ends_in: float = 3) -> Poll:
    """Two times are proposed, some days from `at`."""
    times = [When((at + number * DAY).date(), time(19), ZONE, 60) for number in (5, 6)]
    return finding.propose(WORDS.poll(key), times, ends_at=at + ends_in * DAY, question=WORDS.poll(key), by=by, at=at)


def _answered(poll: Poll, *, by: Membership, at: datetime) -> None:
    finding.answer(poll, {slot.slug: "works" for slot in poll.slots.all()}, by=by, at=at)


def _late(world: World, *, at: datetime) -> Poll:
    """One more, of which a member has said what suits them."""
    poll = _sought("late", by=_fresh(world.members["organizer"]), at=at, ends_in=2)
    _answered(poll, by=_fresh(world.members["member"]), at=at)
    return poll


def asked(world: World) -> None:
    world.things["late poll"] = _late(world, at=timezone.now())


def one_more_time(world: World) -> None:
    day = (timezone.now() + 7 * DAY).date()
    finding.add_time(world.things["late poll"], day, time(12), by=_fresh(world.members["organizer"]), at=timezone.now())


def still_sought(world: World) -> None:
    _late(world, at=timezone.now() - 1.5 * DAY)
    finding.remind_due(timezone.now())


def to_choose(world: World) -> None:
    """Answering has ended."""
    _late(world, at=timezone.now() - 2.5 * DAY)
    notices.expand_due(at=timezone.now())


def not_found(world: World) -> None:
    finding.close(world.things["late poll"], by=_fresh(world.members["organizer"]), at=timezone.now())


#: The notices of this part, each with what leads to it.
KINDS: dict[str, Callable[[World], None]] = {
    "finding/asked": asked,
    "finding/time_added": one_more_time,
    "finding/reminder": still_sought,
    "finding/choose": to_choose,
    "finding/ended": not_found,
}


def look_for_a_time(by: Membership) -> Poll:
    """Two times are proposed."""
    at = timezone.now()
    times = [When((at + days * DAY).date(), time(12), "Europe/London", 60) for days in (5, 6)]
    return finding.propose("Heat", times, ends_at=at + 3 * DAY, by=by, at=at)
