"""What a page shows of a committee that leaves, of one that comes, and of places that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from committees.jointly import queries as acts
from committees.jointly import rules as jointly
from committees.jointly.models import Deed, JointAct, State
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.people.models import Person
from committees.resettling import rules
from committees.resettling.models import Arrival, ArrivalQuerySet, Seat


@dataclass(frozen=True)
class Departure:
    """A committee that leaves, as one member sees it. `passphrase` only for the two who may take the file."""

    act: JointAct
    code: str
    codes_until: datetime
    passphrase: str = ""
    take_until: datetime | None = None


def departure(member: Membership, at: datetime) -> Departure | None:
    """The latest departure of this member's committee that two agreed to and nobody stopped, while codes are shown."""
    if member.standing not in rules.COME_ALONG:
        return None
    done = JointAct.objects.filter(committee_id=member.committee_id, deed=Deed.LEAVING, state=State.DONE, ended_at__gt=at - rules.CODES_FOR)
    act = done.select_related("committee").order_by("-ended_at", "-pk").first()
    if act is None or act.ended_at is None:
        return None
    one_of_two = member.pk in (act.proposed_by_id, act.agreed_by_id) and Power.CLOSE_COMMITTEE in member.powers
    may_take = one_of_two and acts.can_be_fetched(act, at, Deed.LEAVING)
    return Departure(
        act=act,
        code=rules.code(act, member),
        codes_until=act.ended_at + rules.CODES_FOR,
        passphrase=rules.passphrase(act) if may_take else "",
        take_until=act.ended_at + jointly.TO_FETCH if may_take else None,
    )


def to_answer(member: Membership) -> ArrivalQuerySet:
    """The committees that somebody brought to the ones whom this member answers for, without their files."""
    rows = Arrival.objects.visible_to(member).without_file()
    return rows.select_related("workplace__employer", "committee").exclude(brought_by=member.person_id)


def of_person(person: Person) -> ArrivalQuerySet:
    return Arrival.objects.visible_to_person(person).without_file().select_related("workplace__employer", "committee", "asked")


def waiting_places(member: Membership) -> int:
    """How many places wait for whoever comes from the other server."""
    return Seat.objects.visible_to(member).count()
