"""What the mail server can take: so many a minute, and nothing while it asks to be left alone.

A minute's mails do not go at its beginning: they are spread over pieces of it, so that web pages keep their pace beside a large sending
and what is urgent waits seconds for its turn, not the rest of the minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from committees.base import crypto
from committees.notices.models import Allowance

NAME = "mail"
OF_DOMAINS = "to:"
#: Into so many pieces a minute is cut, each as long as this.
PIECES, LENGTH = 12, timedelta(seconds=5)

#: So many are taken out of what is allowed in this minute, or piece of it, as are left, at most those that are asked for.
_TAKE = """
UPDATE notices_allowance AS a SET minute = %(minute)s, used = was.used + least(%(some)s, greatest(%(most)s - was.used, 0))
FROM (SELECT name, CASE WHEN minute = %(minute)s THEN used ELSE 0 END AS used
      FROM notices_allowance WHERE name = %(name)s FOR UPDATE) AS was
WHERE a.name = was.name RETURNING a.used - was.used
"""
#: The same for several names at once, locked in one order.
_TAKE_EACH = """
WITH was AS (
    SELECT name, CASE WHEN minute = %(minute)s THEN used ELSE 0 END AS used
    FROM notices_allowance WHERE name = ANY(%(names)s) ORDER BY name FOR UPDATE
), given AS (
    SELECT was.name, was.used, least(asked.wanted, greatest(%(most)s - was.used, 0)) AS granted
    FROM was JOIN unnest(%(names)s::varchar[], %(some)s::int[]) AS asked (name, wanted) USING (name)
)
UPDATE notices_allowance AS a SET minute = %(minute)s, used = given.used + given.granted FROM given WHERE a.name = given.name
RETURNING a.name, given.granted
"""


@dataclass(frozen=True)
class Piece:
    """A piece of a minute: when it begins, and how many mails may go in it. None, where there are fewer mails than pieces."""

    start: datetime
    most: int

    @classmethod
    def at(cls, at: datetime, per_minute: int) -> Self:
        """That which `at` is in. Those of one minute add up to `per_minute`, and no two differ by more than one mail."""
        minute = at.replace(second=0, microsecond=0)
        place = (at - minute) // LENGTH
        before, after = (-(-per_minute * n // PIECES) for n in (place, place + 1))
        return cls(minute + place * LENGTH, after - before)


def allow(some: int, *, at: datetime) -> int:
    """How many of `some` mails may go now (MAIL_PER_MINUTE; 0 sets no limit). They count as used, until they are given back."""
    if not settings.MAIL_PER_MINUTE:
        return some
    piece = Piece.at(at, settings.MAIL_PER_MINUTE)
    Allowance.objects.get_or_create(name=NAME, defaults={"minute": piece.start})
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"minute": piece.start, "some": some, "most": piece.most, "name": NAME})
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def give_back(some: int, *, at: datetime) -> None:
    """Of those that were allowed `at`, so many did not go: there were not as many."""
    if settings.MAIL_PER_MINUTE and some:
        start = Piece.at(at, settings.MAIL_PER_MINUTE).start
        Allowance.objects.filter(name=NAME, minute=start).update(used=Greatest(F("used") - some, 0))


def more_at(*, at: datetime) -> datetime | None:
    """When more may go; None where some may go now."""
    most = settings.MAIL_PER_MINUTE
    if not most:
        return None
    piece = Piece.at(at, most)
    if piece.most and not Allowance.objects.filter(name=NAME, minute=piece.start, used__gte=piece.most).exists():
        return None
    following = (Piece.at(piece.start + n * LENGTH, most) for n in range(1, PIECES + 1))
    return next(each.start for each in following if each.most)


def allow_domains(wanted: Mapping[str, int], *, at: datetime) -> dict[str, int]:
    """How many of so many mails to each of these domains may go now (MAIL_PER_DOMAIN a minute; 0 sets no limit). They count as used."""
    most = settings.MAIL_PER_DOMAIN
    if not most:
        return dict(wanted)
    minute = at.replace(second=0, microsecond=0)
    domains = {_named(domain): domain for domain in sorted(wanted)}
    Allowance.objects.bulk_create([Allowance(name=name, minute=minute) for name in sorted(domains)], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_EACH, {"minute": minute, "most": most, "names": list(domains), "some": [wanted[domain] for domain in domains.values()]})
        return {domains[name]: int(granted) for name, granted in cursor.fetchall()}


def _named(domain: str) -> str:
    """A domain may be an employer's: nobody who reads the table learns that somebody here has an address there."""
    return f"{OF_DOMAINS}{crypto.lookup_hmac(domain, purpose='allowance')[:16]}"


def forget_domains(*, at: datetime) -> None:
    """Erase the counts of minutes that are over."""
    Allowance.objects.filter(name__startswith=OF_DOMAINS, minute__lt=at - timedelta(hours=1)).delete()


def is_resting(*, at: datetime) -> bool:
    """Whether the mail server is being left alone."""
    return Allowance.objects.filter(name=NAME, rest_until__gt=at).exists()


def rest(*, at: datetime) -> None:
    """Leave the mail server alone for a little while: it refused us, or did not answer."""
    until = at + timedelta(seconds=settings.NOTICES_REST_SECONDS)
    Allowance.objects.update_or_create(name=NAME, defaults={"rest_until": until}, create_defaults={"rest_until": until, "minute": at})
