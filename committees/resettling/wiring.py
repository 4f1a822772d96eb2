"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import retention
from committees.bodies import register as bodies
from committees.directory import registry as directory
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import commands, kinds, queries, rules
from committees.resettling.models import Arrival

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "committee.packed": _lazy("An organizer took all that the committee has, for another server"),
    "committee.arrived": _lazy("The committee came from another server"),
    "member.took_place": _lazy("A member who came from the other server took their place"),
    "arrival.asked": _lazy("Somebody wants to bring a committee from another server"),
    "arrival.withdrawn": _lazy("Who wanted to bring a committee took it back"),
    "arrival.accepted": _lazy("An organizer let a committee from another server come"),
    "arrival.declined": _lazy("An organizer declined a committee from another server"),
    "arrival.there": _lazy("A committee from another server is here"),
    "arrival.broken": _lazy("The file of a committee from another server could not be unpacked"),
    "arrival.lapsed": _lazy("Nobody answered about a committee from another server in time"),
}


def leaves(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page while it leaves: that everybody has a code for the other server."""
    departure = queries.departure(member, at)
    return Section("resettling/_leaves.html", {"committee": member.committee, "departure": departure}, beside=True) if departure else None


def _export(person: Person) -> list[dict[str, Any]]:
    """The committees that a person brought."""
    return [
        {"name": each.name, "note": each.note, "state": each.state, "asked": each.asked_at.isoformat()}
        for each in queries.of_person(person).order_by("asked_at", "pk")
    ]


def _says(person: Person) -> Iterable[str]:
    if Arrival.objects.filter(brought_by=person).open().exists():
        yield _("The file of the committee that you brought is erased.")


def _keep() -> None:
    retention.keep(
        "resettling.Arrival",
        "brought_by",
        "name",
        "note",
        "content",
        "place",
        "reason",
        "answered_by",
        "members",
        "asked_at",
        "ended_at",
        days=rules.KEPT_DAYS,
        after="it was answered; the file goes at once",
        why="a committee that somebody brings from another server",
        purge=commands.forget,
    )
    retention.keep(
        "resettling.Seat",
        "membership",
        "digest",
        "until",
        days=rules.CODES_FOR.days,
        after="the committee came, or until it is taken",
        why="the place of a member who has not come yet",
        purge=commands.let_places_go,
    )


def connect() -> None:
    kinds.register_all()
    register.add_section(leaves)
    register.say(VERBS)
    directory.on_merge("resettling.Arrival", sites=commands.move_to_site)
    bodies.on_uniting(commands.go_over)
    bodies.on_closing(commands.close)
    people.in_an_export("arrivals", _export)
    people.in_an_erasure("arrivals", says=_says, erase=commands.forget_person)
    notices.every_minute(commands.unpack_accepted)
    notices.every_minute(commands.lapse)
    notices.every_minute(commands.let_places_go)
    _keep()
