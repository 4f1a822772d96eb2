"""What committees are to each other: who is above, who is below, whom one could ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from committees.alliance import rules
from committees.alliance.models import Affiliation, AffiliationQuerySet, State
from committees.base import dates, prepared
from committees.bodies import queries as bodies
from committees.bodies.models import Committee, CommitteeQuerySet, Life, Scope, Visibility
from committees.directory import finding, names, places
from committees.directory.models import Employer, Workplace
from committees.membership.models import Membership
from committees.membership.roles import Power, Role

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import Promise

    from committees.people.models import Person

# Closed under accepted ties whose two ends still are. UNION, not UNION ALL: whatever stood in the table, it ends.
_FROM = """
WITH RECURSIVE above (id) AS (
    %(subquery)s
    UNION
    SELECT tie.wider_id FROM above
    JOIN alliance_affiliation tie ON tie.committee_id = above.id AND tie.state = 'accepted'
    JOIN bodies_committee wider ON wider.id = tie.wider_id AND wider.life <> 'dissolved'
)
SELECT id FROM above
"""
_ABOVE = _FROM % {"subquery": "SELECT unnest(%s::bigint[])"}
_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT %s::bigint
    UNION
    SELECT tie.committee_id FROM below
    JOIN alliance_affiliation tie ON tie.wider_id = below.id AND tie.state = 'accepted'
    JOIN bodies_committee part ON part.id = tie.committee_id AND part.life <> 'dissolved'
)
SELECT id FROM below
"""


class Above(Subquery):
    """`above` inside another question: `committee_id__in=Above(memberships.values("committee_id"))`."""

    template = f"({_FROM})"


def below_too(committee_id: int) -> RawSQL:
    """`below` inside another question: `committee_id__in=below_too(wider.pk)`."""
    return RawSQL(_BELOW, (committee_id,))  # noqa: S611 (our own text)


def above(committee_ids: Iterable[int]) -> list[int]:
    """The ids of these committees and of all that they belong to, however far up. One query."""
    return [pk for (pk,) in prepared.rows(_ABOVE, [sorted(committee_ids)])]


def below(committee_id: int) -> list[int]:
    """The ids of this committee and of all that belong to it, however far down. One query."""
    return [pk for (pk,) in prepared.rows(_BELOW, [committee_id])]


def requests_for(person: Person, at: datetime) -> AffiliationQuerySet:
    """Requests of other committees that wait for this person, as somebody who answers for the wider one."""
    where = Membership.objects.of(person).with_power(Power.AFFILIATE, at).values("committee_id")
    return Affiliation.objects.requested().filter(wider_id__in=where).exclude(committee__life=Life.DISSOLVED)


def would_circle(committee: Committee, wider: Committee) -> bool:
    """Whether the wider one already belongs to the committee, directly or through others."""
    return committee.pk in above([wider.pk])


@dataclass(frozen=True)
class Ties:
    """The ties of one committee, as one member may see them: those that stand, up and down; requests got and made."""

    up: list[Affiliation]
    down: list[Affiliation]
    waiting: list[Affiliation]
    asked: list[Affiliation]

    def __bool__(self) -> bool:
        return bool(self.up or self.down or self.waiting or self.asked)


def _seen(member: Membership) -> AffiliationQuerySet:
    return Affiliation.objects.visible_to(member).select_related("committee__workplace__employer", "wider")


def _open(member: Membership) -> AffiliationQuerySet:
    between = _seen(member).filter(state__in=(State.REQUESTED, State.ACCEPTED))
    return between.exclude(committee__life=Life.DISSOLVED).exclude(wider__life=Life.DISSOLVED).order_by("asked_at", "pk")


_OPEN = prepared.Prepared(_open, member=prepared.a_row(Membership, "committee_id", same=("powers",)))


def ties(member: Membership) -> Ties:
    """What stands, and for organizers what waits. One query, however many ties."""
    here, now = member.committee_id, _OPEN(member=member)
    accepted = sorted((tie for tie in now if tie.is_accepted), key=lambda tie: (tie.wider if tie.committee_id == here else tie.committee).name.casefold())
    return Ties(
        up=[tie for tie in accepted if tie.committee_id == here],
        down=[tie for tie in accepted if tie.wider_id == here],
        waiting=[tie for tie in now if tie.is_requested and tie.wider_id == here],
        asked=[tie for tie in now if tie.is_requested and tie.committee_id == here],
    )


def past(member: Membership, limit: int = 20) -> list[Affiliation]:
    """What was declined, taken back or ended, the latest first; for organizers only."""
    return list(_seen(member).exclude(state__in=(State.REQUESTED, State.ACCEPTED)).order_by("-ended_at", "-pk")[:limit])


