"""What was found where, held against leaks.txt."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tests.safety import leaks
from tests.safety.table import SHORT

FILE = Path(__file__).with_name("leaks.txt")
LEAVES = ("subj", "head", "neut", "kind", "full", "ical")
STAYS = ("log", "redis", "dump", "files")
#: Whose a word is that is named after a thing: a draft is its organizer's, who may send it to themself as a test.
OWNERS = {"home.draft": "home.founder1"}
_WORD = re.compile(rb"zq[a-z0-9]{6,}")


@dataclass(frozen=True)
class Rule:
    word: str
    whose: str
    cells: dict[str, str]


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rows of leaks.txt; page columns are named by role."""
    lines = [line.split("#")[0].split() for line in FILE.read_text().splitlines()]
    head, *body = [line for line in lines if line]
    assert head == ["word", "whose", *SHORT, *LEAVES, *STAYS], "leaks.txt begins with a line of headings"
    columns = [*SHORT.values(), *LEAVES, *STAYS]
    found = []
    for word, whose, *cells in body:
        assert len(cells) == len(columns), f"leaks.txt: {word} {whose} has {len(cells)} cells for {len(columns)} columns"
        assert set(cells) <= {"-", "x", "!", "own"}, f"leaks.txt: {word} {whose}"
        found.append(Rule(word, whose, dict(zip(columns, cells, strict=True))))
    return tuple(found)


def rule_for(word: str, whose: str) -> Rule:
    """The first row that fits; a word without one fails the run with its name."""
    for rule in rules():
        if rule.word == word and rule.whose in (whose, "rest", "any"):
            return rule
    raise LookupError(f"tests/safety/leaks.txt has no row for {word} of {whose}")


@dataclass
class Finds:
    """Every secret of a run, and each place where one was seen: (word, whose, column, person, where)."""

    secrets: dict[str, tuple[str, str]]
    others: dict[str, tuple[str, str]] = field(default_factory=dict)
    seen: dict[tuple[str, str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    _searches: dict[str, leaks.Search] = field(default_factory=dict)

    def look(self, heap: bytes, *, column: str, person: str = "", where: str = "") -> None:
        """Plain text: pages, mails, calendars, logs."""
        low = heap.lower()
        for found in {match.decode() for match in _WORD.findall(low)} & self.secrets.keys():
            self._note(*self.secrets[found], column, person, where)
        for text, (word, whose) in self.others.items():
            if text.lower().encode() in low:
                self._note(word, whose, column, person, where)

    def dig(self, heap: bytes, *, column: str, where: str = "") -> None:
        """A heap of bytes: only for what must not be there, in every form in which it might be."""
        every = self.secrets | self.others
        if column not in self._searches:
            self._searches[column] = leaks.Search(text for text, named in every.items() if rule_for(*named).cells[column] == "-")
        for text in self._searches[column].found_in(heap):
            self._note(*every[text], column, "", where)

    def _note(self, word: str, whose: str, column: str, person: str, where: str) -> None:
        self.seen[word, whose, column].append((person, where))

    def forbidden(self) -> list[str]:
        """Everything that was seen where it must not be."""
        found = []
        for (word, whose, column), places in sorted(self.seen.items()):
            cell = rule_for(word, whose).cells[column]
            wrong = places if cell == "-" else [place for place in places if cell == "own" and place[0] != OWNERS.get(whose, whose)]
            if wrong:
                person, where = wrong[0]
                found.append(f"{word} of {whose} in {column}: {person} {where} (and {len(wrong) - 1} more)")
        return found

    def missing(self) -> list[str]:
        """Everything that should have been seen, so that a search which sees nothing is noticed."""
        seen = {(word, whose, column) for word, whose, column in self.seen}
        by_word: dict[str, set[str]] = defaultdict(set)
        for word, whose in (*self.secrets.values(), *self.others.values()):
            by_word[word].add(whose)
        found = []
        for rule in rules():
            owners = {whose for whose in by_word[rule.word] if rule_for(rule.word, whose) is rule}
            found += [f"{rule.word} {rule.whose}: nobody of that name" for _ in (1,) if not owners]
            for column, cell in rule.cells.items():
                if cell == "!" and not any((rule.word, whose, column) in seen for whose in owners):
                    found.append(f"{rule.word} of {rule.whose} was not seen in {column}")
        return found
