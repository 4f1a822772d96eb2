"""What is told where something is flagged and decided: each kind caused by the command that causes it (telling.py)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason, Reason, Review
from tests.committees.moderation import leaflets
from tests.safety.words import WORDS
from tests.safety.world import World, flag, fresh


def case_waits(world: World) -> None:
    """Somebody flags a member."""
    flag(world, "late", "home.founder3", by="member", at=timezone.now())


def case_passed_on(world: World) -> None:
    Review.objects.open().update(begun_at=F("begun_at") - timedelta(hours=25))
    moderation.pass_on(timezone.now())


def decided(world: World) -> None:
    """What a member can be flagged for hides nothing, so a text is played: a leaflet on a wall that these tests bring along."""
    with leaflets.wall():
        held = moderation.hold(leaflets.put_up(fresh(world.members["member"])), why=Reason.FIRST_POSTS, at=timezone.now())
        moderation.hide(held, rule="names", text=WORDS.decision("late"), by=fresh(world.members["home.founder1"]), at=timezone.now())


def hidden_by_flags(world: World) -> None:
    with leaflets.wall():
        leaflet = leaflets.put_up(fresh(world.members["member"]))
        moderation.flag(leaflet, reason=FlagReason.DOXXING, note=WORDS.flag_note("late"), by=fresh(world.members["delegate"]), at=timezone.now())


def sanctioned(world: World) -> None:
    words = {"rule": "workers", "text": WORDS.decision("late")}
    world.things["late sanction"] = moderation.silence(
        world.things["case of late"], days=1, by=fresh(world.members["home.founder1"]), at=timezone.now(), **words
    )


def sanction_ended(world: World) -> None:
    moderation.lift(world.things["late sanction"], by=fresh(world.members["home.founder1"]), at=timezone.now())
