"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import retention
from committees.base.navigation import Link, path_to
from committees.bodies import register as bodies
from committees.bodies.models import Visibility
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person
from organizing.live import register as live
from organizing.live.models import Gathering
from organizing.live.rules import is_open
from organizing.meetings import register as meetings
from organizing.meetings.models import Meeting
from organizing.visitors import commands, kinds, queries, rules
from organizing.visitors.models import Visit

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "visitors.opened": _lazy("A meeting was opened to the public"),
    "visitors.closed": _lazy("A meeting takes no more visitors"),
    "visitors.turned_away": _lazy("An organizer turned a visitor away from a meeting"),
    "visitors.voted": _lazy("A meeting voted to let visitors in at the door"),
}


def way(meeting: Meeting, member: Membership, at: datetime) -> Link | None:
    """For the host's organizers: to the page on which they open it, and see who registered."""
    if Power.CALL_MEETING not in member.powers or member.committee_id != meeting.committee_id:
        return None
    if member.committee.visibility != Visibility.LISTED or not meeting.is_scheduled or meeting.is_over(at):
        return None
    return Link(_("Visitors"), path_to("visitors:keep", member.committee.slug, meeting.slug))


def part(meeting: Meeting, member: Membership, at: datetime) -> Section | None:
    """A part of the meeting's page, for everybody who comes: that strangers may come too. One query, where it is so."""
    opening = queries.of_meeting(meeting) if meeting.has_visitors and meeting.is_scheduled and not meeting.is_over(at) else None
    if opening is None:
        return None
    organizes = Power.CALL_MEETING in member.powers and member.committee_id == meeting.committee_id
    context = {"opening": opening, "meeting": meeting, "committee": member.committee, "organizes": organizes}
    return Section("visitors/_part.html", context)


def desk(gathering: Gathering, member: Membership, at: datetime) -> Section | None:
    """A part of the stewards' desk: which visitors wait; or where the meeting has no visitors, that it may vote for some. Three queries."""
    meeting = gathering.meeting
    if not is_open(gathering, at) or not meeting.is_online or meeting.committee.visibility != Visibility.LISTED:
        return None
    opening = queries.of_meeting(meeting)
    if opening is not None and opening.is_public and not rules.has_door(opening):
        return None
    waiting, more = queries.at_the_door(meeting) if opening is not None else ([], 0)
    mark = "-".join(f"{each.pk}.{int(each.asked_at.timestamp())}" for each in waiting if each.asked_at)
    context = {"opening": opening, "waiting": waiting, "more": more, "meeting": meeting, "committee": member.committee}
    return Section("visitors/_desk.html", context | {"mark": f"v{opening.pk if opening else ''}-{mark}-{more}"})


def _export(person: Person) -> list[dict[str, Any]]:
    """For which meetings somebody registered, and as whom."""
    rows = Visit.objects.of(person).select_related("opening__meeting").order_by("registered_at", "pk")
    return [
        {"meeting": each.opening.meeting.subject, "as": each.name, "state": each.state, "registered": each.registered_at.isoformat(), "let_in": each.let_in}
        for each in rows
    ]


def _says(person: Person) -> Iterable[str]:
    if Visit.objects.of(person).exists():
        yield _("That you registered for meetings of other committees is erased.")


def _keep() -> None:
    """The rows of the retention table."""
    names: dict[str, Any] = {"days": rules.NAMES_DAYS, "after": "the meeting ends", "purge": commands.erase_names}
    retention.keep(
        "visitors.Visit",
        *("person", "name", "state", "registered_at", "asked_in", "asked_at", "let_in", "answered_by", "answered_at"),
        why="so that you are told, and the host knows who comes; who came is not kept",
        **names,
    )
    retention.keep("visitors.Opening", "words", "begun_by", days=None, after="", why="goes with the meeting; points at a membership, which erasure empties")


def connect() -> None:
    kinds.register_all()
    meetings.add_errand(way)
    meetings.add_part(part)
    meetings.on_telling(commands.follow)
    live.at_the_desk(desk)
    bodies.on_uniting(commands.go_over)
    notices.every_minute(commands.erase_names)
    register.say(VERBS)
    people.in_an_export("visits", _export)
    people.in_an_erasure("visits", says=_says, erase=commands.forget)
    _keep()