def siblings(member: Membership, limit: int = 50) -> QuerySet[Committee]:
    """Listed committees that belong to a committee to which this one belongs too. Their names and nothing of their members."""
    mine = Affiliation.objects.standing().filter(committee_id=member.committee_id)
    beside = Affiliation.objects.standing().filter(wider__in=mine.values("wider")).exclude(committee_id=member.committee_id)
    return Committee.objects.listed().filter(pk__in=beside.values("committee")).select_related("workplace__employer").order_by("name", "pk")[:limit]


def tied(member: Membership) -> list[Committee]:
    """The committees with which one's own can do things together: all that belong to one that it belongs to, directly or
    through others; hidden ones only where they belong to one's own."""
    here = member.committee_id
    around = {pk for top in above([here]) for pk in below(top)} - {here}
    own = set(below(here))
    found = Committee.objects.open().filter(pk__in=around).filter(Q(visibility=Visibility.LISTED) | Q(pk__in=own))
    return list(found.exclude(life=Life.FORMING).select_related("workplace__employer").order_by("name", "pk"))


def candidates(member: Membership, *, asked_too: bool = False) -> list[Committee]:
    """The wider committees that this one could ask now: they fit, are listed, and no tie or request is open.

    `asked_too`: those with an open one as well, so that a form which is sent a second time is understood.
    """
    committee = member.committee
    taken = Affiliation.objects.filter(committee=committee, wider=OuterRef("pk"), state__in=(State.REQUESTED, State.ACCEPTED))
    wide = Committee.objects.listed().exclude(scope=Scope.WORKPLACE).exclude(pk=committee.pk)
    wide = wide if asked_too else wide.filter(~Exists(taken))
    fitting = wide.filter(~Q(scope=Scope.EMPLOYER) | Q(employer_id=rules.employer_of(committee)))
    country, region = committee.lies_in
    if country:
        fitting = fitting.filter(~Q(scope=Scope.REGION) | _areas(country, region, unsure=committee.scope == Scope.WORKPLACE))
    under = set(below(committee.pk))
    order = {scope: number for number, scope in enumerate(rules.REACH)}
    found = [each for each in fitting.select_related("employer", "industry").order_by("name", "pk")[:200] if each.pk not in under]
    return sorted(found, key=lambda each: order[Scope(each.scope)])


def _areas(country: str, region: str, *, unsure: bool) -> Q:
    """Committees of this country or of this region of it. `unsure`: where no region is known, of any region (`rules.lies_within`)."""
    return Q(country=country) if unsure and not region else Q(country=country, region_key__in={"", region})


def tie(member: Membership, slug: str) -> Affiliation | None:
    """One tie of this member's committee, with both sides; None as if there were none."""
    seen = Affiliation.objects.visible_to(member)
    return seen.select_related("committee__workplace__employer", "wider__employer", "asked_by", "answered_by", "ended_by").filter(slug=slug).first()


def organizer_ids(*committee_ids: int) -> QuerySet[Membership, int | None]:
    """Person ids of those who organize one of these committees."""
    return Membership.objects.filter(committee_id__in=committee_ids).with_role(Role.ORGANIZER).values_list("person_id", flat=True)


def scope_words(committee: Committee) -> str | Promise:
    """What ties the committees of a wider one together, in a word: an employer, an industry, a place."""
    if committee.scope == Scope.EMPLOYER and committee.employer:
        return committee.employer.name
    if committee.scope == Scope.INDUSTRY and committee.industry:
        return str(committee.industry)
    if committee.scope == Scope.REGION:
        return committee.area
    return committee.get_scope_display()


def startable(committee: Committee, regions: list[tuple[str, str]], *, started_too: bool = False) -> list[tuple[str, str]]:
    """The wider committees that could be started from this one, as choices: those whose subject it knows and that nobody has started;
    among them those of `regions` (startable_regions).

    `started_too`: those that somebody has started as well, so that a form which is sent a second time is understood.
    """
    site = committee.workplace
    employer = site.employer if site else committee.employer
    industry = (employer.industry if employer else None) or committee.industry
    country = committee.lies_in[0]
    there = Committee.objects.none() if started_too else Committee.objects.listed()  # of one that only its link leads to nobody learns here
    found: list[tuple[str, str]] = []
    if employer and not there.filter(scope=Scope.EMPLOYER, employer=employer).exists():
        found.append((str(Scope.EMPLOYER), _named(_("All workplaces of {name}"), employer.name)))
    if industry and not there.filter(scope=Scope.INDUSTRY, industry=industry).exists():
        found.append((str(Scope.INDUSTRY), _named(_("The whole industry: {name}"), industry)))
    if country and not there.filter(scope=Scope.REGION, country=country, region_key="").exists():
        found.append((str(Scope.REGION), _named(_("All workplaces in {name}"), country_name(country))))
    if len(regions) == 1:
        ((key, name),) = regions
        found.append((f"{PART}-{key}", format_html(_("All workplaces in {region}"), region=format_html("<bdi>{}, {}</bdi>", name, country_name(country)))))
    elif regions:
        found.append((PART, _named(_("All workplaces in one region of {name}"), country_name(country))))
    return found


