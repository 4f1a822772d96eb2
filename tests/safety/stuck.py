"""People who are stuck and ask, in the world of the safety tests; and how each of the notices about it is caused (telling.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from committees.asking import commands as asking
from committees.asking import queries
from committees.asking.models import Question
from committees.membership import commands as membership
from committees.membership.models import Membership
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

HOUR = timedelta(hours=1)


def _fresh(world: World, key: str) -> Membership:
    return Membership.objects.select_related("committee", "person").with_running_roles().get(pk=world.members[key].pk)


def _ask(world: World, who: str, to: str, whose: str, *, days: float) -> Question:
    return asking.ask(to, WORDS.asked(whose), language="en", by=world.person(who), at=world.days(days))


def _answer(world: World, found: Question, by: str, whose: str) -> None:
    asking.answer(found, WORDS.advice(whose), language="en", seen=1, by=_fresh(world, by), at=world.days(-0.4))


def furnish(world: World) -> None:
    """In each committee a member asks the organizers; the one who applies asks those of the alliance, and somebody those who keep the service."""
    asked = {}
    for key, who in (("home", "member"), ("other", "elsewhere"), ("hush", "hidden")):
        asked[key] = _ask(world, who, f"own-{world.committees[key].slug}", key, days=-0.6)
        _answer(world, asked[key], f"{key}.founder1", key)
    wide = _ask(world, "applicant", f"wider-{world.committees['alliance'].slug}", "wide", days=-0.6)
    _answer(world, wide, "intake1", "wide")
    service = _ask(world, "registered", queries.KEEPERS, "service", days=-0.6)
    asking.answer(service, WORDS.advice("service"), language="en", seen=1, by=world.person("admin"), at=world.days(-0.4))
    world.things |= {
        "asking:question slug": {"home": wide.slug, **{key: asked[key].slug for key in ("other", "hush")}},
        "asking:case slug": {key: found.slug for key, found in asked.items()},
        "asking:kept slug": service.slug,
    }


# -- The notices -----------------------------------------------------------------------------------------------------------


def asked(world: World) -> None:
    """A member asks at home, and somebody those who keep the service."""
    own = f"own-{world.committees['home'].slug}"
    world.things["late question"] = asking.ask(own, WORDS.asked("late"), language="en", by=world.person("delegate"), at=timezone.now())
    asking.ask(queries.KEEPERS, WORDS.asked("late"), language="en", by=world.person("delegate"), at=timezone.now())


def waits(world: World) -> None:
    Question.objects.waiting().update(waits_since=timezone.now() - 97 * HOUR)
    asking.remind(timezone.now())


def slow(world: World) -> None:
    asking.offer(timezone.now())


def answered(world: World) -> None:
    found: Question = world.things["late question"]
    asking.answer(found, WORDS.advice("late"), language="en", seen=1, by=_fresh(world, "home.founder1"), at=timezone.now())


def closed(world: World) -> None:
    asking.finish(world.things["late question"], seen=2, by=_fresh(world, "home.founder1"), at=timezone.now())


def out(world: World) -> None:
    """Somebody asks, and leaves before there is an answer."""
    asking.ask(f"own-{world.committees['home'].slug}", WORDS.asked("late"), language="en", by=world.person("late.ten"), at=timezone.now())
    membership.leave(_fresh(world, "late.ten"), by=_fresh(world, "late.ten"), at=timezone.now())
