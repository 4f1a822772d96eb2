"""What this room gives a person who takes everything that is theirs."""

from __future__ import annotations

from typing import Any

from committees.people.models import Person
from committees.support.models import Grant, Look


def asked(person: Person) -> list[dict[str, Any]]:
    """What they asked those who keep the service for, as an organizer."""
    rows = Grant.objects.filter(asked_by__person=person).select_related("committee").order_by("asked_at", "pk")
    return [
        {"committee": each.committee.name, "parts": each.parts, "hours": each.hours, "why": each.reason, "state": each.state, "at": each.asked_at.isoformat()}
        for each in rows
    ]


def looked(person: Person) -> list[dict[str, Any]]:
    """What they opened, as somebody who keeps the service. Whose it was is that committee's, and not theirs."""
    rows = Look.objects.filter(visitor__person=person).order_by("at", "pk")
    return [{"part": each.part, "at": each.at.isoformat()} for each in rows]
