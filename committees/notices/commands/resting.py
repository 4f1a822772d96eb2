"""What the mail server can take: so many a minute, and nothing while it asks to be left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from committees.base import crypto
from committees.notices.models import Allowance

NAME = "mail"
OF_DOMAINS = "to:"

#: So many are taken out of this minute's allowance as are left, at most those that are asked for.
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


def allow(some: int, *, at: datetime) -> int:
    """How many of `some` mails may go now (MAIL_PER_MINUTE; 0 sets no limit). They count as used."""
    most = settings.MAIL_PER_MINUTE
    if not most:
        return some
    minute = at.replace(second=0, microsecond=0)
    Allowance.objects.get_or_create(name=NAME, defaults={"minute": minute})
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"minute": minute, "some": some, "most": most, "name": NAME})
        row = cursor.fetchone()
    return int(row[0]) if row else 0


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
