"""The pages of polls: what a member sees and sends, what an organizer does, and that neither learns more than they may."""

from __future__ import annotations

import re
import uuid
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from committees.membership.models import Membership
from organizing.finding import commands as finding
from organizing.finding import queries
from organizing.finding.models import Poll, Reply, State
from organizing.meetings.models import Meeting
from tests.organizing.finding.conftest import DAYS, ENDS, answers, proposed, said, when
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def url(name: str, poll: Poll) -> str:
    return reverse(f"finding:{name}", args=[poll.committee.slug, poll.slug])


def text(client: Client, address: str) -> str:
    """What stands on a page, without its marks."""
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode().partition("<main")[2]).split()).replace(" ,", ",")


def typed(**changes: Any) -> dict[str, Any]:
    usual = {
        "form_key": str(uuid.uuid4()),
        "subject": "Peak season hours",
        "question": "Before the new rota",
        "minutes": "60",
        "zone": "Europe/London",
        "ends_day": "2026-11-25",
        "ends_clock": "09:00",
        "time-TOTAL_FORMS": "3",
        "time-INITIAL_FORMS": "0",
        "time-0-day": "2026-11-26",
        "time-0-clock": "19:00",
        "time-1-day": "2026-11-27",
        "time-1-clock": "06:00",
        "time-2-day": "",
        "time-2-clock": "",
        "do": "ask",
    }
    return {**usual, **changes}


# -- Proposing -----------------------------------------------------------------------------------------------------------------


def test_an_organizer_proposes_from_the_page_of_meetings(ada: Membership) -> None:
    client, slug = browser(ada), ada.committee.slug
    assert reverse("finding:of_committee", args=[slug]) in client.get(reverse("meetings:of_committee", args=[slug])).content.decode()
    assert reverse("finding:new", args=[slug]) in client.get(reverse("finding:of_committee", args=[slug])).content.decode()
    page = client.get(reverse("finding:new", args=[slug]))
    assert page.context["form"]["ends_day"].value() == date(2026, 11, 25), "three days from now"
    answer = client.post(reverse("finding:new", args=[slug]), typed())
    poll = Poll.objects.get()
    assert answer.url == poll.get_absolute_url()  # type: ignore[attr-defined]
    assert [(slot.day, slot.clock) for slot in poll.slots.order_by("starts_at")] == [(DAYS[0], time(19)), (DAYS[1], time(6))]


def test_one_more_line_keeps_what_was_typed_and_judges_nothing(ada: Membership) -> None:
    page = browser(ada).post(reverse("finding:new", args=[ada.committee.slug]), typed(do="add", subject="", **{"time-1-day": "soon"}))
    assert page.status_code == 200
    lines = page.context["times"].forms
    assert len(lines) == 4
    assert (lines[1]["day"].value(), lines[0]["clock"].value()) == ("soon", "19:00")
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject": ""}, "Fill in “What is the meeting about?”"),
        ({"time-1-clock": ""}, "Choose a date and a time, or leave both empty."),
        ({"time-1-day": "", "time-1-clock": ""}, "Propose at least two different times."),
        ({"ends_day": "2026-11-27"}, "People have to answer before the first of these times."),
        ({"zone": "Mars/Olympus"}, "Choose one of the answers shown for “Time zone”."),
    ],
)
def test_what_is_wrong_stands_beside_it_and_nothing_typed_is_lost(ada: Membership, changes: dict[str, str], words: str) -> None:
    page = browser(ada).post(reverse("finding:new", args=[ada.committee.slug]), typed(**changes))
    assert page.status_code == 422
    shown = page.content.decode()
    assert words in shown
    assert "Before the new rota" in shown
    assert 'value="19:00"' in shown


# -- Reading and answering -------------------------------------------------------------------------------------------------------


