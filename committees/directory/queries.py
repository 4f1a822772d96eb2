"""Finding a site by whatever a worker types: its code, an alias, a town, misspelt, without accents, in another script.

A misspelt word is not sought among a million sites but among the words they are made of (`Word`, trigrams): the words
that are meant are then looked up exactly. bench/directory.py compares this with trigrams over the sites themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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

MAX_TYPED = 200
MAX_TERMS = 6
#: How many sites are ranked. More than that and the words say too little; the page asks for another word.
RANKED = 300
#: Words below this likeness are another word.
NEAR = 0.35

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
        steps = [(1.0, self.exact)]
        for floor in (0.9, 0.7, 0.55, 0.45, NEAR):
            words = {word for word, likeness in self.near.items() if likeness >= floor} - set().union(*(w for _, w in steps))
            if words:
                steps.append((floor - 0.05, words))
        cases = [When(words__says=anything(words), then=Value(weight)) for weight, words in steps]
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
        if heard := scripts.sound(scripts.latin(word)):
            term.near[names.SOUND + heard] = 0.6
    return found


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


def ranked(typed: str, *, person: Person | AnonymousUser | None = None, country: str = "", kinds: Sequence[str] = ()) -> list[int]:
    """Ids of the sites that answer what was typed, best first. The same few queries, however many sites there are."""
    found = terms(typed)
    if not found:
        return []
    with transaction.atomic():
        _use_the_index()
        return _ranked(typed, found, person, country, kinds)


def _use_the_index() -> None:
    """The planner takes rare words for common ones and would read the whole table to find the first few hits."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def _ranked(typed: str, found: list[Term], person: Person | AnonymousUser | None, country: str, kinds: Sequence[str]) -> list[int]:
    _widen(found)
    sites = Workplace.objects.visible_to(person)
    if country:
        sites = sites.filter(country=country)
    if kinds:
        sites = sites.filter(kind__in=kinds)
    code = names.code_key(typed)
    likeness = _best(sites, everything(anything(term.likely) for term in found), found, code)
    if len(likeness) < RANKED:
        wide = [anything(term.all) for term in found]
        all_but_one = either(everything(wide[:i] + wide[i + 1 :] or wide) for i in range(len(wide)))
        likeness |= _best(sites, all_but_one, found, code)
    return [pk for pk, _ in sorted(likeness.items(), key=lambda item: (-item[1], item[0]))]


def search(typed: str, limit: int = 20, *, person: Person | AnonymousUser | None = None, country: str = "", kinds: Sequence[str] = ()) -> list[Workplace]:
    """The sites that answer what was typed, best first, with all that a line about them says."""
    return in_order(ranked(typed, person=person, country=country, kinds=kinds)[:limit], person=person)


def in_order(ids: Sequence[int], *, person: Person | AnonymousUser | None) -> list[Workplace]:
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


def likely_same(*, employer: str, name: str, city: str, code: str, country: str, person: Person | AnonymousUser | None) -> list[Workplace]:
    """Up to three sites that someone who adds a site probably means: the same words, the same country."""
    typed = " ".join(part for part in (employer, code or name, city) if part)
    return search(typed, 3, person=person, country=country) if typed else []


def sister_sites(site: Workplace, *, person: Person | AnonymousUser | None, limit: int = 6) -> list[Workplace]:
    """Other open sites of the same employer: those of the same country first, then by place."""
    here = Case(When(country=site.country, then=Value(0.0)), default=Value(1.0), output_field=FloatField())
    others = Workplace.objects.visible_to(person).open().of(site.employer_id).exclude(pk=site.pk)
    return list(others.with_names().order_by(here, "place_key", "pk")[:limit])


def countries(*, person: Person | AnonymousUser | None) -> list[str]:
    """The codes of all countries with a site that this person may see."""
    return list(Workplace.objects.visible_to(person).order_by("country").values_list("country", flat=True).distinct())
