"""A site is proposed, and a platform admin answers: listed, or removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.directory import names, places, queries, rules
from committees.directory.models import Employer, State, Workplace
from committees.ledger import commands as ledger

if TYPE_CHECKING:
    from committees.people.models import Person


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
