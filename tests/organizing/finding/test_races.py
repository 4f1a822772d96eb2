"""Two at once: one outcome, and a clear word for the other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
import time_machine

from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.notices.models import Notice
from organizing.finding import commands as finding
from organizing.finding.models import Poll, Reply, State
from organizing.finding.rules import REMIND_BEFORE
from organizing.meetings.models import Meeting
from tests.at_once import at_once
from tests.organizing.finding.conftest import DAYS, answers, proposed, said
from tests.organizing.meetings.cast import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def refused(results: list[Any]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Refused)]


def test_of_two_organizers_who_take_a_time_at_once_one_does(poll: Poll, ada: Membership, dora: Membership) -> None:
    slots = list(poll.slots.order_by("starts_at"))
    results = at_once([lambda by=by, slot=slot: finding.take(slot, by=by, at=NOW) for by, slot in zip((ada, dora), slots, strict=False)])
    assert refused(results) == ["A time was taken meanwhile. Nothing was changed."]
    assert Meeting.objects.count() == 1
    poll.refresh_from_db()
    assert poll.meeting == Meeting.objects.get()


def test_taking_and_closing_at_once_have_one_outcome(poll: Poll, ada: Membership, dora: Membership, ben: Membership) -> None:
    answers(poll, ben, "works", "no", "no")
    slot = poll.slots.order_by("starts_at")[0]
    results = at_once([lambda: finding.take(slot, by=ada, at=NOW), lambda: finding.close(poll, by=dora, at=NOW)])
    assert len(refused(results)) == 1
    poll.refresh_from_db()
    assert Meeting.objects.count() == (poll.state == State.TAKEN)
    assert Notice.objects.filter(kind="finding/ended").count() == (poll.state == State.CLOSED)


def test_the_button_pressed_ten_times_at_once_makes_one_draft(poll: Poll, ada: Membership) -> None:
    slot = poll.slots.order_by("starts_at")[0]
    made = at_once([lambda: finding.take(slot, by=ada, at=NOW)] * 10)
    assert len(set(made)) == Meeting.objects.count() == 1


def test_the_form_posted_ten_times_at_once_makes_one_poll(ada: Membership) -> None:
    key = uuid.uuid4()
    assert len(set(at_once([lambda: proposed(ada, form_key=key)] * 10))) == 1
    assert (Poll.objects.count(), Notice.objects.filter(kind="finding/asked").count()) == (1, 1)


def test_one_member_who_answers_ten_times_at_once_has_one_word_for_each_time(poll: Poll, ben: Membership) -> None:
    at_once([lambda word=word: answers(poll, ben, word, word, word) for word in ("works", "no", "if_need", "works", "no") * 2])
    assert Reply.objects.count() == 3
    assert len(set(Reply.objects.values_list("word", flat=True))) == 1, "one whole answer, not parts of two"


def test_a_time_that_comes_in_while_somebody_answers_is_missing_or_asked_for(poll: Poll, ada: Membership, ben: Membership) -> None:
    seen = said(poll, "works", "works", "works")  # the page that Ben has before him knows three times
    results = at_once([lambda: finding.add_time(poll, DAYS[2], time(18), by=ada, at=NOW), lambda: finding.answer(poll, seen, by=ben, at=NOW)])
    assert Reply.objects.count() == (0 if refused(results) else 3)
    assert poll.slots.count() == 4


def test_four_schedulers_at_once_remind_once(poll: Poll) -> None:
    assert sum(at_once([lambda: finding.remind_due(poll.ends_at - REMIND_BEFORE)] * 4)) == 1
    assert Notice.objects.filter(kind="finding/reminder").count() == 1
