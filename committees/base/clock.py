"""Wall times and instants. A meeting at seven stays at seven, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The IANA zones that a person may choose (areas with a city, and UTC)."""
    areas = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return frozenset(z for z in available_timezones() if z.startswith(areas)) | {"UTC"}


def validate_zone(name: str) -> None:
    """Model and form validator for IANA zone names."""
    if name not in zones():
        raise ValidationError(_("Choose a time zone from the list."), code="zone")


def instant(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a naive wall time in an IANA zone (RFC 5545 §3.3.5).

    A time that the clocks skip moves forward by the length of the gap; one that happens twice is the first.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time carries no zone")
    local = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    return local.astimezone(UTC)


def wall(at: datetime, zone: str) -> datetime:
    """The naive wall time of an aware instant in an IANA zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def exists(local: datetime, zone: str) -> bool:
    """False for a wall time that the clocks of that zone skip."""
    return wall(instant(local, zone), zone) == local


def happens_twice(local: datetime, zone: str) -> bool:
    """True for a wall time that the clocks of that zone show twice, when they go back."""
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def city(zone: str) -> str:
    """The last part of a zone's name, as a plain fallback where no translated city is known."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def next_midnight(at: datetime, zone: str) -> datetime:
    """The instant at which the next day begins in that zone."""
    tomorrow = (wall(at, zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return instant(tomorrow, zone)
