"""Telling whoever has something to do. What is said stands in kinds.py."""

from __future__ import annotations

from datetime import datetime

from committees.notices import commands as notices
from organizing.minutes import queries, rules
from organizing.minutes.models import Item


def owner(item: Item, kind: str, *, at: datetime) -> None:
    """Once in each round."""
    if item.owner and item.owner.person_id:
        notices.post(kind, about=item, committee=item.committee, to=[item.owner.person_id], version=item.round, at=at)


def given(item: Item, *, at: datetime) -> None:
    """It is theirs from now on. So late that they would be reminded in the next minute, or told that it is over, this is the reminder."""
    if item.owner is None or item.owner.person is None:
        return
    zone = item.owner.person.time_zone
    if at >= rules.overdue_at(item.due, zone):
        Item.objects.filter(pk=item.pk).update(reminded_in=item.round, overdue_in=item.round)
    elif at >= rules.reminded_at(item.due, zone):
        Item.objects.filter(pk=item.pk).update(reminded_in=item.round)
    owner(item, queries.GIVEN, at=at)
