"""A person's own calendar address. They act for themself: `by` is the person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from committees.base import tokens
from committees.people.models import Person
from organizing.meetings.models import CalendarFeed


@transaction.atomic
def subscribe_calendar(*, by: Person, at: datetime) -> str:
    """Make a secret calendar address and give its token away once; an older one is dead from now on."""
    token, digest = tokens.new()
    CalendarFeed.objects.update_or_create(person=by, defaults={"digest": digest, "made_on": at.date()})
    return token


@transaction.atomic
def revoke_calendar(*, by: Person) -> None:
    """End the address. How discreet the calendar is stays as it was."""
    CalendarFeed.objects.filter(person=by).update(digest=None, made_on=None)


@transaction.atomic
def set_titles(titles: str, *, by: Person) -> None:
    """How much a person's calendar says."""
    CalendarFeed.objects.update_or_create(person=by, defaults={"titles": titles})
