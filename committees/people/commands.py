"""What a person does with their account."""

from __future__ import annotations

from datetime import date

from committees.people.models import Person


def seen(person: Person, *, on: date) -> None:
    """Note that the account was used on this day: one write a day, none else."""
    if person.seen_on != on:
        Person.objects.get_queryset().filter(pk=person.pk).update(seen_on=on)
        person.seen_on = on
