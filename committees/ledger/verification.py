"""Walking the chains: is every entry what it was when it was written, and is none missing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from committees.ledger import seals
from committees.ledger.commands import KEPT, digest_of
from committees.ledger.models import Checkpoint, Entry, Head

BATCH = 2000


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where."""

    chain: str
    position: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain}#{self.position}: {self.what}"


@dataclass
class Report:
    """What a walk found. `heads` is worth keeping elsewhere: a later walk can be held against it."""

    entries: int = 0
    chains: int = 0
    checkpoints: int = 0
    heads: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    public_key: str = ""

    @property
    def intact(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        return {"intact": self.intact, **asdict(self)}


class _Walk:
    """One chain, entry by entry, against its checkpoints, its head and what was noted elsewhere."""

    def __init__(self, chain: str, head: Head | None, checkpoints: Iterable[Checkpoint], noted: tuple[int, str] | None, at: datetime) -> None:
        self.chain, self.head, self.at = chain, head, at
        self.marks = {mark.position: mark for mark in checkpoints}
        self.noted = noted
        self.seen = 0

    def faults(self, entries: Iterator[Entry]) -> Iterator[Fault]:
        yield from self._signatures()
        last: Entry | None = None
        for entry in entries:
            self.seen += 1
            yield from self._begins(entry) if last is None else self._follows(entry, last)
            if digest_of(entry) != entry.digest:
                yield Fault(self.chain, entry.position, "the entry was changed: its digest is another")
            mark = self.marks.get(entry.position)
            if mark is not None and mark.digest != entry.digest:
                yield Fault(self.chain, entry.position, "the entry is not the one that its checkpoint signed")
            if self.noted and self.noted[0] == entry.position and self.noted[1] != entry.digest:
                yield Fault(self.chain, entry.position, "the entry is not the one that was noted elsewhere")
            last = entry
        yield from self._ends(last)

    def _signatures(self) -> Iterator[Fault]:
        for mark in self.marks.values():
            if not seals.checkpoint_holds(mark.signature, chain=mark.chain, position=mark.position, digest=mark.digest, through=mark.through):
                yield Fault(self.chain, mark.position, "the checkpoint's signature does not hold")
        head = self.head
        if head is None:
            yield Fault(self.chain, 0, "the chain has no end: its head is missing")
        elif head.position and not seals.head_holds(head.signature, chain=head.chain, position=head.position, digest=head.digest):
            yield Fault(self.chain, head.position, "the signature of the chain's end does not hold")

    def _begins(self, entry: Entry) -> Iterator[Fault]:
        """At one; or right after a checkpoint that stands in for entries old enough to be gone."""
        if entry.position == 1:
            if entry.previous:
                yield Fault(self.chain, 1, "the first entry names one before it")
            return
        mark = self.marks.get(entry.position - 1)
        if mark is None or mark.digest != entry.previous:
            yield Fault(self.chain, entry.position, "entries before this one are missing, and no checkpoint stands in for them")
        elif mark.through > self.at - KEPT:
            yield Fault(self.chain, entry.position, "entries before this one were removed before their time")

    def _follows(self, entry: Entry, last: Entry) -> Iterator[Fault]:
        if entry.position != last.position + 1:
            yield Fault(self.chain, entry.position, f"{entry.position - last.position - 1} entries before this one are missing")
        elif entry.previous != last.digest:
            yield Fault(self.chain, entry.position, "the entry does not follow from the one before it")

    def _ends(self, last: Entry | None) -> Iterator[Fault]:
        position, digest = (last.position, last.digest) if last else self._pruned_to()
        if self.head is not None and (self.head.position, self.head.digest) != (position, digest):
            yield Fault(self.chain, self.head.position, f"the chain ends at {position}, not where its head says")
        for mark in self.marks.values():
            if mark.position > position:
                yield Fault(self.chain, mark.position, f"a checkpoint was signed here, but the chain ends at {position}")
        if self.noted and self.noted[0] > position:
            yield Fault(self.chain, self.noted[0], f"an end was noted elsewhere, but the chain ends at {position}")

    def _pruned_to(self) -> tuple[int, str]:
        """Where a chain ends of which nothing is left: at its last checkpoint, if that is old enough."""
        mark = max(self.marks.values(), key=lambda each: each.position, default=None)
        return (mark.position, mark.digest) if mark is not None and mark.through <= self.at - KEPT else (0, "")


def verify(*, at: datetime, chain: str = "", noted: Mapping[str, tuple[int, str]] | None = None) -> Report:
    """Walk every chain (or one). `noted` holds ends of chains, {chain: (position, digest)}, from an earlier report."""
    with _one_moment():
        return _walk_all(at, chain, noted or {})


@contextmanager
def _one_moment() -> Iterator[None]:
    """All reads see the database as it was at one moment: what is appended meanwhile is left for the next walk."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _walk_all(at: datetime, chain: str, noted: Mapping[str, tuple[int, str]]) -> Report:
    only = {"chain": chain} if chain else {}
    heads = {head.chain: head for head in Head.objects.filter(**only)}
    marks: dict[str, list[Checkpoint]] = {}
    for mark in Checkpoint.objects.filter(**only).iterator(BATCH):
        marks.setdefault(mark.chain, []).append(mark)
    report = Report(public_key=seals.public_key(), checkpoints=sum(map(len, marks.values())))
    rows = Entry.objects.filter(**only).in_order().iterator(BATCH)
    waiting = set(heads) | set(marks) | {name for name in noted if not chain or name == chain}

    def walk(name: str, entries: Iterator[Entry]) -> None:
        waiting.discard(name)
        steps = _Walk(name, heads.get(name), marks.get(name, ()), noted.get(name), at)
        report.faults.extend(steps.faults(entries))
        report.chains += 1
        report.entries += steps.seen

    for name, entries in groupby(rows, key=lambda entry: entry.chain):
        walk(name, entries)
    for name in sorted(waiting):  # chains of which no entry is left
        walk(name, iter(()))
    report.heads = {name: [head.position, head.digest] for name, head in sorted(heads.items())}
    return report
