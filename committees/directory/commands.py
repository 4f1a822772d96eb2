"""What may be done to the directory: take a list in, propose a site, answer a proposal, close, rename, add a name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.directory import names, places, queries, rules
from committees.directory.imports.sites import Reason, Site, Verdict
from committees.directory.models import Alias, Employer, State, Workplace, WorkplaceQuerySet
from committees.ledger import commands as ledger

if TYPE_CHECKING:
    from committees.people.models import Person


# -- proposing ------------------------------------------------------------------------------------
class Facts(TypedDict, total=False):
    """What may be known of a site besides its employer, name, town and country."""

    region: str
    code: str
    address: str
    kind: str
    zone: str
    languages: Sequence[str]
    headcount_band: str


@transaction.atomic
def propose(*, by: Person, employer: str, name: str, city: str, country: str, form_key: UUID | None = None, **facts: Unpack[Facts]) -> Workplace:
    """A person adds a site. They can use it at once; others see it when a platform admin has listed it.

    Nobody is told and nothing goes to the ledger: who works where is the worst thing to lose. Posted twice it is one
    site. Refused where the site is already listed, and where the person has ten proposals that wait.
    """
    if form_key and (earlier := Workplace.objects.proposed().filter(form_key=form_key, proposed_by=by).first()):
        return earlier
    rules.require_room_for_proposal(Workplace.objects.proposed().filter(proposed_by=by).count())
    zone = facts.pop("zone", "") or places.zone(country, facts.get("region", ""))
    languages = list(facts.pop("languages", ()))
    site = Workplace(employer=employer_called(employer), name=name or city, city=city, country=country, zone=zone, languages=languages, **facts)
    site.state, site.proposed_by = State.PROPOSED, by
    site.form_key = form_key
    site.index([])
    if same := queries.same_site(site):
        raise Refused(_("This site is already listed: %(site)s.") % {"site": same.title}, field="name")
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError:
        raise Refused(_("You have added this site before."), field="name") from None
    return site


def employer_called(name: str) -> Employer:
    """The employer of that name or alias; a new one where there is none."""
    key = names.name_key(name)
    if not key:
        raise Refused(_("Write the employer’s name in letters."), field="employer")
    known = queries.employers_by_key({key}).get(key)
    return known or Employer.objects.get_or_create(name_key=key, defaults={"name": name})[0]


@transaction.atomic
def accept(site: Workplace, *, by: Person) -> Workplace:
    """A platform admin lists a proposed site; it forgets who proposed it. Refused if it was answered, or is there already."""
    rules.require_admin(by)
    if same := queries.same_site(site):
        raise Refused(_("The same site is already listed: %(site)s.") % {"site": same.title})
    try:
        with transaction.atomic():
            listed = Workplace.objects.proposed().filter(pk=site.pk).update(state=State.LISTED, proposed_by=None, form_key=None)
    except IntegrityError:
        raise Refused(_("The same site is already listed.")) from None
    if not listed:
        raise Refused(_("This proposal has already been answered."))
    ledger.record("workplace.listed", by=by, about=site)
    site.refresh_from_db()
    return site


@transaction.atomic
def decline(site: Workplace, *, by: Person) -> None:
    """A platform admin removes a proposed site. Refused where a committee hangs on it, or it was answered."""
    rules.require_admin(by)
    waiting = Workplace.objects.proposed().filter(pk=site.pk)
    try:
        with transaction.atomic():
            gone = waiting.delete()[0]
    except ProtectedError:
        raise Refused(_("Workers have begun a committee at this site. It cannot be removed.")) from None
    if not gone:
        raise Refused(_("This proposal has already been answered."))
    ledger.record("workplace.declined", by=by, about=site)


@transaction.atomic
def forget_proposer(person: Person) -> None:
    """The sites that a person added no longer lead to them. Nobody is told."""
    Workplace.objects.filter(proposed_by=person).update(proposed_by=None, form_key=None)


@transaction.atomic
def close(site: Workplace, *, by: Person) -> Workplace:
    """A platform admin marks a site as closed. Its page and all that hangs on it stay."""
    rules.require_admin(by)
    if not Workplace.objects.listed().filter(pk=site.pk).update(state=State.CLOSED):
        raise Refused(_("Only a listed site can be closed."))
    ledger.record("workplace.closed", by=by, about=site)
    site.refresh_from_db()
    return site


@transaction.atomic
def name_employer(employer: Employer, *, aliases: Iterable[str] = (), domains: Iterable[str] = ()) -> None:
    """Add other names and mail domains of an employer. Its sites can be found by them at once."""
    have = {alias.name for alias in employer.aliases.all()}
    added = [Alias(employer=employer, name=name, name_key=names.name_key(name)) for name in dict.fromkeys(aliases) if name not in have]
    Alias.objects.bulk_create(added)
    all_domains = sorted({*employer.domains, *domains})
    if all_domains != employer.domains:
        employer.domains = all_domains
        employer.save(update_fields=["domains"])
    if added:
        reindex(Workplace.objects.of(employer.pk))


@transaction.atomic
def name_site(site: Workplace, *, aliases: Iterable[str]) -> None:
    """Add other names of a site, in any script."""
    have = {alias.name for alias in site.aliases.all()}
    added = [Alias(workplace=site, name=name, name_key=names.name_key(name)) for name in dict.fromkeys(aliases) if name not in have]
    if added:
        Alias.objects.bulk_create(added)
        reindex(Workplace.objects.filter(pk=site.pk))


def reindex(sites: WorkplaceQuerySet, *, batch: int = 500) -> int:
    """Work out anew by which words sites are found. Returns how many."""
    done = 0
    for some in batched(sites.select_related("employer").prefetch_related("aliases", "employer__aliases").iterator(chunk_size=batch), batch):
        for site in some:
            site.index([alias.name for alias in (*site.employer.aliases.all(), *site.aliases.all())])
        done += Workplace.objects.bulk_update(some, ["words"])
    return done


# -- lists ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Outcome:
    """What became of one site of a list."""

    verdict: Verdict
    reason: Reason | None = None
    changed: tuple[str, ...] = ()


@transaction.atomic
def take_in(sites: Sequence[Site], *, seen: set[bytes], dry_run: bool = False) -> list[Outcome]:
    """Sites of a list, as many as fit in memory: new ones are listed, known ones corrected. One outcome for each.

    What the list leaves empty stays as it is; a closed site stays closed. `seen` remembers the sites of earlier calls
    of the same run: a second row for the same site changes nothing. With `dry_run` nothing is written.
    """
    with connection.cursor() as cursor:  # one import at a time: two could each take the same site for new
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directory.take_in'))")
    employers = queries.employers_by_key({site.employer_key for site in sites})
    known = _known(sites, employers)
    outcomes, fresh, corrected = [], [], []
    for site in sites:
        employer = employers.get(site.employer_key)
        identity = (employer.name_key if employer else site.employer_key, *site.identity)
        digest = hashlib.blake2b("\x1f".join(identity).encode(), digest_size=12).digest()
        if digest in seen:
            outcomes.append(Outcome(Verdict.DUPLICATE, Reason.SAME_SITE))
            continue
        seen.add(digest)
        if (have := known.get(identity)) is None:
            fresh.append(site)
            outcomes.append(Outcome(Verdict.NEW))
        elif have.country != site.country:
            outcomes.append(Outcome(Verdict.ERROR, Reason.OTHER_COUNTRY))
        elif changed := _correct(have, site):
            corrected.append((have, site))
            outcomes.append(Outcome(Verdict.CHANGED, changed=changed))
        else:
            outcomes.append(Outcome(Verdict.UNCHANGED))
    if not dry_run:
        _add(fresh, employers)
        _save(corrected)
        _fill_industries(sites, employers)
    return outcomes


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
        if said and names.words(said) != names.words(getattr(have, name)) and not (name == "name" and not site.keys[1]):
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
