"""Two at once: the constraint or the lock stops the second, and the command says so in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.notices.models import Notice
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Meeting
from tests.at_once import at_once
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, START, address, browser, typed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, Refused) for result in results)


def test_of_two_organizers_who_call_at_once_one_calls(draft: Meeting, ada: Membership, dora: Membership) -> None:
    results = at_once([lambda by=by: meetings.call(draft, by=by, at=NOW) for by in (ada, dora)])
    assert refused(results) == 1
    assert (Notice.objects.count(), Entry.objects.count()) == (1, 1)


def test_of_two_who_move_at_once_the_second_is_shown_the_first(meeting: Meeting, ada: Membership, dora: Membership) -> None:
    days = [cast.DAY + timedelta(days=1), cast.DAY + timedelta(days=2)]
    results = at_once(
        [
            lambda by=by, day=day: meetings.move(meeting, cast.when(day=day), cast.WHERE, seen=0, by=by, at=NOW)
            for by, day in zip((ada, dora), days, strict=True)
        ]
    )
    assert refused(results) == 1
    meeting.refresh_from_db()
    assert meeting.sequence == 1
    assert meeting.changes.filter(kind="moved").count() == 1


def test_a_move_and_a_cancellation_at_once_end_cancelled_and_in_order(meeting: Meeting, ada: Membership, dora: Membership) -> None:
    at_once(
        [
            lambda: meetings.move(meeting, cast.when(day=cast.DAY + timedelta(days=1)), cast.WHERE, by=ada, at=NOW),
            lambda: meetings.cancel(meeting, by=dora, at=NOW),
        ]
    )
    meeting.refresh_from_db()
    kinds = list(meeting.changes.values_list("kind", flat=True))
    assert meeting.is_cancelled
    assert kinds in (["called", "moved", "cancelled"], ["called", "cancelled"])
    assert meeting.sequence == len(kinds) - 1
    standing = Notice.objects.about(meeting).standing()
    assert [notice.kind for notice in standing] == ["meetings/cancelled"]


def test_two_cancellations_at_once_are_one(meeting: Meeting, ada: Membership, dora: Membership) -> None:
    results = at_once([lambda by=by: meetings.cancel(meeting, by=by, at=NOW) for by in (ada, dora)])
    assert refused(results) == 1
    assert Notice.objects.filter(kind="meetings/cancelled").count() == 1


def test_the_form_posted_fifty_times_in_parallel_makes_one_meeting_and_one_notice(ada: Membership) -> None:
    key = str(uuid.uuid4())
    url, form = reverse("meetings:new", args=[ada.committee.slug]), typed(form_key=key)
    client = browser(ada)
    cookies = client.cookies

    def post(to: str, data: dict[str, Any]) -> int:
        from django.test import Client

        other = Client()
        other.cookies = cookies
        return other.post(to, data).status_code

    for wave in range(5):
        assert set(at_once([lambda: post(url, form)] * 10)) == {302}, wave
    made = Meeting.objects.get()
    assert made.agenda.count() == 2
    for wave in range(5):
        assert set(at_once([lambda: post(address("check", made), {})] * 10)) == {302}, wave
    assert (Notice.objects.count(), Entry.objects.filter(verb="meeting.called").count()) == (1, 1)


def test_one_member_who_answers_ten_times_at_once_has_one_answer(meeting: Meeting, ben: Membership) -> None:
    at_once([lambda choice=choice: meetings.answer(meeting, choice=choice, by=ben, at=NOW) for choice in ("yes", "no", "maybe", "yes", "no") * 2])
    assert Answer.objects.count() == 1


def test_four_schedulers_at_once_remind_once(meeting: Meeting) -> None:
    soon = START - timedelta(hours=24)
    assert sum(at_once([lambda: meetings.remind_due(soon)] * 4)) == 1
    assert Notice.objects.filter(kind="meetings/reminder").count() == 1
