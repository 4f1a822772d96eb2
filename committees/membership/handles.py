"""Handles: names that are one's own in one committee, and that nobody else can be mistaken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import clean_line, mixes_scripts, skeleton
from committees.membership.models import ReservedHandle

if TYPE_CHECKING:
    from committees.people.models import Person

SHORTEST, LONGEST = 3, 40
#: Names that would speak for the committee or the site. Compared by what they look like.
RESERVED = frozenset(
    skeleton(word)
    for word in ("organizer", "organiser", "moderator", "admin", "administrator", "committee", "support", "system", "rank and file", "management")
)


def well_formed(handle: str) -> str:
    """The cleaned handle, or Refused: too short or long, mixed scripts, an address, or the name of an office."""
    handle = clean_line(handle)
    key = skeleton(handle)
    if len(handle) < SHORTEST or len(key) < 2:
        raise Refused(_("Choose a name with at least three letters."), field="handle")
    if len(handle) > LONGEST or len(key) > 2 * LONGEST:
        raise Refused(_("Choose a shorter name: at most 40 letters."), field="handle")
    if "@" in handle:
        raise Refused(_("This looks like an address. Choose a name that does not lead to you."), field="handle")
    if mixes_scripts(handle):
        raise Refused(_("Use the letters of one alphabet, so that nobody can be mistaken for someone else."), field="handle")
    if key in RESERVED:
        raise Refused(_("This name would sound like an office. Choose another."), field="handle")
    return handle


def taken() -> Refused:
    return Refused(_("Someone here already uses this name or one that looks like it. Choose another."), field="handle")


def free(handle: str, *, in_committee: int, person: Person | None) -> str:
    """The cleaned handle, or Refused: not well formed, or reserved for somebody else who uses or once used it."""
    handle = well_formed(handle)
    reserved = ReservedHandle.objects.filter(committee_id=in_committee, key=skeleton(handle))
    if person is not None:
        reserved = reserved.exclude(membership__person=person)
    if reserved.exists():
        raise taken()
    return handle
