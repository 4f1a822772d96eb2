"""What this room gives a person who takes everything that is theirs."""

from __future__ import annotations

from typing import Any

from committees.mandates import queries
from committees.mandates.models import Mandate
from committees.people.models import Person


def mandates(person: Person) -> list[dict[str, Any]]:
    """What they were sent with or would have stood in for, and what they proposed as organizers."""
    return [
        {
            "committee": each.committee.name,
            "sent_to": each.wider.name,
            "as": _part(each, person),
            "mandate": each.text,
            "state": each.state,
            "renewed": bool(each.renews_id),
            "proposed": each.asked_at.isoformat(),
            "from": each.begins_at.isoformat() if each.begins_at else "",
            "until": each.ends_at.isoformat() if each.ends_at else "",
            "ended": each.ended_at.isoformat() if each.ended_at else "",
        }
        for each in queries.of_person(person)
    ]


def _part(mandate: Mandate, person: Person) -> str:
    parts = {"delegate": mandate.delegate, "alternate": mandate.alternate, "delegate before": mandate.before, "proposed it": mandate.asked_by}
    return ", ".join(name for name, member in parts.items() if member is not None and member.person_id == person.pk)
