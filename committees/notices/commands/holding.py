"""Keeping back what is on its way to people whose rights are changing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from committees.notices import locks
from committees.notices.models import Delivery, Lease


@transaction.atomic
def hold_back(person_ids: Iterable[int]) -> None:
    """Whether these people are still meant is asked again: of what has not begun, nothing begins before the transaction
    commits, and then only what they may still have.

    Given by every command that takes something from somebody, after its own rows are written. It waits for no mail, only
    for a worker that is just reading who is meant. Batches that hold something for them end between two sends.
    """
    ids = list(person_ids)
    locks.take_alone(*locks.readers(ids))
    held = Delivery.objects.waiting().filter(person_id__in=ids, lease__isnull=False)
    leases = list(Lease.objects.filter(pk__in=held.values("lease")).order_by("pk").select_for_update().values_list("pk", flat=True))
    Lease.objects.filter(pk__in=leases).update(stale=True)