def test_each_reads_the_times_on_their_own_clock_and_on_the_polls(poll: Poll, ben: Membership, kit: Membership) -> None:
    """Ben is in Auckland, thirteen hours ahead: an evening in London is the next morning there, an early morning the same evening."""
    far = text(browser(ben), url("poll", poll))
    assert "Friday 27 November, 8:00 am, Auckland time" in far
    assert "7:00 pm, London time, on Thursday 26 November" in far
    assert "Friday 27 November, 7:00 pm, Auckland time 6:00 am, London time " in far
    assert "London time, on Friday 27" not in far, "it is the same day there"
    near = text(browser(kit), url("poll", poll))
    assert "Thursday 26 November, 7:00 pm, London time" in near
    assert ", on " not in near.partition("Which times")[2].partition("Save my answer")[0]


def test_a_member_answers_sees_numbers_and_no_name(poll: Poll, ben: Membership, kit: Membership) -> None:
    answers(poll, kit, "works", "no", "no")
    client = browser(ben)
    answer = client.post(url("answer", poll), said(poll, "works", "if_need", "no"))
    assert answer.status_code == 302
    assert Reply.objects.filter(membership=ben).count() == 3
    shown = text(client, url("poll", poll))
    assert "2 members have answered. 1 has not." in shown  # Ada
    assert "Kit" not in shown
    assert "Take this time" not in shown
    assert client.get(url("answers", poll)).status_code == 404


def test_a_time_without_a_word_is_asked_for_and_the_others_stay(poll: Poll, ben: Membership) -> None:
    data = said(poll, "works", "if_need", "no")
    missing = list(data)[2]
    data.pop(missing)
    page = browser(ben).post(url("answer", poll), data)
    assert page.status_code == 422
    assert page.content.decode().count("Say whether this time works for you.") == 2  # in the summary, and beside it
    assert page.content.decode().count(" checked") == 2
    assert not Reply.objects.exists()


def test_a_time_that_came_in_is_marked_and_the_rest_is_filled_in(poll: Poll, ada: Membership, ben: Membership) -> None:
    answers(poll, ben, "works", "if_need", "no")
    finding.add_time(poll, DAYS[2], time(18), by=ada, at=NOW)
    page = browser(ben).get(url("poll", poll)).content.decode()
    assert "A time is new." in page
    assert page.count(" checked") == 3


def test_nobody_answers_after_the_end(poll: Poll, ben: Membership, now: time_machine.Traveller) -> None:
    now.move_to(ENDS)
    client = browser(ben)
    assert "Answering has ended" in text(client, url("poll", poll))
    client.post(url("answer", poll), said(poll, "works", "if_need", "no"))
    assert not Reply.objects.exists()


def test_new_members_and_those_outside_find_nothing(poll: Poll, nia: Membership, boss: Membership) -> None:
    for outside in (nia, boss):
        for name in ("poll", "answers", "add", "end"):
            assert browser(outside).get(url(name, poll)).status_code == 404
    assert (
        reverse("finding:of_committee", args=[poll.committee.slug])
        not in browser(nia).get(reverse("meetings:of_committee", args=[poll.committee.slug])).content.decode()
    )


def test_the_day_says_what_waits_for_an_answer_until_it_is_given(poll: Poll, ben: Membership, nia: Membership) -> None:
    words = "Say which times suit you for a meeting"
    assert words in text(browser(ben), reverse("home:today"))
    assert words not in text(browser(nia), reverse("home:today"))
    answers(poll, ben, "works", "no", "no")
    assert words not in text(browser(ben), reverse("home:today"))


# -- Organizing ------------------------------------------------------------------------------------------------------------------


