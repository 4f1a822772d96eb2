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
from committees.notices import registry as notices
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import register as resettling
from organizing.meetings import register as meetings
from organizing.meetings.models import Meeting
from organizing.minutes import commands, kinds, parcels, queries, rules
from organizing.minutes.commands import ending
from organizing.minutes.models import Item, Minutes, Remark

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "minutes.taker_named": _lazy("It was settled who writes the minutes of a meeting"),
    "minutes.shown": _lazy("Members can read minutes before they are approved"),
    "minutes.approved": _lazy("Minutes of a meeting were approved"),
    "minutes.correction_begun": _lazy("An organizer began to correct minutes"),
    "item.done": _lazy("Something that a meeting agreed was done"),
    "item.handed_back": _lazy("A member handed back what they were to do"),
    "item.given": _lazy("An organizer gave somebody something to do"),
    "item.dropped": _lazy("Something that a meeting agreed is no longer needed"),
}


def from_a_meeting(meeting: Meeting, member: Membership, at: datetime) -> Link | None:
    """The way from a meeting's page to its minutes: for its own committee, once it has begun."""
    if meeting.committee_id != member.committee_id or not rules.has_begun(meeting, at):
        return None
    return Link(_("Minutes of the meeting"), path_to("minutes:of_meeting", member.committee.slug, meeting.slug), icon="doc")


def what_is_open(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page: how much there is to do, where there is something."""
    open_now = queries.open_in(member).count()
    return Section("minutes/_open.html", {"committee": member.committee, "n": open_now}, beside=True) if open_now else None


def _export(person: Person) -> dict[str, Any]:
    """What a person wrote last, as far as they may see it themselves, what they do, and what they objected to."""
    theirs = {member.pk: member for member in Membership.objects.filter(person=person).with_running_roles()}
    written = Minutes.objects.filter(by__person=person).select_related("meeting", "committee").order_by("pk")
    items = Item.objects.filter(owner__person=person).select_related("committee").order_by("due", "pk")
    remarks = Remark.objects.filter(member__person=person).select_related("committee").order_by("at", "pk")
    return {
        "written": [
            {
                "committee": each.committee.name,
                "meeting": each.meeting.subject,
                "version": each.version,
                "state": str(each.get_state_display()),
                "general": each.general,
                "passages": [{"subject": said.subject, "text": said.text} for said in queries.passages(each, theirs[each.by_id])],
                "decisions": each.decisions,
                "changed": each.changed_at.isoformat(),
            }
            for each in written
        ],
        "to_do": [{"committee": each.committee.name, "what": each.what, "due": each.due.isoformat(), "state": str(each.get_state_display())} for each in items],
        "objections": [{"committee": each.committee.name, "text": each.text, "at": each.at.isoformat()} for each in remarks],
    }


def _says(person: Person) -> Iterable[str]:
    if Minutes.objects.filter(by__person=person).exists():
        yield _("Minutes that you wrote stay: they are your committee’s, and stand under “Former member”.")
    if Item.objects.filter(owner__person=person).exists():
        yield _("That you were to do something after a meeting is erased. Your organizers see that nobody does it.")
    if Remark.objects.filter(member__person=person).exists():
        yield _("What you objected to in minutes is erased.")


def _nothing_more(person: Person) -> None:
    """All that this room holds is about memberships: it goes with them (commands.forget)."""


def _keep() -> None:
    keep, own = retention.keep, "the committee's own record"
    points = "points at a membership, which erasure empties"
    keep("minutes.Minutes", "general", "passages", "decisions", "reason", days=None, after="", why=f"{own}, each version; locked in its row")
    keep("minutes.Minutes", "by", "changed_at", "shown_at", "approved_by", "approved_at", days=None, after="", why=f"who wrote last and who approved; {points}")
    keep("minutes.Taker", "member", "named_by", "named_at", days=None, after="", why="goes with the meeting, and when its member leaves")
    remarks: dict[str, Any] = {"days": ending.REMARK_DAYS, "after": "the minutes were approved", "purge": ending.erase_old}
    keep("minutes.Remark", "member", "text", "at", why="what a member objected to is for the approving alone", **remarks)
    keep("minutes.Item", "what", "due", days=None, after="", why=f"{own}; locked in its row")
    keep("minutes.Item", "owner", days=ending.OWNER_DAYS, after="it was settled", why="who did it is not kept for ever", purge=ending.erase_old)


def connect() -> None:
    kinds.register_all()
    notices.every_minute(commands.remind_due)
    meetings.add_link(from_a_meeting)
    bodies.on_closing(commands.call_off)
    bodies.on_uniting(commands.go_over)
    register.on_ending(commands.let_go)
    register.on_emptying(commands.forget)
    register.on_lapse(commands.lapse)
    resettling.part(parcels.FILE, pack=parcels.pack, unpack=commands.unpack)
    register.add_section(what_is_open)
    register.say(VERBS)
    people.in_an_export("minutes", _export)
    people.in_an_erasure("minutes", says=_says, erase=_nothing_more)
    _keep()
