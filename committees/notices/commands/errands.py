"""Account mails on their way out: taken, begun, delivered or given up. One at a time, for they are few and urgent."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from committees.notices import rules
from committees.notices.models import Errand, State
from committees.people.models import AccountMail

_TAKE = """
UPDATE notices_errand SET lease = %(lease)s, leased_until = %(until)s
WHERE id = (SELECT id FROM notices_errand
            WHERE state = 'waiting' AND due_at <= %(at)s AND (leased_until IS NULL OR leased_until <= %(at)s)
            ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def take(*, at: datetime) -> Errand | None:
    """The account mail that waits longest, in our hands for as long as a lease lasts; None if there is none."""
    lease = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"lease": lease, "until": at + timedelta(seconds=settings.NOTICES_LEASE_SECONDS), "at": at})
        row = cursor.fetchone()
    return Errand.objects.select_related("mail__contact").get(pk=row[0]) if row else None


def begin(errand: Errand, *, at: datetime) -> bool:
    """Commit that it is about to go. False if it is no longer ours."""
    mine = Errand.objects.filter(pk=errand.pk, lease=errand.lease, leased_until__gt=at)
    return bool(mine.update(started_at=at, attempts=F("attempts") + 1))


@transaction.atomic
def delivered(errand: Errand) -> None:
    """It was accepted: its errand is over, and its words are erased. That it was sent is kept for counting."""
    AccountMail.objects.filter(pk=errand.mail_id).update(context=None)
    Errand.objects.filter(pk=errand.pk).delete()


def failed(errand: Errand, reason: str, *, at: datetime, final: bool) -> None:
    """Try it again later, or, where that is of no use, leave it as a dead letter for the admins (who see no word of it)."""
    attempts = errand.attempts + 1
    due_at = at + rules.wait_before(attempts, base=settings.NOTICES_RETRY_SECONDS)
    over = final or rules.is_hopeless(attempts=attempts, due_at=errand.due_at, at=at) or due_at >= errand.mail.useful_until
    after = {"state": State.DEAD} if over else {"due_at": due_at}
    Errand.objects.filter(pk=errand.pk, lease=errand.lease).update(reason=reason[:80], lease=None, leased_until=None, **after)


@transaction.atomic
def missed(errand: Errand) -> None:
    """It is of no more use: a code that arrives after its time only confuses."""
    AccountMail.objects.filter(pk=errand.mail_id).update(context=None)
    Errand.objects.filter(pk=errand.pk, lease=errand.lease).update(state=State.MISSED, lease=None, leased_until=None)


def put_back(errand: Errand, *, at: datetime) -> None:
    """Let go of one that was not begun; it is no fault of its own."""
    Errand.objects.filter(pk=errand.pk, lease=errand.lease).update(lease=None, leased_until=None, due_at=at + timedelta(seconds=settings.NOTICES_REST_SECONDS))
