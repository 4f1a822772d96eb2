"""What rooms above add to the page of a meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from committees.base.navigation import Link

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.meetings.models import Meeting

type Maker = Callable[["Meeting", "Membership", datetime], Link | None]
_makers: list[Maker] = []


def add_link(maker: Maker) -> None:
    """Called from a room's `ready()`: `maker(meeting, member, at)` gives the way from a meeting's page to a page of that room, or None. Asks
    the database nothing."""
    if maker not in _makers:
        _makers.append(maker)


def links(meeting: Meeting, member: Membership, *, at: datetime) -> list[Link]:
    """Where one member goes on from a meeting, in the order of the rooms."""
    return [link for maker in _makers if (link := maker(meeting, member, at))]
