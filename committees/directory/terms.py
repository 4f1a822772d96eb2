"""What was typed, as terms: for each word the words of sites that may be meant by it.

A misspelt word is not sought among a million sites but among the words they are made of (`Word`, trigrams).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from django.db import connection

from committees.base import prepared
from committees.directory import names, scripts
from committees.directory.fields import anything, beginning, either

MAX_TYPED = 200
MAX_TERMS = 6
#: Words below this likeness are another word.
NEAR = 0.35
#: How likely a word is meant that was typed in two parts, that begins as typed, that is a slip of the finger apart, that
#: only sounds alike.
JOINED = 0.95
BEGUN = 0.9
SLIPPED = 0.6
SOUNDS_LIKE = 0.4
#: So many words with one beginning are listed; where there are more, the beginning itself is asked for.
LISTED = 40
#: Words of so few letters have too few trigrams to be found by likeness.
SHORT = 6


@dataclass(eq=False)
class Term:
    """One word that was typed, and the words of sites that may be meant, by how likely they are."""

    #: As written, and in Latin letters. Only what some site says, once it is looked up; so are the next two.
    exact: set[str]
    #: Two words typed for one: "bhx 4".
    joined: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    #: What a word may begin with, and whether more words do than are listed in `begun`.
    beginnings: set[str] = field(default_factory=set)
    is_open: bool = False
    near: dict[str, float] = field(default_factory=dict)

    @property
    def written(self) -> set[str]:
        return self.exact | self.joined

    @property
    def likely(self) -> set[str]:
        """The word itself, or words that begin with it."""
        return self.written | self.begun

    @property
    def like(self) -> set[str]:
        """All words that look like it."""
        return self.likely | {word for word in self.near if not word.startswith(names.SOUND)}

    @property
    def all(self) -> set[str]:
        return self.likely | set(self.near)

    @property
    def is_short(self) -> bool:
        """So short a beginning that very many sites have such a word."""
        return self.is_open and min(map(len, self.beginnings)) < 3

    def begins(self) -> str:
        """The question: is the word there, or one that begins with it?"""
        if not self.is_open:
            return anything(self.likely)
        return either([*(beginning(form) for form in sorted(self.beginnings)), *([anything(self.joined)] if self.joined else [])])

    def share(self, shares: Mapping[str, float]) -> float:
        """How large a part of all sites may be meant."""
        return sum(shares.get(word, 0.0) for word in self.all)

    def likeness(self) -> dict[str, float]:
        """Word → how likely it is meant, 0 to 1."""
        less = self.near | dict.fromkeys(self.begun, BEGUN) | dict.fromkeys(self.joined, JOINED)
        return {word: 0.95 * likeness for word, likeness in less.items()} | dict.fromkeys(self.exact, 1.0)

    def scores(self, sites: Iterable[Collection[str]]) -> Iterator[float]:
        """How well each site, given by its words, answers this term, 0 to 1."""
        likeness, begun = self.likeness(), 0.95 * BEGUN
        beginnings = tuple(self.beginnings) if self.is_open else ()
        for words in sites:
            best = max((likeness[word] for word in words if word in likeness), default=0.0)
            yield begun if best < begun and beginnings and any(word.startswith(beginnings) for word in words) else best


def terms(typed: str) -> list[Term]:
    """What was typed, as terms. "bhx 4" also asks for "bhx4"."""
    words = list(dict.fromkeys(names.words(typed[:MAX_TYPED])))[:MAX_TERMS]
    found = [Term(set(names.forms(word))) for word in words]
    for i in range(len(words) - 1):
        joined = words[i] + words[i + 1]
        if len(joined) <= 12:
            found[i].joined.add(joined)
            found[i + 1].joined.add(joined)
    for term, word in zip(found, words, strict=True):
        if len(word) > 1 or word == words[-1]:  # one letter is a beginning only where somebody is still typing
            term.beginnings = set(term.exact)
        if heard := scripts.sound(scripts.latin(word)):
            term.near[names.SOUND + heard] = SOUNDS_LIKE
    return found


def _slips(word: str) -> set[str]:
    """What a slip of the finger may have been meant for: two letters turned round, one too many; in a short word also one
    missing or wrong. (In a longer one that is found by likeness.)"""
    if not 3 <= len(word) <= 12 or word.isdigit():
        return set()
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1} | {a + b[1:] for a, b in halves if b and len(word) > 3}
    if len(word) <= SHORT and word.isascii():
        found |= {a + letter + rest for a, b in halves for letter in ascii_lowercase for rest in (b, b[1:])}
    return found - {word}


_KNOWN = """
SELECT t.n, w.text, FALSE FROM unnest(string_to_array(%(n)s, ' ')::int[], string_to_array(%(words)s, ' ')) AS t(n, word) JOIN directory_word w ON w.text = t.word COLLATE "C"
UNION ALL
SELECT t.n, w.text, TRUE FROM unnest(string_to_array(%(begun_n)s, ' ')::int[], string_to_array(%(begun)s, ' ')) AS t(n, word) CROSS JOIN LATERAL (
    SELECT w.text FROM directory_word w
    WHERE w.text > t.word COLLATE "C" AND w.text < (t.word || chr(1114111)) COLLATE "C" ORDER BY w.text LIMIT %(listed)s::int
) w
"""


def _columns(number: str, word: str, pairs: Sequence[tuple[int, str]]) -> dict[str, str]:
    """Pairs as two texts, which the database takes apart at the spaces: words have none, and arrays of hundreds take longer to write."""
    return {number: " ".join(str(n) for n, _ in pairs), word: " ".join(said for _, said in pairs)}


def look_up(found: Sequence[Term]) -> None:
    """Keep of each term's words those that some site says, and add those that begin with them. One query, by the key."""
    asked = [(n, word) for n, term in enumerate(found) for word in term.written]
    begun = [(n, word) for n, term in enumerate(found) for word in term.beginnings]
    values = {"listed": str(LISTED + 1), **_columns("n", "words", asked), **_columns("begun_n", "begun", begun)}
    known: list[set[str]] = [set() for _ in found]
    for n, word, is_begun in prepared.rows(_KNOWN, values):
        (found[n].begun if is_begun else known[n]).add(word)
    for term, said in zip(found, known, strict=True):
        term.exact, term.joined = term.exact & said, term.joined & said
        term.is_open = len(term.begun) > LISTED


