"""What rooms above may say about a site, and what they do when two entries of the directory become one.

The directory knows nothing of committees. `membership` registers one function for the cards of sites in `ready()`; it is asked
once for all sites of a page, so that no query stands in a loop. Whatever points at a site or an employer has a mover here
(`on_merge`); a model without one fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from committees.directory.models import Employer, Workplace
    from committees.people.models import Person

type Status = Literal["active", "forming", "dormant", "none"]


@dataclass(frozen=True)
class SiteCard:
    """What the public may know about the committee at a site. Never names, never a number of members below 10.

    `tone` is the colour of the tag: ok, info, warn or mute. `label` stands in the tag, `text` below it.
    `action` is the button's words, `url` where it leads; no button without them.
    """

    status: Status
    label: str
    tone: Literal["ok", "info", "warn", "mute"] = "mute"
    text: str = ""
    action: str = ""
    url: str = ""


type CardMaker = Callable[[Sequence[Workplace], Person | AnonymousUser | None], dict[int, SiteCard]]

_makers: list[CardMaker] = []


def register_site_card(maker: CardMaker) -> None:
    """Called once from a room's `ready()`. `maker(workplaces, person)` answers {workplace id: card} for all of them at once;
    a later maker's card stands in place of an earlier one's."""
    if maker not in _makers:
        _makers.append(maker)


def site_cards(workplaces: Sequence[Workplace], person: Person | AnonymousUser | None) -> dict[int, SiteCard]:
    """The cards of these sites, as this person may see them. A site that nobody speaks for has none."""
    cards: dict[int, SiteCard] = {}
    if workplaces:
        for maker in _makers:
            cards.update(maker(workplaces, person))
    return cards


@dataclass(frozen=True)
class Around:
    """A committee beyond one site to which those who work there could come: how far it reaches, where it leads."""

    name: str
    reach: str
    label: str
    tone: Literal["ok", "info", "warn"]
    url: str


type AroundFinder = Callable[[Workplace], Sequence[Around]]

_around: list[AroundFinder] = []


def register_around(finder: AroundFinder) -> None:
    """Called once from a room's `ready()`. `finder(site)` answers the listed committees to which one of this site could belong."""
    if finder not in _around:
        _around.append(finder)


def around(site: Workplace) -> list[Around]:
    """The committees of its employer, its industry, its region and its country that everybody may know."""
    return [each for find in _around for each in find(site)]


# -- Merging ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Merging:
    """Two entries become one: who does it, and when."""

    by: Person
    at: datetime


type SiteMover = Callable[[Workplace, Workplace, Merging], None]
type EmployerMover = Callable[[Employer, Employer, Merging], None]

_site_movers: dict[str, SiteMover] = {}
_employer_movers: dict[str, EmployerMover] = {}


def on_merge(model: str, *, sites: SiteMover | None = None, employers: EmployerMover | None = None) -> None:
    """Called once from a room's `ready()` for each of its models ("room.Model") that points at a site or at an employer.

    `sites(loser, winner, merging)` lets all that hangs on the loser hang on the winner. It runs in the merge's transaction,
    with both rows locked, and raises Refused, in plain words, where the two cannot be one.
    """
    if sites is not None:
        _site_movers[model] = sites
    if employers is not None:
        _employer_movers[model] = employers


def movers() -> tuple[frozenset[str], frozenset[str]]:
    """The models that are moved with a site, and those that are moved with an employer."""
    return frozenset(_site_movers), frozenset(_employer_movers)


def move_what_hangs_on_a_site(loser: Workplace, winner: Workplace, merging: Merging) -> None:
    """Every room moves what it has at the loser."""
    for move in _site_movers.values():
        move(loser, winner, merging)


def move_what_hangs_on_an_employer(loser: Employer, winner: Employer, merging: Merging) -> None:
    """Every room moves what it has at the loser."""
    for move in _employer_movers.values():
        move(loser, winner, merging)
