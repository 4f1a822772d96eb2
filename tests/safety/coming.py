"""A committee that somebody brings from another server: how each of its notices is caused (telling.py)."""

from __future__ import annotations

from django.utils import timezone

from committees.jointly.models import Deed, JointAct
from committees.resettling import commands as resettling
from committees.resettling import rules
from tests.safety.words import WORDS
from tests.safety.world import World, account, fresh


def asked(world: World) -> None:
    """Home's file, brought to another site by an account of its own."""
    act = JointAct.objects.select_related("committee").get(committee=world.committees["home"], deed=Deed.LEAVING)
    first = fresh(world.members["home.founder1"])
    content = resettling.pack(act, by=first, at=timezone.now())
    site, who = world.things["site of other"], account(world, "late.bringer")
    code = rules.code(act, first)
    world.things["late arrival"] = resettling.bring(content, code, workplace=site, note=WORDS.arrival("late"), by=who, at=timezone.now())


def answered(world: World) -> None:
    judge = fresh(world.members["intake1"])
    resettling.decline(world.things["late arrival"], reason=WORDS.arrival("late"), by=judge, at=timezone.now())
