"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

from committees.alliance import commands, kinds, queries
from committees.base import retention
from committees.base.navigation import path_to
from committees.bodies import register as bodies
from committees.bodies.models import Committee, Life
from committees.directory import registry as directory
from committees.directory.models import Workplace
from committees.directory.registry import Around
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power

#: What the logs of both committees call what this room writes into the ledger.
VERBS = {
    "affiliation.requested": _("One committee asked to belong to another"),
    "affiliation.accepted": _("A committee belongs to a wider one now"),
    "affiliation.declined": _("A wider committee declined a request"),
    "affiliation.withdrawn": _("A request to a wider committee was taken back"),
    "affiliation.ended": _("A tie between committees was ended"),
}


def together(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page: to whom it belongs; for organizers also what waits."""
    ties = queries.ties(member)
    may_ask = Power.AFFILIATE in member.powers
    if not ties and not may_ask:
        return None
    return Section("alliance/_together.html", {"committee": member.committee, "ties": ties, "may_ask": may_ask}, beside=True)


def around(site: Workplace) -> list[Around]:
    """What the public may know of the wider committees to which one of this site could belong."""
    return [Around(each.name, str(queries.scope_words(each)), each.get_life_display(), _TONES[Life(each.life)], _card(each)) for each in queries.around(site)]


_TONES: dict[Life, Literal["ok", "info", "warn"]] = {Life.FORMING: "info", Life.ACTIVE: "ok", Life.DORMANT: "warn"}


def _card(committee: Committee) -> str:
    return path_to("bodies:card", committee.slug)


def connect() -> None:
    directory.register_around(around)
    kinds.register_all()
    bodies.on_closing(commands.part_from_all)
    bodies.on_uniting(commands.go_over)
    register.add_section(together)
    register.say(VERBS)
    retention.keep("alliance.Affiliation", "why", "reason", days=90, after="the tie ended", why="what organizers wrote about it", purge=commands.forget)
    retention.keep(
        "alliance.Affiliation",
        "asked_by",
        "asked_at",
        "answered_by",
        "answered_at",
        "ended_by",
        "ended_at",
        "erased_at",
        days=None,
        after="",
        why="the committees' history of whom they belonged to; points at memberships, which erasure empties",
    )
