"""How long, and how many: pure questions about an act that needs two."""

from __future__ import annotations

from datetime import timedelta

#: So long a second organizer can agree; else it lapses.
TO_AGREE = timedelta(hours=72)
#: So long members can object before it happens.
TO_OBJECT = timedelta(hours=72)
#: How long a role is held, in months.
TERMS = (6, 12, 24)
DAYS_A_MONTH = 30.4375


def objections_needed(electorate: int) -> int:
    """How many full members stop it: a quarter of them, and at least one."""
    return max(1, -(-electorate // 4))


def term(months: int) -> timedelta:
    """How long a term of so many months is, to the day."""
    return timedelta(days=round(months * DAYS_A_MONTH))
