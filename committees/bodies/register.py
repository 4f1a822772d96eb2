"""What rooms above give every committee from its first moment, what they end with it, and how they say when something last happened in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from committees.bodies.models import Committee

type Gift = Callable[["Committee", datetime], None]
_gifts: list[Gift] = []


def on_founding(gift: Gift) -> None:
    """Called from a room's `ready()`: `gift(committee, at)` runs in the transaction in which a committee begins."""
    if gift not in _gifts:
        _gifts.append(gift)


def founded(committee: Committee, *, at: datetime) -> None:
    for gift in _gifts:
        gift(committee, at)


type Ending = Callable[["Committee", int, datetime], None]
_endings: list[Ending] = []


def on_closing(ending: Ending) -> None:
    """Called from a room's `ready()`: `ending(committee, by, at)` runs in the transaction in which a committee is closed, while
    everybody still belongs to it. `by`: the key of the membership of the organizer who proposed it."""
    if ending not in _endings:
        _endings.append(ending)


def closing(committee: Committee, by: int, *, at: datetime) -> None:
    for ending in _endings:
        ending(committee, by, at)


type Uniting = Callable[["Committee", "Committee", datetime], None]
_before_unitings: list[Uniting] = []
_unitings: list[Uniting] = []


def before_uniting(end: Uniting) -> None:
    """Called from a room's `ready()`: `end(loser, winner, at)` ends, in both committees, what must not go on in the one that they
    become. Runs in that transaction before any room moves anything, while everybody still is where they were."""
    if end not in _before_unitings:
        _before_unitings.append(end)


def on_uniting(move: Uniting) -> None:
    """Called from a room's `ready()`: `move(loser, winner, at)` gives all that the one committee has to the other. Runs in one
    transaction, room above room; foreign keys that name a committee twice are looked at when all rooms are through."""
    if move not in _unitings:
        _unitings.append(move)


def uniting(loser: Committee, winner: Committee, *, at: datetime) -> None:
    for each in (*_before_unitings, *_unitings):
        each(loser, winner, at)


type Activity = Callable[[Sequence[int]], Mapping[int, datetime]]
_activities: list[Activity] = []


def shows_life(latest: Activity) -> None:
    """Called from a room's `ready()`: `latest(committee_ids)` gives, for those of these committees in which something of that
    room's kind ever happened or is going to, when it was last. A few queries, however many committees."""
    if latest not in _activities:
        _activities.append(latest)


def last_activity(committee_ids: Sequence[int]) -> dict[int, datetime]:
    """When something last happened in these committees, whatever it was; nothing for one in which nothing ever did."""
    found: dict[int, datetime] = {}
    for latest in _activities:
        for pk, at in latest(committee_ids).items():
            found[pk] = max(at, found.get(pk, at))
    return found
