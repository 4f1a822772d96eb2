"""Reading the ledger. Who may read what is decided by the room that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from committees.ledger.models import Entry, EntryQuerySet

if TYPE_CHECKING:
    from committees.people.models import Person


def history_of(row: models.Model) -> EntryQuerySet:
    """What was done to this row, from the beginning."""
    return Entry.objects.about(row).in_order()


def of_person(person: Person) -> EntryQuerySet:
    """What this person did, in every chain; for their own export and for nobody else's eyes."""
    return Entry.objects.by(person).order_by("at", "pk")


def of_committee(committee: models.Model | None) -> EntryQuerySet:
    """What was done in this committee, the newest first; the platform's own acts for None."""
    return Entry.objects.in_committee(committee).order_by("-position")
