"""Finding a site by whatever a worker types: its code, an alias, a town, misspelt, without accents, in another script.

Four steps, each bounded, the next only where the one before found too little:

1. every word as it is written,
2. every word as written, or as the beginning of one: somebody is still typing,
3. words that look or sound like those typed,
4. some of the words, where no site has them all.

Each ranks RANKED sites at most. What very many sites answer is sought in a part of the table, always the same part, so that
a common word costs no more than a rare one. bench/directory.py compares this with trigrams over the sites themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import OperationalError, connection, transaction
from django.db.models import Func, QuerySet, TextField
from psycopg.errors import QueryCanceled

from committees.base import prepared
from committees.base.prepared import Slot
from committees.directory import names, places
from committees.directory.fields import anything, either, everything
from committees.directory.models import State, Workplace, WorkplaceQuerySet
from committees.directory.terms import NEAR, Term, look_up, terms, widen

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from committees.people.models import Person

type Asker = Person | AnonymousUser | None


def _kind_of_asker(person: Asker) -> tuple[bool, bool]:
    inside = person is not None and person.is_authenticated
    return inside, inside and bool(getattr(person, "is_platform_admin", False))


def _stand_in_asker(parts: list[int], person: Asker) -> Any:
    inside, admin = _kind_of_asker(person)
    return SimpleNamespace(pk=parts[0], is_authenticated=True, is_platform_admin=admin) if inside else None


#: Whoever asks for sites, as an argument of a prepared query: only `Workplace.objects.visible_to` looks at them.
an_asker = Slot(_stand_in_asker, ((prepared.a_number.parts[0][0], lambda person: person.pk),), _kind_of_asker, may_be_unused=True)

#: How many sites are ranked. More than that and the words say too little; the page asks for another word.
RANKED = 300
#: Sites that answer less than this part of what the best one answers are not shown.
WORTH = 0.66
#: From so many sites on a part of them is looked through first: so many rows, and some to spare that not everybody may see.
MANY, PART, SPARE = 50_000, 5000, 50
#: Where only one or two letters are typed, so many sites of that part are enough.
ENOUGH = 20
#: A word that so large a share of all sites has is common; one with less than the other is rare.
COMMON, RARE = 0.02, 0.005
#: At so many sites, at most, is a word looked for that the index was not asked for.
LOOKED_AT = 5000
#: What one statement may take, in milliseconds. None should come near it; it bounds what nobody has thought of.
PATIENCE = 1000

_PREPARE = """
SELECT reltuples, set_config('enable_seqscan', 'off', true), set_config('pg_trgm.similarity_threshold', %s, true),
    set_config('statement_timeout', %s, true) FROM pg_class WHERE oid = 'directory_workplace'::regclass
