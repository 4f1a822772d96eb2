"""Delegates in the world of the safety tests: each committee sends somebody to the alliance; and what is told about one (telling.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from committees.jointly import commands as jointly
from committees.mandates import commands as mandates
from committees.mandates.models import Mandate
from committees.membership.models import Membership
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

DAY = timedelta(days=1)
#: Who is sent by which committee, and who takes over.
SENT = {"home": ("delegate", "member"), "other": ("elsewhere", "other.founder3"), "hush": ("hidden", "hush.founder3")}


def _fresh(world: World, key: str) -> Membership:
    return Membership.objects.select_related("committee", "person").get(pk=world.members[key].pk)


def _mandate(world: World, key: str) -> Mandate:
    return Mandate.objects.select_related("committee", "wider", "delegate").get(pk=world.things[f"mandate of {key}"])


def furnish(world: World) -> None:
    for key, (delegate, alternate) in SENT.items():
        by, second = (_fresh(world, f"{key}.founder{n}") for n in (1, 2))
        people = {"delegate": _fresh(world, delegate), "alternate": _fresh(world, alternate)}
        act = mandates.propose(world.committees["alliance"], **people, text=WORDS.mandate(key), months=12, by=by, at=world.days(-4.5))
        jointly.agree(act, by=second, at=world.days(-4.4))
        jointly.carry_out(world.days(-1.3))
        world.things[f"mandate of {key}"] = act.row_id
    world.members["delegate"] = _fresh(world, "delegate")


def paths(world: World) -> dict[str, Any]:
    return {"mandates slug": {key: _mandate(world, key).slug for key in SENT}}


# -- What is told ----------------------------------------------------------------------------------------------------------


def named(world: World) -> None:
    people = {"delegate": _fresh(world, "home.founder3"), "alternate": _fresh(world, "home.founder2")}
    by = _fresh(world, "home.founder1")
    act = mandates.propose(world.committees["alliance"], **people, text=WORDS.mandate("late"), months=12, by=by, at=timezone.now())
    world.things["mandate of late"] = act.row_id


def begun(world: World) -> None:
    mandates.begin_mandate(_mandate(world, "late"), at=timezone.now())


def seated(world: World) -> None:
    mandates.take_seat(_mandate(world, "late"), handle=WORDS.handle("late.seat"), by=_fresh(world, "home.founder3"), at=timezone.now())


def report_due(world: World) -> None:
    Mandate.objects.filter(pk=world.things["mandate of late"]).update(due_at=timezone.now() + 2 * DAY)
    mandates.remind_of_reports(timezone.now())


def ends_soon(world: World) -> None:
    Mandate.objects.filter(pk=world.things["mandate of late"]).update(ends_at=timezone.now() + 10 * DAY)
    mandates.tell_of_ends(timezone.now())


def changed(world: World) -> None:
    mandates.hand_back(_mandate(world, "late"), by=_fresh(world, "home.founder3"), at=timezone.now())


def ended(world: World) -> None:
    mandates.end_mandate(_mandate(world, "late"), at=timezone.now())
