"""Answering: who may, somebody is at it, two at once, closing, spam."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from committees.asking import commands as asking
from committees.asking import queries
from committees.asking.models import Ending, Message, Question, State
from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices import registry
from committees.notices.models import Notice
from committees.people.models import Person
from tests import make
from tests.at_once import at_once
from tests.committees.asking.conftest import above, answer, ask, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days"))


def test_organizers_answer_what_they_were_asked_and_nobody_else_does(cast: make.Cast, intake: Membership, keeper: Person) -> None:
    for to, rightful in (("", cast.ada), (above(), intake), (queries.KEEPERS, keeper)):
        made = ask(cast.ben, to)
        for other in (cast.ada, cast.ben, cast.mo, cast.boss, intake, keeper, cast.ben.person, cast.ada.person):
            if other != rightful:
                with pytest.raises(PermissionDenied):
                    answer(made, other)
        answer(made, rightful)
        assert fresh(made).state == State.ANSWERED


def test_nobody_answers_themself(cast: make.Cast, second: Membership) -> None:
    made = ask(cast.ada)
    with pytest.raises(PermissionDenied):
        answer(made, cast.ada)
    answer(made, second)


def test_whoever_asked_is_told_that_there_is_an_answer_and_not_which(cast: make.Cast) -> None:
    made = ask(cast.ben)
    answer(made, cast.ada, "Call the hall at noon.")
    notice = Notice.objects.about(made).get(kind="asking/answered")
    assert registry.kind(notice.kind).matters(notice, {cast.ben.person_id, cast.ada.person_id}) == {cast.ben.person_id}  # type: ignore[arg-type]


def test_somebody_is_at_it_until_they_answer_give_it_back_or_half_an_hour_is_over(cast: make.Cast, second: Membership) -> None:
    made, at, ada = ask(cast.ben), timezone.now(), make.reloaded(cast.ada)
    asking.take(made, by=ada, at=at)
    with pytest.raises(Refused, match="Somebody else"):
        asking.take(made, by=second, at=at)
    asking.give_back(made, by=second, at=at)
    assert fresh(made).is_held_by(ada), "one gives back only what is one's own"
    asking.give_back(made, by=ada, at=at)
    asking.take(made, by=second, at=at)
    assert not fresh(made).is_taken(at + timedelta(minutes=30))
    asking.take(made, by=ada, at=at + timedelta(minutes=30))
    answer(made, ada)
    assert not fresh(made).is_taken(at + timedelta(minutes=31))


def test_the_second_of_two_is_told_what_the_first_wrote(cast: make.Cast, second: Membership) -> None:
    made = ask(cast.ben)
    answer(made, cast.ada, seen=1)
    with pytest.raises(asking.Overtaken):
        answer(made, second, seen=1)
    answer(made, second, seen=2)
    for act in (asking.finish, asking.mark_spam):
        with pytest.raises(asking.Overtaken):
            act(made, seen=2, by=second, at=timezone.now())


def test_the_same_answer_twice_is_one(cast: make.Cast) -> None:
    made, key = ask(cast.ben), uuid.uuid4()
    answer(made, cast.ada, form_key=key, seen=1)
    answer(made, cast.ada, form_key=key, seen=1)
    assert made.messages.count() == 2


def test_at_once_one_takes_it_and_one_answers(transactional_db: None) -> None:
    cast = make.cast()
    second = make.member(cast.committee, roles=(Role.ORGANIZER,))
    made, at, both = ask(cast.ben), timezone.now(), (make.reloaded(cast.ada), second)
    took = at_once([lambda who=who: asking.take(made, by=who, at=at) for who in both])
    assert sum(isinstance(each, Refused) for each in took) == 1
    answered = at_once([lambda who=who: asking.answer(made, "At noon.", language="en", seen=1, by=who, at=at) for who in both])
    assert sum(isinstance(each, asking.Overtaken) for each in answered) == 1
    assert Message.objects.filter(by_asker=False).count() == 1


def test_what_is_closed_is_not_answered(cast: make.Cast) -> None:
    made = ask(cast.ben)
    asking.close(made, by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]
    for act in (
        lambda: answer(made, cast.ada),
        lambda: asking.take(made, by=make.reloaded(cast.ada), at=timezone.now()),
        lambda: asking.finish(made, seen=1, by=make.reloaded(cast.ada), at=timezone.now()),
    ):
        with pytest.raises(Refused, match="closed"):
            act()


def test_spam_is_closed_for_good_and_whoever_wrote_it_is_told(cast: make.Cast) -> None:
    made = ask(cast.ben)
    asking.mark_spam(made, seen=1, by=make.reloaded(cast.ada), at=timezone.now())
    assert fresh(made).ended == Ending.SPAM
    assert Notice.objects.about(made).filter(kind="asking/closed").exists()
    with pytest.raises(Refused):
        asking.write(made, "No, it is not!", language="en", by=cast.ben.person, at=timezone.now())  # type: ignore[arg-type]


def test_an_organizer_whose_office_ended_answers_nothing_more(cast: make.Cast, second: Membership) -> None:
    made = ask(cast.ben)
    second.terms.update(ends_at=timezone.now())
    with pytest.raises(PermissionDenied):
        answer(made, second)
    assert set(queries.answerers(made)) == {cast.ada.person_id}


def _refused(change: Callable[[], object]) -> None:
    def and_asked() -> None:
        with transaction.atomic():
            change()
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        and_asked()


def test_the_database_refuses_who_does_not_belong_there(cast: make.Cast) -> None:
    mine, other, at = ask(cast.ben), ask(cast.ben, above()), timezone.now()
    rows = Question.objects.all()
    _refused(lambda: rows.filter(pk=mine.pk).update(taken_by=cast.boss, taken_until=at))
    _refused(lambda: rows.filter(pk=mine.pk).update(member=cast.boss))
    _refused(lambda: rows.filter(pk=other.pk).update(member=cast.ben))
    _refused(lambda: rows.filter(pk=other.pk).update(taken_by_keeper=cast.ada.person, taken_until=at))
    words = {"by_asker": False, "text": "At noon.", "language": "en", "at": at}
    _refused(lambda: Message.objects.create(question=mine, answered_in=mine.answered_in, author=cast.boss, **words))
    _refused(lambda: Message.objects.create(question=mine, answered_in=cast.boss.committee, author=cast.boss, **words))
