"""What rooms above add to the desk of those who keep the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from committees.membership.register import Section

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.live.models import Gathering

type DeskMaker = Callable[["Gathering", "Membership", datetime], Section | None]
_desk: list[DeskMaker] = []


def at_the_desk(maker: DeskMaker) -> None:
    """Called from a room's `ready()`: `maker(gathering, member, at)` gives that room's part of the desk, or None. Its context holds a `mark`
    that changes with what it shows."""
    if maker not in _desk:
        _desk.append(maker)


def desk(gathering: Gathering, member: Membership, *, at: datetime) -> list[Section]:
    """The parts of the desk, in the order of the rooms."""
    return [section for maker in _desk if (section := maker(gathering, member, at))]
