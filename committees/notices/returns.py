"""What came back, for those who keep the service running: why and how many. Neither from whom nor what it said."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from committees.notices.models import Mailbox, Returned
from committees.notices.queries import DeadLetter
from committees.notices.reasons import Reason


@dataclass(frozen=True)
class CameBack:
    """Two weeks of returned mail. `aside`: how many messages wait for a person to look at them."""

    letter: DeadLetter | None
    aside: int
    mailbox: Mailbox | None


def came_back() -> CameBack:
    """Two queries, whatever came back."""
    counted = Returned.objects.exclude(outcome=Returned.Outcome.NOTHING).values_list("outcome", "reason").annotate(n=Count("pk")).order_by("-n", "reason")
    rows = list(counted)
    by_reason: dict[str, int] = {}
    for outcome, reason, n in rows:
        if outcome in (Returned.Outcome.HARD, Returned.Outcome.SOFT):
            by_reason[reason] = by_reason.get(reason, 0) + n
    reasons = [Reason(reason, n) for reason, n in by_reason.items()]
    complaints = sum(n for outcome, _reason, n in rows if outcome == Returned.Outcome.COMPLAINT)
    if complaints:
        reasons.append(Reason("complaint", complaints))
    aside = sum(n for outcome, _reason, n in rows if outcome in Returned.SET_ASIDE)
    return CameBack(DeadLetter(_("In the last 14 days"), reasons) if reasons else None, aside, Mailbox.objects.filter(name="returned").first())