"""
_IN_PART = "SELECT id FROM directory_workplace TABLESAMPLE SYSTEM (%s) REPEATABLE (1) WHERE words @@ %s::tsquery LIMIT %s"
#: How large a share of the sites has a word, as far as the planner keeps count of it: of common words only.
_SHARES = """
SELECT e.word, e.share FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e(word, share)
WHERE s.schemaname = current_schema() AND s.tablename = 'directory_workplace' AND s.attname = 'words' AND e.word = ANY(%s)
"""


@dataclass(frozen=True)
class Found:
    """What was found: ids, best first; how much of what was typed the best one answers (1: every word).

    `is_capped`: there may be more. `gave_up`: the search took too long and was stopped.
    """

    ids: list[int] = field(default_factory=list)
    exactness: float = 0.0
    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    is_capped: bool = False
    gave_up: bool = False
    #: What the page has already marked: a piece of a line → its HTML.
    marks: dict[str, str] = field(default_factory=dict, compare=False)

    def means(self, word: str) -> bool:
        """Was this word of a site meant? Then it is marked."""
        return word in self.words or word.startswith(self.beginnings)


def find(typed: str, *, person: Asker = None, country: str = "", kinds: Sequence[str] = ()) -> Found:
    """The sites that answer what was typed. A few bounded queries, however many sites there are.

    Those that answer much less of it than the best one are left out.
    """
    found = terms(typed)
    if not found:
        return Found()
    search = _Search(found, code=names.code_key(typed), person=person, country=country, kinds=kinds)
    inside_another = connection.in_atomic_block
    try:
        with transaction.atomic():
            search.run()
            if inside_another:
                transaction.set_rollback(True)  # nothing was written; the settings of this search end with it, and not later
    except OperationalError as stopped:
        if not isinstance(stopped.__cause__, QueryCanceled):
            raise
        search.gave_up = True
    return search.found()


#: What a site's score is made of.
_SCORED = ("pk", "code_key", "state", Func("words", function="tsvector_to_array", output_field=ArrayField(TextField())))
type Scored = tuple[int, str, str, list[str]]


@cache
def _answering(questions: int) -> prepared.Prepared[Scored]:
    """The sites that answer so many questions. Each is a condition of its own, which the index puts together faster."""

    def build(person: Asker, kinds: Sequence[str], country: str, **asked: str) -> QuerySet[Workplace, Scored]:
        sites = Workplace.objects.visible_to(person).matching(kinds=kinds, country=country)
        for question in asked.values():
            sites = sites.filter(words__says=question)
        return sites.values_list(*_SCORED)[:RANKED]

    slots = {f"question_{n}": prepared.a_word for n in range(questions)}
    return prepared.PlannedEachTime(build, person=an_asker, kinds=prepared.a_fork, country=prepared.perhaps_a_word, **slots)


class _Search:
    """One search on its way: what is sought, and what was found. `likeness` is site id → how well it answers."""

    def __init__(self, found: Sequence[Term], *, code: str, person: Asker, country: str, kinds: Sequence[str]) -> None:
        self.terms = found
        self.code = code
        self.person, self.kinds, self.country = person, tuple(kinds), country
        self.sites = Workplace.objects.visible_to(person).matching(kinds=kinds, country=country)
        # Every site has its kind and its country among its words, so the index narrows by them too.
        self.narrower = [anything(kinds)] if kinds else []
        self.narrower += [anything({word}) for word in names.words(places.country_names(country)[0])] if country else []
        self.likeness: dict[int, float] = {}
        self.shares: dict[str, float] = {}
        self.part = 0.0
        self.is_part = self.gave_up = False

    def run(self) -> None:
        """The steps in turn, until one has found something."""
        self._prepare()
        look_up(self.terms)
        are_whole = all(term.written for term in self.terms)
        if are_whole and not self._ranked_in_part(written := [anything(term.written) for term in self.terms]):
            self._rank(written)
        typing = self.terms[-1:] if are_whole else self.terms  # after whole words only the last is still being typed
        if len(self.likeness) < RANKED and all(term.likely for term in self.terms) and any(term.begun for term in typing):
            self._rank_begun(typing)
        if not self.likeness:
            self._rank_like()
        if not self.likeness and len(self.terms) > 1:
            self._rank_some()

    def found(self) -> Found:
        best = max(self.likeness.values(), default=0.0)
        order = sorted(((score, pk) for pk, score in self.likeness.items() if score >= WORTH * best), key=lambda item: (-item[0], item[1]))
        ids = [pk for _score, pk in order[:RANKED]]
        words = frozenset(word for term in self.terms for word in term.like)
        beginnings = tuple(form for term in self.terms if term.is_open for form in term.beginnings)
        more = self.is_part or self.gave_up or len(ids) >= RANKED
        return Found(ids, min(1.0, best / len(self.terms)), words, beginnings, more, self.gave_up)

    def _prepare(self) -> None:
        """What holds for this search: the index is used even where the planner takes rare words for common ones and would
        rather read the whole table; what is like; what a statement may take."""
        ((sites, *_settings),) = prepared.rows(_PREPARE, [str(NEAR), str(PATIENCE)])
        self.part = min(100.0, 100 * PART / sites) if sites > MANY else 0.0

    def _asking(self, questions: Iterable[str]) -> WorkplaceQuerySet:
        """The sites that answer all of these. Each is a condition of its own, which the index puts together faster."""
        sites = self.sites
        for question in (*questions, *self.narrower):
            sites = sites.filter(words__says=question)
        return sites

    def _ranked_in_part(self, questions: Iterable[str], *, enough: int = RANKED) -> bool:
        """Are there so many in a part of the table that the others need not be looked at?"""
        if not self.part:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_IN_PART, [self.part, everything([*questions, *self.narrower]), RANKED + SPARE])
            there = [pk for (pk,) in cursor.fetchall()]
        if len(there) < enough:
            return False
        self._score(self.sites.filter(pk__in=there)[:RANKED])
        self.is_part = len(self.likeness) >= enough
        return self.is_part

    def _rank_begun(self, typing: Sequence[Term]) -> None:
        """Words as beginnings. One that very many words have is not collected from the index where another word is rare, nor
        where it has one or two letters only: it is looked for at the sites that have the other words."""
        begins = {term: term.begins() if term in typing else anything(term.written) for term in self.terms}
        opened = [term for term in typing if term.is_open]
        listed = [term for term in self.terms if term not in opened]
        if self._ranked_in_part(begins.values(), enough=ENOUGH if any(term.is_short for term in typing) else RANKED):
            return
        shares = self._shares(listed) if opened and listed else {}
        is_rare = any(term.share(shares) < RARE for term in listed)
        looked_for = sorted(opened if is_rare else (term for term in opened if term.is_short), key=lambda term: max(map(len, term.beginnings)))
        if len(looked_for) == len(self.terms):
            looked_for.pop()
        asked = [question for term, question in begins.items() if term not in looked_for]
        if looked_for:
            rows = self._asking(asked).values("pk")[:LOOKED_AT]
            self._score(Workplace.objects.filter(pk__in=rows, words__says_too=everything(begins[term] for term in looked_for))[:RANKED])
        else:
            self._rank(asked)

    def _rank_like(self) -> None:
        """Words that look or sound alike. A word that very many sites have was hardly typed by mistake."""
        self.shares = self._shares(self.terms)
        unsure = [term for term in self.terms if not self._is_common(term.written)]
        widen(unsure)
        for term in self.terms:
            if term not in unsure:
                term.near.clear()
        if unsure:
            looks = [anything(term.like) for term in self.terms if term.like]
            sounds = [anything(term.all) for term in self.terms if term.all]
            self._rank_any([looks, sounds] if looks != sounds else [looks])

    def _rank_some(self) -> None:
        """All words but one, and pairs of the words that say most. Common words alone are sought in a part of the table."""
        self.shares = self._shares(self.terms)
        told = sorted((term for term in self.terms if term.all), key=lambda term: term.share(self.shares))
        common = {term for term in told if self._is_common(term.all)}
        some = [*(combinations(told, len(told) - 1) if len(told) > 3 else ()), *combinations(told[:4], min(2, max(1, len(told) - 1)))]
        asked = [[anything(term.all) for term in these] for these in some if not common.issuperset(these)]
        if asked:
            self._rank_any(asked)
        elif some:
            self._ranked_in_part([either(everything(anything(term.all) for term in these) for these in some)], enough=1)

    def _rank_any(self, several: Sequence[Sequence[str]]) -> None:
        """Sites that answer all questions of one of these lists, some sites for each list. A single question of them all would
        look through every site of every word."""
        each = RANKED // len(several)
        rows = [self._asking(questions).values("pk")[:each] for questions in several if questions]
        if rows:
            self._score(Workplace.objects.filter(pk__in=rows[0].union(*rows[1:], all=True)))
            self.is_part = len(self.likeness) >= each

    def _is_common(self, words: Iterable[str]) -> bool:
        return sum(self.shares.get(word, 0.0) for word in words) >= COMMON

    def _shares(self, some: Iterable[Term]) -> dict[str, float]:
        """Word → the share of sites that have it. Of common words only, and only where there are very many sites."""
        if not self.part:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(_SHARES, [list({word for term in some for word in term.all})])
            return dict(cursor.fetchall())

    def _rank(self, questions: Iterable[str]) -> None:
        """Say of the sites that answer all of these how well they do."""
        asked = {f"question_{n}": question for n, question in enumerate((*questions, *self.narrower))}
        self._score_rows(_answering(len(asked))(person=self.person, kinds=self.kinds, country=self.country, **asked))

    def _score(self, some: WorkplaceQuerySet) -> None:
        self._score_rows(list(some.values_list(*_SCORED)))

    def _score_rows(self, rows: list[Scored]) -> None:
        """Say of each of these sites how well it answers. They are few: it is worked out here, from their words."""
        by_term = [term.scores(words for *_, words in rows) for term in self.terms]
        for (pk, code, state, _words), *scores in zip(rows, *by_term, strict=True):
            self.likeness[pk] = sum(scores) + (2.0 if code and code == self.code else 0.0) - (0.2 if state == State.CLOSED else 0.0)