def test_an_organizer_sees_the_best_first_and_takes_it_with_one_button(poll: Poll, ada: Membership, ben: Membership, kit: Membership) -> None:
    answers(poll, ben, "no", "works", "works")
    answers(poll, kit, "works", "if_need", "works")
    client = browser(ada)
    page = client.get(url("poll", poll))
    order = [time.slot.day for time in page.context["shown"]]
    assert order == [DAYS[2], DAYS[1], DAYS[0]]
    assert page.content.decode().count("Shuts nobody out") == 2
    best = page.context["shown"][0].slot
    answer = client.post(url("take", poll), {"slot": best.slug})
    draft = Meeting.objects.get()
    assert answer.url == reverse("meetings:edit", args=[poll.committee.slug, draft.slug])  # type: ignore[attr-defined]
    form = client.get(answer.url).context["form"]  # type: ignore[attr-defined]
    assert (form["subject"].value(), form["day"].value(), form["clock"].value()) == ("Peak season hours", DAYS[2], time(12))
    assert "You are told when the meeting is called." in text(browser(ben), url("poll", poll)), "a draft is its organizers'"


def test_the_second_organizer_is_told_who_was_first(poll: Poll, ada: Membership, dora: Membership) -> None:
    first, second, _third = poll.slots.order_by("starts_at")
    finding.take(first, by=ada, at=NOW)
    page = browser(dora).post(url("take", poll), {"slot": second.slug}, follow=True).content.decode()
    assert "A time was taken meanwhile. Nothing was changed." in page
    assert "Go on with the draft" in page


def test_another_polls_time_is_not_taken_here(poll: Poll, ada: Membership, boss: Membership) -> None:
    theirs = proposed(boss).slots.all()[0]
    browser(ada).post(url("take", poll), {"slot": theirs.slug})
    assert not Meeting.objects.exists()


def test_organizers_see_who_said_what(poll: Poll, ada: Membership, ben: Membership) -> None:
    answers(poll, ben, "works", "if_need", "no")
    shown = text(browser(ada), url("answers", poll))
    assert shown.count("Ben") == 3
    assert "Works for me: 1 Ben" in shown


def test_a_time_is_added_and_what_is_wrong_with_it_is_said(poll: Poll, ada: Membership) -> None:
    client = browser(ada)
    refused = client.post(url("add", poll), {"day": "2026-11-26", "clock": "19:00"})
    assert refused.status_code == 422
    assert "This time is proposed already." in refused.content.decode()
    assert client.post(url("add", poll), {"day": "2026-11-28", "clock": "18:00"}).status_code == 302
    assert poll.slots.count() == 4


@pytest.mark.parametrize(("how", "state"), [("close", State.CLOSED), ("withdraw", State.WITHDRAWN)])
def test_an_organizer_ends_it(poll: Poll, ada: Membership, ben: Membership, how: str, state: State) -> None:
    assert browser(ada).post(url("end", poll), {"how": how}).status_code == 302
    poll.refresh_from_db()
    assert poll.state == state
    shown = text(browser(ben), url("poll", poll))
    assert "No meeting came of it." in shown
    assert ("Before the new rota" in shown) == (how == "close")


# -- How much is asked of the database --------------------------------------------------------------------------------------------


def test_the_pages_ask_no_more_with_more_in_them(ada: Membership, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client, counts = browser(ada), {}
    for size in (2, 12):
        times = [when(date(2026, 12, 1) + timedelta(days=n), time(12)) for n in range(size)]
        poll = proposed(ada, times=times)
        for n in range(size):
            answers(poll, cast.member(ada.committee, f"Worker {size} {n}"), *["works"] * size)
        for name in ("poll", "answers"):
            client.get(url(name, poll))
            with django_assert_num_queries(counts.get(name, 0) or _queries(client, url(name, poll))) as asked:
                client.get(url(name, poll))
            counts[name] = len(asked)
        asked_of_list = _queries(client, reverse("finding:of_committee", args=[ada.committee.slug]))
        assert counts.setdefault("list", asked_of_list) == asked_of_list
    assert counts["poll"] <= 12
    assert ada.person
    with django_assert_num_queries(1):
        assert len(queries.lacking(ada.person, NOW)) == 2


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
