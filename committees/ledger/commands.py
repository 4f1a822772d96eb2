"""Appending to the ledger. There is no other verb: entries are never changed, and only `prune` removes old ones."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.utils import timezone

from committees.ledger.models import Entry, Head

if TYPE_CHECKING:
    from committees.people.models import Person

PLATFORM = "platform"
_PLAIN = (str, int, bool, type(None))


def digest_of(*, chain: str, position: int, at: datetime, verb: str, actor: str, about: str, detail: dict[str, Any], previous: str) -> str:
    """SHA-256 (hex) over a canonical JSON form of one entry and the digest before it."""
    body = [chain, position, at.isoformat(), verb, actor, about, detail, previous]
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def name_of(row: models.Model) -> str:
    """How the ledger names a row: its room and model, and its slug (or key where it has none)."""
    return f"{row._meta.label}:{getattr(row, 'slug', row.pk)}"


@transaction.atomic
def record(
    verb: str,
    *,
    by: Person | None,
    about: models.Model,
    committee: models.Model | None = None,
    at: datetime | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Append one act to the committee's chain, or to the platform's. Called last inside the command's transaction.

    `detail` holds plain values (states, counts, roles), never text, addresses or names; ValueError otherwise.
    """
    detail = detail or {}
    for value in detail.values():
        if not isinstance(value, _PLAIN) or (isinstance(value, str) and len(value) > 60):
            raise ValueError("the ledger keeps states and counts, not text")
    chain = committee.slug if committee is not None else PLATFORM  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_head (chain, position, digest) VALUES (%s, 0, '') ON CONFLICT DO NOTHING", [chain])
    head = Head.objects.select_for_update().get(chain=chain)
    at = at or timezone.now()
    actor = by.ledger_key if by is not None else None
    entry = Entry(chain=chain, position=head.position + 1, at=at, verb=verb, actor=actor, about=name_of(about), detail=detail, previous=head.digest)
    entry.digest = digest_of(
        chain=chain, position=entry.position, at=at, verb=verb, actor=str(actor or ""), about=entry.about, detail=detail, previous=head.digest
    )
    entry.save(force_insert=True)
    Head.objects.filter(chain=chain).update(position=entry.position, digest=entry.digest)
    return entry
