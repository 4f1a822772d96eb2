"""Finding a site by whatever a worker types: its code, an alias, a town, misspelt, without accents, in another script.

A misspelt word is not sought among a million sites but among the words they are made of (`Word`, trigrams): the words
that are meant are then looked up exactly. bench/directory.py compares this with trigrams over the sites themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Case, FloatField, Value, When
from django.db.models.expressions import Combinable

from committees.directory import names, scripts
from committees.directory.fields import anything, either, everything
from committees.directory.models import Alias, Employer, State, Workplace, WorkplaceQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from committees.people.models import Person

type Asker = Person | AnonymousUser | None

MAX_TYPED = 200
MAX_TERMS = 6
#: How many sites are ranked. More than that and the words say too little; the page asks for another word.
RANKED = 300
#: Words below this likeness are another word.
NEAR = 0.35
#: How likely a word is meant that only sounds alike, and one that a slip of the finger apart.
SOUNDS_LIKE = 0.4
SLIPPED = 0.6
#: Sites that answer less than this part of what the best one answers are not shown.
WORTH = 0.66

_NEAR_WORDS = """
SELECT t.n, near.text, near.likeness FROM unnest(%s::int[], %s::text[]) AS t(n, word)
CROSS JOIN LATERAL (
    (SELECT w.text, 0.9 AS likeness FROM directory_word w
      WHERE w.text >= t.word COLLATE "C" AND w.text < (t.word || chr(1114111)) COLLATE "C" AND length(t.word) > 1
      ORDER BY w.text LIMIT 40)
    UNION ALL
    (SELECT w.text, similarity(w.text, t.word) FROM directory_word w
      WHERE w.text %% t.word AND length(t.word) > 3
      ORDER BY 2 DESC, 1 LIMIT 12)
) near
"""


@dataclass
class Term:
    """One word that was typed, and the words of sites that may be meant, by how likely they are."""

    exact: set[str]
    near: dict[str, float] = field(default_factory=dict)

    @property
    def likely(self) -> set[str]:
        """The word itself, or words that begin with it."""
        return self.exact | {word for word, likeness in self.near.items() if likeness >= 0.9}

    @property
    def all(self) -> set[str]:
        return self.exact | set(self.near)

    def score(self) -> Combinable:
        """How well a site answers this word, 0 to 1."""
        cases = [When(words__says=anything(self.exact), then=Value(1.0))]
        by_likeness: dict[float, list[str]] = {}
        for word, likeness in self.near.items():
            by_likeness.setdefault(round(likeness * 20) / 20, []).append(word)
        cases += [When(words__says=anything(words), then=Value(0.95 * likeness)) for likeness, words in sorted(by_likeness.items(), reverse=True)]
        return Case(*cases, default=Value(0.0), output_field=FloatField())


def terms(typed: str) -> list[Term]:
    """What was typed, as terms. "bhx 4" also asks for "bhx4"."""
    words = list(dict.fromkeys(names.words(typed[:MAX_TYPED])))[:MAX_TERMS]
    found = [Term(set(names.forms(word))) for word in words]
    for i in range(len(words) - 1):
        joined = words[i] + words[i + 1]
        if len(joined) <= 12:
            found[i].near[joined] = found[i + 1].near[joined] = 0.95
    for term, word in zip(found, words, strict=True):
        for slip in _slips(word):
            term.near.setdefault(slip, SLIPPED)
        if heard := scripts.sound(scripts.latin(word)):
            term.near[names.SOUND + heard] = SOUNDS_LIKE
    return found


def _slips(word: str) -> set[str]:
    """What a slip of the finger may have been meant for: two letters turned round, or one too many. (One missing or
    wrong is found by likeness.)"""
    if not 4 <= len(word) <= 12 or word.isdigit():
        return set()
    turned = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return (turned | {word[:i] + word[i + 1 :] for i in range(len(word))}) - {word}


def _widen(found: Sequence[Term]) -> None:
    """Add the words of sites that look like what was typed. One query."""
    asked = [(n, word) for n, term in enumerate(found) for word in term.exact]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR_WORDS, [[n for n, _ in asked], [word for _, word in asked]])
        for n, word, likeness in cursor.fetchall():
            if likeness >= NEAR and word not in found[n].exact:
                found[n].near[word] = max(found[n].near.get(word, 0), likeness)


def _best(sites: WorkplaceQuerySet, question: str, found: Sequence[Term], code: str) -> dict[int, float]:
    """Site id → likeness for at most RANKED sites that meet the condition."""
    score: Combinable = Case(When(code_key=code, code_key__gt="", then=Value(2.0)), default=Value(0.0), output_field=FloatField())
    for term in found:
        score = score + term.score()
    closed = Case(When(state=State.CLOSED, then=Value(0.2)), default=Value(0.0), output_field=FloatField())
    some = sites.filter(words__says=question).values("pk")[:RANKED]
    return dict(Workplace.objects.filter(pk__in=some).annotate(likeness=score - closed).values_list("pk", "likeness"))


@dataclass(frozen=True)
class Found:
    """What was found: ids, best first; how much of what was typed the best one answers (1: every word); the words to mark."""

    ids: list[int] = field(default_factory=list)
    exactness: float = 0.0
    words: frozenset[str] = frozenset()

    @property
    def is_capped(self) -> bool:
        """So many that only a part was ranked."""
        return len(self.ids) >= RANKED


def find(typed: str, *, person: Asker = None, country: str = "", kinds: Sequence[str] = ()) -> Found:
    """The sites that answer what was typed. The same few queries, however many sites there are.

    Those that answer much less of it than the best one are left out.
    """
    found = terms(typed)
    if not found:
        return Found()
    with transaction.atomic():
        _use_the_index()
        _widen(found)
        sites = Workplace.objects.visible_to(person).matching(kinds=kinds, country=country)
        likeness = _likeness(sites, found, names.code_key(typed))
    best = max(likeness.values(), default=0.0)
    order = sorted(((score, pk) for pk, score in likeness.items() if score >= WORTH * best), key=lambda item: (-item[0], item[1]))
    marks = frozenset(word for term in found for word in term.all if not word.startswith(names.SOUND))
    return Found([pk for _score, pk in order[:RANKED]], min(1.0, best / len(found)), marks)


def _use_the_index() -> None:
    """The planner takes rare words for common ones and would read the whole table to find the first few hits."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def _likeness(sites: WorkplaceQuerySet, found: list[Term], code: str) -> dict[int, float]:
    """Site id → how well it answers: first where every word is there, then where one or two are, or words spelt nearly so."""
    likeness = _best(sites, everything(anything(term.likely) for term in found), found, code)
    if len(likeness) < RANKED:
        wide = [anything(term.all) for term in found]
        enough = max(1, min(2, len(wide) - 1))
        likeness |= _best(sites, either(everything(some) for some in combinations(wide, enough)), found, code)
    return likeness


