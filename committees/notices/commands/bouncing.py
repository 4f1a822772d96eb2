"""What follows when a server says that an address does not exist."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from committees.notices.commands.posting import post
from committees.people import commands as people
from committees.people.models import Contact


@transaction.atomic
def bounce(contact: Contact, *, reason: str, at: datetime) -> None:
    """Nothing more is sent to the address, and its owner is told in the app. An address of nobody is left as it is."""
    if contact.person_id is None:
        return
    people.stop_contact(contact, reason=f"bounced {reason}", at=at)
    post("notices/address_stopped", about=contact, to=[contact.person_id], occasion=at.date().isoformat(), at=at)
