"""What rooms above add to the page of a meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from committees.membership.register import Section

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.meetings.models import Meeting

type Maker = Callable[["Meeting", "Membership", datetime], Section | None]
_makers: list[Maker] = []


def add_part(maker: Maker) -> None:
    """Called from a room's `ready()`: `maker(meeting, member, at)` gives that room's part of the page of a called meeting, or None."""
    if maker not in _makers:
        _makers.append(maker)


def parts(meeting: Meeting, member: Membership, *, at: datetime) -> list[Section]:
    """The parts of a meeting's page as one member reads it, in the order of the rooms."""
    return [section for maker in _makers if (section := maker(meeting, member, at))]
