"""What becomes of a committee, step by step (base/lives.py)."""

from __future__ import annotations

from committees.base.lives import Life as Steps
from committees.base.lives import Step
from committees.bodies.models import Committee, Life

COMMITTEE = Steps(
    model=Committee,
    column="life",
    title="A committee",
    begins=(Life.FORMING, Life.ACTIVE),
    steps=(
        Step(Life.FORMING, Life.ACTIVE, "enough founders are confirmed, and an organizer says that the first meeting was held"),
        Step(Life.FORMING, Life.DISSOLVED, "nobody is in it and nobody wants to join; or two organizers close it"),
        Step(Life.ACTIVE, Life.DORMANT, "60 days without a meeting, a vote or a post"),
        Step(Life.DORMANT, Life.ACTIVE, "any full member wakes it, or something happens in it"),
        Step(Life.ACTIVE, Life.DISSOLVED, "two organizers close it, and members did not stop them"),
        Step(Life.DORMANT, Life.DISSOLVED, "the same"),
    ),
)
