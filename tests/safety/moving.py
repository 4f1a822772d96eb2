"""Somebody of the world works at another site now."""

from __future__ import annotations

from django.utils import timezone

from committees.membership import commands as membership
from committees.membership.moves import Leaving
from tests.safety.world import World, admit, apply, fresh


def moved_here(world: World) -> None:
    """The last one of the fourth committee works elsewhere now, and is accepted there."""
    person = world.person("young.founder3")
    application = membership.begin(world.committees["home"], by=person, at=timezone.now())
    membership.come_from(application, fresh(world.members["young.founder3"]), shown=True, leaving=Leaving.WHEN_ACCEPTED, by=person, at=timezone.now())
    apply(world, "late.mover", person, world.committees["home"], at=timezone.now())
    admit(world, "late.mover", by=["home.founder1", "home.founder2"], at=timezone.now())
