"""What all commands about a meeting write: its row, its history, its record, its notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from committees.ledger import commands as ledger
from committees.membership.models import Membership
from organizing.meetings.commands.telling import foretell, silence, tell
from organizing.meetings.models import AgendaItem, Meeting, MeetingChange
from organizing.meetings.plans import Point

Kind = MeetingChange.Kind


def locked(meeting: Meeting) -> Meeting:
    """The row as it is now, held until the transaction ends: of two who change it at once, the second sees the first's work."""
    return Meeting.objects.select_related("committee").select_for_update(of=("self",)).get(pk=meeting.pk)


def change(
    meeting: Meeting,
    kind: MeetingChange.Kind,
    *,
    by: Membership | None,
    at: datetime,
    fields: dict[str, Any],
    facts: dict[str, Any] | None = None,
    why: str = "",
    sequence: int | None = None,
    quietly: bool = False,
) -> None:
    """Write a change, its history and its record, and tell those whom it concerns. Called by commands that have asked the rules.

    `quietly`: the record and the notice are those of another meeting of its series; only its own guests, who know nothing of that one, are told.
    """
    until = meeting.ends_at
    if kind != Kind.EDITED:
        fields = {**fields, "told_version": meeting.told_version + 1}
        silence(meeting)
    meeting.sequence = meeting.sequence + 1 if sequence is None else sequence
    for name, value in {**fields, "changed_at": at}.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=[*fields, "sequence", "changed_at"])
    meeting.forget_what_was_told()
    MeetingChange.objects.create(
        committee_id=meeting.committee_id, meeting=meeting, sequence=meeting.sequence, kind=kind, by=by, at=at, why=why or None, **(facts or {})
    )
    if not quietly:
        detail = {"sequence": meeting.sequence}
        ledger.record(f"meeting.{kind}", by=by.person if by else None, about=meeting, committee=meeting.committee, at=at, detail=detail)
    if kind != Kind.EDITED:
        tell(meeting, kind, at=at, until=max(filter(None, (until, meeting.ends_at))), only_guests=quietly)
    if kind in (Kind.CALLED, Kind.MOVED):
        foretell(meeting, at=at)


def write_agenda(meeting: Meeting, points: tuple[Point, ...]) -> None:
    """Its agenda is these points, in this order. A point that was there before stays the same row: what hangs on it stays with it."""
    before = {row.key: row for row in meeting.agenda.all()}
    kept, new = list[AgendaItem](), list[AgendaItem]()
    for position, point in enumerate(points, start=1):
        row = before.pop(point.key, None) if point.key else None
        if row is None:
            taken = {each.key for each in (*kept, *new)}
            key = point.key if point.key and point.key not in taken else uuid4()
            new.append(AgendaItem(committee_id=meeting.committee_id, meeting=meeting, key=key, position=position, **point.fields()))
            continue
        row.position = position
        for name, value in point.fields().items():
            setattr(row, name, value)
        kept.append(row)
    if before:
        AgendaItem.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
    AgendaItem.objects.bulk_update(kept, ["position", *Point.FIELDS])
    AgendaItem.objects.bulk_create(new)
