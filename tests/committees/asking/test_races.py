"""Two at once: whoever answers and a committee that closes, whoever asks and the erasure of their account, wait, and never for each other."""

from __future__ import annotations

import pytest
from django.utils import timezone

from committees.asking import commands
from committees.asking.commands import answering, asking, ending
from committees.asking.models import Ending, Message, Question
from committees.base import slugs
from committees.bodies import register
from committees.bodies.models import Committee
from committees.ledger import commands as ledger
from committees.ledger.models import Head
from committees.membership import commands as membership
from committees.people import commands as people
from committees.people.models import Person
from tests import make
from tests.at_once import at_once, stop_halfway
from tests.committees.asking.conftest import answer, ask, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_an_answer_in_the_moment_in_which_the_committee_closes_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is stopped until the other is just as far: the one holds the question, the other the committee."""
    cast = make.cast()
    made = ask(cast.ben)
    stop_halfway(monkeypatch, (answering, "require_seen"), (register, "closing"))
    ada = make.reloaded(cast.ada)
    at_once([lambda: answer(made, ada), lambda: membership.close(cast.committee, by=ada, at=timezone.now())])
    assert made.messages.count() == 2
    assert fresh(made).ended == Ending.GONE


def test_what_is_asked_in_the_moment_in_which_the_account_is_erased_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is stopped between the limits and the question has not asked yet when the erasure looks for questions."""
    cast = make.cast()
    ben = cast.ben.person
    assert ben
    stop_halfway(monkeypatch, (asking, "_require_words_left"), (ending, "_erase"))
    at_once([lambda: ask(cast.ben), lambda: people.erase(Person.objects.get(pk=ben.pk), by=ben, at=timezone.now())])
    assert Person.objects.get(pk=ben.pk).erased_on
    assert not Question.objects.exists()


def test_an_answer_in_the_moment_in_which_the_account_is_erased_keeps_nobody_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make.cast()
    made, ben = ask(cast.ben), cast.ben.person
    assert ben
    stop_halfway(monkeypatch, (answering, "require_seen"), (ending.notices, "supersede"))
    ada = make.reloaded(cast.ada)
    at_once([lambda: answer(made, ada), lambda: people.erase(Person.objects.get(pk=ben.pk), by=ben, at=timezone.now())])
    assert Person.objects.get(pk=ben.pk).erased_on
    assert not Question.objects.exists()
    assert not Message.objects.exists()


def test_one_more_word_in_the_moment_in_which_the_account_is_erased_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is stopped until the other is just as far: the one holds the account, the other the question."""
    cast = make.cast()
    made, ben = ask(cast.ben), cast.ben.person
    assert ben

    def goes_on() -> None:
        commands.write(made, "And now?", language="en", by=ben, at=timezone.now())

    stop_halfway(monkeypatch, (asking, "locked"), (Person, "set_unusable_password"))
    at_once([goes_on, lambda: people.erase(Person.objects.get(pk=ben.pk), by=ben, at=timezone.now())])
    assert not Question.objects.exists()


def test_what_is_passed_on_stands_in_two_logs_which_are_taken_in_the_order_in_which_all_take_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two who write into both could wait for each other."""
    cast = make.cast()
    ben, last = cast.ben.person, "z" * slugs.LENGTH  # the wider one's stands behind
    assert ben
    Committee.objects.filter(pk=make.alliance().pk).update(slug=last)
    made = ask(cast.ben)
    Question.objects.filter(pk=made.pk).update(offered_at=timezone.now())
    taken, locked_head = [], ledger._locked_head

    def noted(chain: str) -> Head:
        taken.append(chain)
        return locked_head(chain)

    monkeypatch.setattr(ledger, "_locked_head", noted)
    commands.pass_on(made, by=ben, at=timezone.now())
    assert list(dict.fromkeys(taken)) == [cast.committee.slug, last]
