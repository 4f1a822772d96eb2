"""Shapes over several models: how to reach people, and how they get in."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from committees.base import crypto
from committees.people import names
from committees.people.addresses import Address, either, is_address
from committees.people.models import Channel, Contact, Person, RecoveryCode
from committees.people.rules import Ways

KEYS = Authenticator.Type


def addresses(person_ids: Iterable[int], channel: str | Channel) -> dict[int, Contact]:
    """Where each of these people gets messages of one channel: verified, their first choice, not stopped. One query."""
    return {contact.person_id: contact for contact in Contact.objects.reachable(person_ids).filter(channel=channel) if contact.person_id}


def owned_contact(address: Address) -> Contact | None:
    """The contact of whoever owns this address."""
    return Contact.objects.verified().filter(channel=address.channel, lookup=address.lookup).select_related("person").first()


def account_of(typed: str, *, keeper: Person) -> Person | None:
    """The account with exactly this sign-in name, or reached at exactly this address (by its HMAC). None for all else."""
    accounts = Person.objects.kept_by(keeper)
    if not is_address(typed):
        return accounts.filter(sign_in_name=names.clean_sign_in_name(typed)).first()
    try:
        owned = owned_contact(either(typed))
    except ValidationError:
        return None
    return accounts.filter(pk=owned.person_id).first() if owned and owned.person_id else None


def contact_behind(alias: str) -> Contact | None:
    """The contact that an alias stands for: its owner's, or the one that somebody has just typed."""
    lookup, _at, domain = alias.partition("@")
    rows = Contact.objects.filter(lookup=lookup, channel=domain.removesuffix(".invalid")).select_related("person")
    return rows.order_by("person_id").first()  # PostgreSQL sorts nobody's last


def ways(person: Person) -> Ways:
    """How this person can get in, in three queries."""
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return Ways(
        password=person.has_usable_password(),
        passkeys=kinds.count(KEYS.WEBAUTHN),
        app=KEYS.TOTP in kinds,
        contacts=Contact.objects.of(person).count(),
        paper=RecoveryCode.objects.filter(person=person).exists(),
    )


def passkey_name(passkey: Authenticator) -> str:
    """What stands in the address of a passkey's page: allauth counts its keys, and addresses don't."""
    return crypto.lookup_hmac(str(passkey.pk), purpose="passkey")[:16]


def passkeys(person: Person) -> dict[str, Authenticator]:
    """A person's passkeys by the name in their address, oldest first."""
    keys = Authenticator.objects.filter(user=person, type=KEYS.WEBAUTHN).order_by("pk")
    return {passkey_name(key): key for key in keys}
