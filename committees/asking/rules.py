"""How many, how long, and who may: questions about rows in hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from committees.asking.models import OPENS_AGAIN, Ending, Question, Whom
from committees.bodies.models import Life
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.people.models import Person

#: Those who answer: an organizer in their committee, or somebody who keeps the service.
type Answerer = Membership | Person

#: At once, in a day, and words added in a day.
MOST_OPEN, MOST_A_DAY, MOST_WORDS_A_DAY = 5, 8, 30
DAY = timedelta(days=1)
LONGEST = 3000
#: So long somebody holds what they have taken, unless they give it back.
TAKEN_FOR = timedelta(minutes=30)
REMIND_AFTER = timedelta(hours=48)
OFFER_AFTER = timedelta(hours=96)
#: So long after nothing was written it is closed, and so long after that it can be opened again.
QUIET_AFTER = timedelta(days=30)
OPENS_WITHIN = timedelta(days=30)
KEPT_DAYS = 90


def require_answerer(question: Question, by: Answerer) -> None:
    """Those whom it was put to, and never whoever asked. Raises PermissionDenied."""
    if isinstance(by, Membership):
        membership.require(by, Power.ANSWER_QUESTIONS, in_committee=question.answered_in_id or 0)
        membership.require_other(by, question.person_id)
        if question.withheld:
            raise PermissionDenied
    elif question.whom != Whom.KEEPERS or not by.is_platform_admin or not by.is_active or by.pk == question.person_id:
        raise PermissionDenied


def require_asker(question: Question, by: Person) -> None:
    """Raises PermissionDenied."""
    if question.person_id != by.pk or not by.is_active:
        raise PermissionDenied


def may_open_again(question: Question, at: datetime) -> bool:
    """What those who answer read of a closed question. Not whether it was passed on, nor whether somebody went: that is not theirs to know."""
    return question.ended != Ending.SPAM and at < question.changed_at + OPENS_WITHIN


def may_write(question: Question, at: datetime) -> bool:
    """Whether whoever asked can write more: while they may read the answers and the committee is there, and for 30 days after it was closed
    by one of the two."""
    if not question.is_inside or (question.answered_in is not None and question.answered_in.life == Life.DISSOLVED):
        return False
    if not question.is_closed:
        return True
    return question.ended in OPENS_AGAIN and not question.withheld and at < question.changed_at + OPENS_WITHIN
