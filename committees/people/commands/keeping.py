"""What those who keep the service running do to accounts: close one, open it again, share the care of the service."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.people import outbox, registry, rules
from committees.people.models import DisableReason, Person, Session


def set_platform_admin(person: Person, *, on: bool, by: Person | None) -> None:
    """Give or take the care of the service. `by` is None where it is done on the server itself (setup)."""
    if by is not None:
        rules.require_keeper(by)
    Person.objects.present().filter(pk=person.pk).update(is_platform_admin=on)


@transaction.atomic
def disable(person: Person, *, reason: str, by: Person, at: datetime) -> None:
    """Whoever keeps the service running closes an account. Every session and every token of it dies, nothing opens it, and its
    owner is told so, with the reason, at the addresses they chose.

    Refused to all others, for one's own account, and where it is closed. So the last who keeps the service running stays: nobody
    else could close that account.
    """
    rules.require_keeper(by)
    if person.pk == by.pk:
        raise Refused(_("You cannot close your own account here. Ask somebody else who keeps the service running."))
    # All of them are locked: of two who close each other's account at once, the second is no admin any more.
    keepers = Person.objects.present().filter(is_platform_admin=True).select_for_update().order_by("pk")
    rules.require_keeper({keeper.pk: keeper for keeper in keepers}.get(by.pk))
    closed = Person.objects.select_for_update().filter(pk=person.pk, disabled_on=None, erased_on=None).first()
    if closed is None:
        raise Refused(_("This account is closed already."))
    reason = DisableReason(reason)
    outbox.warn(closed, "account_disabled", context={"reason": reason.value})
    registry.kill_everything(closed)
    Session.objects.visible_to(closed).delete()
    Person.objects.filter(pk=closed.pk).update(is_active=False, disabled_on=at.date())
    registry.hold_back(closed)
    registry.record("account.disabled", by=by, about=closed, at=at, detail={"reason": reason.value})


@transaction.atomic
def enable(person: Person, *, by: Person, at: datetime) -> None:
    """Opens an account again that was closed, and tells its owner. One that its owner hid stays hidden. Refused to all others,
    and where it is not closed."""
    rules.require_keeper(by)
    closed = Person.objects.filter(pk=person.pk, erased_on=None, disabled_on__isnull=False)
    if not closed.update(disabled_on=None, is_active=Q(hidden_on=None)):
        raise Refused(_("This account is not closed."))
    outbox.warn(person, "account_enabled")
    registry.record("account.enabled", by=by, about=person, at=at, detail={})
