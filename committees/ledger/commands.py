"""Appending to the ledger, and letting go of what is too old. There is no other verb: an entry is never changed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.db.models import Max, Min
from django.utils import timezone

from committees.ledger import seals
from committees.ledger.models import Checkpoint, Entry, Head, chain_of, name_of

if TYPE_CHECKING:
    from committees.people.models import Person

KEPT = timedelta(days=365)
_VERB = re.compile(r"[a-z_]+(\.[a-z_]+)+")
#: A state, a count, a date, a code: nothing with a blank or an @ in it.
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_.:/+-]{0,60}")


def _refuse_text(detail: dict[str, Any]) -> None:
    for key, value in detail.items():
        word = value if isinstance(value, str) else ""
        if not isinstance(value, (str, int, type(None))) or not _PLAIN_WORD.fullmatch(word) or not _PLAIN_WORD.fullmatch(key):
            raise ValueError(f"the ledger keeps states and counts, not text ({key!r})")


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

    `detail` holds plain values (states, counts, codes), never text, addresses or names; ValueError otherwise. Until the
    transaction ends, nobody else appends to this chain.
    """
    detail = detail or {}
    _refuse_text(detail)
    if not _VERB.fullmatch(verb):
        raise ValueError(f"{verb!r} is not a verb: noun.done, in lower case")
    chain = chain_of(committee)
    head = _locked_head(chain)
    entry = Entry(
        chain=chain,
        position=head.position + 1,
        at=at or timezone.now(),
        verb=verb,
        actor=by.ledger_key if by is not None else None,
        about=name_of(about),
        detail=detail,
        previous=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    head.position, head.digest = entry.position, entry.digest
    head.signature = seals.sign_head(chain, head.position, head.digest)
    head.save(force_update=True)
    return entry


def hold(*committees: models.Model) -> None:
    """Given before the first entry by a command that writes into the chains of several committees: it takes them in one order for
    all, so that two of them at once wait, and never for each other."""
    for chain in sorted({chain_of(committee) for committee in committees}):
        _locked_head(chain)


def digest_of(entry: Entry) -> str:
    """What this entry's digest must be."""
    return seals.digest_of(
        chain=entry.chain,
        position=entry.position,
        at=entry.at,
        verb=entry.verb,
        actor=entry.actor,
        about=entry.about,
        detail=entry.detail,
        previous=entry.previous,
    )


def _locked_head(chain: str) -> Head:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_head (chain, position, digest, signature) VALUES (%s, 0, '', '') ON CONFLICT DO NOTHING", [chain])
    return Head.objects.select_for_update().get(chain=chain)


def _checkpoint(chain: str, position: int) -> None:
    """Sign where the chain stood at this position, unless that was done."""
    if Checkpoint.objects.filter(chain=chain, position=position).exists():
        return
    entries = Entry.objects.filter(chain=chain)
    through = entries.filter(position__lte=position).aggregate(newest=Max("at"))["newest"]
    older = Checkpoint.objects.filter(chain=chain, position__lt=position).aggregate(newest=Max("through"))["newest"]
    through = max(through, older) if older else through
    digest = entries.get(position=position).digest
    Checkpoint.objects.create(
        chain=chain,
        position=position,
        digest=digest,
        through=through,
        signature=seals.sign_checkpoint(chain, position, digest, through),
    )


@transaction.atomic
def prune(chain: str, *, at: datetime) -> int:
    """Sign where this chain stands, then let go of its entries older than a year. Returns how many went.

    Only a whole beginning goes, up to a checkpoint of its own; the database refuses anything else. What is said about a
    person in the ledger ends with it, and with the erasure of their key.
    """
    head = _locked_head(chain)
    entries = Entry.objects.filter(chain=chain)
    if not head.position or not entries.exists():
        return 0
    _checkpoint(chain, head.position)
    first_kept = entries.filter(at__gt=at - KEPT).aggregate(first=Min("position"))["first"]
    last_gone = (first_kept or head.position + 1) - 1
    if not entries.filter(position__lte=last_gone).exists():
        return 0
    _checkpoint(chain, last_gone)
    gone = entries.filter(position__lte=last_gone).delete()[0]
    Checkpoint.objects.filter(chain=chain, position__lt=last_gone).delete()
    return gone


def prune_all(at: datetime) -> int:
    """Every chain in turn, each in a transaction of its own (the nightly job of the retention table)."""
    return sum(prune(chain, at=at) for chain in Head.objects.order_by("chain").values_list("chain", flat=True))
