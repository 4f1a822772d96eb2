"""Reads over several models: sites in order of likeness, employers by their names, sites that are likely the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Case, Count, FloatField, Q, Value, When
from django.shortcuts import get_object_or_404

from committees.base import prepared
from committees.directory import names, places
from committees.directory.finding import Asker, an_asker, find
from committees.directory.models import Alias, Employer, FormerAddress, FormerIdentity, Workplace, WorkplaceList

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from committees.people.models import Person


def search(typed: str, limit: int = 20, *, person: Asker = None, country: str = "", kinds: Sequence[str] = ()) -> list[Workplace]:
    """The sites that answer what was typed, best first, with all that a line about them says."""
    return in_order(find(typed, person=person, country=country, kinds=kinds).ids[:limit], person=person)


_THESE = prepared.Prepared(
    lambda ids, person: Workplace.objects.visible_to(person).filter(pk__among=ids).with_names(), ids=prepared.some_numbers, person=an_asker
)


def in_order(ids: Sequence[int], *, person: Asker) -> list[Workplace]:
    """These sites in this order, as far as the person may see them."""
    found = {site.pk: site for site in _THESE(ids=ids, person=person)}
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
    """The known site that this one would be a second of: same code, or (without code) same name and place; now, or before the
    known one was renamed or merged."""
    others = Workplace.objects.known().of(site.employer_id).exclude(pk=site.pk)
    now = Q(code_key=site.code_key) if site.code_key else Q(code_key="", name_key=site.name_key, place_key=site.place_key)
    return others.filter(now).first() or others.filter(pk__in=FormerIdentity.objects.filter(now, employer=site.employer_id).values("workplace_id")).first()


def led_on(slug: str, person: Asker) -> Workplace:
    """The site into which the one with this address was merged. Http404 for an address that never was one."""
    former = FormerAddress.objects.filter(slug=slug).values("workplace_id")
    return get_object_or_404(Workplace.objects.visible_to(person).filter(pk__in=former))


def employer_led_on(slug: str, employers: QuerySet[Employer]) -> Employer:
    """The one of these employers into which that with this address was merged. Http404 for an address that never was one."""
    return get_object_or_404(employers, pk__in=FormerAddress.objects.filter(slug=slug).values("employer_id"))


def waiting_proposals() -> int:
    """How many proposed sites wait for an answer."""
    return Workplace.objects.proposed().count()


def lists_in_work() -> int:
    """How many lists are being read or taken in, or wait for an admin's word."""
    return WorkplaceList.objects.unfinished().count()


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
    return [country for (country,) in prepared.rows(_COUNTRIES)]


def regions_of(country: str) -> dict[str, str]:
    """Key → name of the regions in which listed sites of this country lie, by name. One that is spelt in several ways stands
    there once: by the name that we know, else as most of its sites have it."""
    spelt = Workplace.objects.listed().filter(country=country).exclude(region="").values("region").annotate(n=Count("pk")).order_by("n", "region")
    found: dict[str, str] = {}
    for row in spelt:
        if key := places.region_key(row["region"], country):
            found[key] = places.region_name(row["region"], country)
    return dict(sorted(found.items(), key=lambda pair: names.fold(pair[1])))


def employer_with_domain(domain: str) -> str | None:
    """The employer whose mail domain this is, or lies above it ("mail.example.com" under "example.com")."""
    parts = domain.lower().strip(".").split(".")
    names_ = [".".join(parts[i:]) for i in range(len(parts) - 1)]
    return Employer.objects.filter(domains__overlap=names_).values_list("name", flat=True).first() if names_ else None


def proposals_of(person: Person) -> list[dict[str, str]]:
    """What a person has added and nobody has answered yet, for their export."""
    rows = Workplace.objects.proposed().filter(proposed_by=person).with_names().order_by("pk")
    return [{"workplace": row.title, "place": row.place} for row in rows]
