"""The columns of a list as their first rows show them: what the cells could be, and how columns hang together."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from committees.directory import names
from committees.directory.imports import values
from committees.directory.imports.reading import Record, Source

SAMPLE = 2000
type Mapped = dict[str, int]
#: name keys → those that the directory already knows as an employer.
type Known = Callable[[set[str]], set[str]]
type Where = Sequence[values.Position | None]


@dataclass
class Column:
    """What a column holds, as far as the first rows tell."""

    index: int
    heading: str
    cells: list[str]
    raw: list[object]

    @cached_property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(names.fold(cell) for cell in self.filled)

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many of the filled cells could be a number, a date, a town …"""
        return Counter(kind for cell in self.filled for kind in values.kinds(cell))

    @property
    def fullness(self) -> float:
        return len(self.filled) / max(1, len(self.cells))

    @property
    def variety(self) -> float:
        """1 where every cell is another, near 0 where a few values return."""
        return len(self.counts) / max(1, len(self.filled))

    @cached_property
    def length(self) -> float:
        return sum(map(len, self.filled)) / max(1, len(self.filled))

    def share(self, kind: str) -> float:
        """Part of the filled cells that could be of this kind."""
        return self.kinds[kind] / max(1, len(self.filled))

    @cached_property
    def positions(self) -> float:
        pairs = [cell for cell in self.raw if cell and values.positions(cell)]  # type: ignore[arg-type]
        return len(pairs) / max(1, len(self.filled))

    @property
    def is_prose(self) -> bool:
        return self.length > 90

    @property
    def is_name_like(self) -> bool:
        """Could hold the names of something: words, not figures, dates, links, unions or sentences."""
        figures = max(self.share("number"), self.share("date"), self.share("link"), self.share("union"))
        return self.fullness > 0.3 and figures < 0.2 and not self.is_prose and self.length > 2


@dataclass
class Table:
    """The first rows of a list, by column."""

    columns: list[Column]
    known: Known = field(default=lambda _keys: set())

    @classmethod
    def of(cls, source: Source, known: Known) -> Table:
        sample: list[Record] = [r for r in itertools.islice(source, SAMPLE) if not r.broken and not r.surplus]
        raw = [[record.cells[i] for record in sample] for i in range(len(source.headings))]
        columns = [Column(i, heading, [values.text(cell) for cell in raw[i]], list(raw[i])) for i, heading in enumerate(source.headings)]
        return cls(columns, known)

    def settles(self, one: Column, other: Column) -> float:
        """How far the value of `one` settles that of `other`, beyond chance: towns settle their state, dates don't. 0 to 1."""
        pairs = [(names.fold(a), names.fold(b)) for a, b in zip(one.cells, other.cells, strict=True) if a and b]
        if not pairs:
            return 0.0
        groups: dict[str, Counter[str]] = {}
        for a, b in pairs:
            groups.setdefault(a, Counter())[b] += 1
        several = [group for group in groups.values() if group.total() > 1]
        total = sum(group.total() for group in several)
        if total < max(6, 0.04 * len(pairs)):
            return 0.0
        agreeing = sum(group.most_common(1)[0][1] - 1 for group in several) / (total - len(several))
        chance = max(Counter(b for _a, b in pairs).values()) / len(pairs)
        return max(0.0, (agreeing - chance) / (1 - chance)) if chance < 0.995 else 0.0

    def gathers(self, column: Column, where: Where) -> float:
        """Part of the rows with the same value that lie within 40 km of one another: towns do, employers don't."""
        groups: dict[str, list[values.Position]] = {}
        for cell, at in zip(column.cells, where, strict=True):
            if cell and at:
                groups.setdefault(names.fold(cell), []).append(at)
        several = [group for group in groups.values() if len(set(group)) > 1]
        if sum(map(len, several)) < max(6, 0.04 * len(column.filled)):
            return 0.0
        near = sum(math.dist(group[0], at) < 0.4 for group in several for at in group[1:])
        return near / sum(len(group) - 1 for group in several)
