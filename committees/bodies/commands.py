"""How committees come to be: the alliance by the first set-up, all others by workers who found them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from committees.base.clock import validate_zone
from committees.base.errors import Refused
from committees.base.text import clean_line
from committees.bodies import queries, register
from committees.bodies.models import QUORUM, Charter, Committee, JoiningPolicy, Life, Scope
from committees.directory import places
from committees.directory.models import Employer, Workplace
from committees.directory.registry import Merging
from committees.ledger import commands as ledger

if TYPE_CHECKING:
    from committees.people.models import Person


def _begin(committee: Committee, *, language: str, at: datetime) -> Committee:
    """What every new committee has from the first moment: a charter, a joining policy, and what rooms above give (register.py)."""
    Charter.objects.create(committee=committee, language=language, adopted_at=at)
    JoiningPolicy.objects.create(committee=committee)
    register.founded(committee, at=at)
    return committee


@transaction.atomic
def set_up_alliance(name: str, *, zone: str, languages: list[str], by: Person | None, at: datetime) -> Committee:
    """Make the one wider committee of this server, whose organizers verify founders. Refused the second time."""
    validate_zone(zone)
    if Committee.objects.filter(scope=Scope.ALLIANCE).exists():
        raise Refused(_("This server has its alliance already."))
    committee = Committee.objects.create(name=clean_line(name), scope=Scope.ALLIANCE, life=Life.ACTIVE, zone=zone, languages=languages, founded_at=at)
    _begin(committee, language=languages[0], at=at)
    ledger.record("committee.set_up", by=by, about=committee, committee=committee, at=at)
    return committee


@transaction.atomic
def found(workplace: Workplace, *, name: str, languages: list[str], by: Person, at: datetime, form_key: UUID | None = None) -> Committee:
    """A worker starts the committee of a workplace; it is forming until enough founders are confirmed.

    Of two who found at once, one does and the other is Refused and led to it. The same form posted again gives the same
    committee. Refused where the site is closed or nobody could verify founders.
    """
    alliance = Committee.objects.alliance()
    if alliance is None:
        raise Refused(_("This server is not set up yet. Nobody could answer you."))
    workplace = still_there(workplace)
    if form_key and (made := Committee.objects.filter(form_key=form_key, workplace=workplace).first()):
        return made
    try:
        with transaction.atomic():
            committee = Committee.objects.create(
                name=clean_line(name),
                scope=Scope.WORKPLACE,
                workplace=workplace,
                country=workplace.country,
                zone=workplace.zone,
                languages=languages,
                verified_by=alliance,
                founding_number=settings.FOUNDING_NUMBER,
                founded_at=at,
                form_key=form_key,
            )
    except IntegrityError:
        raise Refused(_("Someone has started a committee here already. You can join it.")) from None
    _begin(committee, language=languages[0], at=at)
    ledger.record("committee.founded", by=by, about=committee, committee=committee, at=at)
    return committee


def still_there(workplace: Workplace) -> Workplace:
    """The site as it is now. While a committee begins there, nobody merges it into another."""
    row = Workplace.objects.select_for_update(of=("self",), no_key=True).select_related("employer").filter(pk=workplace.pk).first()
    if row is None:
        raise Refused(_("This workplace is now listed together with another one. Look for it again."))
    if row.is_closed:
        raise Refused(_("This workplace is closed."))
    return row


def move_to_site(loser: Workplace, winner: Workplace, merging: Merging) -> None:
    """Two entries of a workplace become one: its committees are found at the other entry from now on. Their log says so.

    Refused where workers have a listed committee at both: whether the two become one is theirs to decide. One that only its
    link leads to just moves; a refusal would tell the admin that it is there.
    """
    here, there = (Committee.objects.listed().filter(workplace=site).exists() for site in (loser, winner))
    if here and there:
        raise Refused(_("Workers have a committee at both workplaces. Only they can decide whether the two become one."))
    for committee in Committee.objects.select_for_update(no_key=True).filter(workplace=loser).order_by("pk"):
        Committee.objects.filter(pk=committee.pk).update(workplace=winner, country=winner.country)
        ledger.record("committee.site_merged", by=merging.by, about=committee, committee=committee, at=merging.at)


def move_to_employer(loser: Employer, winner: Employer, merging: Merging) -> None:
    """Two entries of an employer become one: committees of the whole employer are found under the other. Their log says so.

    Refused where workers have a listed committee of the whole employer at both: whether the two become one is theirs to decide.
    """
    here, there = (Committee.objects.listed().filter(scope=Scope.EMPLOYER, employer=each).exists() for each in (loser, winner))
    if here and there:
        raise Refused(_("Workers have a committee for each of the two employers. Only they can decide whether the two become one."))
    for committee in Committee.objects.select_for_update(no_key=True).filter(employer=loser).order_by("pk"):
        Committee.objects.filter(pk=committee.pk).update(employer=winner)
        ledger.record("committee.employer_merged", by=merging.by, about=committee, committee=committee, at=merging.at)


@transaction.atomic
def found_wider(scope: Scope, *, name: str, beside: Committee, region: str = "", by: Person, at: datetime, form_key: UUID | None = None) -> Committee:
    """Start a wider committee for the employer, the industry, the country or (`region`: its key) a region of the country of an
    existing one; it is forming until enough founders are confirmed by the alliance's organizers.

    `beside` with its workplace, employer and industry read along. The same form posted again gives the same committee.
    Refused where there is one already, where nobody could verify founders, and for any other scope.
    """
    alliance = Committee.objects.alliance()
    if alliance is None:
        raise Refused(_("This server is not set up yet. Nobody could answer you."))
    if form_key and (made := Committee.objects.filter(form_key=form_key, scope=scope).first()):
        return made
    subject = _subject(scope, beside, region)
    languages = beside.languages or [settings.LANGUAGE_CODE]
    try:
        with transaction.atomic():
            committee = Committee.objects.create(
                name=clean_line(name),
                scope=scope,
                languages=languages,
                verified_by=alliance,
                founding_number=settings.FOUNDING_NUMBER,
                founded_at=at,
                form_key=form_key,
                **({"zone": beside.zone} | subject),
            )
    except IntegrityError:
        raise Refused(_("Someone has started this committee already. You can join it.")) from None
    _begin(committee, language=languages[0], at=at)
    ledger.record("committee.founded", by=by, about=committee, committee=committee, at=at)
    return committee


def _subject(scope: Scope, beside: Committee, region: str = "") -> dict[str, Any]:
    """What a wider committee of this scope, started from another committee, is about."""
    employer = beside.workplace.employer if beside.workplace else beside.employer
    industry = (employer.industry if employer else None) or beside.industry
    if scope == Scope.EMPLOYER and employer:
        return {"employer": employer}
    if scope == Scope.INDUSTRY and industry:
        return {"industry": industry}
    country = beside.lies_in[0]
    if scope == Scope.REGION and country and region:
        return _part_of(country, region, beside)
    if scope == Scope.REGION and country:
        return {"country": country}
    raise Refused(_("Your committee cannot start a committee of this kind."))


def _part_of(country: str, region: str, beside: Committee) -> dict[str, Any]:
    """One region of a country. Seen from the whole country, its clocks are the region's own."""
    name = queries.regions_beside(beside).get(region)
    if name is None:
        raise Refused(_("No workplace in the directory lies in this region now. Choose another one."), field="region")
    return {"country": country, "region": name} | ({} if beside.workplace else {"zone": places.zone(country, name)})


