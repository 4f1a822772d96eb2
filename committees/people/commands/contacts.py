"""Addresses: met when somebody types one, owned once its code came back, dropped by their owner.

allauth is told nothing but the alias: a row of its EmailAddress stands and falls with a verified Contact.
"""

from __future__ import annotations

from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.people import outbox, queries, registry, rules
from committees.people.addresses import Address
from committees.people.models import Channel, Contact, Person, today

TAKEN = _("That did not work. Ask for a new code.")


@transaction.atomic
def meet(address: Address) -> Contact:
    """Somebody typed an address. Whoever it belongs to, there is a contact for it afterwards; nobody's is erased after a day.

    Costs the same for an address that has an account and for one that has none.
    """
    if owned := queries.owned_contact(address):
        Contact.objects.filter(pk=owned.pk).update(lookup=F("lookup"))  # as much work as for the others
        return owned
    passing = Contact.objects.passing().filter(channel=address.channel, lookup=address.lookup)
    if passing.update(met_at=timezone.now()):
        return passing.get()
    try:
        with transaction.atomic():
            return Contact.objects.create(channel=address.channel, address=address.sent_to, lookup=address.lookup, met_at=timezone.now())
    except IntegrityError:  # the same address in two tabs
        return passing.get()


@transaction.atomic
def own_contact(contact: Contact, *, by: Person, at: datetime) -> Contact:
    """The code came back: from now on the address is theirs, and their first choice if they had none.

    Their other addresses are told. Refused if it became somebody else's meanwhile. Of the time only the day is kept.
    """
    first = not Contact.objects.of(by).filter(channel=contact.channel, primary=True).exists()
    employers = contact.channel == Channel.EMAIL and registry.employer_behind(str(contact.address).rpartition("@")[2]) is not None
    changes = {"person": by, "verified_at": day_of(at), "primary": first, "employers": employers, "met_at": None}
    outbox.warn(by, "contact_added")
    try:
        with transaction.atomic():
            changed = Contact.objects.passing().filter(pk=contact.pk).update(**changes)
    except IntegrityError:
        changed = 0
    if not changed:
        raise Refused(TAKEN)
    EmailAddress.objects.create(user=by, email=contact.alias, verified=True)
    contact.refresh_from_db()
    return contact


@transaction.atomic
def prefer_contact(contact: Contact, *, by: Person) -> None:
    """Notices of this channel go here from now on; one that was stopped is tried again, and what came back before no longer counts.
    Refused for an address of somebody else."""
    rules.require_own(contact, by)
    Contact.objects.of(by).filter(channel=contact.channel, primary=True).exclude(pk=contact.pk).update(primary=False)
    mended = {"stopped_at": None, "stop_reason": "", "mended_on": today()} if contact.stopped_at else {}
    Contact.objects.of(by).filter(pk=contact.pk).update(primary=True, **mended)


@transaction.atomic
def drop_contact(contact: Contact, *, by: Person) -> None:
    """An address is removed and told so. Refused if it is the last way into the account."""
    rules.require_own(contact, by)
    if not rules.may_drop_contact(queries.ways(by)):
        raise Refused(_("This is your only way to sign in. Add another one first."))
    outbox.warn(by, "contact_removed", besides=contact)
    EmailAddress.objects.filter(user=by, email=contact.alias).delete()
    # Nobody's now: the warning still finds it, and the nightly job erases both.
    Contact.objects.passing().filter(channel=contact.channel, lookup=contact.lookup).delete()
    Contact.objects.filter(pk=contact.pk).update(
        person=None, verified_at=None, primary=False, employers=False, stopped_at=None, mended_on=None, met_at=timezone.now()
    )
    if (heir := Contact.objects.of(by).filter(channel=contact.channel).first()) and contact.primary:
        prefer_contact(heir, by=by)
    registry.hold_back(by)


def stop_contact(contact: Contact, *, reason: str, at: datetime) -> bool:
    """Nothing more is sent to an address that its server says does not exist, or from which mails come back. Called by notices; the
    owner sees it. False if it was stopped already."""
    stopped = Contact.objects.filter(pk=contact.pk, stopped_at__isnull=True).update(stopped_at=day_of(at), stop_reason=reason[:20])
    return bool(stopped)


def day_of(at: datetime) -> datetime:
    """Midnight UTC of that day: the time of day is not kept."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
