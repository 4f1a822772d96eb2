"""What the mail server can take: so many a minute, and nothing while it asks to be left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from committees.notices.models import Allowance

NAME = "mail"

#: So many are taken out of this minute's allowance as are left, at most those that are asked for.
_TAKE = """
UPDATE notices_allowance AS a SET minute = %(minute)s, used = was.used + least(%(some)s, greatest(%(most)s - was.used, 0))
FROM (SELECT name, CASE WHEN minute = %(minute)s THEN used ELSE 0 END AS used
      FROM notices_allowance WHERE name = %(name)s FOR UPDATE) AS was
WHERE a.name = was.name RETURNING a.used - was.used
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


def is_resting(*, at: datetime) -> bool:
    """Whether the mail server is being left alone."""
    return Allowance.objects.filter(name=NAME, rest_until__gt=at).exists()


def rest(*, at: datetime) -> None:
    """Leave the mail server alone for a little while: it refused us, or did not answer."""
    until = at + timedelta(seconds=settings.NOTICES_REST_SECONDS)
    Allowance.objects.update_or_create(name=NAME, defaults={"rest_until": until}, create_defaults={"rest_until": until, "minute": at})
