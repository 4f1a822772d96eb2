"""A code that was sent to an address and must come back: to open an account, to add an address, to show that it is you.

It is kept in the session (sealed, sessions.py) with the contact it went to. Whether a code was really sent is told to
nobody: where the address has an account already, the page waits for a code that was never made known.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass

from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.people import outbox
from committees.people.models import Channel, Contact

SESSION_KEY = "people.code"
LASTS = 15 * 60
RESENDS = 2
TRIES = {"try": "5/15m/key"}

TOO_MANY = _("That was too often. Ask for a new code.")
WRONG = _("This code is not right. Check it, or ask for a new one.")
GONE = _("This code is too old. Ask for a new one.")


@dataclass
class Pending:
    """A code that somebody is waiting for."""

    purpose: str
    lookup: str
    channel: str
    code: str
    at: float
    id: str
    kind: str
    resent: int = 0

    @property
    def may_resend(self) -> bool:
        return self.resent < RESENDS


def send(request: HttpRequest, contact: Contact, *, purpose: str, kind: str, real: bool = True, resent: int = 0) -> None:
    """Send a code to `contact` and wait for it. `real=False`: the mail says something else, and no code will do."""
    code = generate_user_code()
    outbox.send(contact, kind, context={"code": code} if real else None)
    pending = Pending(purpose, contact.lookup, contact.channel, code if real else "", time.time(), secrets.token_hex(8), kind, resent)
    request.session[SESSION_KEY] = asdict(pending)


def pending(request: HttpRequest, purpose: str) -> Pending | None:
    """The code that this browser is waiting for."""
    kept = request.session.get(SESSION_KEY)
    found = Pending(**kept) if kept else None
    return found if found and found.purpose == purpose and time.time() - found.at < LASTS else None


def contact_of(waiting: Pending) -> Contact | None:
    """Where the code went."""
    rows = Contact.objects.filter(lookup=waiting.lookup, channel=Channel(waiting.channel)).select_related("person")
    return rows.order_by("person_id").first()


def resend(request: HttpRequest, waiting: Pending) -> None:
    """Another code to the same address; the first one stops working. Refused after the second time."""
    contact = contact_of(waiting)
    if contact is None or not waiting.may_resend:
        raise Refused(TOO_MANY)
    send(request, contact, purpose=waiting.purpose, kind=waiting.kind, real=bool(waiting.code), resent=waiting.resent + 1)


def check(request: HttpRequest, purpose: str, typed: str) -> Contact:
    """The contact whose code this is; the code is used up. Refused where it is wrong, too old, or tried too often."""
    waiting = pending(request, purpose)
    if waiting is None:
        raise Refused(GONE, field="code")
    if not ratelimit.consume(request, app="people", action="try", config=TRIES, key=waiting.id, limit_get=True):
        forget(request)
        raise Refused(TOO_MANY, field="code")
    contact = contact_of(waiting)
    if contact is None or not compare_user_code(actual=typed, expected=waiting.code):
        raise Refused(WRONG, field="code")
    forget(request)
    return contact


def forget(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
