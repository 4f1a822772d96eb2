"""Erasing what was written in cases: when it is old, and when somebody erases their account."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from committees.moderation.models import Flag, Review, Sanction
from committees.notices import commands as notices
from committees.people.models import Person

ERASE_AFTER = timedelta(days=90)


@transaction.atomic
def forget_words(at: datetime) -> int:
    """90 days after a decision the texts to its author and the notes of those who flagged are erased; that it was, stays in the log."""
    old = at - ERASE_AFTER
    words = Review.objects.filter(decided_at__lte=old, erased_at=None).update(text="", erased_at=at)
    words += Flag.objects.filter(review__decided_at__lte=old, erased_at=None).update(note="", erased_at=at)
    return words + Sanction.objects.filter(ended_at__lte=old, erased_at=None).update(text="", erased_at=at)


@transaction.atomic
def erase_person(person: Person) -> None:
    """What was written to them and by them in cases is erased, and nothing more is told; what was decided stays, about nobody."""
    at = timezone.now()
    theirs = Review.objects.filter(author__person=person)
    for review in theirs:
        notices.supersede(review)
    theirs.update(text="", erased_at=at)
    Flag.objects.filter(by__person=person).update(note="", erased_at=at)
    Sanction.objects.filter(membership__person=person).update(text="", erased_at=at)
