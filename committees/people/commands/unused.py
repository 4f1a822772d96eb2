"""Accounts that nobody uses any more and that belong nowhere: told a month before, then erased.

Both are the clock's. Each asks the rows alone what is due, so that it may run twice, and four times at once; whoever dies in
between has done nothing or all of it. What belongs somewhere is said by the rooms above (registry.keeps_accounts).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import translation

from committees.base import dates
from committees.people import outbox, registry
from committees.people.commands.accounts import erase
from committees.people.models import Person, PersonQuerySet

log = logging.getLogger(__name__)

#: Two years, of whatever length.
UNUSED_DAYS = 731
#: So long before, they are told.
TOLD_DAYS = 30
#: In one turn of the clock, which comes each minute.
TOLD_AT_ONCE, ERASED_AT_ONCE = 100, 20


def _unused(at: datetime) -> PersonQuerySet:
    return registry.that_belong_nowhere(Person.objects.unused_since((at - timedelta(days=UNUSED_DAYS)).date()))


def _due(at: datetime) -> PersonQuerySet:
    return _unused(at).filter(ends_told_on__lte=(at - timedelta(days=TOLD_DAYS)).date())


@transaction.atomic
def tell_of_erasure(at: datetime) -> int:
    """Whoever has not used their account for two years is told when it will be erased, at each address they chose first; who has none
    is told nothing and has the same time. Nothing lies in their inbox, for coming to read it keeps the account. Returns how many."""
    rows = _unused(at).filter(ends_told_on=None).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    due = list(rows[:TOLD_AT_ONCE])
    if not due:
        return 0
    Person.objects.get_queryset().filter(pk__in=[person.pk for person in due]).update(ends_told_on=at.date())
    reached = outbox.reached(due)
    for person in due:
        if person.pk in reached:
            with translation.override(person.language):
                day = dates.day((at + timedelta(days=TOLD_DAYS)).date(), now=at)
            outbox.warn(person, "account_ends", context={"day": day})
        registry.record("account.erasure_told", by=None, about=person, at=at, detail={})
    return len(due)


def erase_unused(at: datetime) -> int:
    """Whoever was told thirty days ago and has not used the account since: it is erased as if they had done it. Nobody is told.

    Each in a transaction of its own; one that fails does not keep the others. Returns how many.
    """
    ids = _due(at).order_by("ends_told_on", "pk").values_list("pk", flat=True)[:ERASED_AT_ONCE]
    return sum(_erase(pk, at=at) for pk in list(ids))


def _erase(pk: int, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            person = _due(at).filter(pk=pk).select_for_update(of=("self",), skip_locked=True).first()
            if person is None:
                return False
            erase(person, by=None, at=at)
            registry.record("account.erased", by=None, about=person, at=at, detail={})
    except DatabaseError:
        raise
    except Exception as problem:  # noqa: BLE001  whatever a room cannot erase, the others' accounts are erased all the same
        log.error("an unused account was not erased (%s)", type(problem).__name__)
        return False
    return True
