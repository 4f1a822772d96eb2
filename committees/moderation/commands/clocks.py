"""What follows from the clock. A tick asks the rows themselves what is due; running it twice changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from committees.ledger import commands as ledger
from committees.moderation import queries, registry
from committees.moderation.commands.sanctioning import give_back
from committees.moderation.models import Review, Sanction
from committees.notices import commands as notices

AT_ONCE = 200


@transaction.atomic
def bring_back(at: datetime) -> int:
    """What doxxing flags alone had hidden for twelve hours is shown again, and still waits for a moderator. Returns how many."""
    due = Review.objects.open().filter(hidden_until__lte=at).select_related("committee", "author").order_by("pk")
    back = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    rows = queries.rows_of(back)
    for review in back:
        matter = registry.find(review.matter)
        if matter is not None:
            matter.act("restore", rows.get((review.matter, review.row_id)), at=at)
        notices.supersede(review, kinds=["moderation/hidden"])
        ledger.record("review.came_back", by=None, about=review, committee=review.committee, at=at)
    Review.objects.filter(pk__in=[review.pk for review in back]).update(hidden_at=None, hidden_until=None, came_back_at=at)
    return len(back)


@transaction.atomic
def pass_on(at: datetime) -> int:
    """What nobody has decided for a day, or lies where nobody moderates, is open to the moderators of the committee that looks
    after this one; they are told. The committee's own moderators keep it too. Returns how many."""
    ripe = queries.to_pass_on(at).select_related("committee__verified_by").order_by("begun_at", "pk")
    passed = list(ripe.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for review in passed:
        wider = review.committee.verified_by
        Review.objects.filter(pk=review.pk).update(passed_to=wider, passed_at=at)
        ledger.record("review.passed_on", by=None, about=review, committee=review.committee, at=at)
        notices.post("moderation/passed_on", about=review, committee=wider, at=at)
    return len(passed)


@transaction.atomic
def end_sanctions(at: datetime) -> int:
    """Whose days are over may write again, or comes back; they are told. Returns how many."""
    over = Sanction.objects.filter(ended_at=None, until__lte=at).select_related("membership__committee", "committee", "review").order_by("pk")
    ended = list(over.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for sanction in ended:
        Sanction.objects.filter(pk=sanction.pk).update(ended_at=at)
        give_back(sanction, by=None, at=at)
    return len(ended)


@transaction.atomic
def release_claims(at: datetime) -> int:
    """Cases that nobody works on any more are free: the quarter of an hour is over, or whoever took it moderates no longer."""
    free = list(queries.claimed_by_nobody_there(at).select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
    return Review.objects.filter(pk__in=free).update(claimed_by=None, claimed_in=None, claimed_until=None)
