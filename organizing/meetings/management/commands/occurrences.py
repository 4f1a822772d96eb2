"""When a series would meet, for whoever wants to see it before it is made."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import islice, takewhile
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from committees.base import clock
from committees.base.errors import Refused
from organizing.meetings import recurrence
from organizing.meetings.recurrence import Occurrence

#: So many are said where neither the rule nor --until nor --count says when it ends.
MOST = 100


class Command(BaseCommand):
    help = (
        "Say when a series would meet: the instants in UTC and the wall times of its zone. A time that the clocks skip is moved forward, one "
        f"that comes twice is the first. At most {MOST} where nothing says when it ends. Changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rrule", required=True, help="the rule (RFC 5545), for example FREQ=WEEKLY;BYDAY=TU")
        parser.add_argument("--start", required=True, help="the first wall time, for example 2026-11-24T18:00; a day alone for a whole day")
        parser.add_argument("--zone", required=True, help="the IANA zone, for example Europe/London")
        ends = parser.add_mutually_exclusive_group()
        ends.add_argument("--until", help="the last wall time that counts; of a day alone the whole day")
        ends.add_argument("--count", type=int, help="at most so many")
        parser.add_argument("--json", action="store_true", help="say it as JSON: a list of objects with utc and wall")

    def handle(self, *, rrule: str, start: str, zone: str, until: str | None, count: int | None, json: bool, **options: Any) -> None:
        found = list(_found(rrule, start, zone, until, count))
        self.stdout.write(_as_json(found, zone) if json else "\n".join(f"{_utc(each)}  {_shown(each, zone)} {zone}" for each in found))


def _found(rule: str, start: str, zone: str, until: str | None, count: int | None) -> Iterator[Occurrence]:
    try:
        clock.validate_zone(zone)
        read = recurrence.read(rule)
    except (ValidationError, Refused) as no:
        raise CommandError(" ".join(no.messages) if isinstance(no, ValidationError) else str(no)) from None
    found = recurrence.occurrences(read, _wall(start), zone, all_day=_is_day(start))
    if until:
        last = datetime.combine(_wall(until), time.max) if _is_day(until) else _wall(until)
        found = takewhile(lambda each: each.wall <= last, found)
    ends = until or read.count or read.until
    return islice(found, count if count is not None else None if ends else MOST)


def _is_day(said: str) -> bool:
    return re.fullmatch(r"\d{4}-?\d\d-?\d\d", said) is not None


def _wall(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise CommandError(f"{said!r} is no wall time. Write it like 2026-11-24T18:00, without a zone.")
    return found


def _as_json(found: list[Occurrence], zone: str) -> str:
    return json.dumps([{"utc": _utc(each), "wall": _shown(each, zone)} for each in found])


def _shown(each: Occurrence, zone: str) -> str:
    """What the clocks show there: another time than the rule's where they skip that."""
    return clock.wall(each.starts_at, zone).isoformat()


def _utc(each: Occurrence) -> str:
    return each.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
