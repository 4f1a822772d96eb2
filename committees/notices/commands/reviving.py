"""One more try for what could not be sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committees.ledger import commands as ledger
from committees.notices import registry, waking
from committees.notices.models import Channel, Delivery, Errand, Notice, State

if TYPE_CHECKING:
    from committees.people.models import Person

_AFRESH = {"state": State.WAITING, "attempts": 0, "reason": "", "lease": None}


@transaction.atomic
def again(notice: Notice, *, by: Person, at: datetime) -> int:
    """An admin, or whoever watches this notice, has its dead deliveries tried once more. Returns how many.

    Each keeps its Message-ID, so that a mail program folds a second copy. Bounced addresses stay as they are.
    """
    meaning = registry.kind(notice.kind)
    watches = meaning.may_watch is not None and meaning.may_watch(by, notice)
    if not (by.is_platform_admin or watches):
        raise PermissionDenied
    revived = Delivery.objects.dead().filter(notice=notice).update(due_at=at, **_AFRESH)
    if revived:
        Notice.objects.filter(pk=notice.pk).update(settled_at=None)
        ledger.record("notice.tried_again", by=by, about=notice, at=at, detail={"deliveries": revived})
        waking.after_commit("send_urgent" if notice.urgent else "send")
        if Delivery.objects.waiting().filter(notice=notice, channel=Channel.PUSH).exists():
            waking.after_commit("push")
    return revived


@transaction.atomic
def send_again(*, by: Person, at: datetime) -> int:
    """An admin has the account mails that could not be sent, and are still of use, tried once more. Returns how many."""
    if not by.is_platform_admin:
        raise PermissionDenied
    revived = Errand.objects.filter(state=State.DEAD, mail__useful_until__gt=at).update(due_at=at, **_AFRESH)
    if revived:
        waking.after_commit("send_urgent")
    return revived
