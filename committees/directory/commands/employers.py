"""What an admin does to an employer: change what is known of it, make it one with another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.directory import names, queries, registry, rules
from committees.directory.commands import turns
from committees.directory.commands.naming import name_employer, set_aliases
from committees.directory.models import Employer, FormerAddress, FormerIdentity, Industry, Workplace, WorkplaceQuerySet
from committees.directory.registry import Merging
from committees.ledger import commands as ledger

if TYPE_CHECKING:
    from committees.people.models import Person

_KEYS = ("code_key", "name_key", "place_key")
BATCH = 500


@transaction.atomic
def edit_employer(employer: Employer, *, by: Person, name: str, aliases: Sequence[str], domains: Sequence[str], industry: Industry | None) -> Employer:
    """A platform admin mends what is known of an employer. A name that it loses stays one of its other names. Its sites are found
    by the new one at once. Refused where another employer has that name."""
    rules.require_admin(by)
    turns.wait_for_turn()
    row = _locked(employer)
    if not names.name_key(name):
        raise Refused(_("Write the employer’s name in letters."), field="name")
    called, changed = row.name, []
    wanted = {"name": name, "domains": sorted(set(domains)), "industry_id": industry.pk if industry else None}
    for field, value in wanted.items():
        if getattr(row, field) != value:
            setattr(row, field, value)
            changed.append(field.removesuffix("_id"))
    _keep(row)
    renamed = "name" in changed
    others = [*aliases, *([called] if renamed else [])]
    if set_aliases(row, [alias for alias in others if alias != row.name]):
        changed.append("aliases")
    if renamed:
        _recognise_anew(Workplace.objects.of(row.pk))
    if changed:
        ledger.record("employer.changed", by=by, about=row, detail=dict.fromkeys(changed, 1))
    return row


@transaction.atomic
def merge_employers(loser: Employer, *, into: Employer, by: Person, at: datetime) -> Employer:
    """A platform admin says that two employers are one. The loser's sites, names and domains become the other's.

    Refused where both have the same site: those two are to be merged first. And to the second of two who merge at once.
    """
    rules.require_admin(by)
    turns.wait_for_turn()
    rows = {row.pk: row for row in Employer.objects.select_for_update().filter(pk__in=(loser.pk, into.pk)).order_by("pk")}
    lost, kept = rows.get(loser.pk), rows.get(into.pk)
    if lost is None or kept is None:
        raise Refused(_("One of the two is not there any more. Somebody else has merged them."))
    if lost.pk == kept.pk:
        raise Refused(_("Choose another employer. This one cannot be merged with itself."))
    registry.move_what_hangs_on_an_employer(lost, kept, Merging(by, at))
    called = [lost.name, *(alias.name for alias in lost.aliases.all())]
    _move_sites(lost, kept)
    known = FormerIdentity.objects.filter(employer=kept).values_list(*_KEYS)
    FormerIdentity.objects.filter(employer=lost).exclude(pk__in=_same_as(lost, set(known))).update(employer=kept)
    if kept.industry_id is None and lost.industry_id is not None:
        kept.industry_id = lost.industry_id
        kept.save(update_fields=["industry"])
    FormerAddress.objects.filter(employer=lost).update(employer=kept)
    domains, slug = lost.domains, lost.slug
    lost.delete()
    FormerAddress.objects.create(slug=slug, employer=kept)
    name_employer(kept, aliases=[name for name in called if name != kept.name], domains=domains)
    _recognise_anew(Workplace.objects.of(kept.pk))
    ledger.record("employer.merged", by=by, about=kept, at=at, detail={"loser": slug})
    return kept


def _locked(employer: Employer) -> Employer:
    row = Employer.objects.select_for_update().filter(pk=employer.pk).first()
    if row is None:
        raise Refused(_("This employer is not there any more. Somebody has merged it with another one."))
    return row


def _keep(employer: Employer) -> None:
    try:
        with transaction.atomic():
            employer.save()
    except IntegrityError:
        other = queries.employers_by_key({names.name_key(employer.name)}).get(names.name_key(employer.name))
        said = {"employer": other.name if other else employer.name}
        raise Refused(_("An employer with this name is there already: %(employer)s. Merge the two instead.") % said, field="name") from None


def _same_as(lost: Employer, keys: set[tuple[str, str, str]]) -> list[int]:
    return [pk for pk, *rest in FormerIdentity.objects.filter(employer=lost).values_list("pk", *_KEYS) if tuple(rest) in keys]


def _move_sites(lost: Employer, kept: Employer) -> None:
    """All of them, or none where one would be a second of a site that the other employer has."""
    theirs = {_recognised(*row): name for *row, name in Workplace.objects.known().of(kept.pk).values_list(*_KEYS, "name")}
    ours = Workplace.objects.known().of(lost.pk).values_list(*_KEYS, "code", "name")
    both = sorted({code or name for *row, code, name in ours if _recognised(*row) in theirs})
    if both:
        shown = ", ".join(both[:5])
        raise Refused(_("Both employers have this workplace: %(sites)s. Merge the workplaces first.") % {"sites": shown})
    try:
        with transaction.atomic():
            Workplace.objects.of(lost.pk).update(employer=kept)
    except IntegrityError:  # somebody proposed the same site of both
        raise Refused(_("Somebody added the same workplace to both. Answer what was added first.")) from None


def _recognised(code: str, name: str, place: str) -> tuple[str, ...]:
    return (code,) if code else (name, place)


def _recognise_anew(sites: WorkplaceQuerySet) -> None:
    """Work out keys and words of sites whose employer is called otherwise now; what they were known by is remembered."""
    rows = sites.select_related("employer").prefetch_related("aliases", "employer__aliases").iterator(chunk_size=BATCH)
    try:
        with transaction.atomic():
            for some in batched(rows, BATCH):
                _index(some)
    except IntegrityError:
        raise Refused(_("Two of its workplaces would be the same under this name. Merge the workplaces first.")) from None


def _index(sites: Iterable[Workplace]) -> None:
    former, rows = [], list(sites)
    for site in rows:
        before = site.keys
        site.index([alias.name for alias in (*site.employer.aliases.all(), *site.aliases.all())])
        if before != site.keys and not site.code_key and not site.is_proposed:
            code, name, place = before
            former.append(FormerIdentity(workplace=site, employer=site.employer, code_key=code, name_key=name, place_key=place))
    Workplace.objects.bulk_update(rows, [*_KEYS, "words"])
    FormerIdentity.objects.bulk_create(former, ignore_conflicts=True)
