"""What rooms above may say about a site: today whether its workers have a committee, and what one can do there.

The directory knows nothing of committees. `bodies` registers one function in `ready()`; it is asked once for all sites
of a page, so that no query stands in a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from committees.directory.models import Workplace
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
