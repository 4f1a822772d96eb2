"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import retention
from committees.bodies import register as bodies
from committees.membership import register
from committees.membership.models import Membership
from committees.membership.register import Section
from committees.membership.roles import Power
from committees.moderation import registry as moderation
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import register as resettling
from organizing.circulars import commands, deeds, kinds, parcels, queries
from organizing.circulars.models import Circular
from organizing.circulars.moderated import A_MESSAGE

#: What the committee's log calls what this room writes into the ledger.
VERBS = {
    "message.sent": _lazy("An organizer wrote to all members"),
    "message.sent_further": _lazy("Two organizers wrote to the members of all committees that belong here"),
}


def latest_message(member: Membership, at: datetime) -> Section | None:
    """A part of the committee's page: the last message, and for organizers the way to write one."""
    may_send, latest = Power.SEND_MESSAGE in member.powers, queries.latest(member)
    if latest is None and not may_send:
        return None
    return Section("circulars/_latest.html", {"committee": member.committee, "circular": latest, "may_send": may_send}, beside=True)


def _export(person: Person) -> list[dict[str, Any]]:
    """The messages that a person sent or has begun, in full."""
    written = Circular.objects.filter(by__person=person).select_related("committee").order_by("changed_at", "pk")
    return [
        {
            "committee": each.committee.name,
            "subject": each.subject,
            "text": each.text,
            "language": each.language,
            "to": str(each.get_reach_display()),
            "changed": each.changed_at.isoformat(),
            "sent": each.sent_at.isoformat() if each.sent_at else None,
        }
        for each in written
    ]


def _says(person: Person) -> Iterable[str]:
    written = Circular.objects.filter(by__person=person)
    if written.sent().exists():
        yield _("Messages that you sent to all members stay until a year after they were sent, under “Former member”.")
    if written.drafts().filter(Q(begun_by=None) | Q(begun_by__person=person)).exists():  # a colleague's stay
        yield _("Messages that you have begun and not sent are erased.")


def _keep() -> None:
    why = f"what organizers wrote to all members; a draft goes {commands.DRAFT_DAYS} days after it was last changed"
    columns = ("by", "begun_by", "agreed_by", "subject", "text", "sent_at", "changed_at", "state", "form_key")
    retention.keep("circulars.Circular", *columns, days=commands.KEPT_DAYS, after="it was sent", why=why, purge=commands.erase_old)


def connect() -> None:
    kinds.register_all()
    deeds.can_be_done()
    bodies.on_uniting(commands.go_over)
    moderation.register(A_MESSAGE)
    bodies.shows_life(queries.last_in)
    resettling.part(parcels.FILE, pack=parcels.pack, unpack=commands.unpack)
    register.add_section(latest_message)
    register.say(VERBS)
    people.in_an_export("messages", _export)
    people.in_an_erasure("messages", says=_says, erase=commands.forget)
    _keep()
