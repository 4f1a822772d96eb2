"""Sending account mails: codes and warnings, by mail or by text message."""

from __future__ import annotations

from datetime import datetime
from email.utils import formatdate

from django.utils import timezone

from committees.notices import providers, verp
from committees.notices.commands import bouncing, errands
from committees.notices.messages import CannotMake, account_text, of_errand
from committees.notices.models import Errand
from committees.notices.runs import Run
from committees.notices.smtp import Answer, Verdict
from committees.notices.verp import Kind, Named
from committees.people import sms
from committees.people.models import Channel, Contact


def one(turn: Run) -> bool:
    """One account mail. False if none is due, or none may go."""
    at = timezone.now()
    errand = errands.take(at=at)
    if errand is None:
        return False
    if errand.mail.useful_until <= at or errand.mail.context is None:
        errands.missed(errand)
        return True
    try:
        if errand.mail.contact.channel == Channel.PHONE:
            _by_text(turn, errand, at=at)
            return True
        return _by_mail(turn, errand, at=at)
    except CannotMake as error:
        errands.failed(errand, str(error), at=at, final=True)
    except ValueError:
        errands.failed(errand, "not an address", at=at, final=True)
    return True


def _by_mail(turn: Run, errand: Errand, *, at: datetime) -> bool:
    if not turn.is_connected():
        errands.put_back(errand, at=at)
        return False
    to = turn.wire.envelope(str(errand.mail.contact.address))
    raw = of_errand(errand, to=to, date=formatdate(usegmt=True))
    named = Named(Kind.ACCOUNT, errand.mail_id, errand.mail.contact_id)
    turn.offer(verp.envelope(named), to)
    if errands.begin(errand, at=timezone.now()):
        _write_down(turn, errand, errand.mail.contact, turn.deliver(providers.marked(raw, named)))
    else:
        turn.wire.withdraw()
    return True


def _write_down(turn: Run, errand: Errand, contact: Contact, answer: Answer) -> None:
    at = timezone.now()
    if answer.verdict == Verdict.ACCEPTED:
        errands.delivered(errand)
    elif answer.verdict in (Verdict.CLOSED, Verdict.STALE):
        errands.put_back(errand, at=at)
        turn.rest(answer.reason)
    else:
        errands.failed(errand, answer.reason, at=at, final=answer.verdict in (Verdict.NO_SUCH, Verdict.NEVER))
        if answer.verdict == Verdict.NO_SUCH:
            bouncing.bounce(contact, reason=answer.reason, at=at)


def _by_text(turn: Run, errand: Errand, *, at: datetime) -> None:
    """A code to a phone goes through this server's gateway, and waits for no mail server."""
    words = account_text(errand.mail)
    if not errands.begin(errand, at=timezone.now()):
        return
    try:
        sms.gateway().send(str(errand.mail.contact.address), words)
    except Exception as problem:  # noqa: BLE001 (whatever the gateway's own library raises)
        errands.failed(errand, f"gateway: {type(problem).__name__}", at=at, final=False)
    else:
        turn.sent += 1
        errands.delivered(errand)
