"""What takes two organizers, and offices that end: how each of their notices is caused (telling.py)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership import commands as membership
from committees.membership.models import RoleTerm
from committees.membership.roles import Role
from tests.safety.words import WORDS
from tests.safety.world import World, fresh

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def proposed(world: World, who: str = "home.founder3") -> None:
    member, by = fresh(world.members[who]), fresh(world.members["home.founder1"])
    world.things["late act"] = jointly.propose_role(member, Role.MODERATOR, months=6, reason=WORDS.joint("late"), by=by, at=timezone.now())


def agreed(world: World) -> None:
    jointly.agree(world.things["late act"], by=fresh(world.members["home.founder2"]), at=timezone.now())


def done(world: World) -> None:
    JointAct.objects.filter(pk=world.things["late act"].pk).update(happens_at=timezone.now() - HOUR)
    jointly.carry_out(timezone.now())


def stopped(world: World) -> None:
    proposed(world, "delegate")
    agreed(world)
    jointly.drop(world.things["late act"], by=fresh(world.members["home.founder2"]), at=timezone.now())


def lapsed(world: World) -> None:
    proposed(world, "delegate")
    JointAct.objects.filter(pk=world.things["late act"].pk).update(proposed_at=timezone.now() - 73 * HOUR)
    jointly.lapse(timezone.now())


def role_ends(world: World) -> None:
    RoleTerm.objects.filter(membership=world.members["home.founder3"], role=Role.MODERATOR).update(ends_at=timezone.now() + 20 * DAY)
    membership.remind_of_ends(timezone.now())


def role_ended(world: World) -> None:
    member = fresh(world.members["home.founder3"])
    membership.resign(member, Role.MODERATOR, by=member, at=timezone.now())


# -- Somebody is away ------------------------------------------------------------------------------------------------------


def cover_asked(world: World, *, begins: int = 0) -> None:
    away, covers = fresh(world.members["home.founder1"]), fresh(world.members["home.founder3"])
    first = (timezone.now() + begins * DAY).date() + DAY * (begins == 0 and timezone.now().hour == 23)
    world.things["late cover"] = jointly.ask_cover(covers, Role.ORGANIZER, first=first, last=first + 2 * DAY, by=away, at=timezone.now())


def cover_accepted(world: World) -> None:
    jointly.accept_cover(world.things["late cover"], by=fresh(world.members["home.founder3"]), at=timezone.now())


def cover_begins(world: World) -> None:
    membership.tell_of_covers(timezone.now())


def cover_ends(world: World) -> None:
    jointly.end_cover(world.things["cover of home"], by=fresh(world.members["home.founder2"]), at=timezone.now())


def cover_declined(world: World) -> None:
    cover_asked(world, begins=20)
    membership.decline_cover(world.things["late cover"], by=fresh(world.members["home.founder3"]), at=timezone.now())


def cover_off(world: World) -> None:
    cover_asked(world, begins=30)
    jointly.end_cover(world.things["late cover"], by=fresh(world.members["home.founder1"]), at=timezone.now())


def support_granted(world: World) -> None:
    by, second = fresh(world.members["home.founder1"]), fresh(world.members["home.founder2"])
    act = jointly.propose_support(["settings"], hours=4, reason=WORDS.joint("late"), by=by, at=timezone.now())
    jointly.agree(act, by=second, at=timezone.now())


# -- A member who is to go ------------------------------------------------------------------------------------------------


def _removal(world: World) -> None:
    who, by = fresh(world.members["late.seven"]), fresh(world.members["home.founder2"])
    world.things["late removal"] = jointly.propose_removal(who, reason=WORDS.joint("late"), by=by, at=timezone.now())
    jointly.agree(world.things["late removal"], by=fresh(world.members["home.founder1"]), at=timezone.now())


def about_you(world: World) -> None:
    _removal(world)


def you_stay(world: World) -> None:
    jointly.drop(world.things["late removal"], by=fresh(world.members["home.founder1"]), at=timezone.now())


def removed(world: World) -> None:
    _removal(world)
    JointAct.objects.filter(pk=world.things["late removal"].pk).update(happens_at=timezone.now() - HOUR)
    jointly.carry_out(timezone.now())
