"""How long, and how many: pure questions about an act that needs two."""

from __future__ import annotations

from datetime import timedelta

from committees.jointly.models import Deed

#: So long a second organizer can agree; else it lapses.
TO_AGREE = timedelta(hours=72)
#: So long members can object before it happens; what is not named is open to it for 72 hours.
TO_OBJECT = {Deed.EXPORT: timedelta(hours=24)}
USUALLY = timedelta(hours=72)
#: What happens only after that time also while a committee is forming: it cannot be taken back.
ALWAYS_WAITS = frozenset({Deed.EXPORT, Deed.LEAVING, Deed.CLOSING, Deed.UNITING})
#: What happens as soon as a second one agrees: what shows something for some hours, until any organizer ends it with one tap; and
#: words, which bind nobody and are of today.
NEVER_WAITS = frozenset({Deed.SUPPORT, Deed.MESSAGE})
#: So long the two organizers can fetch the list of members that they agreed to export.
TO_FETCH = timedelta(hours=72)
#: How long a role is held, in months.
TERMS = (6, 12, 24)
DAYS_A_MONTH = 30.4375


def to_object(deed: str) -> timedelta:
    """How long members can object to a deed of this kind."""
    return TO_OBJECT.get(Deed(deed), USUALLY)


def objections_needed(electorate: int) -> int:
    """How many full members stop it: a quarter of them, and at least one."""
    return max(1, -(-electorate // 4))


def term(months: int) -> timedelta:
    """How long a term of so many months is, to the day."""
    return timedelta(days=round(months * DAYS_A_MONTH))
