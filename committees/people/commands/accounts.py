"""An account begins, is settled, hidden, recovered and erased."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from committees.base.clock import validate_zone
from committees.base.errors import Refused
from committees.people import addresses, names, outbox, registry
from committees.people.commands.contacts import meet, own_contact
from committees.people.commands.ways import make_recovery_code
from committees.people.models import Contact, Person, RecoveryCode, Session

WRONG_CODE = _("We don’t know this code. Check each group of letters and numbers.")


def _new_person(**fields: Any) -> Person:
    """A person under a name that nobody has; the one that this form has opened already, where it was posted twice."""
    while True:
        person = Person(sign_in_name=names.sign_in_name(), **fields)
        person.set_unusable_password()
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError:
            key = fields.get("form_key")
            if key and (opened := Person.objects.present().filter(form_key=key).first()):
                return opened
            continue
        return person


@transaction.atomic
def join(*, contact: Contact | None, language: str, time_zone: str, at: datetime, form_key: UUID | None = None) -> Person:
    """Somebody opens an account, reached at `contact` whose code came back, or at no address at all.

    The same form posted twice opens one account. Refused if the address became somebody else's meanwhile.
    """
    person = _new_person(language=language, time_zone=time_zone, created_on=at.date(), seen_on=at.date(), form_key=form_key)
    if contact is not None:
        own_contact(contact, by=person, at=at)
    return person


@transaction.atomic
def create(
    *,
    at: datetime,
    email: str = "",
    phone: str = "",
    password: str = "",
    hashed: str = "",
    language: str = "en",
    time_zone: str = "Europe/London",
    is_platform_admin: bool = False,
) -> tuple[Person, str]:
    """An account made by whoever runs the server (setup, the demo). Returns it with its paper code, which is shown once.

    `hashed` is a password as `make_password` gives it, where several accounts share one (in a demonstration only).
    Raises ValidationError for an address or a zone that is none; Refused if the address has an account.
    """
    validate_zone(time_zone)
    person = _new_person(language=language, time_zone=time_zone, created_on=at.date(), is_platform_admin=is_platform_admin)
    for clean, typed in ((addresses.email, email), (addresses.phone, phone)):
        if typed:
            contact = meet(clean(typed))
            if contact.person_id:
                raise Refused(_("This address has an account already."))
            own_contact(contact, by=person, at=at)
    if password or hashed:
        person.password = hashed or make_password(password)
        person.save(update_fields=["password"])
    return person, make_recovery_code(person, at=at)


def settle(person: Person, *, language: str | None = None, time_zone: str | None = None) -> None:
    """A person chooses their language, their time zone, or both. Refused for what is not on the lists."""
    changed = []
    if language is not None:
        if not translation.check_for_language(language):
            raise Refused(_("Choose a language from the list."), field="language")
        person.language = language
        changed.append("language")
    if time_zone is not None:
        try:
            validate_zone(time_zone)
        except ValidationError as no:
            raise Refused(no.message, field="time_zone") from None
        person.time_zone = time_zone
        changed.append("time_zone")
    person.save(update_fields=changed)


def seen(person: Person, *, on: date) -> None:
    """Note that the account was used on this day: one write a day, none else. Whoever was told that it will be erased keeps it."""
    if person.seen_on != on:
        Person.objects.present().visible_to(person).update(seen_on=on, ends_told_on=None)
        person.seen_on, person.ends_told_on = on, None


@transaction.atomic
def hide(person: Person, *, at: datetime) -> None:
    """Panic. Every session and every token dies at once, and the account is as if it were not there until it is recovered."""
    registry.kill_everything(person)
    Session.objects.visible_to(person).delete()
    Person.objects.present().filter(pk=person.pk).update(is_active=False, hidden_on=at.date())
    registry.hold_back(person)


def _bring_back(person: Person) -> None:
    if person.hidden_on is not None:
        Person.objects.hidden().filter(pk=person.pk).update(is_active=True, hidden_on=None)
        person.is_active, person.hidden_on = True, None


@transaction.atomic
def recover(code: str) -> Person:
    """Somebody types the code from their paper: all their sessions end, a hidden account is back, and they are told.

    The code is used up. Refused in the same words for a wrong code and for an account that is closed.
    """
    found = RecoveryCode.objects.select_for_update().filter(digest=names.paper_digest(code)).first()
    person = Person.objects.get_queryset().filter(pk=found.person_id, erased_on=None, disabled_on=None).first() if found else None
    if found is None or person is None:
        raise Refused(WRONG_CODE, field="code")
    found.delete()
    Session.objects.visible_to(person).delete()
    _bring_back(person)
    outbox.warn(person, "recovered")
    return person


def return_by_mail(person: Person) -> None:
    """A hidden account without a paper code comes back when its owner chose a new password by a code to their address."""
    _bring_back(person)


@transaction.atomic
def erase(person: Person, *, by: Person | None, at: datetime) -> None:
    """Everything that says who this account was is destroyed, here and in each room; what must stay points at nobody.

    The key under which the ledger knew them is gone, so that their entries name no one. Refused to anyone else; `by` is None where
    the clock does it (unused.py).
    """
    if by is not None and by.pk != person.pk:
        raise Refused(_("Only you can erase your account."))
    registry.kill_everything(person)
    for part in reversed(registry.erasures().values()):  # the rooms above first: what they find still leads to the person
        part.erase(person)
    for rows in (
        Session.objects.visible_to(person),
        RecoveryCode.objects.filter(person=person),
        Authenticator.objects.filter(user=person),
        EmailAddress.objects.filter(user=person),
        Contact.objects.of(person),
    ):
        rows.delete()
    person.set_unusable_password()
    Person.objects.visible_to(person).update(
        sign_in_name=f"erased-{secrets.token_hex(8)}",
        form_key=None,
        password=person.password,
        language="en",
        time_zone="UTC",
        is_active=False,
        is_platform_admin=False,
        second_step=False,
        ledger_key=None,
        seen_on=None,
        ends_told_on=None,
        hidden_on=None,
        disabled_on=None,
        erased_on=at.date(),
    )
