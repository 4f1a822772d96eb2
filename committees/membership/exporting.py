"""What this room gives a person who takes everything that is theirs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from committees.membership.applications import Application
from committees.membership.covers import Cover
from committees.membership.invitations import Invitation
from committees.membership.models import Membership
from committees.membership.moves import Move
from committees.people.models import Person


def memberships(person: Person) -> list[dict[str, Any]]:
    rows = Membership.objects.filter(person=person).select_related("committee").prefetch_related("terms").order_by("joined_at")
    return [
        {
            "committee": m.committee.name,
            "name_there": m.handle,
            "shift": m.shift,
            "standing": m.standing,
            "joined": m.joined_at.isoformat(),
            "offices": [
                {
                    "role": t.role,
                    "covering": t.stands_in_for_id is not None,
                    "from": t.begins_at.isoformat(),
                    "until": t.ends_at.isoformat() if t.ends_at else None,
                }
                for t in m.terms.all()
            ],
            "said_no_manager": m.attested_at.isoformat(),
            "asked_whether_you_stay": m.asked_on.isoformat() if m.asked_on else None,
        }
        for m in rows
    ]


def applications(person: Person) -> list[dict[str, Any]]:
    rows = Application.objects.of(person).select_related("committee", "move__came_from__committee").prefetch_related("messages").order_by("started_at")
    return [
        {
            "committee": a.committee.name,
            "name_there": a.handle,
            "shift": a.shift,
            "why": a.why,
            "answers": a.answers,
            "state": a.state,
            "by_an_invitation": a.invitation_id is not None,
            "begun": a.started_at.isoformat(),
            "moved_from": _moved_from(a),
            "said": [
                {
                    "by": "organizers" if m.author_id else "me",
                    "text": "\n".join(filter(None, [str(m.get_phrase_display()) if m.phrase else "", str(m.text)])),
                    "at": m.at.isoformat(),
                }
                for m in a.messages.all()
                if not m.internal
            ],
        }
        for a in rows
    ]


def _moved_from(application: Application) -> dict[str, Any] | None:
    move: Move | None = getattr(application, "move", None)
    return {"committee": move.came_from.committee.name, "shown_to_reviewers": move.shown, "leaving": move.leaving} if move else None


def covers(person: Person) -> list[dict[str, Any]]:
    """When they were away and when they covered for somebody. Who the other one was is not only theirs."""
    rows = Cover.objects.filter(Q(absent__person=person) | Q(member__person=person)).select_related("committee", "absent").order_by("asked_at", "pk")
    return [
        {
            "committee": each.committee.name,
            "role": each.role,
            "i_was": "away" if each.absent.person_id == person.pk else "covering",
            "state": each.state,
            "from": each.begins_at.isoformat(),
            "until": each.ends_at.isoformat(),
        }
        for each in rows
    ]


def invitations(person: Person) -> list[dict[str, Any]]:
    """Those that they made, without the link: whoever finds the file must not find a way in."""
    rows = Invitation.objects.filter(made_by__person=person).select_related("committee").order_by("made_at")
    return [{"committee": i.committee.name, "called": i.label, "made": i.made_at.isoformat(), "open_until": i.expires_at.isoformat()} for i in rows]
