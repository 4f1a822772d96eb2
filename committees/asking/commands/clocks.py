"""What follows from the clock. A tick asks the rows themselves what is due; running it twice changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from committees.asking import queries, rules
from committees.asking.commands.ending import end
from committees.asking.models import Ending, Question, QuestionQuerySet, State
from committees.bodies.models import Life
from committees.notices import commands as notices

AT_ONCE = 100


def _due(rows: QuestionQuerySet) -> list[Question]:
    return list(rows.select_related("answered_in", "person").order_by("changed_at", "pk").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])


@transaction.atomic
def remind(at: datetime) -> int:
    """Those who can answer are reminded, once, of what has waited 48 hours. Returns of how many."""
    late = _due(Question.objects.waiting().filter(waits_since__lte=at - rules.REMIND_AFTER, reminded_at=None))
    Question.objects.filter(pk__in=[each.pk for each in late]).update(reminded_at=at)
    for each in late:
        notices.post("asking/waits", about=each, version=each.said, committee=each.answered_in, at=at)
    return len(late)


@transaction.atomic
def offer(at: datetime) -> int:
    """Whoever asked the organizers of a committee and has waited 96 hours is told that they can pass it on, where somebody above could
    answer. It is never passed on by itself: that would tell others about them. Returns how many were told."""
    late = _due(Question.objects.waiting().filter(answered_in__isnull=False, waits_since__lte=at - rules.OFFER_AFTER, offered_at=None))
    Question.objects.filter(pk__in=[each.pk for each in late]).update(offered_at=at)
    told = [each for each in late if queries.passes_to(each, each.person) is not None]
    for each in told:
        notices.post("asking/slow", to=[each.person_id], about=each, version=each.said, at=at)
    return len(told)


@transaction.atomic
def rest(at: datetime) -> int:
    """What nobody has answered, or nobody has gone on with, for 30 days is closed, and whoever asked is told; so is what was asked in the
    very moment in which the committee closed. Returns how many."""
    lost = _due(Question.objects.open().filter(answered_in__life=Life.DISSOLVED))
    for each in lost:
        end(each, Ending.GONE, by=None, at=at)
    quiet = Question.objects.filter(changed_at__lte=at - rules.QUIET_AFTER)
    old = [*_due(quiet.waiting()), *_due(quiet.filter(state=State.ANSWERED))]
    for each in old:
        end(each, Ending.UNANSWERED if each.is_waiting else Ending.QUIET, by=None, at=at)
    return len(lost) + len(old)


@transaction.atomic
def forget(at: datetime) -> int:
    """90 days after it was closed nothing is left of a question, nor of what was said."""
    gone, _rows = Question.objects.filter(state=State.CLOSED, changed_at__lte=at - timedelta(days=rules.KEPT_DAYS)).delete()
    return gone
