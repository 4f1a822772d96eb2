"""What the nightly job erases for this room. Each takes the time and returns how many rows went."""

from __future__ import annotations

from datetime import datetime, timedelta

from committees.people import registry
from committees.people.models import AccountMail, Contact, Session


def forget_passing(at: datetime) -> int:
    """Addresses of nobody, a day after somebody typed them."""
    return Contact.objects.passing().filter(met_at__lt=at - timedelta(days=1)).delete()[0]


def forget_mails(at: datetime) -> int:
    """Account mails after fourteen days, and their codes as soon as they are of no more use."""
    AccountMail.objects.filter(useful_until__lt=at - timedelta(hours=1), context__isnull=False).update(context=None)
    return AccountMail.objects.filter(created_at__lt=at - timedelta(days=14)).delete()[0]


def end_sessions(at: datetime) -> int:
    """Sessions whose last day has come. Of one whose browser still gets push only the name stays, and opens nothing."""
    over = Session.objects.filter(ends_on__lte=at.date())
    kept = list(registry.kept(over).values_list("pk", flat=True))
    Session.objects.filter(pk__in=kept).update(content={})
    return over.exclude(pk__in=kept).delete()[0]
