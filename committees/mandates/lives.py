"""What becomes of a mandate, step by step (base/lives.py)."""

from __future__ import annotations

from committees.base.lives import Life, Step
from committees.mandates.models import Mandate, State

MANDATE = Life(
    model=Mandate,
    column="state",
    title="A mandate",
    begins=(State.PROPOSED,),
    steps=(
        Step(State.PROPOSED, State.RUNNING, "two organizers agreed, and members did not stop them"),
        Step(State.PROPOSED, State.OFF, "nobody agreed, members stopped it, or whoever was named said no or is gone"),
        Step(
            State.RUNNING,
            State.ENDED,
            "its term is over; two organizers end or renew it; the committees part; or the delegate hands it back or is gone, and nobody could take over",
        ),
    ),
)
