"""What this room gives a person who takes everything that is theirs."""

from __future__ import annotations

from typing import Any

from committees.jointly.models import JointAct, Objection
from committees.people.models import Person


def proposals(person: Person) -> list[dict[str, Any]]:
    """What they proposed as an organizer. Whom it is about is another's and not theirs."""
    rows = JointAct.objects.filter(proposed_by__person=person).select_related("committee").order_by("proposed_at", "pk")
    return [
        {
            "committee": act.committee.name,
            "what": str(act.get_deed_display()),
            "role": str(act.get_role_display()),
            "words": act.words,
            "why": act.reason,
            "state": act.state,
            "proposed": act.proposed_at.isoformat(),
        }
        for act in rows
    ]


def objections(person: Person) -> list[dict[str, Any]]:
    rows = Objection.objects.filter(by__person=person).select_related("act__committee").order_by("at", "pk")
    return [{"committee": each.act.committee.name, "why": each.reason, "at": each.at.isoformat()} for each in rows]
