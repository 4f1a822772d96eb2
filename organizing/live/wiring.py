"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import retention
from committees.bodies import register as bodies
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import register as resettling
from organizing.live import commands, parcels, queries, rules
from organizing.live.commands.keeping import DOOR_DAYS, NAMES_DAYS
from organizing.live.models import Knock, Presence, Turn
from organizing.meetings import register as meetings
from organizing.meetings.models import Meeting

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "live.opened": _lazy("A meeting was opened"),
    "live.ended": _lazy("A meeting was ended, and those who were there were counted"),
    "live.ticked": _lazy("Names of those who were at a meeting were ticked"),
    "live.marked_left": _lazy("Somebody was ticked as having left a meeting"),
    "live.duty_given": _lazy("A member was asked to lead a meeting or to keep its door"),
    "live.duty_taken": _lazy("A member no longer leads a meeting or keeps its door"),
    "live.let_in": _lazy("A steward let somebody into a meeting"),
    "live.turned_away": _lazy("A steward turned somebody away from a meeting"),
}


def part(meeting: Meeting, member: Membership, at: datetime) -> Section | None:
    """A part of the meeting's page: that it goes on and the way there, opening it, or how many were there. One query, none before its
    time."""
    if meeting.starts_at is None or at < meeting.starts_at - rules.OPENS_BEFORE:
        return None
    gathering = queries.of_meeting(meeting)
    may_open = rules.organizes(meeting, member) and rules.is_its_time(meeting, at) and (gathering is None or gathering.ended_at is not None)
    if gathering is None and not may_open:
        return None
    is_open = gathering is not None and rules.is_open(gathering, at)
    ended = gathering is not None and gathering.ended_at is not None
    counted = queries.quorum(gathering) if gathering is not None and ended else None
    context = {
        "meeting": meeting,
        "committee": member.committee,
        "may_open": may_open,
        "is_open": is_open,
        "counted": counted,
        "is_guest": member.committee_id != meeting.committee_id,
    }
    return Section("live/_part.html", context) if may_open or is_open or counted else None


def _export(person: Person) -> dict[str, Any]:
    """That somebody came to meetings, asked to speak, and waited at a door."""
    came = Presence.objects.filter(membership__person=person).select_related("gathering__meeting").order_by("came_at", "pk")
    asked = Turn.objects.filter(presence__membership__person=person).select_related("gathering__meeting").order_by("asked_at", "pk")
    waited = Knock.objects.filter(membership__person=person).select_related("gathering__meeting").order_by("asked_at", "pk")
    return {
        "came": [
            {
                "meeting": each.gathering.meeting.subject,
                "by": str(each.get_way_display()),
                "came": each.came_at.isoformat(),
                "left": each.left_at.isoformat() if each.left_at else None,
            }
            for each in came
        ],
        "asked_to_speak": [
            {
                "meeting": each.gathering.meeting.subject,
                "point_of_order": each.is_point,
                "asked": each.asked_at.isoformat(),
                "began": each.began_at.isoformat() if each.began_at else None,
                "ended": each.ended_at.isoformat() if each.ended_at else None,
            }
            for each in asked
        ],
        "waited_at_the_door": [{"meeting": each.gathering.meeting.subject, "asked": each.asked_at.isoformat(), "let_in": each.let_in} for each in waited],
    }


def _says(person: Person) -> Iterable[str]:
    if Presence.objects.filter(membership__person=person).exists():
        yield _("That you were at meetings and spoke there is erased. How many people were there stays.")


def _nothing_more(person: Person) -> None:
    """All that this room holds is about memberships: it goes with them (commands.forget)."""


def _keep() -> None:
    """The rows of the retention table."""
    names: dict[str, Any] = {"days": NAMES_DAYS, "after": "the meeting was ended", "purge": commands.erase_names}
    door: dict[str, Any] = {"days": DOOR_DAYS, "after": "the meeting was ended", "purge": commands.erase_names}
    keep = retention.keep
    keep("live.Presence", "membership", "way", "by", "came_at", "left_at", why="who came; how many they were stays with the meeting", **names)
    keep("live.Turn", "presence", "is_point", "asked_at", "began_at", "ended_at", why="who asked to speak and when; never what they said", **names)
    keep("live.Duty", "membership", "kind", "by", "at", why="who led the meeting or kept its door", **names)
    keep(
        "live.Knock",
        "membership",
        "asked_in",
        "asked_at",
        "let_in",
        "answered_by",
        "answered_at",
        why="who waits at the door of an online meeting, and a fingerprint of that session; goes when it ends",
        **door,
    )
    keep("live.Gathering", "begun_by", "ended_by", days=None, after="", why="who opened and ended a meeting; points at a membership, which erasure empties")
    keep("live.Gathering", "secret", days=None, after="", why="from which the codes on the screen are worked out; thrown away when the meeting ends")


def connect() -> None:
    notices.every_minute(commands.end_due)
    meetings.add_part(part)
    bodies.shows_life(queries.last_in)
    bodies.on_closing(commands.call_off)
    bodies.on_uniting(commands.go_over)
    resettling.part(parcels.FILE, pack=parcels.pack, unpack=commands.unpack)
    register.on_ending(commands.leave_out)
    register.say(VERBS)
    people.in_an_export("at_meetings", _export)
    register.on_emptying(commands.forget)
    people.in_an_erasure("at_meetings", says=_says, erase=_nothing_more)
    _keep()
