"""Other names of employers and sites, and the words by which sites are found."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched

from django.db import transaction

from committees.directory import names
from committees.directory.models import Alias, Employer, Workplace, WorkplaceQuerySet


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


@transaction.atomic
def set_aliases(thing: Employer | Workplace, wanted: Iterable[str]) -> bool:
    """These are its other names, and no others. Its sites are found by them at once. Says whether anything changed."""
    kept = list(dict.fromkeys(wanted))
    have = {alias.name: alias for alias in thing.aliases.all()}
    gone = [alias.pk for name, alias in have.items() if name not in kept]
    Alias.objects.filter(pk__in=gone).delete()
    about = {"employer": thing} if isinstance(thing, Employer) else {"workplace": thing}
    added = [Alias(**about, name=name, name_key=names.name_key(name)) for name in kept if name not in have]
    Alias.objects.bulk_create(added)
    if gone or added:
        reindex(Workplace.objects.of(thing.pk) if isinstance(thing, Employer) else Workplace.objects.filter(pk=thing.pk))
    return bool(gone or added)
