"""Committees that are still forming: how the notices about their beginning, their becoming one and their end are caused (telling.py)."""

from __future__ import annotations

from django.utils import timezone

from committees.directory.models import Workplace
from committees.jointly import commands as jointly
from committees.jointly.models import Introduction, JointAct
from committees.membership import commands as membership
from committees.membership.applications import Application, Check
from tests.safety.words import WORDS
from tests.safety.world import World, account, apply, fresh, site


def _cell(world: World, key: str, beside: Workplace | None = None) -> None:
    """A committee that is still forming, with three founders."""
    founders = [account(world, f"{key}.founder{n}") for n in (1, 2, 3)]
    place = beside or site(world, key, by=founders[0])
    world.committees[key] = membership.start_committee(place, name=WORDS.committee(key), languages=["en"], by=founders[0], at=timezone.now()).committee
    for n, founder in enumerate(founders, start=1):
        apply(world, f"{key}.founder{n}", founder, world.committees[key], at=timezone.now())
        application: Application = world.things[f"application of {key}.founder{n}"]
        membership.add_check(application, Check.Kind.TALK, by=world.members["intake1"], at=timezone.now())
        world.members[f"{key}.founder{n}"] = membership.admit(application, by=world.members["intake1"], at=timezone.now())


def founders_complete(world: World) -> None:
    _cell(world, "young")


def introduced(world: World) -> None:
    """Two groups at one workplace, both still forming; the one became reachable by its link only."""
    _cell(world, "brief")
    brief = world.committees["brief"]
    type(brief).objects.filter(pk=brief.pk).update(visibility="link")
    _cell(world, "twin", beside=brief.workplace)
    jointly.introduce(brief, world.committees["twin"], by=fresh(world.members["intake1"]), at=timezone.now())


def committee_closed(world: World) -> None:
    """Two founders agreed three days ago that one that is still forming closes."""
    act = jointly.propose_closing(reason=WORDS.joint("late"), by=fresh(world.members["brief.founder1"]), at=timezone.now())
    _nobody_objected(jointly.agree(act, by=fresh(world.members["brief.founder2"]), at=timezone.now()))
    jointly.carry_out(timezone.now())


def _nobody_objected(act: JointAct) -> None:
    JointAct.objects.filter(pk=act.pk).update(happens_at=timezone.now())


def two_names(world: World) -> None:
    """A founder of the one is in the other too, under another name; the one agrees."""
    name = "twin.again"
    both = world.members["brief.founder3"].person
    assert both is not None
    apply(world, name, both, world.committees["twin"], at=timezone.now())
    membership.add_check(world.things[f"application of {name}"], Check.Kind.TALK, by=world.members["intake1"], at=timezone.now())
    membership.admit(world.things[f"application of {name}"], by=world.members["intake1"], at=timezone.now())
    _agree(world, "brief")


def united(world: World) -> None:
    """Somebody who is in the one has applied to the other; the other one agrees."""
    insider = world.members["brief.founder2"].person
    assert insider is not None
    apply(world, "twin.needless", insider, world.committees["twin"], at=timezone.now())
    _agree(world, "twin")
    jointly.carry_out(timezone.now())


def _agree(world: World, key: str) -> None:
    first, second = (fresh(world.members[f"{key}.founder{n}"]) for n in (1, 2))
    act = jointly.propose_uniting(Introduction.objects.latest("pk"), reason=WORDS.joint("late"), by=first, at=timezone.now())
    _nobody_objected(jointly.agree(act, by=second, at=timezone.now()))
