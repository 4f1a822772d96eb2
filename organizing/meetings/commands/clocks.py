"""What follows from the clock: reminders, and zones whose rules change. Nothing is scheduled; the meetings themselves are asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from organizing.meetings import rules
from organizing.meetings.commands.changing import change
from organizing.meetings.commands.telling import everywhere
from organizing.meetings.models import Meeting, MeetingChange
from organizing.meetings.plans import When

REMIND_BEFORE = timedelta(hours=24)
SOON = timedelta(hours=1)


@transaction.atomic
def remind_due(at: datetime) -> int:
    """Remind of every meeting that begins within 24 hours and was known before that; once for each start. Returns how many.

    Called every minute. A meeting that was moved has another start and is due anew; one that was cancelled is not asked
    for. Whoever said no is left out at sending. A reminder that was missed goes out late while the meeting has not begun;
    after that it is only put on record, and the outbox sends nothing that is past its use. An hour before, whoever said yes or maybe
    is told once more, in the app and by push.
    """
    near = Meeting.objects.scheduled().filter(starts_at__gt=at - REMIND_BEFORE, starts_at__lte=at + REMIND_BEFORE)
    due = near.exclude(reminded_for=F("starts_at")).select_related("committee").select_for_update(of=("self",), skip_locked=True)
    return sum(_remind(meeting, at) for meeting in due.order_by("starts_at", "pk"))


def _remind(meeting: Meeting, at: datetime) -> bool:
    assert meeting.starts_at is not None
    due_at = meeting.starts_at - REMIND_BEFORE
    Meeting.objects.filter(pk=meeting.pk).update(reminded_for=meeting.starts_at)
    told = meeting.changes.exclude(kind=MeetingChange.Kind.EDITED)
    if at < meeting.starts_at and not told.filter(at__gt=meeting.starts_at - SOON).exists():
        everywhere("meetings/soon", meeting, at=at, due_at=meeting.starts_at - SOON, useful_until=meeting.starts_at)
    if told.filter(at__gt=due_at).exists():
        return False  # people were told of this start less than a day ahead: that was the reminder
    everywhere("meetings/reminder", meeting, at=at, due_at=due_at, useful_until=meeting.starts_at)
    return True


def follow_the_clocks(at: datetime) -> int:
    """Work out the instants of all meetings to come anew, and move those whose zone got other rules. Returns how many.

    Their wall time stays; people are told as of any move, of a series about the next meeting alone. Run every night.
    """
    moved, told = 0, set[int]()
    for pk, series in Meeting.objects.scheduled().filter(starts_at__gt=at).order_by("starts_at", "pk").values_list("pk", "series"):
        if _follow(pk, at, quietly=series in told):
            moved += 1
            told |= {series} - {None}
    return moved


@transaction.atomic
def _follow(pk: int, at: datetime, *, quietly: bool) -> bool:
    meeting = Meeting.objects.scheduled().select_related("committee").select_for_update(of=("self",)).filter(pk=pk).first()
    when = When.of(meeting) if meeting else None
    if meeting is None or when is None or when.starts_at == meeting.starts_at or when.starts_at <= at:
        return False
    what = rules.require_move(meeting, when, None, at=at)
    change(
        meeting,
        MeetingChange.Kind.MOVED,
        by=None,
        at=at,
        fields=what.fields,
        facts=what.facts | {"and_following": meeting.series_id is not None},
        quietly=quietly,
    )
    return True
