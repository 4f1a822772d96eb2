"""How a person gets in: password, passkeys, the second step, the code on paper; and the devices that are in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.people import names, outbox, queries, rules
from committees.people.models import Person, RecoveryCode, Session


def make_recovery_code(person: Person, *, at: datetime) -> str:
    """A new code for the paper; the one before it stops working. Returned once and stored only as a digest."""
    code = names.paper_code()
    RecoveryCode.objects.update_or_create(person=person, defaults={"digest": names.paper_digest(code), "made_on": at.date()})
    return code


@transaction.atomic
def set_password(person: Person, password: str) -> None:
    """A new password. Every other session ends, for Django binds a session to the password it began with."""
    person.set_password(password)
    person.save(update_fields=["password"])
    outbox.warn(person, "password_changed")


@transaction.atomic
def add_passkey(person: Person, *, name: str, credential: dict[str, Any]) -> Authenticator:
    """A phone or key that has just shown that it can sign in. The person is told at their addresses."""
    validate_can_add_authenticator(person)
    passkey: Authenticator = WebAuthn.add(person, name, credential).instance
    outbox.warn(person, "passkey_added")
    return passkey


@transaction.atomic
def rename_passkey(passkey: Authenticator, *, name: str, by: Person) -> None:
    """The name that a person gives to a passkey. Refused for one that is not theirs."""
    if passkey.user_id != by.pk:
        raise Refused(_("This passkey is not yours."))
    passkey.wrap().name = name
    passkey.save(update_fields=["data"])


@transaction.atomic
def remove_passkey(passkey: Authenticator, *, by: Person) -> None:
    """A passkey is removed and told of. Refused if it is the last way into the account."""
    if passkey.user_id != by.pk:
        raise Refused(_("This passkey is not yours."))
    if not rules.may_drop_passkey(queries.ways(by)):
        raise Refused(_("This is your only way to sign in. Add another one first."))
    passkey.delete()
    if not queries.passkeys(by):
        by.second_step = False
        by.save(update_fields=["second_step"])
    outbox.warn(by, "passkey_removed")


@transaction.atomic
def set_second_step(person: Person, *, on: bool) -> None:
    """Whether a passkey is asked for after a password or a code too. Refused without a passkey."""
    if on and not queries.passkeys(person):
        raise Refused(_("Add a passkey first."))
    if person.second_step != on:
        person.second_step = on
        person.save(update_fields=["second_step"])
        outbox.warn(person, "second_step_on" if on else "second_step_off")


def label_device(device: Session, *, label: str, by: Person) -> None:
    """The name that a person gives to a device they are signed in on."""
    rules.require_own(device, by)
    Session.objects.visible_to(by).filter(pk=device.pk).update(label=label)


def end_device(device: Session, *, by: Person) -> None:
    """Sign one device out: its next request finds no session."""
    rules.require_own(device, by)
    Session.objects.visible_to(by).filter(pk=device.pk).delete()


def sign_out_everywhere(person: Person, *, but: str = "") -> int:
    """End every session of a person, or all but the one with this digest. Returns how many ended."""
    return Session.objects.visible_to(person).exclude(digest=but).delete()[0]