def search(typed: str, limit: int = 20, *, person: Asker = None, country: str = "", kinds: Sequence[str] = ()) -> list[Workplace]:
    """The sites that answer what was typed, best first, with all that a line about them says."""
    return in_order(find(typed, person=person, country=country, kinds=kinds).ids[:limit], person=person)


def in_order(ids: Sequence[int], *, person: Asker) -> list[Workplace]:
    """These sites in this order, as far as the person may see them."""
    found = {site.pk: site for site in Workplace.objects.visible_to(person).filter(pk__in=ids).with_names()}
    return [found[pk] for pk in ids if pk in found]


def employers_by_key(keys: Iterable[str]) -> dict[str, Employer]:
    """Name key → the employer of that name, else the one employer of which it is an alias. Three queries."""
    wanted = set(keys)
    by_name = {employer.name_key: employer for employer in Employer.objects.filter(name_key__in=wanted).prefetch_related("aliases")}
    by_alias: dict[str, set[int]] = {}
    for key, employer in Alias.objects.filter(name_key__in=wanted - by_name.keys(), employer__isnull=False).values_list("name_key", "employer_id"):
        by_alias.setdefault(key, set()).add(employer)
    single = {key: next(iter(employers)) for key, employers in by_alias.items() if len(employers) == 1}
    if single:
        named = Employer.objects.prefetch_related("aliases").in_bulk(set(single.values()))
        by_name |= {key: named[pk] for key, pk in single.items()}
    return by_name


def employer_keys(keys: set[str]) -> set[str]:
    """Those of the name keys that are an employer's name or alias."""
    names_ = set(Employer.objects.filter(name_key__in=keys).values_list("name_key", flat=True))
    return names_ | set(Alias.objects.filter(name_key__in=keys, employer__isnull=False).values_list("name_key", flat=True))


def same_site(site: Workplace) -> Workplace | None:
    """The known site that this one would be a second of: same code, or (without code) same name and place."""
    others = Workplace.objects.known().of(site.employer_id).exclude(pk=site.pk)
    if site.code_key:
        return others.filter(code_key=site.code_key).first()
    return others.filter(code_key="", name_key=site.name_key, place_key=site.place_key).first()


def likely_same(*, employer: str, name: str, city: str, code: str, country: str, person: Asker) -> list[Workplace]:
    """Up to three sites that someone who adds a site probably means: the same words, the same country."""
    typed = " ".join(part for part in (employer, code or name, city) if part)
    return search(typed, 3, person=person, country=country) if typed else []


def sister_sites(site: Workplace, *, person: Asker, limit: int = 6) -> list[Workplace]:
    """Other open sites of the same employer: those of the same country first, then by place."""
    here = Case(When(country=site.country, then=Value(0.0)), default=Value(1.0), output_field=FloatField())
    others = Workplace.objects.visible_to(person).open().of(site.employer_id).exclude(pk=site.pk)
    return list(others.with_names().order_by(here, "place_key", "pk")[:limit])


_COUNTRIES = """
WITH RECURSIVE step AS (
    (SELECT country FROM directory_workplace ORDER BY country LIMIT 1)
    UNION ALL
    SELECT (SELECT w.country FROM directory_workplace w WHERE w.country > step.country ORDER BY w.country LIMIT 1) FROM step WHERE step.country IS NOT NULL
)
SELECT country FROM step WHERE country IS NOT NULL
"""


def countries() -> list[str]:
    """The codes of all countries with a site. Steps from one to the next in the index: no table is read through."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTRIES)
        return [country for (country,) in cursor.fetchall()]


def employer_with_domain(domain: str) -> str | None:
    """The employer whose mail domain this is, or lies above it ("mail.example.com" under "example.com")."""
    parts = domain.lower().strip(".").split(".")
    names_ = [".".join(parts[i:]) for i in range(len(parts) - 1)]
    return Employer.objects.filter(domains__overlap=names_).values_list("name", flat=True).first() if names_ else None


def proposals_of(person: Person) -> list[dict[str, str]]:
    """What a person has added and nobody has answered yet, for their export."""
    rows = Workplace.objects.proposed().filter(proposed_by=person).with_names().order_by("pk")
    return [{"workplace": row.title, "place": row.place} for row in rows]
