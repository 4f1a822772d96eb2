"""What somebody who applies brings along from the committee at their former site: a fact of the past, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from committees.bodies.models import Life, Visibility
from committees.membership.applications import Application, Check, State
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.moves import Move
from committees.membership.queries import number_of
from committees.membership.roles import PRESENT, Standing
from committees.people.models import Person

#: From such a place one carries with one that one was confirmed there.
CARRIES = PRESENT | {Standing.INACTIVE, Standing.LEFT}


@dataclass(frozen=True)
class History:
    """What the committee that somebody comes from knew of them, as a fact of the past: never who vouched, and never the name of a
    committee that only its link leads to."""

    checks: int
    at: datetime
    committee: str


def _with_history(rows: MembershipQuerySet) -> MembershipQuerySet:
    """Adds when each of these members was accepted, and by how many checks. One by somebody who acted for an employer does not count."""
    admitted = Application.objects.filter(
        committee=OuterRef("committee"), person=OuterRef("person"), state=State.ADMITTED, ended_at__gte=OuterRef("joined_at")
    ).order_by("-ended_at", "-pk")
    checks = Check.objects.that_count().filter(application=OuterRef("came_in"))
    found = rows.select_related("committee").annotate(came_in=Subquery(admitted.values("pk")[:1]), confirmed_at=Subquery(admitted.values("ended_at")[:1]))
    return found.annotate(confirmed_by=number_of(checks))


def _carried(member: Any) -> History | None:
    """What a membership carries to another committee, read `_with_history`; None where it carries nothing: whoever was removed,
    suspended or stepped aside, or is in question, and who came in without a check."""
    if member.standing not in CARRIES or member.revouch_since is not None or not member.confirmed_by:
        return None
    listed = member.committee.visibility == Visibility.LISTED and member.committee.life != Life.DISSOLVED
    return History(member.confirmed_by, member.confirmed_at, member.committee.name if listed else "")


def moves_from(person: Person, *, to: int) -> list[tuple[Membership, History | None]]:
    """The memberships from which this person could move to another committee, and what each would carry there. One query."""
    mine = Membership.objects.present().filter(person=person).exclude(committee=to).exclude(committee__life=Life.DISSOLVED)
    return [(member, _carried(member)) for member in _with_history(mine).order_by("joined_at", "pk")]


def move(application: Application) -> Move | None:
    """Where its applicant says that they come from."""
    return Move.objects.filter(application=application).select_related("came_from__committee").first()


def history(application: Application, said: Move | None) -> History | None:
    """What reviewers of an application may know of where its applicant was before: only if they wanted it shown, while it is
    still theirs, and unless they have left there otherwise than by this move."""
    if said is None or not said.shown:
        return None
    was = _with_history(Membership.objects.filter(pk=said.came_from_id, person=application.person_id)).first()
    if was is None or (was.standing == Standing.LEFT and (application.sent_at is None or was.changed_at < application.sent_at)):
        return None
    return _carried(was)
