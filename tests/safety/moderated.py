"""What is flagged and decided in the world of the safety tests, and what is told of it (telling.py)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason, Reason, Review
from tests.committees.moderation import leaflets
from tests.make import reloaded
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World


def flag(world: World, key: str, about: str, *, by: str, at: datetime) -> None:
    """One member thinks that something is wrong with another."""
    given = moderation.flag(reloaded(world.members[about]), reason=FlagReason.AGENT, note=WORDS.flag_note(key), by=reloaded(world.members[by]), at=at)
    world.things[f"case of {key}"] = given.review


def furnish(world: World) -> None:
    """In each committee a case that waits, and one that was decided: somebody was suspended for it."""
    for key, about, by in (("home", "delegate", "member"), ("other", "elsewhere", "other.founder2"), ("hush", "hidden", "hush.founder2")):
        flag(world, f"{key}.decided", about if key != "home" else "suspended", by=f"{key}.founder3", at=world.days(-4))
        words = {"rule": "workers", "text": WORDS.decision(key)}
        decide = moderation.suspend if key == "home" else moderation.silence
        decide(world.things[f"case of {key}.decided"], days=7, by=reloaded(world.members[f"{key}.founder1"]), at=world.days(-3), **words)
        flag(world, key, about, by=by, at=world.days(-0.3))
        world.members |= {each: reloaded(world.members[each]) for each in (about, "suspended")}


def case_waits(world: World) -> None:
    """Somebody flags a member."""
    flag(world, "late", "home.founder3", by="member", at=timezone.now())


def case_passed_on(world: World) -> None:
    Review.objects.open().update(begun_at=F("begun_at") - timedelta(hours=25))
    moderation.pass_on(timezone.now())


def decided(world: World) -> None:
    """What a member can be flagged for hides nothing, so a text is played: a leaflet on a wall that these tests bring along."""
    with leaflets.wall():
        held = moderation.hold(leaflets.put_up(reloaded(world.members["member"])), why=Reason.FIRST_POSTS, at=timezone.now())
        moderation.hide(held, rule="names", text=WORDS.decision("late"), by=reloaded(world.members["home.founder1"]), at=timezone.now())


def hidden_by_flags(world: World) -> None:
    with leaflets.wall():
        leaflet = leaflets.put_up(reloaded(world.members["member"]))
        moderation.flag(leaflet, reason=FlagReason.DOXXING, note=WORDS.flag_note("late"), by=reloaded(world.members["delegate"]), at=timezone.now())


def sanctioned(world: World) -> None:
    words = {"rule": "workers", "text": WORDS.decision("late")}
    world.things["late sanction"] = moderation.silence(
        world.things["case of late"], days=1, by=reloaded(world.members["home.founder1"]), at=timezone.now(), **words
    )


def sanction_ended(world: World) -> None:
    moderation.lift(world.things["late sanction"], by=reloaded(world.members["home.founder1"]), at=timezone.now())
