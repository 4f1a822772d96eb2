"""The front page, a person's day, and the pages that explain."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.base import retention
from committees.membership.models import Membership
from organizing.home import privacy
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, Words
from tests import make

pytestmark = pytest.mark.django_db


def gathering(by: Membership, subject: str, *, days: int = 3) -> Meeting:
    now = timezone.now()
    plan = Plan(Words(subject), "Europe/London", 60, (now + timedelta(days=days)).date(), time(19, 0))
    return meetings.call(meetings.draft(plan, by=by, at=now), by=by, at=now)


def page(person: Any) -> str:
    return make.client(person).get(reverse("home:today")).content.decode()


def test_the_public_finds_listed_committees_on_the_front_page_and_no_hidden_ones() -> None:
    listed, hidden = make.committee(), make.committee(listed=False)
    front = Client().get("/").content.decode()
    assert listed.workplace is not None
    assert hidden.workplace is not None
    assert listed.workplace.slug in front
    assert hidden.workplace.slug not in front
    assert listed.name not in front


def test_whoever_is_signed_in_goes_to_their_day() -> None:
    answer = make.client(make.person()).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home:today"))


def test_someone_new_is_shown_how_to_begin() -> None:
    assert "You are not in a committee yet." in page(make.person())


class TestTheDayOfAMember:
    def test_the_next_meeting_stands_first_and_asks_whether_one_comes(self, cast: make.Cast) -> None:
        gathering(cast.ada, "Later", days=9)
        gathering(cast.ada, "Sooner", days=2)
        shown = page(cast.ben.person)
        assert "Your next meeting" in shown
        assert shown.index("Sooner") < shown.index("Later")
        assert "Are you coming?" in shown

    def test_an_answer_given_there_is_shown_there(self, cast: make.Cast) -> None:
        meeting = gathering(cast.ada, "Overtime")
        browser = make.client(cast.ben.person)
        browser.post(reverse("meetings:answer", args=[cast.committee.slug, meeting.slug]), {"choice": "yes"})
        assert "You are coming" in browser.get(reverse("home:today")).content.decode()

    def test_a_reviewer_is_told_what_waits_and_a_member_is_not(self, cast: make.Cast) -> None:
        assert reverse("moderation:queue") in page(cast.ada.person)
        assert "Answer 1 application" in page(cast.ada.person)
        assert "Answer 1 application" not in page(cast.ben.person)

    def test_the_applicant_finds_their_application(self, cast: make.Cast) -> None:
        assert cast.dina.slug in page(cast.dina.person)

    def test_nothing_of_another_committee_is_there(self, cast: make.Cast) -> None:
        gathering(cast.boss, "Foreign meeting")
        assert "Foreign meeting" not in page(cast.ben.person)

    def test_it_costs_the_same_with_one_meeting_and_with_three(self, cast: make.Cast) -> None:
        browser, day = make.client(cast.ada.person), reverse("home:today")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(day).status_code == 200
            return len(queries)

        gathering(cast.ada, "First", days=1)
        cost()
        before = cost()
        for number in range(2):
            gathering(cast.ada, f"More {number}", days=3 + number)
            make.application(cast.committee)
        assert cost() == before
        assert before <= 12


@pytest.mark.parametrize("name", ["how", "safety", "privacy", "accessibility"])
def test_the_pages_that_explain_are_open_to_all(name: str) -> None:
    assert Client().get(reverse(f"home:{name}")).status_code == 200


def test_the_privacy_page_explains_every_row_of_the_retention_table() -> None:
    assert privacy.unexplained() == set()


def test_its_figures_are_those_of_the_table() -> None:
    promised = {promise.days for promise in retention.table()}
    assert {line.days for line in privacy.lines()} <= promised | {None}


def test_health_says_only_that_it_serves() -> None:
    assert Client().get(reverse("home:health")).json() == {"ok": True}


def test_today_names_the_day_of_the_reader() -> None:
    person = make.person(time_zone="Pacific/Kiritimati")
    from zoneinfo import ZoneInfo

    assert datetime.now(ZoneInfo("Pacific/Kiritimati")).strftime("%B") in page(person)
