"""What is granted, and what was opened."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from committees.membership.models import Membership
from committees.people.models import Person
from committees.support.models import Grant, GrantQuerySet, Look


def open_to(person: Person, at: datetime) -> GrantQuerySet:
    """What this person may look at now, what ends first above."""
    return Grant.objects.visible_to_person(person, at).select_related("committee").order_by("ends_at", "pk")


def running_in(member: Membership, at: datetime) -> list[Grant]:
    """What the member's committee grants now."""
    return list(Grant.objects.visible_to(member).running(at).order_by("ends_at", "pk"))


def looks(member: Membership) -> QuerySet[Look]:
    """Every page that was opened in the member's committee."""
    return Look.objects.visible_to(member).select_related("visitor")


def open_now(at: datetime) -> int:
    """How many committees let those who keep the service look at this moment."""
    return Grant.objects.running(at).count()


def keepers() -> QuerySet[Person, int]:
    """Ids of those who keep the service."""
    return Person.objects.filter(is_platform_admin=True, is_active=True).values_list("pk", flat=True)
