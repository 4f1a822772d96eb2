"""What the retention table promises (apps.py)."""

from __future__ import annotations

from datetime import datetime, timedelta

from committees.people.models import Person
from organizing.meetings.commands.recurring import drop_unbegun
from organizing.meetings.models import Answer, CalendarFeed, Meeting, MeetingChange

PLACE_DAYS = 7
ANSWER_DAYS = 30
DRAFT_DAYS = 90


def erase_places(at: datetime) -> int:
    """Place, link and number of meetings that ended (or would have, had they not been cancelled) seven days ago."""
    due = Meeting.objects.called().filter(ends_at__lt=at - timedelta(days=PLACE_DAYS), place_erased_at=None)
    return due.update(place="", link="", dial_in="", place_erased_at=at)


def erase_answers(at: datetime) -> int:
    """Who answered what, and the reasons of changes, thirty days after the meeting."""
    over = Meeting.objects.filter(ends_at__lt=at - timedelta(days=ANSWER_DAYS))
    deleted, _rows = Answer.objects.filter(meeting__in=over).delete()
    return deleted + MeetingChange.objects.filter(meeting__in=over, why__isnull=False).update(why=None)


def erase_drafts(at: datetime) -> int:
    """Drafts that nobody touched for ninety days."""
    deleted, _rows = Meeting.objects.drafts().filter(changed_at__lt=at - timedelta(days=DRAFT_DAYS)).delete()
    drop_unbegun()
    return deleted


def forget(person: Person) -> None:
    """An account is erased: its answers, and its calendar address with what that may show."""
    Answer.objects.filter(membership__person=person).delete()
    CalendarFeed.objects.filter(person=person).delete()
