"""Minutes of meetings, for the tests of who sees what and of what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from committees.membership.models import Membership
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan
from organizing.minutes import commands as minutes
from organizing.minutes.models import Item, Minutes
from organizing.minutes.words import Todo, Words
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

KEYS = ("home", "other", "hush")


def _fresh(member: Membership) -> Membership:
    return Membership.objects.select_related("committee", "person").get(pk=member.pk)


def _said(key: str, who: Membership, due: datetime) -> Words:
    word = WORDS.minutes(key)
    return Words(word, word, "en", {0: word, 1: WORDS.organizers_minutes(key)}, (Todo(word, who.handle, due.date()),))


def furnish(world: World, plan: Callable[..., Plan]) -> None:
    """Each committee has met: there are minutes, and a correction that members can read; `plan` makes the plan of a meeting."""
    for key in KEYS:
        organizer = _fresh(world.members[f"{key}.founder1"])
        met = meetings.call(meetings.draft(plan(world, f"{key}.met", day=-5), by=organizer, at=world.days(-8)), by=organizer, at=world.days(-8))
        world.things[f"met {key}"] = met
        world.things[f"minutes of {key}"] = first = _approved(world, met, key)
        again = minutes.correct(first, WORDS.minutes(key), tells=False, by=organizer, at=world.days(-1))
        shown = minutes.show(again, seen=again.changed_at, by=organizer, at=world.days(-1))
        minutes.object_to(shown, WORDS.objection(key), by=_fresh(world.members[f"{key}.founder3"]), at=world.days(-1))


def _approved(world: World, meeting: Meeting, key: str) -> Minutes:
    """Written by a member whom the organizer named, who approves it."""
    organizer, writer, at = _fresh(world.members[f"{key}.founder1"]), _fresh(world.members[f"{key}.founder3"]), world.days(-4)
    begun = minutes.begin(meeting, language="en", by=organizer, at=at)
    draft = minutes.write(begun, _said(key, writer, world.days(9)), seen=begun.changed_at, by=organizer, at=at)
    minutes.name_taker(meeting, writer.handle, by=organizer, at=at)
    said = Words(**{**vars(_said(key, writer, world.days(9))), "decisions": f"{WORDS.minutes(key)} it is"})
    last = minutes.write(draft, said, seen=draft.changed_at, by=writer, at=at + timedelta(hours=1))
    return minutes.approve(last, seen=last.changed_at, heard=0, by=organizer, at=at + timedelta(hours=2))


def paths(world: World) -> dict[str, Any]:
    items = {key: Item.objects.get(meeting=world.things[f"met {key}"], minutes__state="approved").slug for key in KEYS}
    return {
        "minutes slug": {key: world.things[f"met {key}"].slug for key in KEYS},
        "minutes:version version": {key: world.things[f"minutes of {key}"].slug for key in KEYS},
        "minutes:settle slug": items,
        "minutes:give slug": items,
    }


# -- What is told -----------------------------------------------------------------------------------------------------------


def _written(world: World, plan: Callable[..., Plan], *, due: datetime) -> Minutes:
    """Another meeting was just held, and whoever was named wrote in its minutes last: something is the member's to do."""
    organizer, member, before = _fresh(world.members["organizer"]), _fresh(world.members["member"]), timezone.now() - timedelta(days=2)
    met = meetings.call(meetings.draft(plan(world, "late.met", day=-0.1), by=organizer, at=before), by=organizer, at=before)
    minutes.name_taker(met, member.handle, by=organizer, at=timezone.now())
    begun = minutes.begin(met, language="en", by=member, at=timezone.now())
    return minutes.write(begun, _said("late", member, due), seen=begun.changed_at, by=member, at=timezone.now())


def kinds(plan: Callable[..., Plan]) -> dict[str, Callable[[World], None]]:
    """The notices of this room, each with what leads to it."""

    def to_read(world: World) -> None:
        draft = _written(world, plan, due=timezone.now() + timedelta(days=9))
        minutes.show(draft, seen=draft.changed_at, by=_fresh(world.members["organizer"]), at=timezone.now())

    def approved(world: World) -> None:
        draft = _written(world, plan, due=timezone.now() + timedelta(days=9))
        minutes.approve(draft, seen=draft.changed_at, heard=0, by=_fresh(world.members["organizer"]), at=timezone.now())

    def given(world: World) -> None:
        item = _last(world)
        minutes.give(
            item,
            item.owner.handle if item.owner else "",
            due=_today() + timedelta(days=4),
            seen=item.round,
            by=_fresh(world.members["organizer"]),
            at=timezone.now(),
        )

    def due(world: World) -> None:
        _put(world, days=1)

    def overdue(world: World) -> None:
        _put(world, days=-2)

    return {"minutes/to_read": to_read, "minutes/approved": approved, "minutes/given": given, "minutes/due": due, "minutes/overdue": overdue}


def _today() -> Any:
    return timezone.now().date()


def _last(world: World) -> Item:
    return Item.objects.open().filter(owner=world.members["member"]).select_related("owner", "committee").latest("pk")


def _put(world: World, *, days: int) -> None:
    """No command lets a day pass: the row says that it came."""
    Item.objects.filter(pk=_last(world).pk).update(due=_today() + timedelta(days=days), reminded_in=0, overdue_in=0)
    minutes.remind_due(timezone.now())
