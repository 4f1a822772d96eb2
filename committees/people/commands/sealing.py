"""Sealing anew, under a new key, what the accounts library keeps for us."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from committees.base import crypto
from committees.base.rotation import BATCH, Count
from committees.people import seeds


def seal_seeds_anew(dry_run: bool) -> Count:
    """Seal the seeds that were sealed under an older key under the current one; counts only, if it is a dry run."""
    count = Count(f"{seeds.LABEL}.data")
    holders = Authenticator.objects.filter(data__has_any_keys=seeds.NAMES)
    for pk, data in holders.order_by("pk").values_list("pk", "data").iterator(chunk_size=BATCH):
        for name in seeds.NAMES:
            if name in data:
                count.values += 1
                if seeds.is_older(data[name]):
                    count.older += 1
                    _one(pk, name, count, dry_run=dry_run)
    return count


def _one(pk: int, name: str, count: Count, *, dry_run: bool) -> None:
    with transaction.atomic():
        holder = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if holder is None or name not in holder.data:  # removed meanwhile
            return
        try:
            anew = seeds.seal(seeds.unseal(holder.data[name]))
        except crypto.CannotOpen:
            count.unreadable += 1
            return
        if not dry_run:
            Authenticator.objects.filter(pk=pk).update(data=holder.data | {name: anew})
            count.sealed_anew += 1