_LIKE = """
SELECT t.n, near.text, near.likeness FROM unnest(string_to_array(%(n)s, ' ')::int[], string_to_array(%(words)s, ' ')) AS t(n, word)
CROSS JOIN LATERAL (
    SELECT w.text, similarity(w.text, t.word) AS likeness FROM directory_word w WHERE w.text %% t.word ORDER BY 2 DESC, 1 LIMIT 12
) near
UNION ALL
SELECT t.n, w.text, %(slipped)s::real FROM unnest(string_to_array(%(slip_n)s, ' ')::int[], string_to_array(%(slips)s, ' ')) AS t(n, word) JOIN directory_word w ON w.text = t.word COLLATE "C"
"""


def widen(found: Sequence[Term]) -> None:
    """Add the words of sites that look like what was typed, or that a slip of the finger made of it. One query, in the index of
    trigrams and by the key."""
    asked = [(n, word) for n, term in enumerate(found) for word in term.beginnings if len(word) > 3]
    slips = [(n, word) for n, term in enumerate(found) for typed in term.beginnings for word in _slips(typed)]
    if not asked and not slips:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, {"slipped": str(SLIPPED), **_columns("n", "words", asked), **_columns("slip_n", "slips", slips)})
        for n, word, likeness in cursor.fetchall():
            if likeness >= NEAR and word not in found[n].exact:
                found[n].near[word] = max(found[n].near.get(word, 0), likeness)
