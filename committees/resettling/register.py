"""What each room packs when a committee leaves, and unpacks where it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from committees.bodies.models import Committee
    from committees.membership.models import Membership
    from committees.resettling.chest import Chest, Packing


@dataclass(frozen=True)
class Leaving:
    """What a room that packs is told: the committee, and the number in the file of each of its memberships."""

    committee: Committee
    numbers: Mapping[int, int]

    def number(self, membership_id: int | None) -> int | None:
        """The number of a membership of this committee; None of anybody else's, who is not the committee's to carry away."""
        return self.numbers.get(membership_id or 0)


@dataclass(frozen=True)
class Coming:
    """What a room that unpacks is told: the committee that comes, whoever is known in it by their number, and when."""

    committee: Committee
    members: Mapping[int, Membership]
    at: datetime

    def member(self, number: int | None) -> Membership | None:
        return self.members.get(number or 0)


@dataclass(frozen=True)
class Part:
    """One room's part. `pack` writes nothing to the database; `unpack` runs in the transaction in which the committee comes."""

    files: tuple[str, ...]
    pack: Callable[[Leaving, Packing], None]
    unpack: Callable[[Coming, Chest], None]


_parts: dict[tuple[str, ...], Part] = {}


def part(*files: str, pack: Callable[[Leaving, Packing], None], unpack: Callable[[Coming, Chest], None]) -> None:
    """Called from a room's `ready()`, with the names of its files. What a chest lacks is not unpacked; what no room knows is refused."""
    _parts[files] = Part(files, pack, unpack)


def parts() -> tuple[Part, ...]:
    """All parts, in the order of the rooms."""
    return tuple(_parts.values())
