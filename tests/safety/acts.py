"""What takes two organizers, in the world of the safety tests: in each committee something waits for a second one, two can fetch the
list of members, and two committees were brought together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from committees.bodies.commands import CharterWords
from committees.jointly import commands as jointly
from committees.jointly.models import Introduction
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.resettling import commands as resettling
from committees.resettling.models import Arrival
from tests.safety.words import WORDS

if TYPE_CHECKING:
    from tests.safety.world import World

THREE = ("home", "other", "hush")


def _fresh(world: World, key: str) -> Membership:
    return Membership.objects.select_related("committee", "person").get(pk=world.members[key].pk)


def furnish(world: World) -> None:
    """In each committee one organizer has proposed new rules; home and the other one know of each other."""
    for key in THREE:
        first, second = (_fresh(world, f"{key}.founder{n}") for n in (1, 2))
        world.things[f"list of {key}"] = taken = jointly.propose_export(reason=WORDS.joint(key), by=first, at=world.days(-3))
        jointly.agree(taken, by=second, at=world.days(-3))
        jointly.carry_out(world.days(-1.9))
        words = CharterWords("en", text=WORDS.charter(key))
        world.things[f"joint act of {key}"] = jointly.propose_charter(words, reason=WORDS.joint(key), by=second, at=world.days(-1))
    for key in THREE:
        _cover(world, key)
        _support(world, key, agreed=key == "home")
        _leave(world, key)
    first, second = sorted((world.committees["home"], world.committees["other"]), key=lambda each: each.pk)  # type: ignore[assignment]
    by = world.members["intake1"]
    world.things["introduction"] = Introduction.objects.create(wider=by.committee, first=first, second=second, by=by, at=world.days(-1))


def _cover(world: World, key: str) -> None:
    """One organizer is away, and another one covers for them."""
    covers, away = (_fresh(world, f"{key}.founder{n}") for n in (1, 2))
    first = world.days(-1).date()
    cover = jointly.ask_cover(covers, Role.ORGANIZER, first=first, last=world.days(20).date(), by=away, at=world.days(-1))
    world.things[f"cover of {key}"] = jointly.accept_cover(cover, by=covers, at=world.days(-1))


def _support(world: World, key: str, *, agreed: bool) -> None:
    """An organizer wants those who keep the service to look at the settings and the boards; at home a second one agreed."""
    by, second = (_fresh(world, f"{key}.founder{n}") for n in (1, 3))
    act = jointly.propose_support(["settings", "boards"], hours=72, reason=WORDS.joint(key), by=by, at=world.days(-0.5))
    if agreed:
        jointly.agree(act, by=second, at=world.days(-0.5))
    assert act.grant is not None
    world.things[f"grant of {key}"] = act.grant


def _leave(world: World, key: str) -> None:
    """The committee goes to another server, and somebody wants to bring one that its organizers are asked about."""
    first, second = (_fresh(world, f"{key}.founder{n}") for n in (1, 2))
    leaving = jointly.propose_leaving(reason=WORDS.joint(key), by=first, at=world.days(-5))
    jointly.agree(leaving, by=second, at=world.days(-5))
    jointly.carry_out(world.days(-1.9))
    leaving.refresh_from_db()
    world.things[f"arrival of {key}"] = Arrival.objects.create(
        asked=first.committee,
        workplace=world.things[f"site of {key}"],
        brought_by=world.person({"home": "applicant", "other": "elsewhere", "hush": "hidden"}[key]),
        name="From another server",
        scope="workplace",
        members=3,
        founded_at=world.days(-90),
        note=WORDS.arrival(key),
        content=resettling.pack(leaving, by=first, at=world.days(-1)),
        asked_at=world.days(-1),
    )


def paths(world: World) -> dict[str, Any]:
    """Members and acts in the addresses."""
    members, things = world.members, world.things
    of_acts = {key: things[f"joint act of {key}"].slug for key in THREE}
    return {
        "jointly slug": of_acts,
        "jointly:fetch slug": {key: things[f"list of {key}"].slug for key in THREE},
        "jointly:agree slug": of_acts | {"home": things["removal"].slug},
        "jointly:unite slug": dict.fromkeys(THREE, things["introduction"].slug),
        "jointly:remove slug": {key: members[f"{key}.founder2"].slug for key in THREE},
        **{f"jointly:{name} slug": {key: members[f"{key}.founder3"].slug for key in THREE} for name in ("role", "end")},
        "jointly:resign role": "organizer",
        "jointly:cover slug": {key: things[f"cover of {key}"].slug for key in THREE},
        "support slug": {key: things[f"grant of {key}"].slug for key in THREE},
        "support part": "boards",
        "support:item item": {key: things[f"board of {key}"].slug for key in THREE},
        "resettling slug": {key: things[f"arrival of {key}"].slug for key in THREE},
    }
