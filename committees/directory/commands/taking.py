"""Sites of a list are taken in: new ones listed, known ones corrected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from committees.directory import names, queries
from committees.directory.commands import turns
from committees.directory.imports.sites import Reason, Site, Verdict
from committees.directory.models import Alias, Employer, FormerIdentity, Workplace

#: Bytes by which a site of a list is told from the others.
DIGEST = 12


@dataclass(frozen=True)
class Outcome:
    """What became of one site of a list. `digests`: by what a second row for the same site is told, and one for the same site in
    the same country; none for such a row, and for one that cannot be."""

    verdict: Verdict
    reason: Reason | None = None
    changed: tuple[str, ...] = ()
    digests: tuple[bytes, ...] = ()


@transaction.atomic
def take_in(sites: Sequence[Site], *, seen: set[bytes], dry_run: bool = False) -> list[Outcome]:
    """Sites of a list, as many as fit in memory: new ones are listed, known ones corrected. One outcome for each.

    What the list leaves empty stays as it is; a closed site stays closed. `seen` remembers the sites of earlier calls
    of the same run: a second row for the same site changes nothing, and one that says another country is an error, in whichever
    order they come. With `dry_run` nothing is written.
    """
    turns.wait_for_turn()  # one import at a time: two could each take the same site for new
    employers = queries.employers_by_key({site.employer_key for site in sites})
    known = _known(sites, employers)
    former = _former(sites, employers)
    outcomes: list[Outcome] = []
    fresh: list[Site] = []
    corrected: list[tuple[Workplace, Site]] = []
    met: set[bytes] = set()
    for site in sites:
        employer = employers.get(site.employer_key)
        identity = (employer.name_key if employer else site.employer_key, *site.identity)
        digest, there = _digest(*identity), _digest(*identity, site.country)
        if digest in seen or digest in met:
            same = there in seen or there in met
            outcomes.append(Outcome(Verdict.DUPLICATE, Reason.SAME_SITE) if same else Outcome(Verdict.ERROR, Reason.OTHER_COUNTRY))
            continue
        have = known.get(identity)
        if have is None and identity not in former:
            fresh.append(site)
            outcomes.append(Outcome(Verdict.NEW, digests=(digest, there)))
        else:
            outcomes.append(_settled(have, site, (digest, there), corrected))
        met.update(outcomes[-1].digests)
    if not dry_run:
        _add(fresh, employers)
        _save(corrected)
        _fill_industries(sites, employers)
    seen |= met
    return outcomes


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=DIGEST).digest()


def _settled(have: Workplace | None, site: Site, digests: tuple[bytes, ...], corrected: list[tuple[Workplace, Site]]) -> Outcome:
    """What a row means that names a site which the directory has; None: it names one by what it was before."""
    if have is None:
        return Outcome(Verdict.UNCHANGED, digests=digests)
    if have.country != site.country:
        return Outcome(Verdict.ERROR, Reason.OTHER_COUNTRY)
    if changed := _correct(have, site):
        corrected.append((have, site))
        return Outcome(Verdict.CHANGED, changed=changed, digests=digests)
    return Outcome(Verdict.UNCHANGED, digests=digests)


def _former(sites: Sequence[Site], employers: dict[str, Employer]) -> set[tuple[str, ...]]:
    """(employer key, identity) of the sites that once were what a row says, and are something else now. One query."""
    keys = [site.keys for site in sites]
    by_code = Q(code_key__in={code for code, _n, _p in keys if code})
    by_name = Q(code_key="", name_key__in={name for _c, name, _p in keys}, place_key__in={place for _c, _n, place in keys})
    rows = FormerIdentity.objects.filter(by_code | by_name, employer__in=set(employers.values()))
    found = rows.values_list("employer__name_key", "code_key", "name_key", "place_key")
    return {(employer, code) if code else (employer, name, place) for employer, code, name, place in found}


def _known(sites: Sequence[Site], employers: dict[str, Employer]) -> dict[tuple[str, ...], Workplace]:
    """(employer key, identity) → the site that the directory has. One query."""
    keys = [site.keys for site in sites]
    by_code = Q(code_key__in={code for code, _n, _p in keys if code})
    by_name = Q(code_key="", name_key__in={name for _c, name, _p in keys}, place_key__in={place for _c, _n, place in keys})
    mine = Workplace.objects.known().filter(by_code | by_name, employer__in=set(employers.values()))
    rows = mine.select_related("employer").prefetch_related("aliases", "employer__aliases")
    return {(row.employer.name_key, *((row.code_key,) if row.code_key else (row.name_key, row.place_key))): row for row in rows}


def _correct(have: Workplace, site: Site) -> tuple[str, ...]:
    """Give a known site what the list says otherwise. Returns the names of the fields; spelling alone is no change."""
    changed = []
    for name in ("name", "address", "postcode", "city", "region"):
        said = getattr(site, name)
        if name == "name" and (not site.keys[1] or names.name_key(said) in {alias.name_key for alias in have.aliases.all()}):
            continue  # no name of its own, or one that it had before it was renamed
        if said and names.words(said) != names.words(getattr(have, name)):
            setattr(have, name, said)
            changed.append(name)
    if site.latitude is not None and (have.latitude, have.longitude) != (site.latitude, site.longitude):
        have.latitude, have.longitude, have.zone = site.latitude, site.longitude, site.zone
        changed.append("position")
    for name in ("kind", "headcount_band", "languages", "zone"):
        said = getattr(site, name) if name != "zone" or site.zone_given else ""
        said = list(said) if name == "languages" else said
        if said and said != getattr(have, name):
            setattr(have, name, said)
            changed.append(name)
    if set(site.aliases) - {alias.name for alias in have.aliases.all()}:
        changed.append("aliases")
    return tuple(changed)


def _add(sites: Sequence[Site], employers: dict[str, Employer]) -> None:
    missing = {site.employer_key: Employer(name=site.employer, name_key=site.employer_key) for site in sites if site.employer_key not in employers}
    called = {key: [alias.name for alias in employer.aliases.all()] for key, employer in employers.items()}
    employers.update({employer.name_key: employer for employer in Employer.objects.bulk_create(missing.values())})
    rows = [_row(site, employers[site.employer_key], called.get(site.employer_key, [])) for site in sites]
    Workplace.objects.bulk_create(rows, batch_size=500)
    _add_aliases(zip(rows, sites, strict=True))


def _row(site: Site, employer: Employer, called: list[str]) -> Workplace:
    plain = {name: getattr(site, name) for name in ("code", "address", "postcode", "city", "region", "country", "latitude", "longitude", "zone")}
    row = Workplace(employer=employer, name=site.display_name, kind=site.likely_kind, languages=list(site.languages), **plain)
    row.headcount_band = site.headcount_band
    row.index([*called, *site.aliases])
    return row


def _save(corrected: Sequence[tuple[Workplace, Site]]) -> None:
    for row, site in corrected:
        row.index([alias.name for alias in (*row.employer.aliases.all(), *row.aliases.all())] + list(site.aliases))
    fields = ["name", "address", "postcode", "city", "region", "latitude", "longitude", "zone", "kind", "headcount_band", "languages"]
    Workplace.objects.bulk_update([row for row, _site in corrected], [*fields, "name_key", "place_key", "words"], batch_size=500)
    _add_aliases(corrected)


def _add_aliases(pairs: Iterable[tuple[Workplace, Site]]) -> None:
    rows = [Alias(workplace=row, name=name, name_key=names.name_key(name)) for row, site in pairs for name in site.aliases]
    Alias.objects.bulk_create(rows, ignore_conflicts=True)


def _fill_industries(sites: Sequence[Site], employers: dict[str, Employer]) -> None:
    """An employer without an industry gets the first that the list names."""
    said = {site.employer_key: site.industry for site in reversed(sites) if site.industry}
    lacking = [employer for key, employer in employers.items() if employer.industry_id is None and key in said]
    for employer in lacking:
        employer.industry_id = (
            said[employer.name_key] if employer.name_key in said else next(said[k] for k, e in employers.items() if e is employer and k in said)
        )
    Employer.objects.bulk_update(lacking, ["industry"])
