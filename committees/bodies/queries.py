"""What could be founded, as the directory has it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from committees.directory import queries as directory

if TYPE_CHECKING:
    from committees.bodies.models import Committee


def regions_beside(committee: Committee) -> dict[str, str]:
    """Key → name of the regions whose committee could be started from this one: its own, where the directory says it, else any of its
    country. Only those in which a listed workplace lies: nobody gives a region a name of their own. `committee` with its
    workplace read along."""
    country, own = committee.lies_in
    found = directory.regions_of(country) if country else {}
    return {key: name for key, name in found.items() if key == own} if own else found
