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
from committees.membership.roles import Power
from committees.people import registry as people
from committees.people.models import Person
from committees.resettling import register as resettling
from organizing.circulars import commands, kinds, parcels, queries
from organizing.circulars.models import Circular

#: What the committee's log calls what this room writes into the ledger.
VERBS = {"message.sent": _lazy("An organizer wrote to all members")}


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
            "changed": each.changed_at.isoformat(),
            "sent": each.sent_at.isoformat() if each.sent_at else None,
        }
        for each in written
    ]


def _says(person: Person) -> Iterable[str]:
    written = Circular.objects.filter(by__person=person)
    if written.sent().exists():
        yield _("Messages that you sent to all members stay until a year after they were sent, under “Former member”.")
    if written.drafts().exists():
        yield _("Messages that you have begun and not sent are erased.")


def _keep() -> None:
    why = f"what organizers wrote to all members; a draft goes {commands.DRAFT_DAYS} days after it was last changed"
    columns = ("by", "subject", "text", "sent_at", "changed_at", "form_key")
    retention.keep("circulars.Circular", *columns, days=commands.KEPT_DAYS, after="it was sent", why=why, purge=commands.erase_old)


def connect() -> None:
    kinds.register_all()
    bodies.on_uniting(commands.go_over)
    resettling.part(parcels.FILE, pack=parcels.pack, unpack=commands.unpack)
    register.add_section(latest_message)
    register.say(VERBS)
    people.in_an_export("messages", _export)
    people.in_an_erasure("messages", says=_says, erase=commands.forget)
    _keep()
