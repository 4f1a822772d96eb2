"""A meeting of every week, and what came of it: what the tests of series share."""

from __future__ import annotations

from datetime import date, timedelta

from committees.notices import commands as notices
from committees.notices.models import Delivery, Notice
from organizing.meetings.models import Meeting, Series
from organizing.meetings.rhythms import Every, Rhythm
from tests.organizing.meetings.cast import NOW

WEEKLY = Rhythm(Every.WEEK)
WEEK = timedelta(weeks=1)


def rows(series: Series) -> list[Meeting]:
    """Its meetings, the first one first."""
    return list(Meeting.objects.filter(series=series).select_related("committee").order_by("starts_at"))


def days(series: Series) -> list[date]:
    return [each.day for each in rows(series) if each.day]


def told(kind: str) -> list[int]:
    """About which meetings it was said, in order."""
    return list(Notice.objects.filter(kind=f"meetings/{kind}").order_by("pk").values_list("about_id", flat=True))


def people(kind: str) -> set[int]:
    """Who gets it, by whatever way."""
    notices.expand_due(at=NOW)
    return {pk for pk in Delivery.objects.filter(notice__kind=f"meetings/{kind}").values_list("person_id", flat=True) if pk}
