"""Providers of mail that tell by a web hook what became of each mail: how a mail is named to them, and what they tell.

They do not keep the address that a mail is to come back to, so its name (verp.py) goes along in a header of theirs and comes back in what
they tell. As with returned mail only this name counts: nothing that is told about recipients is believed or kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from committees.notices import returned, verp
from committees.notices.returned import Bounce, Reading, Reason

if TYPE_CHECKING:
    from anymail.signals import AnymailTrackingEvent

#: Under this name a provider gives back what names a mail.
KEY = "mail"
_LETTERS_PER_NAME = 64

#: Each provider's header for what it is to give back; a line, with the name in the place of the %s.
_JSON = json.dumps({KEY: "%s"})
_HEADERS: Mapping[str, str] = {
    "brevo": f"X-Mailin-custom: {_JSON}",
    "mailgun": f"X-Mailgun-Variables: {_JSON}",
    "mailjet": f"X-MJ-EventPayload: {_JSON}",
    "mandrill": f"X-MC-Metadata: {_JSON}",
    "postmark": f"X-PM-Metadata-{KEY}: %s",
    "sparkpost": f"X-MSYS-API: {json.dumps({'metadata': {KEY: '%s'}})}",
}
#: A provider's list of whom it does not write to any more: an address that once failed, or was never one.
_NOT_WRITTEN_TO = frozenset({"bounced", "invalid"})


def marked(raw: bytes, named: verp.Named) -> bytes:
    """A mail as it is given to the provider: named for it, where there is one."""
    if not settings.MAIL_PROVIDER:
        return raw
    return (_HEADERS[settings.MAIL_PROVIDER] % verp.name_of(named)).encode() + b"\r\n" + raw


@dataclass(frozen=True)
class Told:
    """What a provider says of one mail of ours. `number`: the same however often it is told."""

    named: verp.Named
    reading: Reading
    number: str


def told(event: AnymailTrackingEvent) -> Told | None:
    """What an event says; None where it is about no mail of ours, or says nothing that matters: that it left, arrived, or comes later."""
    name = event.metadata.get(KEY) if isinstance(event.metadata, dict) else None
    named = verp.read(name) if isinstance(name, str) and len(name) <= _LETTERS_PER_NAME else None
    reading = _reading(event)
    if named is None or reading is None:
        return None
    return Told(named, reading, f"{settings.MAIL_PROVIDER} {event.event_id or ''} {name} {event.event_type}")


def _reading(event: AnymailTrackingEvent) -> Reading | None:
    said = str(event.mta_response or event.description or "")
    match event.event_type, event.reject_reason:
        case (("complained" | "unsubscribed"), _):
            return Reading(complaint=True)
        case "bounced", _:
            return returned.classify_answer(said)
        case "rejected", "unsubscribed":
            return Reading(complaint=True)
        case "rejected", reason if reason in _NOT_WRITTEN_TO:
            return _failed(Reason.FILTERED)
        case (("rejected" | "failed"), _):
            return _failed(Reason.BLOCKED)
    return None


def _failed(reason: Reason) -> Reading:
    """The provider itself did not send it. What it says of an address it may have from others: that alone makes none dead."""
    return Reading((Bounce("", reason, hard=False),))