def subject_at(scope: Scope, workplace: Workplace, *, country: str = "", region: str = "") -> dict[str, Any]:
    """What a committee of this scope is about, seen from a workplace: the site, its employer, its industry, its country or
    the region of it in which it lies. `country` and `region` are what the committee is for, where that is known.

    Refused where the directory does not say it or the workplace lies elsewhere, and for the alliance.
    """
    employer = workplace.employer
    if scope == Scope.WORKPLACE:
        return {"workplace": workplace, "country": workplace.country}
    if scope == Scope.EMPLOYER:
        return {"employer": employer}
    if scope == Scope.INDUSTRY and employer.industry:
        return {"industry": employer.industry}
    elsewhere = country not in ("", workplace.country) or (region and places.region_key(region, workplace.country) != workplace.region_key)
    if scope == Scope.REGION and elsewhere:
        raise Refused(_("This committee is for %(area)s. Choose a workplace there.") % {"area": Committee(region=region, country=country).area or region})
    if scope == Scope.REGION and workplace.country:
        return {"country": workplace.country, "region": places.region_name(region, workplace.country)}
    raise Refused(_("A committee of this kind cannot be taken in here."))


def hold(committee_id: int) -> None:
    """Whoever closes this committee, or makes it one with another, waits until this transaction ends. Others may name the row meanwhile.

    Given before the rows of what a closing ends, and before the first entry in its log: one order for all.
    """
    Committee.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=committee_id)


@transaction.atomic
def dissolve_unsent(committee: Committee, *, at: datetime) -> None:
    """A founding that nobody ever sent ends, so that someone else can start at that workplace."""
    if Committee.objects.filter(pk=committee.pk, life=Life.FORMING).update(life=Life.DISSOLVED):
        ledger.record("committee.never_began", by=None, about=committee, committee=committee, at=at)


@transaction.atomic
def dissolve(committee: Committee, *, by: Person | None, at: datetime, into: Committee | None = None) -> None:
    """The committee is no more; its row stays for its history. Whoever gives this command has asked who may, and tells its members.

    `into`: the committee with which it becomes one; both logs say so. Refused the second time.
    """
    if not Committee.objects.open().filter(pk=committee.pk).update(life=Life.DISSOLVED, merged_into=into):
        raise Refused(_("This has already been done."))
    Committee.objects.filter(merged_into=committee).update(merged_into=into)  # old addresses lead on in one step
    if into is None:
        ledger.record("committee.closed", by=by, about=committee, committee=committee, at=at)
        return
    for each in sorted((committee, into), key=lambda one: one.slug):  # one order for all: two acts at once wait, and never for each other
        ledger.record("committee.united", by=by, about=committee, committee=each, at=at)


@dataclass(frozen=True)
class CharterWords:
    """What a charter says, in one language. Where `text` or `attestation` is empty, the site's own words stand in each reader's language."""

    language: str
    text: str = ""
    who_may_join: str = ""
    how_we_decide: str = ""
    attestation: str = ""
    quorum: int = QUORUM


@transaction.atomic
def adopt_charter(committee: Committee, words: CharterWords, *, by: Person | None, at: datetime) -> Charter:
    """The committee's next charter. Those before it stay to be read. Whoever gives this command has asked who may.

    What applicants have said of themselves stays said to the version that they read.
    """
    hold(committee.pk)
    last = Charter.objects.filter(committee=committee).aggregate(last=Max("version"))["last"] or 0
    charter = Charter.objects.create(committee=committee, version=last + 1, adopted_at=at, **asdict(words))
    ledger.record("charter.adopted", by=by, about=committee, committee=committee, at=at, detail={"version": charter.version})
    return charter
