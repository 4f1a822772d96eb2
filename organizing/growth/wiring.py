"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from datetime import datetime

from committees.base import retention
from committees.bodies import register as bodies
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power
from committees.notices import registry as notices
from committees.resettling import register as resettling
from organizing.growth import commands
from organizing.growth.commands.counting import KEEP_DAYS
from organizing.growth.rules import NUMBERS


def way_there(member: Membership, _at: datetime) -> Section | None:
    """A part of the committee's page for its organizers: the link to how it grows."""
    return Section("growth/_link.html", {"committee": member.committee}, beside=True) if Power.SEE_GROWTH in member.powers else None


def connect() -> None:
    register.add_section(way_there)
    bodies.on_uniting(commands.go_over)
    resettling.part(pack=lambda leaving, packing: None, unpack=commands.begin_here)  # sums over people do not travel
    notices.every_minute(commands.record_weeks)
    notices.every_minute(commands.take_pictures)
    retention.keep(
        "growth.Week",
        *NUMBERS,
        "withheld",
        days=KEEP_DAYS,
        after="the week ended",
        why="sums over a committee for its organizers; no number from one to four, and nothing that leads to a person",
        purge=commands.forget_weeks,
    )
    retention.keep(
        "growth.Picture",
        "shifts",
        "others",
        days=None,
        after="",
        why="how many gave which shift, in fives from five on; the next month's takes its place",
    )
