"""How a question ends, whoever or whatever ends it; and what follows where somebody goes or a committee is no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.asking.models import Ending, Message, Question, QuestionQuerySet, State
from committees.base.errors import Refused
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.people.models import Person

NOT_TAKEN: dict[str, None] = {"taken_by": None, "taken_by_keeper": None, "taken_until": None}


class Overtaken(Refused):
    """Something was written meanwhile that one has not seen."""

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was sent yet: something new was written meanwhile. Read it above. Then press the button again, or change your words first.")
        )


def hold(person: Person) -> Person:
    """The account as it is now, held until the transaction ends: before any of its questions, for all who take both."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def locked(question: Question) -> Question:
    """The row as it is now, held until the transaction ends. Refused where it is gone."""
    now = Question.objects.select_for_update(of=("self",)).select_related("answered_in", "member").filter(pk=question.pk).first()
    if now is None:
        raise Refused(_("This question is no longer there."))
    return now


def require_seen(now: Question, seen: int) -> None:
    """Overtaken where more was written than this one has read."""
    if now.said > seen:
        raise Overtaken


def end(now: Question, how: Ending, *, by: Person | None, at: datetime, tell: bool = True) -> None:
    """It is closed, whoever asked is told (unless they did it), and nothing more is told about what waited. The row is held.

    Who asked stands in no log where those who answer do not know it either.
    """
    facts = {"state": State.CLOSED, "ended": how, "changed_at": at, "waits_since": None, "reminded_at": None, "offered_at": None}
    Question.objects.filter(pk=now.pk).update(**facts, **NOT_TAKEN)
    now.state, now.ended = State.CLOSED, how
    ledger.record("question.spam" if how == Ending.SPAM else "question.closed", by=by, about=now, committee=now.answered_in, at=at, detail={"how": str(how)})
    if tell:
        notices.post(
            "asking/out" if how == Ending.OUT else "asking/closed", to=[now.person_id], about=now, version=now.said, occasion=f"{at:%Y%m%d%H%M%S}", at=at
        )


def _end_all(rows: QuestionQuerySet, how: Ending, *, at: datetime) -> None:
    for each in rows.open().select_related("answered_in").order_by("pk").select_for_update(of=("self",)):
        end(each, how, by=None, at=at)


@transaction.atomic
def out(member: Membership, at: datetime) -> None:
    """Somebody no longer belongs: what they asked the organizers there is closed, and they are told; what they had taken to answer
    others can take (membership.register.on_ending). What organizers had answered them is read by members alone from now on."""
    _end_all(Question.objects.filter(member=member), Ending.OUT, at=at)
    Question.objects.filter(taken_by=member).update(**NOT_TAKEN)


@transaction.atomic
def lapse(member: Membership, at: datetime) -> None:
    """A membership lapses: what was asked because of it is erased (membership.register.on_lapse)."""
    _erase(Question.objects.filter(member=member))


def _erase(rows: QuestionQuerySet) -> None:
    there = list(rows.order_by("pk").select_for_update(of=("self",)))  # so that nobody writes there any more
    for each in there:
        notices.supersede(each)
    if there:
        rows.delete()


@transaction.atomic
def close_committee(committee: Committee, _by: int, at: datetime) -> None:
    """The committee is closed, so nobody answers for it: whoever waits is told (bodies.register.on_closing)."""
    _end_all(Question.objects.filter(answered_in=committee), Ending.GONE, at=at)


@transaction.atomic
def before_uniting(loser: Committee, winner: Committee, at: datetime) -> None:
    """Two committees become one, and with them their organizers. What somebody asked those of one of them the others must not read: it is
    closed, they are told, and nobody but they reads it any more (bodies.register.before_uniting)."""
    asked = Question.objects.filter(answered_in__in=(loser, winner))
    _end_all(asked, Ending.GONE, at=at)
    asked.update(withheld=True)


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """This room's rows (bodies.register.on_uniting)."""
    Question.objects.filter(answered_in=loser).update(answered_in=winner)
    Message.objects.filter(answered_in=loser).update(answered_in=winner)


def release(person: Person) -> None:
    """Somebody hides their account: what they had taken to answer others can take (people.registry.in_a_panic)."""
    Question.objects.filter(Q(taken_by__person=person) | Q(taken_by_keeper=person)).update(**NOT_TAKEN)


def erase_person(person: Person) -> None:
    """An account is erased: what it asked goes, with all that was said. What it answered stays for those who asked, and leads to nobody.
    Runs in the transaction of the erasure (people.registry.in_an_erasure), and holds the account: what is being asked at this moment is
    there before, or not at all."""
    hold(person)
    release(person)
    _erase(Question.objects.filter(person=person))
    Message.objects.filter(keeper=person).update(keeper=None)
