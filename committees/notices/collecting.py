"""Reading the mailbox to which mails come back. A message leaves it only after what it says is committed; whoever dies in between finds
it again, and the digest in its row makes it count once."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from committees.notices import locks, mailboxes
from committees.notices.commands import returning
from committees.notices.mailboxes import CannotRead, Mail
from committees.notices.models import Returned

logger = logging.getLogger(__name__)

#: Messages in one run: a server that answers each mail with two must not keep a worker for good.
MOST = 200


def run(*, seconds: float = 40.0) -> int:
    """Read what lies in the mailbox, one message after the other. Returns how many were dealt with. Of several at once, one works."""
    if not settings.BOUNCE_MAILBOX:
        return 0
    with locks.trying(locks.number("notices.returned")) as mine:
        if not mine:
            return 0
        try:
            done = _read(time.monotonic() + seconds)
        except CannotRead as problem:
            logger.warning("the mailbox for returned mail cannot be read: %s", problem)
            returning.note_mailbox(at=timezone.now(), problem=str(problem))
            return 0
        returning.note_mailbox(at=timezone.now())
    return done


def _read(ends: float) -> int:
    done = 0
    with mailboxes.opened(settings.BOUNCE_MAILBOX) as box:
        for mail in box.waiting(MOST):
            if time.monotonic() > ends:
                break
            done += _deal_with(mail)
    return done


def _deal_with(mail: Mail) -> bool:
    raw = mail.read()
    try:
        outcome = returning.take_in(raw, at=timezone.now())
    except returning.TooEarly:
        return False
    except (OperationalError, InterfaceError):  # the database is away: nothing is decided about any message
        raise
    except Exception as error:  # noqa: BLE001 (a fault of ours over one message keeps none of the others waiting)
        logger.error("a returned mail cannot be read: %s", type(error).__name__)
        outcome = returning.give_up(raw, at=timezone.now())
    if outcome in Returned.SET_ASIDE:
        mail.set_aside()
    else:
        mail.remove()
    return True
