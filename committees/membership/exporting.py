"""What this room gives a person who takes everything that is theirs."""

from __future__ import annotations

from typing import Any

from committees.membership.applications import Application
from committees.membership.models import Membership
from committees.people.models import Person


def memberships(person: Person) -> list[dict[str, Any]]:
    rows = Membership.objects.filter(person=person).select_related("committee").order_by("joined_at")
    return [
        {
            "committee": m.committee.name,
            "name_there": m.handle,
            "shift": m.shift,
            "standing": m.standing,
            "joined": m.joined_at.isoformat(),
            "said_no_manager": m.attested_at.isoformat(),
            "asked_whether_you_stay": m.asked_on.isoformat() if m.asked_on else None,
        }
        for m in rows
    ]


def applications(person: Person) -> list[dict[str, Any]]:
    rows = Application.objects.of(person).select_related("committee").prefetch_related("messages").order_by("started_at")
    return [
        {
            "committee": a.committee.name,
            "name_there": a.handle,
            "shift": a.shift,
            "why": a.why,
            "answers": a.answers,
            "state": a.state,
            "begun": a.started_at.isoformat(),
            "said": [{"by": "organizers" if m.author_id else "me", "text": m.text, "at": m.at.isoformat()} for m in a.messages.all() if not m.internal],
        }
        for a in rows
    ]
