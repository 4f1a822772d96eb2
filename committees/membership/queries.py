"""Shapes that pages need over several models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery

from committees.bodies.models import Committee
from committees.membership.applications import Application, ApplicationMessage
from committees.membership.models import Membership
from committees.membership.roles import GRANTS, PRESENT, Power, Role, Standing

if TYPE_CHECKING:
    from committees.people.models import Person

REVIEWING = frozenset(role for role, powers in GRANTS.items() if Power.REVIEW_APPLICATIONS in powers)


def reviewer_memberships(person: Person) -> QuerySet[Membership]:
    """The memberships under which this person answers applications."""
    return Membership.objects.filter(person=person).with_role(*REVIEWING)


def queue(person: Person) -> QuerySet[Application]:
    """Everything that waits for this person as a reviewer, own applications left out."""
    where = reviewer_memberships(person).values("committee_id")
    return Application.objects.waiting().filter(reviewed_in__in=where).exclude(person=person)


def waiting_for(person: Person) -> int:
    """How many applications wait for an answer of reviewers like this person."""
    return queue(person).count()


def case(person: Person, slug: str) -> tuple[Application, Membership] | None:
    """One application and the membership under which this person may see it; None as if it did not exist."""
    application = (
        Application.objects.exclude(state="started")
        .exclude(person=person)
        .select_related("committee__policy", "committee__workplace__employer", "reviewed_in", "decided_by", "person")
        .filter(slug=slug)
        .first()
    )
    if application is None:
        return None
    member = reviewer_memberships(person).filter(committee_id=application.reviewed_in_id).select_related("committee", "person").with_running_roles().first()
    return (application, member) if member else None


def conversation(application: Application, *, with_notes: bool) -> list[ApplicationMessage]:
    """What was said, oldest first; notes only for reviewers."""
    said = application.messages.select_related("author")
    return list(said if with_notes else said.filter(internal=False))


def roster(committee_id: int) -> QuerySet[Membership]:
    """Who belongs, with running roles, by handle."""
    return Membership.objects.filter(committee_id=committee_id, standing__in=PRESENT | {Standing.SUSPENDED}).with_running_roles()


def reviewer_ids(committee_id: int) -> QuerySet[Any, int | None]:
    """Person ids of those who answer applications in a committee."""
    return Membership.objects.filter(committee_id=committee_id).with_role(*REVIEWING).values_list("person_id", flat=True)


def organizer_ids(committee_id: int) -> QuerySet[Any, int | None]:
    return Membership.objects.filter(committee_id=committee_id).with_role(Role.ORGANIZER).values_list("person_id", flat=True)


def checks_needed(application: Application) -> int:
    """How many checks before one may accept: what the policy asks for, but never more than there are reviewers to give
    them; for founders one talk with an organizer of the wider committee."""
    if application.founding:
        return 1
    reviewers = Membership.objects.filter(committee_id=application.reviewed_in_id).with_role(*REVIEWING).count()
    return min(application.committee.policy.checks_needed, max(reviewers, 1))


@dataclass(frozen=True)
class Founding:
    """How far a forming committee has come."""

    verified: int
    needed: int

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.verified / self.needed))


def founding(committee: Committee) -> Founding:
    return Founding(Membership.objects.present().filter(committee=committee, is_founder=True).count(), committee.founding_number)


@dataclass(frozen=True)
class AtSite:
    """What one page must know of the listed committee at a site."""

    committee: Committee
    standing: str
    applied: str


def at_sites(workplace_ids: Sequence[int], person: Any) -> dict[int, AtSite]:
    """The listed committee of each of these workplaces, with this person's own part in it. Two queries at most."""
    signed_in = person is not None and person.is_authenticated
    own = Membership.objects.filter(committee=OuterRef("pk"), person_id=person.pk if signed_in else None)
    applied = Application.objects.open().filter(committee=OuterRef("pk"), person_id=person.pk if signed_in else None)
    committees = (
        Committee.objects.listed()
        .filter(workplace_id__in=workplace_ids)
        .annotate(my_standing=Subquery(own.order_by("-joined_at").values("standing")[:1]), my_application=Subquery(applied.values("slug")[:1]))
    )
    return {c.workplace_id: AtSite(c, c.my_standing or "", c.my_application or "") for c in committees if c.workplace_id}  # type: ignore[attr-defined]


def size_band(committee: Committee) -> int | None:
    """A number of members that may be shown in public: rounded down to tens, None below 10."""
    number = Membership.objects.present().filter(committee=committee).count()
    return None if number < 10 else number // 10 * 10
