"""What an account has to say to its owner: codes and warnings. They leave through the notice outbox and in no other way.

This room stands below notices, so notices registers the way out (`carry`) in its `ready()`. A row of AccountMail is
written and handed over in the transaction of whatever caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from committees.people.models import AccountMail, Contact, Person

DAY = timedelta(days=1)
#: Mails in a day to an address whose owner has not (yet) shown that it is theirs, and requests that anyone can make.
UNASKED = 3
#: Codes in a day to an address that belongs to an account: enough for somebody who signs in by code on every break.
CODES = 12


@dataclass(frozen=True)
class Kind:
    """One kind of account mail. Its words are templates/people/notices/<name>.{subject.txt,txt,html}."""

    name: str
    label: str | Promise
    useful_for: timedelta
    limit: int | None = UNASKED


_CODE = timedelta(minutes=15)
_WARNING = timedelta(days=3)
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("join_code", _("Code to open an account"), _CODE),
        Kind("already_joined", _("Somebody tried to open an account with an address that has one"), _CODE),
        Kind("sign_in_code", _("Code to sign in"), _CODE, CODES),
        Kind("no_account", _("Somebody tried to sign in with an address that has no account"), _CODE),
        Kind("reset_code", _("Code to choose a new password"), _CODE),
        Kind("confirm_code", _("Code to confirm a step"), _CODE, CODES),
        Kind("contact_code", _("Code to add an address"), _CODE),
        Kind("contact_taken", _("Somebody tried to add an address that belongs to an account"), _CODE),
        Kind("contact_added", _("An address was added"), _WARNING, None),
        Kind("contact_removed", _("An address was removed"), _WARNING, None),
        Kind("password_changed", _("The password was changed"), _WARNING, None),
        Kind("second_step_on", _("The second step was turned on"), _WARNING, None),
        Kind("second_step_off", _("The second step was turned off"), _WARNING, None),
        Kind("spare_codes_made", _("New spare codes were made"), _WARNING, None),
        Kind("passkey_added", _("A passkey was added"), _WARNING, None),
        Kind("passkey_removed", _("A passkey was removed"), _WARNING, None),
        Kind("recovered", _("The paper code was used"), _WARNING, None),
        Kind("account_disabled", _("An account was closed by those who keep the service running"), _WARNING, None),
        Kind("account_ends", _("An account that nobody uses will be erased"), timedelta(days=14), None),
        Kind("account_enabled", _("An account that was closed is open again"), _WARNING, None),
    )
}

type Carrier = Callable[[AccountMail], None]
_carrier: Carrier | None = None


def carry(carrier: Carrier) -> None:
    """Registered once by notices: takes an AccountMail into the outbox, inside the transaction that wrote it."""
    global _carrier
    _carrier = carrier


@transaction.atomic
def send(contact: Contact, kind: str, *, context: dict[str, Any] | None = None) -> AccountMail | None:
    """Write a mail to a contact and hand it to the outbox. None, and silence, where the contact has had its share today.

    It is written in the language of the account, or of the page for somebody who has none.
    """
    if _carrier is None:
        raise ImproperlyConfigured("Nothing carries account mail: the notices room is not installed.")
    at, what = timezone.now(), KINDS[kind]
    Contact.objects.select_for_update().filter(pk=contact.pk).first()  # fifty requests at once still count one by one
    if what.limit is not None and _sent_today(contact, what.limit) >= what.limit:
        return None
    owner = contact.person
    mail = AccountMail.objects.create(
        contact=contact,
        kind=kind,
        language=owner.language if owner else translation.get_language() or "en",
        context=context or {},
        created_at=at,
        useful_until=at + what.useful_for,
    )
    _carrier(mail)
    return mail


def _sent_today(contact: Contact, limit: int) -> int:
    """How many mails with this same limit the contact was sent in the last 24 hours."""
    alike = [kind.name for kind in KINDS.values() if kind.limit == limit]
    return AccountMail.objects.filter(contact=contact, kind__in=alike, created_at__gt=timezone.now() - DAY).count()


def reached(people: Iterable[Person]) -> set[int]:
    """Which of these people have an address that takes mails. One query."""
    return {contact.person_id for contact in Contact.objects.reachable([person.pk for person in people]) if contact.person_id}


def warn(person: Person, kind: str, *, besides: Contact | None = None, context: dict[str, Any] | None = None) -> None:
    """Tell a person at each address they chose first (and `besides`) that something about their account changed."""
    told = {contact.pk: contact for contact in Contact.objects.reachable([person.pk])}
    if besides is not None:
        told[besides.pk] = besides
    for contact in told.values():
        send(contact, kind, context=context)
