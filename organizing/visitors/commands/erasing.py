"""What the retention table promises, and what an erased account takes along."""

from __future__ import annotations

from datetime import datetime, timedelta

from committees.bodies.models import Committee
from committees.people.models import Person
from organizing.visitors.models import Opening, Visit
from organizing.visitors.rules import NAMES_DAYS


def erase_names(at: datetime) -> int:
    """Who registered, some days after the meeting ended or was to end."""
    return Visit.objects.filter(opening__meeting__ends_at__lt=at - timedelta(days=NAMES_DAYS)).delete()[0]


def forget(person: Person) -> None:
    """That this person registered anywhere."""
    Visit.objects.of(person).delete()


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one (bodies.register.on_uniting)."""
    Opening.objects.filter(committee=loser).update(committee=winner)
