"""What rooms above add to the page of a meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from committees.base.navigation import Link
from committees.membership.register import Section

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.meetings.models import Meeting

type LinkMaker = Callable[["Meeting", "Membership", datetime], Link | None]
_links: list[LinkMaker] = []


def add_link(maker: LinkMaker) -> None:
    """Called from a room's `ready()`: `maker(meeting, member, at)` gives the way from a meeting's page to a page of that room, or None. Asks
    the database nothing."""
    if maker not in _links:
        _links.append(maker)


_errands: list[LinkMaker] = []


def add_errand(maker: LinkMaker) -> None:
    """The same for what organizers do about a meeting: it stands among their buttons."""
    if maker not in _errands:
        _errands.append(maker)


def errands(meeting: Meeting, member: Membership, *, at: datetime) -> list[Link]:
    """What else an organizer may do about a meeting, in the order of the rooms."""
    return [link for maker in _errands if (link := maker(meeting, member, at))]


type PartMaker = Callable[["Meeting", "Membership", datetime], Section | None]
_parts: list[PartMaker] = []


def add_part(maker: PartMaker) -> None:
    """Called from a room's `ready()`: `maker(meeting, member, at)` gives that room's part of the page of a called meeting, or None."""
    if maker not in _parts:
        _parts.append(maker)


type PointMaker = Callable[["Meeting", "Membership", datetime], dict[str, Section]]
_under_points: list[PointMaker] = []


def add_under_points(maker: PointMaker) -> None:
    """Called from a room's `ready()`: `maker(meeting, member, at)` gives what stands under points of the agenda, by their keys."""
    if maker not in _under_points:
        _under_points.append(maker)


def under_points(meeting: Meeting, member: Membership, *, at: datetime) -> dict[str, list[Section]]:
    """What rooms above show under the points of an agenda that one member sees, by their keys."""
    found: dict[str, list[Section]] = {}
    for maker in _under_points:
        for key, section in maker(meeting, member, at).items():
            found.setdefault(key, []).append(section)
    return found


type Teller = Callable[[str, "Meeting", datetime, dict[str, Any]], None]
_tellers: list[Teller] = []


def on_telling(teller: Teller) -> None:
    """Called from a room's `ready()`: `teller(kind, meeting, at, more)` runs in the transaction in which all who come as members are told;
    `more` is what the notice was posted with (useful_until, due_at)."""
    if teller not in _tellers:
        _tellers.append(teller)


def tell(kind: str, meeting: Meeting, *, at: datetime, more: dict[str, Any]) -> None:
    """Members are told: so are those whom rooms above know."""
    for teller in _tellers:
        teller(kind, meeting, at, more)


def links(meeting: Meeting, member: Membership, *, at: datetime) -> list[Link]:
    """Where one member goes on from a meeting, in the order of the rooms."""
    return [link for maker in _links if (link := maker(meeting, member, at))]


def parts(meeting: Meeting, member: Membership, *, at: datetime) -> list[Section]:
    """The parts of a meeting's page as one member reads it, in the order of the rooms."""
    return [section for maker in _parts if (section := maker(meeting, member, at))]
