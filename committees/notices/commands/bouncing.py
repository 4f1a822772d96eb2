"""What follows when an address is of no use: at once, where its server says that it does not exist, or where too much came back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from committees.ledger import commands as ledger
from committees.notices.commands.posting import post
from committees.people import commands as people
from committees.people.models import Contact


@transaction.atomic
def bounce(contact: Contact, *, reason: str, at: datetime) -> None:
    """Nothing more is sent to the address, and its owner is told in the app. An address of nobody is left as it is."""
    _stop(contact, f"bounced {reason}", "notices/address_stopped", at=at)


@transaction.atomic
def bounce_often(contact: Contact, *, at: datetime) -> None:
    """Letters came back from there again and again: nothing more is sent to the address, and its owner is told in the app."""
    _stop(contact, Contact.BOUNCED_OFTEN, "notices/address_fails", at=at)


def _stop(contact: Contact, reason: str, kind: str, *, at: datetime) -> None:
    if contact.person_id is None or not people.stop_contact(contact, reason=reason, at=at):
        return
    ledger.record("address.stopped", by=None, about=contact, at=at, detail={"why": kind.rpartition("/")[2]})
    post(kind, about=contact, to=[contact.person_id], occasion=at.date().isoformat(), at=at)
