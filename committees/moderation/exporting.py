"""What this room gives a person who takes everything that is theirs."""

from __future__ import annotations

from typing import Any

from committees.moderation.models import Flag, Review, Sanction
from committees.people.models import Person


def decisions(person: Person) -> list[dict[str, Any]]:
    """What was decided about what they wrote, and about themself."""
    told = Review.objects.told_to(person).select_related("committee").order_by("decided_at")
    limits = Sanction.objects.filter(membership__person=person).select_related("committee").order_by("begins_at")
    return [
        {"committee": r.committee.name, "decided": r.act, "rule": r.rule, "text": r.text, "at": r.decided_at and r.decided_at.isoformat()} for r in told
    ] + [
        {"committee": s.committee.name, "decided": s.kind, "rule": s.rule, "text": s.text, "from": s.begins_at.isoformat(), "until": s.until.isoformat()}
        for s in limits
    ]


def flags(person: Person) -> list[dict[str, Any]]:
    """What they flagged, and the notes."""
    given = Flag.objects.filter(by__person=person).select_related("committee").order_by("at")
    return [{"committee": f.committee.name, "what": f.matter, "reason": f.reason, "note": f.note, "at": f.at.isoformat()} for f in given]
