"""The seeds of second steps (an app's, the spare codes'), which the accounts library keeps in JSON and this site seals."""

from __future__ import annotations

import base64
import binascii

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from committees.base import crypto
from committees.base.rotation import BATCH, Count

LABEL = "mfa.Authenticator"
#: Where the library keeps a seed in `data`. The codes follow from it and are not kept.
_SEEDS = ("secret", "seed")


def seal(text: str) -> str:
    return base64.b64encode(crypto.seal(text.encode(), label=LABEL)).decode()


def unseal(sealed: str) -> str:
    """Raises CannotOpen."""
    try:
        return crypto.open_sealed(base64.b64decode(sealed, validate=True), label=LABEL).decode()
    except binascii.Error:
        raise crypto.CannotOpen(f"a sealed value of {LABEL} is not base64") from None


def seal_anew(dry_run: bool) -> Count:
    """Seal the seeds that were sealed under an older key under the current one; counts only, if it is a dry run."""
    count = Count(f"{LABEL}.data")
    holders = Authenticator.objects.filter(data__has_any_keys=_SEEDS)
    for pk, data in holders.order_by("pk").values_list("pk", "data").iterator(chunk_size=BATCH):
        for name in _SEEDS:
            if name in data:
                count.values += 1
                if _is_older(data[name]):
                    count.older += 1
                    _one(pk, name, count, dry_run=dry_run)
    return count


def _is_older(sealed: str) -> bool:
    try:
        return crypto.sealed_version(base64.b64decode(sealed, validate=True)) != settings.FIELD_KEYS.current
    except (binascii.Error, IndexError):
        return True


def _one(pk: int, name: str, count: Count, *, dry_run: bool) -> None:
    with transaction.atomic():
        holder = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if holder is None or name not in holder.data:  # removed meanwhile
            return
        try:
            anew = seal(unseal(holder.data[name]))
        except crypto.CannotOpen:
            count.unreadable += 1
            return
        if not dry_run:
            Authenticator.objects.filter(pk=pk).update(data=holder.data | {name: anew})
            count.sealed_anew += 1
