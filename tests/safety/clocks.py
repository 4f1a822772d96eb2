"""What the clock tells committees and members (telling.py): that it is quiet, that they rest, whether they still belong."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from committees.bodies.models import Committee
from committees.membership import commands as membership
from committees.membership.commands.questioning import call_in_question
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.people.models import Person
from tests.safety.world import World, account, admit, apply, fresh

DAY = timedelta(days=1)


def committee_quiet(world: World) -> None:
    """In the fourth committee nothing happens: the clock comes by on the 45th day, and 15 days later."""
    began = timezone.now() - 61 * DAY
    Committee.objects.filter(pk=world.committees["young"].pk).update(founded_at=began, woken_at=began)
    membership.look_at_the_quiet(timezone.now() - 16 * DAY)


def committee_rests(world: World) -> None:
    Committee.objects.update(look_at=None)
    membership.look_at_the_quiet(timezone.now())


def _unseen(world: World) -> Membership:
    """Another founder of the committee that rests, whom nobody has seen for a long time."""
    member = world.members["young.founder2"]
    Person.objects.filter(pk=member.person_id).update(seen_on=(timezone.now() - 400 * DAY).date())
    Membership.objects.filter(pk=member.pk).update(joined_at=timezone.now() - 400 * DAY, attested_at=timezone.now() - 400 * DAY)
    return member


def still_there(world: World) -> None:
    _unseen(world)
    membership.ask_the_unseen(timezone.now())


def asked_for_their_word(world: World) -> None:
    membership.ask_for_their_word(timezone.now())


def lapses_soon(world: World) -> None:
    """Of whoever is inactive, a month before the end."""
    gone = Membership.objects.filter(standing=Standing.INACTIVE)
    gone.update(changed_at=timezone.now() - 154 * DAY, asked_on=None)
    membership.say_a_last_word(timezone.now())


def inactive(world: World) -> None:
    member = _unseen(world)
    Membership.objects.filter(pk=member.pk).update(asked_on=(timezone.now() - 31 * DAY).date())
    membership.become_inactive(timezone.now())


def lapsed(world: World) -> None:
    """Somebody who comes by only for this."""
    apply(world, "late.nine", account(world, "late.nine"), world.committees["home"], at=timezone.now() - 16 * DAY)
    admit(world, "late.nine", by=["home.founder1", "home.founder2"], at=timezone.now() - 15 * DAY)
    gone = Membership.objects.filter(pk=world.members["late.nine"].pk)
    gone.update(standing=Standing.INACTIVE, changed_at=timezone.now() - 184 * DAY, asked_on=(timezone.now() - 31 * DAY).date())
    membership.lapse(timezone.now())


def in_question(world: World) -> None:
    """Somebody who was vouched for by an organizer of whom two others say that they act for the employer."""
    apply(world, "late.ten", account(world, "late.ten"), world.committees["home"], at=timezone.now() - 16 * DAY)
    admit(world, "late.ten", by=["home.founder1", "home.founder2"], at=timezone.now() - 15 * DAY)
    call_in_question(fresh(world.members["home.founder2"]), at=timezone.now())
    Membership.objects.exclude(pk=world.members["late.ten"].pk).update(revouch_since=None)  # of all the others nobody asks
