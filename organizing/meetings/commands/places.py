"""Places at a meeting: who comes, who waits, and who is next. The meeting's row is held, so that the number is exact also for those who
answer at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from committees.bodies.models import Committee
from committees.notices import commands as notices
from organizing.meetings import rules
from organizing.meetings.models import Answer, Choice, Meeting

AT_ONCE = 100
GIVEN, LOST = "meetings/place_given", "meetings/place_lost"
IN_ORDER = ("at", "pk")


def held(meeting: Meeting) -> Meeting:
    """The row as it is now, held until the transaction ends; others may name it meanwhile."""
    return Meeting.objects.select_related("committee").select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)


def has_room(meeting: Meeting, *, mine: Answer | None, at: datetime) -> bool:
    """Whether whoever gave this answer, or none, can come now. Whoever waits comes first, as long as places are given in order; the row is
    held."""
    settle(meeting, at=at)
    if mine is not None and Answer.objects.filter(pk=mine.pk, choice=Choice.YES).exists():  # it was their turn in this moment
        return True
    return meeting.capacity is None or _coming(meeting).count() < meeting.capacity


def settle(meeting: Meeting, *, at: datetime) -> int:
    """Who waits gets the places that are free, in the order in which they said yes, and is told; nobody within two hours of the start.
    Returns how many. The row is held."""
    if not rules.gives_places(meeting, at=at):
        return 0
    waiting = _waiting(meeting).order_by(*IN_ORDER)
    if meeting.capacity is not None:
        waiting = waiting[: max(0, meeting.capacity - _coming(meeting).count())]
    return _put(meeting, list(waiting), Choice.YES, GIVEN, at=at)


def resize(meeting: Meeting, *, at: datetime) -> None:
    """The number of places has changed: the newest who no longer fit wait from now on, and are told; or who waits gets a place."""
    if meeting.capacity is not None:
        beyond = _coming(meeting).order_by(*IN_ORDER)[meeting.capacity :]
        _put(meeting, list(beyond), Choice.WAITING, LOST, at=at)
    settle(meeting, at=at)


@transaction.atomic
def give_free_places(at: datetime) -> int:
    """Who waits gets the places of those who left or were suspended, whoever they are. Called every minute. Returns how many did."""
    waits = Answer.objects.filter(meeting=OuterRef("pk"), asking=OuterRef("asking"), choice=Choice.WAITING)
    due = Meeting.objects.scheduled().filter(Exists(waits), starts_at__gt=at + rules.PLACES_STOP).select_related("committee")
    found = due.order_by("starts_at", "pk").select_for_update(of=("self",), skip_locked=True, no_key=True)[:AT_ONCE]
    return sum(settle(meeting, at=at) for meeting in found)


def _coming(meeting: Meeting) -> QuerySet[Answer]:
    return Answer.objects.counting(meeting).filter(choice=Choice.YES)


def _waiting(meeting: Meeting) -> QuerySet[Answer]:
    return Answer.objects.counting(meeting).filter(choice=Choice.WAITING)


def _put(meeting: Meeting, answers: Iterable[Answer], choice: Choice, kind: str, *, at: datetime) -> int:
    """These answers are from now on another one, and their givers are told: one notice for each committee that comes."""
    pks = [answer.pk for answer in answers]
    if not pks:
        return 0
    rows = Answer.objects.filter(pk__in=pks)
    told: dict[int, list[int]] = {}
    for committee_id, person_id in rows.filter(membership__person__isnull=False).values_list("committee_id", "membership__person_id"):
        told.setdefault(committee_id, []).append(person_id)
    rows.update(choice=choice)
    for committee in Committee.objects.filter(pk__in=told).order_by("pk"):
        notices.post(
            kind,
            about=meeting,
            to=told[committee.pk],
            committee=committee,
            version=meeting.told_version,
            occasion=f"{committee.slug} {at:%Y%m%d%H%M%S%f}",
            at=at,
            useful_until=meeting.starts_at,
        )
    return len(pks)
