"""What an admin does to a listed site: change its facts, close it, open it again, make it one with another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.directory import names, queries, registry, rules
from committees.directory.commands import turns
from committees.directory.commands.naming import name_site, set_aliases
from committees.directory.models import Employer, FormerAddress, FormerIdentity, State, Workplace
from committees.directory.registry import Merging
from committees.ledger import commands as ledger

if TYPE_CHECKING:
    from committees.people.models import Person

#: What the winner of a merge takes over from the loser where it has nothing of its own.
_FILLED = ("code", "address", "postcode", "city", "region", "headcount_band")


class Changes(TypedDict, total=False):
    """What may be changed of a site. What is not given stays."""

    name: str
    code: str
    kind: str
    address: str
    postcode: str
    city: str
    region: str
    country: str
    zone: str
    languages: Sequence[str]
    headcount_band: str
    aliases: Sequence[str]


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
def reopen(site: Workplace, *, by: Person) -> Workplace:
    """A platform admin puts a closed site back on the list. Refused for one that is not closed."""
    rules.require_admin(by)
    if not Workplace.objects.filter(pk=site.pk, state=State.CLOSED).update(state=State.LISTED):
        raise Refused(_("Only a closed site can be opened again."))
    ledger.record("workplace.reopened", by=by, about=site)
    site.refresh_from_db()
    return site


@transaction.atomic
def edit(site: Workplace, *, by: Person, **changes: Unpack[Changes]) -> Workplace:
    """A platform admin mends what is known of a site. A name that it loses stays one of its other names, so that it is found
    by it. Refused where another site is recognised by the same code, or by the same name and place."""
    rules.require_admin(by)
    turns.wait_for_turn()
    row = _locked(site)
    before, called = row.keys, row.name
    given = dict(changes)
    aliases: Any = given.pop("aliases", None)
    changed = [name for name, value in given.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, given[name])
    if aliases is not None and set_aliases(row, [alias for alias in aliases if alias != row.name]):
        changed.append("aliases")
    if not changed:
        return row
    _keep(row)
    if "name" in changed:
        name_site(row, aliases=[called])
    remember(row, before)
    ledger.record("workplace.changed", by=by, about=row, detail=dict.fromkeys(changed, 1))
    return row


@transaction.atomic
def merge(loser: Workplace, *, into: Workplace, by: Person, at: datetime) -> Workplace:
    """A platform admin says that two entries are the same place. All that hangs on the loser moves to the other; the loser's names
    and code are other names of it; its address leads on for good. Nobody is told: no member loses anything by it.

    Refused where a room above cannot make the two one (both have an open committee), and to the second of two who merge at once.
    """
    rules.require_admin(by)
    turns.wait_for_turn()
    rows = {
        row.pk: row for row in Workplace.objects.select_for_update(of=("self",)).select_related("employer").filter(pk__in=(loser.pk, into.pk)).order_by("pk")
    }
    lost, kept = rows.get(loser.pk), rows.get(into.pk)
    if lost is None or kept is None:
        raise Refused(_("One of the two is not there any more. Somebody else has merged them."))
    if lost.pk == kept.pk:
        raise Refused(_("Choose another workplace. This one cannot be merged with itself."))
    if kept.is_proposed:
        raise Refused(_("Put the other workplace on the list first."))
    registry.move_what_hangs_on_a_site(lost, kept, Merging(by, at))
    FormerAddress.objects.filter(workplace=lost).update(workplace=kept)
    FormerIdentity.objects.filter(workplace=lost).update(workplace=kept)
    called, was, employer, proposed = _names_of(lost), lost.keys, lost.employer, lost.is_proposed
    before = kept.keys
    _fill(kept, lost)
    lost.delete()
    FormerAddress.objects.create(slug=loser.slug, workplace=kept)
    _keep(kept)
    name_site(kept, aliases=[name for name in called if names.name_key(name) != names.name_key(kept.name) and name != kept.code])
    remember(kept, before)
    if not proposed:
        remember(kept, was, employer=employer)
    ledger.record("workplace.merged", by=by, about=kept, at=at, detail={"loser": loser.slug})
    return kept


def _locked(site: Workplace) -> Workplace:
    row = Workplace.objects.select_for_update(of=("self",)).select_related("employer").filter(pk=site.pk).first()
    if row is None:
        raise Refused(_("This workplace is not there any more. Somebody has merged it with another one."))
    return row


def _names_of(site: Workplace) -> list[str]:
    """All by which people may look for it. Without a name of its own, its title says where it is."""
    own = site.name if site.name_key else site.title
    return [name for name in (own, site.code, *(alias.name for alias in site.aliases.all())) if name]


def _fill(kept: Workplace, lost: Workplace) -> None:
    """What one of the two does not say, the other may."""
    for name in _FILLED:
        if not getattr(kept, name):
            setattr(kept, name, getattr(lost, name))
    kept.languages = kept.languages or lost.languages
    if kept.latitude is None and lost.country == kept.country:
        kept.latitude, kept.longitude = lost.latitude, lost.longitude


def _keep(site: Workplace) -> None:
    """Save it with its keys and words; Refused, with the name of the other, where it would be a second of a known one."""
    aliases = [alias.name for alias in (*site.employer.aliases.all(), *site.aliases.all())]
    site.index(aliases)
    same = queries.same_site(site)
    try:
        if same is not None and not site.is_proposed and same.keys == site.keys:
            raise IntegrityError
        with transaction.atomic():
            site.save()
    except IntegrityError:
        if same is None:
            raise Refused(_("The same site is already listed.")) from None
        field = "code" if site.code_key else "name"
        raise Refused(_("This site is already listed: %(site)s. Merge the two instead.") % {"site": same.title}, field=field) from None


def remember(site: Workplace, keys: tuple[str, str, str], *, employer: Employer | None = None) -> None:
    """Old lists still know this site by these keys. What it is called now is no memory."""
    employer = employer or site.employer
    code, name, place = keys
    if employer.pk == site.employer_id and (keys == site.keys or (code and code == site.code_key)):
        return
    FormerIdentity.objects.update_or_create(employer=employer, code_key=code, name_key=name, place_key=place, defaults={"workplace": site})
