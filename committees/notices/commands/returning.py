"""What follows from a mail that came back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from committees.base import crypto
from committees.ledger import commands as ledger
from committees.notices import returned, rules, verp
from committees.notices.commands import bouncing
from committees.notices.commands.holding import hold_back
from committees.notices.commands.posting import post
from committees.notices.models import Channel, ChannelChoice, Delivery, Mailbox, Returned, State
from committees.notices.providers import Told
from committees.notices.returned import Reading
from committees.people.models import AccountMail, Contact

Outcome = Returned.Outcome


class TooEarly(Exception):
    """It came back before a worker has written down that it left. To be read again in a minute."""


@dataclass(frozen=True)
class Letter:
    """The mail that came back: which one, where it went, when."""

    of: str
    contact: Contact
    sent_on: date
    delivery: Delivery | None = None


@transaction.atomic
def take_in(raw: bytes, *, at: datetime) -> Returned.Outcome:
    """Read a mail that came back, write down what it says, and do what follows, once for each message and once for each letter.

    A dead address is stopped; one from which letters come back again and again too; after a complaint only mail about the account itself goes
    there. Each is told in the app. What bears no name of ours changes nothing. Raises TooEarly.
    """
    digest = _digest(raw)
    if (known := Returned.objects.filter(digest=digest).first()) is not None:
        return Outcome(known.outcome)
    named = verp.named_in(raw[: returned.LONGEST])
    if named is None:
        return _note(digest, Outcome.STRANGE, at)
    return _read(digest, named, lambda: returned.classify(raw), at)


@transaction.atomic
def hear(told: Told, *, at: datetime) -> Returned.Outcome:
    """A provider of mail says what became of one mail: the same follows as from a mail that came back, once. Raises TooEarly."""
    digest = _digest(told.number.encode())
    known = Returned.objects.filter(digest=digest).first()
    return Outcome(known.outcome) if known else _read(digest, told.named, lambda: told.reading, at)


def _read(digest: str, named: verp.Named, read: Callable[[], Reading], at: datetime) -> Returned.Outcome:
    letter = _letter(named)
    reading = read()
    if reading.broken:
        return _note(digest, Outcome.BROKEN, at)
    outcome = _outcome(reading)
    if letter is None or outcome == Outcome.NOTHING:
        return _note(digest, Outcome.NOTHING, at)
    first = not Returned.objects.filter(of=letter.of, outcome=outcome).exists()
    _note(digest, outcome, at, letter=letter, reading=reading, first=first)
    if first:
        _follow(outcome, letter, reading, at)
    return outcome


def give_up(raw: bytes, *, at: datetime) -> Returned.Outcome:
    """The program failed over a message: it is set aside and counted, and the next one gets its turn."""
    made, _new = Returned.objects.get_or_create(digest=_digest(raw), defaults={"outcome": Outcome.BROKEN, "came_on": at.date()})
    return Outcome(made.outcome)


def note_mailbox(*, at: datetime, problem: str = "") -> None:
    """Write down that the mailbox was read, or what kept us from it, for those who keep the service running."""
    now = {"problem": problem[:80]} if problem else {"problem": "", "looked_at": at}
    Mailbox.objects.update_or_create(name="returned", defaults=now)


def forget_returned(at: datetime) -> int:
    """Erase what came back longer ago than it counts. Returns how many rows went."""
    return Returned.objects.filter(came_on__lt=at.date() - rules.SOFT_DAYS).delete()[0]


def _digest(raw: bytes) -> str:
    return crypto.lookup_hmac(hashlib.sha256(raw).hexdigest(), purpose="returned")


def _outcome(reading: Reading) -> Returned.Outcome:
    if reading.complaint:
        return Outcome.COMPLAINT
    return Outcome.HARD if reading.hard else Outcome.SOFT if reading.soft else Outcome.NOTHING


def _note(
    digest: str, outcome: Returned.Outcome, at: datetime, *, letter: Letter | None = None, reading: Reading | None = None, first: bool = False
) -> Returned.Outcome:
    said = reading.first if reading else None
    Returned.objects.create(
        digest=digest,
        came_on=at.date(),
        outcome=outcome,
        contact=letter.contact if letter else None,
        of=letter.of if letter and first else "",
        status=said.status[:12] if said else "",
        reason=said.reason.value if said else "",
    )
    return outcome


def _letter(named: verp.Named) -> Letter | None:
    """The letter of that name, if it is still known and its address still belongs to whom it was sent. Its contact is locked."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("person").filter(pk=named.contact_id, person__isnull=False).first()
    if contact is None:
        return None
    if named.kind == verp.Kind.ACCOUNT:
        mail = AccountMail.objects.filter(pk=named.row_id, contact=contact).first()
        return Letter(named.of, contact, mail.created_at.date()) if mail else None
    row = Delivery.objects.filter(pk=named.row_id, person=contact.person, channel=Channel.EMAIL).first()
    if row is not None and row.state == State.WAITING and row.lease is not None:
        raise TooEarly
    return Letter(named.of, contact, row.due_at.date(), row) if row else None


def _follow(outcome: Returned.Outcome, letter: Letter, reading: Reading, at: datetime) -> None:
    said = reading.first
    status = said.status if said else ""
    if outcome != Outcome.COMPLAINT and letter.delivery is not None:
        Delivery.objects.filter(pk=letter.delivery.pk, state=State.ACCEPTED).update(state=State.BOUNCED, reason=status)
    if rules.is_older_than_mending(letter.sent_on, letter.contact.mended_on):
        return
    if outcome == Outcome.HARD:
        bouncing.bounce(letter.contact, reason=status, at=at)
    elif outcome == Outcome.SOFT:
        _add_up(letter.contact, at)
    else:
        _only_what_must_be(letter.contact, at)


def _add_up(contact: Contact, at: datetime) -> None:
    since = max(at.date() - rules.SOFT_DAYS + timedelta(days=1), contact.mended_on or date.min)
    counted = Returned.objects.soft(contact.pk, since=since).exclude(reason__in=rules.ABOUT_US)
    if rules.is_given_up(counted.values_list("came_on", flat=True)):
        bouncing.bounce_often(contact, at=at)


def _only_what_must_be(contact: Contact, at: datetime) -> None:
    """Somebody called a mail of ours spam: from now on they read in the app what they need not be sent. Codes and warnings still go."""
    if contact.person_id is None or not contact.primary:
        return
    before, _made = ChannelChoice.objects.get_or_create(person_id=contact.person_id, channel=Channel.EMAIL)
    if not before.on:
        return
    ChannelChoice.objects.filter(pk=before.pk).update(on=False)
    hold_back([contact.person_id])
    ledger.record("mail.stopped", by=None, about=contact, at=at, detail={"why": "complaint"})
    post("notices/mail_stopped", about=contact, to=[contact.person_id], occasion=at.date().isoformat(), at=at)
