"""What pages show of mandates."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from committees.alliance.models import Affiliation
from committees.bodies.models import Committee
from committees.mandates.models import Mandate, MandateQuerySet, State
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import Standing
from committees.people.models import Person

_ALONG = ("committee", "wider", "delegate", "alternate", "before", "seat", "renews__committee")


def given_by(member: Membership) -> MandateQuerySet:
    """The mandates that this member's own committee gives or gave."""
    return Mandate.objects.visible_to(member).filter(committee_id=member.committee_id).select_related(*_ALONG)


def sent_to(member: Membership) -> MandateQuerySet:
    """Who is sent to this member's committee now, by those who may be known."""
    return Mandate.objects.visible_to(member).filter(wider_id=member.committee_id, state=State.RUNNING).select_related(*_ALONG)


def one(member: Membership, slug: str) -> Mandate | None:
    """One mandate as this member may see it; None as if there were none."""
    return Mandate.objects.visible_to(member).select_related(*_ALONG, "asked_by").filter(slug=slug).first()


def places(member: Membership) -> list[Committee]:
    """The wider committees to which this one belongs, and could send somebody."""
    ties = Affiliation.objects.standing().filter(committee=member.committee_id).select_related("wider").order_by("wider__name", "pk")
    return [tie.wider for tie in ties]


def running_in(member: Membership, at: datetime) -> list[Mandate]:
    """Whom the committee sends now, for its page. One query."""
    return list(given_by(member).running(at).order_by("wider__name", "pk"))


def delegates(committee: Committee, wider: Committee) -> int:
    """How many delegates a committee has in a wider one, or would have there: whoever is to go on by another mandate is one."""
    there = Mandate.objects.filter(committee=committee, wider=wider)
    goes_on = Q(renews__state=State.RUNNING, renews__delegate=F("delegate"))
    return there.filter(state=State.RUNNING).count() + there.filter(state=State.PROPOSED).exclude(goes_on).count()


def renewals_of(mandate: Mandate, member: Membership) -> list[Mandate]:
    """What is to replace a mandate, or has, as this member may see it."""
    return list(
        Mandate.objects.visible_to(member).filter(renews=mandate).exclude(state=State.OFF).select_related("committee", "wider").order_by("-asked_at", "-pk")
    )


def seats_of(member: Membership, at: datetime) -> MembershipQuerySet:
    """The places in wider committees that a member has by their mandates."""
    held = Mandate.objects.running(at).filter(delegate=member, seat__isnull=False, seat__joined_at=F("seated_at"))
    return Membership.objects.filter(pk__in=held.values("seat"))


def is_suspended_at_home(member: Membership, at: datetime) -> bool:
    """Whether this place is a seat of somebody who is suspended where they were sent from (membership.register.keeps_suspended)."""
    sent = Mandate.objects.running(at).filter(seat=member, seated_at=member.joined_at, delegate__standing=Standing.SUSPENDED)
    return sent.exists()


def own_place(person: Person | None, mandate: Mandate) -> Membership | None:
    """The place that a delegate has in the wider committee already, however they came by it."""
    return Membership.objects.filter(person=person, committee=mandate.wider_id).first() if person else None


def sits_by_another(place: Membership, mandate: Mandate) -> bool:
    """Whether this place is a seat that another mandate holds, of another committee: it passes to this one when that ends."""
    return Mandate.objects.filter(seat=place, seated_at=place.joined_at).exclude(pk=mandate.pk).exists()


def of_person(person: Person) -> QuerySet[Mandate]:
    """The mandates that a person holds or held, stands in for, or proposed."""
    mine = Q(delegate__person=person) | Q(alternate__person=person) | Q(before__person=person) | Q(asked_by__person=person)
    return Mandate.objects.filter(mine).select_related("committee", "wider", "delegate", "alternate", "before", "asked_by").order_by("asked_at", "pk")
