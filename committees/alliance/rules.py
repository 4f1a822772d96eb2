"""Pure questions about two committees in hand: no queries, no writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from committees.bodies.models import Life, Scope

if TYPE_CHECKING:
    from committees.bodies.models import Committee

#: From the narrowest to the widest.
REACH = (Scope.WORKPLACE, Scope.EMPLOYER, Scope.INDUSTRY, Scope.REGION, Scope.ALLIANCE)
#: May ask: it exists, and its members have met.
MAY_ASK = frozenset({Life.ACTIVE, Life.DORMANT})


def is_wide(committee: Committee) -> bool:
    """Whether others could belong to it."""
    return committee.scope != Scope.WORKPLACE


def fits(committee: Committee, wider: Committee) -> bool:
    """Whether `committee` could be a part of `wider` by what both are for.

    An employer's committee ties that employer's sites, a country's or a region's those that lie there; everything else its own
    organizers judge.
    Both with their workplace's employer read along.
    """
    if not is_wide(wider) or committee.pk == wider.pk or committee.scope == Scope.ALLIANCE:
        return False
    if wider.scope == Scope.EMPLOYER:
        return employer_of(committee) == wider.employer_id
    return wider.scope != Scope.REGION or lies_within(committee, wider)


def lies_within(committee: Committee, area: Committee) -> bool:
    """Whether a committee could belong to that of a country or a region by where it is.

    The country's own lies in none of its regions. A workplace of which the directory knows only the country may lie in any:
    the region's organizers judge, and so they do for a whole employer or industry.
    """
    country, region = committee.lies_in
    if not country or not area.region_key:
        return not country or country == area.country
    return country == area.country and (region == area.region_key or (not region and committee.scope == Scope.WORKPLACE))


def employer_of(committee: Committee) -> int | None:
    """The id of the employer that a committee is about, if it is about one."""
    return committee.workplace.employer_id if committee.workplace else committee.employer_id