#: What is chosen for a region within the country, which stands among the choices itself where there is only one: a form that is
#: sent when another one is left means none of them.
PART = "part"


def startable_regions(committee: Committee, *, started_too: bool = False) -> list[tuple[str, str]]:
    """(key, name) of the regions whose committee could be started from this one, by name; those that nobody has started."""
    country = committee.lies_in[0]
    there = Committee.objects.none() if started_too else Committee.objects.listed().filter(scope=Scope.REGION, country=country)
    taken = set(there.values_list("region_key", flat=True))
    return [(key, name) for key, name in bodies.regions_beside(committee).items() if key not in taken]


def _named(words: str, name: object) -> SafeString:
    """A label with a name in it that people or a list gave, kept apart from the words around it."""
    return format_html(words, name=format_html("<bdi>{}</bdi>", name))


def country_name(code: str) -> str:
    """A country in the reader's language."""
    return str(dates.locale().territories.get(code, code))


# -- What everybody may find ---------------------------------------------------------------------------------------------

#: How many sites that match a search are asked whether they have a committee.
SITES_LOOKED_AT = 500


def listed(*, q: str = "", scope: str = "", country: str = "") -> CommitteeQuerySet:
    """Listed committees by what is typed (a site in any of its spellings, or part of a wider one's name), reach and country."""
    found = Committee.objects.listed().select_related("workplace__employer", "employer", "industry")
    if scope:
        found = found.filter(scope=scope)
    if country:
        found = found.filter(country=country)
    if q:
        sites = finding.find(q).ids[:SITES_LOOKED_AT]
        found = found.filter(Q(workplace__in=sites) | (~Q(scope=Scope.WORKPLACE) & Q(name__icontains=q)) | _area_called(q))
    return found


def _area_called(q: str) -> Q:
    """Committees of a country or a region that is called so, in any of its spellings: "texas", "TX", "Estados Unidos"."""
    found = Q(scope=Scope.REGION, country=places.country(q, guess=False) or None)
    for key in {" ".join(names.words(q)), *(places.region_key(known.name, known.country) for known in places.regions_called(q))} - {""}:
        found |= Q(scope=Scope.REGION, region_key=key)
    return found


def _around(employer: int, industry: str, country: str, region: str) -> CommitteeQuerySet:
    around = Q(scope=Scope.EMPLOYER, employer=employer) | Q(scope=Scope.INDUSTRY, industry=industry)
    around |= Q(scope=Scope.REGION, country=country, region_key="") | Q(scope=Scope.REGION, country=country, region_key=region)
    return Committee.objects.listed().filter(around).select_related("employer", "industry")


_AROUND = prepared.Prepared(_around, employer=prepared.a_number, industry=prepared.perhaps_a_word, country=prepared.a_word, region=prepared.perhaps_a_word)


def around(site: Workplace) -> list[Committee]:
    """Listed committees to which one of this site could belong: of its employer, its industry, its region, its country. The narrowest
    first; one query."""
    order = {scope: number for number, scope in enumerate(rules.REACH)}
    found = _AROUND(employer=site.employer_id, industry=site.employer.industry_id or "", country=site.country, region=site.region_key)
    return sorted(found, key=lambda each: (order[Scope(each.scope)], not each.region))


def countries() -> list[str]:
    """The codes of all countries with a listed committee."""
    return list(Committee.objects.listed().exclude(country="").order_by("country").values_list("country", flat=True).distinct())


def employers() -> QuerySet[Employer]:
    """Employers that the public may know: those with a site that is listed or was."""
    sites = Workplace.objects.known().filter(employer=OuterRef("pk"))
    return Employer.objects.filter(Exists(sites)).select_related("industry").prefetch_related("aliases")


def of_employer(employer: Employer, limit: int = 100) -> QuerySet[Committee]:
    """Listed committees at this employer's sites, by town."""
    here = Committee.objects.listed().filter(workplace__employer=employer)
    return here.select_related("workplace__employer").order_by("workplace__place_key", "pk")[:limit]


def wider_of(employer: Employer) -> Committee | None:
    """The listed committee of all this employer's sites, if workers have made one."""
    return Committee.objects.listed().filter(scope=Scope.EMPLOYER, employer=employer).first()
