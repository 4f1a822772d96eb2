"""Two committees become one: what was decided and what waits in the one is the other's from then on."""

from __future__ import annotations

from datetime import datetime

from committees.bodies.models import Committee
from committees.moderation.models import Flag, Review, Sanction

#: Which columns name a committee.
NAMING = ((Review, ("committee", "claimed_in", "passed_to", "decided_in")), (Flag, ("committee", "site")), (Sanction, ("committee", "decided_in")))


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """This room's rows (bodies.register.on_uniting)."""
    for model, columns in NAMING:
        for column in columns:
            model.objects.filter(**{column: loser}).update(**{column: winner})
