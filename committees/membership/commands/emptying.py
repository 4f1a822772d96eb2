"""What becomes of a committee that nobody is left in before it has begun. Other commands use this."""

from __future__ import annotations

from datetime import datetime

from committees.bodies import commands as bodies
from committees.bodies.models import Committee
from committees.membership import queries


def dissolve_if_empty(committee: Committee, *, at: datetime) -> None:
    """A forming committee in which nobody is and which nobody wants to join any more frees its workplace."""
    if committee.is_forming and not queries.anybody_in(committee):
        bodies.dissolve_unsent(committee, at=at)
