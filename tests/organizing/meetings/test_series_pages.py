"""The pages of meetings that repeat, as organizers and members use them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.membership.models import Membership
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Meeting, Series, State
from organizing.meetings.plans import Scope
from organizing.meetings.rhythms import Every, Rhythm
from tests import make
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, address, browser
from tests.organizing.meetings.weekly import WEEKLY, rows

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def organizer(ada: Membership) -> Client:
    return browser(ada)


def text(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi[^>]*>", "", answer.content.decode())).split())


def typed(**changes: Any) -> dict[str, Any]:
    return {"every": "week", "interval": "", "own": "", "ends": "never", "count": "", "until": "", "do": "check", **changes}


def moved(meeting: Meeting, **changes: Any) -> dict[str, Any]:
    """The form that moves a meeting, as it is first shown."""
    assert meeting.day is not None
    assert meeting.clock is not None
    usual = {name: getattr(meeting, name) for name in ("minutes", "zone", "held", "place", "link", "dial_in")}
    return {**usual, "day": meeting.day.isoformat(), "clock": meeting.clock.strftime("%H:%M"), "why": "", "seen": meeting.sequence, "scope": "one", **changes}


class TestChoosing:
    def test_what_is_offered_follows_from_the_date_and_the_dates_are_shown_before_anything_is_done(self, organizer: Client, draft: Meeting) -> None:
        page = text(organizer.get(address("repeat", draft)))
        for offered in ("Every week on Thursday", "Every month on the fourth Thursday", "Every month on the last Thursday", "Every month on day 26"):
            assert offered in page
        shown = organizer.post(address("repeat", draft), typed(interval="2"))
        assert "Every 2 weeks on Thursday" in text(shown)
        assert "Thursday 10 December" in text(shown)
        assert not Series.objects.exists()

    def test_a_draft_says_on_its_check_that_it_repeats_and_the_call_makes_the_dates(self, organizer: Client, draft: Meeting) -> None:
        assert "It takes place once." in text(organizer.get(address("check", draft)))
        done = organizer.post(address("repeat", draft), typed(do="confirm"), follow=True)
        assert "Every week on Thursday" in text(done)
        assert "Nobody is told before you call it" in text(done)
        organizer.post(address("check", draft))
        assert Meeting.objects.scheduled().count() == 6
        once = organizer.post(address("repeat", draft), {"do": "stop"})
        assert once.status_code == 302
        assert Series.objects.count() == 1, "a called one is not undone so"

    def test_it_takes_place_once_after_all(self, organizer: Client, draft: Meeting) -> None:
        organizer.post(address("repeat", draft), typed(do="confirm"))
        organizer.post(address("repeat", draft), {"do": "stop"})
        assert not Series.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "field", "said"),
        [
            ({"every": ""}, "every", "required"),
            ({"every": "rule", "own": ""}, "own", "Write the rule"),
            ({"every": "rule", "own": "FREQ=WEEKLY;BYDAY=MO"}, "own", "none of those that the rule gives"),
            ({"every": "rule", "own": "FREQ=SOMETIMES"}, "own", "cannot be read: FREQ=SOMETIMES"),
            ({"interval": "0"}, "interval", "from 1 to 52"),
            ({"ends": "count"}, "count", "how many times"),
            ({"ends": "count", "count": "1"}, "count", "from 2 to 500"),
            ({"ends": "until"}, "until", "the last day"),
            ({"ends": "until", "until": "2026-11-01"}, "until", "before the first meeting"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
        self, organizer: Client, draft: Meeting, wrong: dict[str, str], field: str, said: str
    ) -> None:
        refused = organizer.post(address("repeat", draft), typed(**{"own": "FREQ=DAILY", "do": "confirm", **wrong}))
        page = refused.content.decode()
        assert refused.status_code == 422
        assert f'id="id_{field}_error"' in page
        assert said in page
        assert wrong.get("own", "FREQ=DAILY") in page
        assert not Series.objects.exists()

    def test_a_draft_without_a_date_is_sent_to_its_form_and_a_cancelled_meeting_to_its_page(self, organizer: Client, ada: Membership, meeting: Meeting) -> None:
        undated = meetings.draft(cast.plan(day=None), by=ada, at=NOW)
        assert organizer.get(address("repeat", undated)).url == address("edit", undated)  # type: ignore[attr-defined]
        meetings.cancel(meeting, by=ada, at=NOW)
        assert organizer.get(address("repeat", meeting)).url == address("meeting", meeting)  # type: ignore[attr-defined]


class TestReading:
    def test_a_meeting_leads_to_its_series_and_that_to_its_dates(self, series: Series, meeting: Meeting, ben: Membership) -> None:
        client = browser(ben)
        page = client.get(address("meeting", meeting)).content.decode()
        assert f'href="{series.get_absolute_url()}"' in page
        shown = client.get(series.get_absolute_url()).content.decode()
        for each in rows(series):
            assert f'href="{each.get_absolute_url()}"' in shown
        assert reverse("meetings:cancel", args=[series.committee.slug, meeting.slug]) not in shown

    def test_a_member_answers_for_all_dates(self, series: Series, ben: Membership) -> None:
        client = browser(ben)
        said = client.post(series.get_absolute_url(), {"choice": "yes"}, follow=True)
        assert "Your answer is saved for all dates." in said.content.decode() or "guardada para todas" in said.content.decode()
        assert Answer.objects.filter(membership=ben, choice="yes").count() == 6
        assert client.post(series.get_absolute_url(), {}).status_code == 422

    def test_of_a_draft_nobody_sees_a_series(self, draft: Meeting, ada: Membership, organizer: Client) -> None:
        unbegun = meetings.repeat(draft, Rhythm(Every.WEEK), by=ada, at=NOW)
        assert organizer.get(unbegun.get_absolute_url()).status_code == 404

    def test_for_others_there_is_none(self, series: Series, boss: Membership) -> None:
        there = reverse("meetings:series", args=[boss.committee.slug, series.slug])
        assert browser(boss).get(there).status_code == 404
        assert browser(boss).get(series.get_absolute_url()).status_code == 404

    def test_as_many_queries_for_six_dates_as_for_two(self, meeting: Meeting, ada: Membership, ben: Membership) -> None:
        def queries(of: Series) -> int:
            there = of.get_absolute_url()
            with CaptureQueriesContext(connection) as asked:
                assert client.get(there).status_code == 200
            return len(asked)

        client = browser(ben)
        two = meetings.repeat(meeting, Rhythm(Every.WEEK, count=2), by=ada, at=NOW)
        other = meetings.call(meetings.draft(cast.plan(), by=ada, at=NOW), by=ada, at=NOW)
        six = meetings.repeat(other, Rhythm(Every.WEEK), by=ada, at=NOW)
        queries(two)
        assert queries(two) == queries(six)

    def test_a_series_that_was_ended_says_so(self, series: Series, ada: Membership, organizer: Client) -> None:
        meetings.cancel_series(rows(series)[0], scope=Scope.ALL, by=ada, at=NOW)
        assert organizer.get(series.get_absolute_url()).status_code == 200


class TestChanging:
    def test_each_form_asks_for_which_meetings_and_only_where_it_repeats(self, organizer: Client, series: Series, ada: Membership) -> None:
        alone = meetings.call(meetings.draft(cast.plan(), by=ada, at=NOW), by=ada, at=NOW)
        for name in ("move", "edit", "cancel"):
            assert "For which meetings?" in text(organizer.get(address(name, rows(series)[1])))
            assert "For which meetings?" not in text(organizer.get(address(name, alone)))

    def test_the_check_before_a_move_is_about_the_first_that_is_meant(self, organizer: Client, series: Series) -> None:
        third = rows(series)[2]
        said = moved(third, scope="all", clock="18:00", do="check")
        shown = text(organizer.post(address("move", third), said))
        assert "Thursday 26 November, 6:00 pm" in shown
        assert "All that are to come" in shown
        assert "This holds for all later ones of this series too" in shown
        organizer.post(address("move", third), {**said, "do": "confirm"})
        assert {each.clock.hour for each in rows(series) if each.clock} == {18}

    def test_words_for_this_and_all_later_ones(self, organizer: Client, series: Series) -> None:
        second = rows(series)[1]
        said = cast.typed(do="words", subject="Short", seen=second.sequence, scope="following")
        assert organizer.post(address("edit", second), said).status_code == 302
        assert [each.subject for each in rows(series)] == ["Peak season hours"] + ["Short"] * 5

    def test_the_series_is_ended(self, organizer: Client, series: Series) -> None:
        page = organizer.get(series.get_absolute_url()).content.decode()
        end = f"{address('cancel', rows(series)[0])}?scope=all"
        assert f'href="{end}"' in page
        assert re.search(r'value="all"[^>]* checked', organizer.get(end).content.decode())
        organizer.post(end, {"why": "", "scope": "all"})
        assert {each.state for each in rows(series)} == {State.CANCELLED}


class TestLists:
    LISTS = ("own", "of_committee")

    def listed(self, which: str, member: Membership) -> list[str]:
        """Which meetings a list has, by their days."""
        url = reverse("meetings:list") if which == "own" else reverse("meetings:of_committee", args=[member.committee.slug])
        page = browser(member).get(url)
        assert page.status_code == 200
        return [each.day.isoformat() for each in page.context["page"]]

    def test_the_list_says_which_meetings_repeat(self, series: Series, ada: Membership) -> None:
        assert "repeats" in text(browser(ada).get(reverse("meetings:of_committee", args=[series.committee.slug])))

    @pytest.mark.parametrize("which", LISTS)
    def test_a_series_stands_there_with_its_next_date_and_what_is_otherwise(self, which: str, series: Series, ada: Membership, ben: Membership) -> None:
        assert self.listed(which, ben) == ["2026-11-26"]
        second, third, fifth = rows(series)[1], rows(series)[2], rows(series)[4]
        meetings.move(third, cast.when(day=third.day + timedelta(days=1)), cast.WHERE, by=ada, at=NOW)  # type: ignore[operator]
        meetings.cancel(fifth, by=ada, at=NOW)
        assert self.listed(which, ben) == ["2026-11-26", "2026-12-11", "2026-12-24"]
        meetings.cancel(rows(series)[0], by=ada, at=NOW)
        assert self.listed(which, ben) == ["2026-11-26", second.day.isoformat(), "2026-12-11", "2026-12-24"]  # type: ignore[union-attr]

    @pytest.mark.parametrize("which", LISTS)
    def test_while_one_runs_the_next_stands_there_too(self, which: str, series: Series, ben: Membership, now: time_machine.Traveller) -> None:
        first = rows(series)[0]
        assert first.starts_at is not None
        now.move_to(first.starts_at + timedelta(minutes=5))
        assert self.listed(which, ben) == ["2026-11-26", "2026-12-03"]

    @pytest.mark.parametrize("which", LISTS)
    def test_a_guest_of_a_later_date_sees_that_one(self, which: str, db: None) -> None:
        theirs = make.cast()
        make.affiliated(theirs.ada.committee)
        make.affiliated(theirs.boss.committee)
        first = meetings.call(meetings.draft(cast.plan(), by=theirs.ada, at=NOW), by=theirs.ada, at=NOW)
        second = rows(meetings.repeat(first, WEEKLY, by=theirs.ada, at=NOW))[1]
        (guest,) = meetings.invite(second, [theirs.boss.committee], by=theirs.ada, at=NOW)
        meetings.accept_invitation(guest, by=theirs.boss, at=NOW)
        assert self.listed(which, theirs.boss) == ["2026-12-03"]


def test_a_series_stands_once_among_what_needs_somebody(series: Series, ada: Membership, ben: Membership) -> None:
    soon = meetings.call(meetings.draft(cast.plan(day=cast.DAY - timedelta(days=1)), by=ada, at=NOW), by=ada, at=NOW)
    tasks = browser(ben).get(reverse("home:today")).context["today"].tasks
    assert [task.url for task in tasks if "/meetings/" in task.url] == [rows(series)[0].get_absolute_url()], f"{soon} stands above them"
