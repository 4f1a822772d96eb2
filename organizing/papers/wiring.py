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
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.people import registry as people
from committees.people.models import Person
from organizing.meetings import register as meetings
from organizing.meetings.models import Meeting
from organizing.papers import commands, queries, rules
from organizing.papers.models import Paper

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "paper.attached": _lazy("A document was hung on the agenda of a meeting"),
    "paper.removed": _lazy("A document was taken off the agenda of a meeting"),
}


def way(meeting: Meeting, member: Membership, at: datetime) -> Link | None:
    """For the host's organizers: to the page on which they hang documents on the agenda."""
    if not rules.keeps(member, meeting):
        return None
    return Link(_("Documents"), path_to("papers:keep", member.committee.slug, meeting.slug), icon="doc")


def under_points(meeting: Meeting, member: Membership, at: datetime) -> dict[str, Section]:
    """What hangs on each point that this member sees. One query, where anything ever hung on one."""
    if not meeting.has_papers:
        return {}
    context = {"committee": member.committee, "meeting": meeting}
    found = queries.of_meeting(meeting, member)
    return {key: Section("papers/_under.html", {**context, "papers": papers}) for key, papers in found.items() if key}


def _export(person: Person) -> list[dict[str, Any]]:
    """Which documents somebody hung on agendas."""
    rows = Paper.objects.filter(by__person=person).select_related("committee", "meeting").order_by("at", "pk")
    return [{"committee": each.committee.name, "meeting": each.meeting.subject, "name": each.name, "at": each.at.isoformat()} for each in rows]


def _says(person: Person) -> Iterable[str]:
    if Paper.objects.filter(by__person=person).exists():
        yield _("Documents that you hung on agendas stay: they are your committee’s. It is not kept that they came from you.")


def _keep() -> None:
    """The rows of the retention table."""
    keep, gone = retention.keep, "until an organizer takes it away, or with its meeting"
    keep("papers.Paper", "name", "by", "at", days=None, after="", why=f"{gone}; who hung it there is forgotten with their account")
    keep("papers.Content", "content", days=None, after="", why=f"{gone}; made anew without what tells on its sender, and locked in its row")


def connect() -> None:
    meetings.add_link(way)
    meetings.add_under_points(under_points)
    bodies.on_uniting(commands.go_over)
    register.say(VERBS)
    people.in_an_export("papers", _export)
    people.in_an_erasure("papers", says=_says, erase=commands.forget)
    _keep()
