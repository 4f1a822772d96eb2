"""What those who answer do: take a question, give it back, answer, close it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.asking import rules
from committees.asking.commands.ending import NOT_TAKEN, end, locked, require_seen
from committees.asking.models import Ending, Message, Question, State
from committees.asking.rules import Answerer
from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.people.models import Person


def _person(by: Answerer) -> Person | None:
    return by.person if isinstance(by, Membership) else by


def _open(question: Question) -> Question:
    now = locked(question)
    if now.is_closed:
        raise Refused(_("This question was closed meanwhile."))
    return now


@transaction.atomic
def take(question: Question, *, by: Answerer, at: datetime) -> None:
    """One of those who can answer says that they are at it, for half an hour: others see that. Refused while somebody else is at it."""
    rules.require_answerer(question, by)
    now = _open(question)
    if now.is_taken(at) and not now.is_held_by(by):
        raise Refused(_("Somebody else is answering."))
    whose: dict[str, Any] = {"taken_by": by} if isinstance(by, Membership) else {"taken_by_keeper": by}
    Question.objects.filter(pk=now.pk).update(**whose, taken_until=at + rules.TAKEN_FOR)


@transaction.atomic
def give_back(question: Question, *, by: Answerer, at: datetime) -> None:
    """Others can take it. Nothing happens where one does not hold it any more."""
    rules.require_answerer(question, by)
    now = locked(question)
    if now.is_held_by(by):
        Question.objects.filter(pk=now.pk).update(**NOT_TAKEN)


@transaction.atomic
def answer(question: Question, text: str, *, language: str, seen: int, by: Answerer, at: datetime, form_key: UUID | None = None) -> None:
    """Somebody answers; whoever asked is told that there is an answer. The same form, posted again, answers once.

    Overtaken where more was written than the `seen` times that they have read: they read it first. Refused once it is closed.
    """
    rules.require_answerer(question, by)
    now = locked(question)
    if form_key and now.messages.filter(form_key=form_key).exists():
        return
    if now.is_closed:
        raise Refused(_("This question was closed meanwhile."))
    require_seen(now, seen)
    whose: dict[str, Any] = {"author": by} if isinstance(by, Membership) else {"keeper": by}
    try:
        with transaction.atomic():
            Message.objects.create(question=now, answered_in=now.answered_in, by_asker=False, text=text, language=language, at=at, form_key=form_key, **whose)
    except IntegrityError:
        raise Refused(_("This form was used before. Open a new one.")) from None
    now.said += 1
    still = {"waits_since": None, "reminded_at": None, "offered_at": None}
    Question.objects.filter(pk=now.pk).update(state=State.ANSWERED, said=now.said, changed_at=at, **still, **NOT_TAKEN)
    ledger.record("question.answered", by=_person(by), about=now, committee=now.answered_in, at=at)
    notices.post("asking/answered", to=[now.person_id], about=now, version=now.said, at=at)


def _finish(question: Question, how: Ending, *, seen: int, by: Answerer, at: datetime) -> None:
    rules.require_answerer(question, by)
    now = _open(question)
    require_seen(now, seen)
    end(now, how, by=_person(by), at=at)


@transaction.atomic
def finish(question: Question, *, seen: int, by: Answerer, at: datetime) -> None:
    """All is said. Whoever asked is told that it is closed, and can open it again by writing. Overtaken where they have written
    meanwhile; refused the second time."""
    _finish(question, Ending.ANSWERER, seen=seen, by=by, at=at)


@transaction.atomic
def mark_spam(question: Question, *, seen: int, by: Answerer, at: datetime) -> None:
    """It is no question. Whoever wrote it is told that it is closed, and cannot open it again. Overtaken and refused as for `finish`."""
    _finish(question, Ending.SPAM, seen=seen, by=by, at=at)
