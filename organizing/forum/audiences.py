"""Who may read what: the one place that says it, for boards, topics and posts alike.

Each of them carries its audience and the committee that it belongs to, and a topic keeps the audience it was begun with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from committees.alliance.queries import Above, below_too
from committees.bodies.models import Life, Visibility
from committees.membership.models import Membership
from committees.membership.roles import PRESENT, STANDING_GRANTS, THAT_SEE, Power

if TYPE_CHECKING:
    from committees.people.models import Person

#: Somebody who reads: a person, or None where nobody has signed in.
type Reader = Person | None


class Audience(TextChoices):
    """Whom a board, a topic or a post is for."""

    COMMITTEE = "committee", _("Members of one committee")
    STRATEGY = "strategy", _("Members of one committee, past their first weeks")
    SHARED = "shared", _("Members of all committees that belong to a wider one")
    PUBLIC = "public", _("Anyone")


#: For members of the board's own committee alone.
INNER = frozenset({Audience.COMMITTEE, Audience.STRATEGY})
#: Read by members of several committees, who do not know each other's.
CROSSING = frozenset(Audience) - INNER
_STRATEGIC = frozenset(standing for standing, powers in STANDING_GRANTS.items() if Power.READ_STRATEGY in powers)
#: Who is told of what is new: members and new members, not those who rest.
TOLD = PRESENT


def _committees(person: Person, standings: Any) -> QuerySet[Membership, Any]:
    """The ids of the committees in which this person has one of these standings."""
    return Membership.objects.filter(person=person, standing__in=standings).exclude(committee__life=Life.DISSOLVED).values("committee_id")


def near(person: Person) -> Q:
    """Of boards, topics and posts: those of this person's committees and of all that these belong to, that they may read."""
    around = Q(committee_id__in=Above(_committees(person, THAT_SEE)))
    return Q(audience__in=sorted(CROSSING)) & around | _inner(person)


def _inner(person: Person) -> Q:
    own = Q(audience=Audience.COMMITTEE, committee_id__in=_committees(person, THAT_SEE))
    return own | Q(audience=Audience.STRATEGY, committee_id__in=_committees(person, _STRATEGIC))


def public() -> Q:
    """Those that anyone may read. A committee that only its link leads to has none for strangers: to them it does not exist."""
    return Q(audience=Audience.PUBLIC, committee__visibility=Visibility.LISTED) & ~Q(committee__life=Life.DISSOLVED)


def readable(reader: Reader) -> Q:
    """Of boards, topics and posts, those that this reader may read."""
    return public() if reader is None else near(reader) | public()


def members_who_read(audience: str, committee_id: int) -> QuerySet[Membership]:
    """The memberships by which a board, topic or post of that committee is read, of people who are to be told of it."""
    inside = Membership.objects.exclude(committee__life=Life.DISSOLVED)
    if audience in CROSSING:
        return inside.filter(standing__in=TOLD, committee_id__in=below_too(committee_id))
    return inside.filter(standing__in=TOLD & _STRATEGIC if audience == Audience.STRATEGY else TOLD, committee_id=committee_id)


def readers_among(person_ids: set[int], *, audience: str, committee_id: int) -> set[int]:
    """Of these people those who may read it as members. One query."""
    found = members_who_read(audience, committee_id).filter(person_id__in=person_ids).values_list("person_id", flat=True)
    return {pk for pk in found if pk}
