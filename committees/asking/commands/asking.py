"""Asking, writing more, closing what one asked, and passing it on."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.asking import queries, rules
from committees.asking.commands.ending import NOT_TAKEN, end, hold, locked
from committees.asking.models import Ending, Message, Question, State, Whom
from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.people.models import Person

FIRST_NUMBER, LAST_NUMBER = 100_000, 999_999


def _hold(person: Person) -> None:
    """Whoever asks, held, so that the limits are exact also for the same form in fifty windows. Raises PermissionDenied where the account was
    hidden, closed or erased meanwhile."""
    if not hold(person).is_active:
        raise PermissionDenied


def _number() -> int:
    """One that no other question has."""
    while True:
        number = FIRST_NUMBER + secrets.randbelow(LAST_NUMBER - FIRST_NUMBER + 1)
        if not Question.objects.filter(number=number).exists():
            return number


def _require_a_share(person: Person, at: datetime) -> None:
    """Refused beyond the limits: who answers are people too."""
    asked, _words = queries.lately(person, at)
    if queries.open_of(person) >= rules.MOST_OPEN:
        raise Refused(_("You have %(n)s open questions. Close one of them first, or write more there.") % {"n": rules.MOST_OPEN})
    if asked >= rules.MOST_A_DAY:
        raise Refused(_("You have asked %(n)s questions within a day. Please go on tomorrow.") % {"n": rules.MOST_A_DAY})


def _require_words_left(person: Person, at: datetime) -> None:
    if queries.lately(person, at)[1] >= rules.MOST_WORDS_A_DAY:
        raise Refused(_("You have written %(n)s times within a day. Please go on tomorrow.") % {"n": rules.MOST_WORDS_A_DAY})


def _who(question: Question, by: Person) -> Person | None:
    """Who stands in the log: nobody, where those who answer do not know who asks."""
    return by if question.is_to_own_organizers else None


def _tell(question: Question, at: datetime) -> None:
    notices.post("asking/asked", about=question, version=question.said, committee=question.answered_in, at=at)


@transaction.atomic
def ask(to: str, text: str, *, language: str, sites: Sequence[str] = (), by: Person, at: datetime, form_key: UUID | None = None) -> Question:
    """Somebody asks people for help; those who can answer are told that a question waits. `to` is the key of one of queries.Asking's choices.

    `sites` are shown only to organizers of a wider committee, and only of those where they work. The same form, posted again, gives
    the same question. Refused where nobody is there any more to answer, and beyond five open ones and eight a day.
    """
    _hold(by)
    if form_key and (made := Question.objects.filter(form_key=form_key, person=by).first()):
        return made
    asking = queries.Asking(by)
    choice = asking.find(to)
    if choice is None:
        raise Refused(_("Nobody is there any more who could answer. Choose somebody else."), field="to")
    _require_a_share(by, at)
    _require_words_left(by, at)
    shown = ", ".join(each for each in asking.sites if each in sites) if choice.whom == Whom.WIDER else ""
    try:
        with transaction.atomic():
            return _put(choice.whom, choice.answered_in, choice.member, [(text, language, at)], site=shown, person=by, at=at, form_key=form_key)
    except IntegrityError:
        raise Refused(_("This form was used before. Open a new one.")) from None


def _put(
    whom: Whom,
    answered_in: Committee | None,
    member: Membership | None,
    words: Sequence[tuple[str, str, datetime]],
    *,
    person: Person,
    at: datetime,
    site: str = "",
    form_key: UUID | None = None,
) -> Question:
    """The rows of a new question, and its notice."""
    made = Question.objects.create(
        form_key=form_key,
        number=_number(),
        whom=whom,
        answered_in=answered_in,
        person=person,
        member=member,
        site=site,
        language=words[0][1],
        said=len(words),
        asked_at=at,
        changed_at=at,
        waits_since=at,
    )
    for text, language, written_at in words:
        Message.objects.create(question=made, answered_in=answered_in, by_asker=True, text=text, language=language, at=written_at)
    ledger.record("question.asked", by=_who(made, person), about=made, committee=answered_in, at=at)
    _tell(made, at)
    return made


@transaction.atomic
def write(question: Question, text: str, *, language: str, by: Person, at: datetime, form_key: UUID | None = None) -> None:
    """Whoever asked writes more; a closed question is open again. Those who can answer are told, unless they know that it waits.

    Refused where it cannot be opened again, to whoever no longer belongs to the committee whose organizers they asked, and beyond
    thirty times a day.
    """
    rules.require_asker(question, by)
    _hold(by)
    now = locked(question)
    if form_key and now.messages.filter(form_key=form_key).exists():
        return
    if not rules.may_write(now, at):
        raise Refused(_("This question is closed. Ask a new one."))
    _require_words_left(by, at)
    if now.is_closed:
        _require_a_share(by, at)
    try:
        with transaction.atomic():
            Message.objects.create(question=now, answered_in=now.answered_in, by_asker=True, text=text, language=language, at=at, form_key=form_key)
    except IntegrityError:
        raise Refused(_("This form was used before. Open a new one.")) from None
    waited, now.said = now.is_waiting, now.said + 1
    since = {} if waited else {"waits_since": at, "reminded_at": None, "offered_at": None}
    Question.objects.filter(pk=now.pk).update(state=State.WAITING, ended="", said=now.said, changed_at=at, **since)
    ledger.record("question.continued", by=_who(now, by), about=now, committee=now.answered_in, at=at)
    if not waited:
        _tell(now, at)


@transaction.atomic
def close(question: Question, *, by: Person, at: datetime) -> None:
    """Whoever asked needs no answer any more. Nobody is told. Refused the second time."""
    rules.require_asker(question, by)
    now = locked(question)
    if now.is_closed:
        raise Refused(_("This question is closed already."))
    end(now, Ending.ASKER, by=_who(now, by), at=at, tell=False)


@transaction.atomic
def pass_on(question: Question, *, by: Person, at: datetime) -> Question:
    """Nobody answered for four days, and whoever asked has the organizers of the wider committee asked instead: a new question with their own
    words, without their name and their committee; the old one is closed. Pressed twice it is passed on once.

    Never by itself, for it tells others. Refused before it was offered, once it was answered, and where nobody above could answer.
    """
    rules.require_asker(question, by)
    _hold(by)
    now = locked(question)
    if now.passed_to is not None:
        return now.passed_to
    wider = queries.passes_to(now, by)
    if now.offered_at is None or not now.is_waiting or wider is None:
        raise Refused(_("This cannot be passed on now. Somebody may have answered meanwhile."))
    ledger.hold(*(each for each in (now.answered_in, wider) if each is not None))
    words: list[Any] = [(each.text, each.language, each.at) for each in now.messages.filter(by_asker=True)]
    made = _put(Whom.WIDER, wider, None, words, person=by, at=at)
    end(now, Ending.PASSED_ON, by=_who(now, by), at=at, tell=False)
    Question.objects.filter(pk=now.pk).update(passed_to=made, **NOT_TAKEN)
    return made
