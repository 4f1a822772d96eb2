"""Limits while the cache is gone: the same four verbs, on a table. Keys arrive hidden (base.softcache)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from committees.people.models import Tally

_FOR_GOOD = timedelta(days=1)  # no key outlives the day it was made for


def _end(seconds: float | None) -> datetime:
    return timezone.now() + (_FOR_GOOD if seconds is None else timedelta(seconds=seconds))


def get(key: str) -> Any:
    return Tally.objects.filter(key=key, expires_at__gt=timezone.now()).values_list("value", flat=True).first()


def set(key: str, value: Any, seconds: float | None) -> None:  # noqa: A001  the cache's own verb
    Tally.objects.update_or_create(key=key, defaults={"value": value, "expires_at": _end(seconds)})


def add(key: str, value: Any, seconds: float | None) -> bool:
    """True for the one caller who found the key free: an insert that gives way, or takes the place of an expired row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_tally (key, value, expires_at) VALUES (%s, %s::jsonb, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at "
            "WHERE people_tally.expires_at <= %s RETURNING 1",
            [key, json.dumps(value), _end(seconds), timezone.now()],
        )
        return cursor.fetchone() is not None


def delete(key: str) -> bool:
    return bool(Tally.objects.filter(key=key).delete()[0])


def forget(at: datetime) -> int:
    """Erase what has expired (retention)."""
    return Tally.objects.filter(expires_at__lte=at).delete()[0]
