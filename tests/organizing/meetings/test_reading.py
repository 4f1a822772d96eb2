"""Lists and the page of a meeting: what each reader sees, in how many questions to the database."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Meeting
from tests import make
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, START, address, browser

pytestmark = pytest.mark.usefixtures("now")
SECRETS = (cast.PLACE, cast.LINK, cast.DIAL_IN)


def read(client: Client, url: str, status: int = 200) -> str:
    """What a page says, without its markup's white space."""
    response = client.get(url)
    assert response.status_code == status, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


# -- One meeting ------------------------------------------------------------------------------------------------------------


def test_a_member_reads_their_own_time_first_and_then_the_meetings(meeting: Meeting, ben: Membership) -> None:
    """Ben reads Spanish and lives by New York's clock."""
    Membership.objects.get(pk=ben.pk).person.__class__.objects.filter(pk=ben.person_id).update(language="en")
    page = read(browser(ben), address("meeting", meeting))
    assert page.index("2:00 pm") < page.index("7:00 pm")
    assert "New York time" in page
    assert "London time, where the meeting is" in page
    assert "Thursday 26 November" in page
    assert "Peak season hours" in page


def test_whoever_has_the_meetings_clock_sees_one_time(meeting: Meeting, ada: Membership) -> None:
    assert "where the meeting is" not in read(browser(ada), address("meeting", meeting))


def test_the_title_of_the_page_says_only_meeting(meeting: Meeting, ada: Membership) -> None:
    title = re.search("<title>(.*?)</title>", read(browser(ada), address("meeting", meeting)))
    assert title is not None
    assert title[1].startswith("Meeting – ")
    assert meeting.subject not in title[1]


def test_place_and_link_are_on_the_page_of_those_who_may_see_them_and_of_nobody_else(
    meeting: Meeting, ada: Membership, ben: Membership, nia: Membership, now: time_machine.Traveller
) -> None:
    """The place on yes, the link half an hour before."""
    url = address("meeting", meeting)

    def shown(to: Membership) -> tuple[bool, bool]:
        page = read(browser(to), url)
        return cast.PLACE in page, cast.LINK in page

    assert shown(ada) == (True, True)
    assert shown(ben) == shown(nia) == (False, False)
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    meetings.answer(meeting, choice="yes", by=nia, at=NOW)
    assert shown(ben) == (True, False)
    assert shown(nia) == (False, False)
    now.move_to(START - timedelta(minutes=30))
    assert shown(ben) == (True, True)
    assert shown(nia) == (False, False)
    now.move_to(START + timedelta(hours=5))
    assert shown(ben) == (False, False)


def test_the_agenda_shows_each_reader_their_points(meeting: Meeting, ada: Membership, ben: Membership, nia: Membership) -> None:
    url = address("meeting", meeting)
    pages = {who.handle: read(browser(who), url) for who in (ada, ben, nia)}
    assert {name: "Who speaks to the press" in page for name, page in pages.items()} == {"Ada": True, "Ben": True, "Nia": False}
    assert {name: "Names we were given" in page for name, page in pages.items()} == {"Ada": True, "Ben": False, "Nia": False}


def test_counts_are_for_all_and_names_for_organizers(meeting: Meeting, ada: Membership, ben: Membership, nia: Membership) -> None:
    meetings.answer(meeting, choice="yes", by=nia, at=NOW, interpretation="ne", child_care=True)
    page = read(browser(ben), address("meeting", meeting))
    assert '<span class="stat__n">1</span>' in page
    assert "Nia" not in page
    assert browser(ben).get(address("answers", meeting)).status_code == 404
    names = read(browser(ada), address("answers", meeting))
    assert "Nia" in names
    assert "interpretation into Nepali" in names
    assert "child care" in names


def test_another_committees_meeting_is_the_same_as_none(meeting: Meeting, boss: Membership) -> None:
    there = address("meeting", meeting)
    for url in (there, there.replace(meeting.slug, "222222222222"), there.replace(meeting.committee.slug, boss.committee.slug)):
        assert browser(boss).get(url).status_code == 404


def test_a_draft_has_no_page_for_members(draft: Meeting, ada: Membership, ben: Membership) -> None:
    assert browser(ben).get(address("meeting", draft)).status_code == 404
    assert browser(ben).get(address("check", draft)).status_code == 404
    assert browser(ada).get(address("check", draft)).status_code == 200


@pytest.mark.parametrize("standing", [Standing.LEFT, Standing.REMOVED, Standing.SUSPENDED, Standing.STEPPED_ASIDE, Standing.LAPSED])
def test_whoever_is_gone_finds_nothing_from_the_next_request_on(standing: str, meeting: Meeting, ben: Membership) -> None:
    client = browser(ben)
    assert client.get(address("meeting", meeting)).status_code == 200
    make.put(ben, standing)
    for name in ("meeting", "ics"):
        assert client.get(address(name, meeting)).status_code == 404
    assert meeting.subject not in read(client, reverse("meetings:list"))


def test_a_moved_and_a_cancelled_meeting_say_so_and_why(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    ben.person.__class__.objects.filter(pk=ben.person_id).update(language="en", time_zone="Europe/London")
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, why="The hall is taken.", by=ada, at=NOW)
    page = read(browser(ben), address("meeting", meeting))
    assert "The time has changed" in page
    assert "Thursday 26 November, 7:00 pm" in page
    assert "The hall is taken." in page
    assert "Please answer again" in page
    assert cast.PLACE not in page
    meetings.cancel(meeting, why="Nobody can come.", by=ada, at=NOW)
    page = read(browser(ben), address("meeting", meeting))
    assert "This meeting is cancelled" in page
    assert "Nobody can come." in page
    assert "Save my answer" not in page


# -- Answering ---------------------------------------------------------------------------------------------------------------


def test_a_member_answers_and_changes_their_mind(meeting: Meeting, ben: Membership) -> None:
    client, url = browser(ben), address("answer", meeting)
    response = client.post(url, {"choice": "yes", "asking": 1, "interpretation": "ne", "child_care": "on", "ride": "on"})
    assert response.headers["Location"] == meeting.get_absolute_url()
    given = Answer.objects.get()
    assert (given.choice, given.interpretation, given.child_care, given.ride, given.show_name) == ("yes", "ne", True, True, False)
    client.post(url, {"choice": "no", "asking": 1})
    assert Answer.objects.get().choice == "no"


def test_the_page_of_the_day_answers_with_one_button(meeting: Meeting, ben: Membership) -> None:
    assert browser(ben).post(address("answer", meeting), {"choice": "maybe"}).status_code == 302
    assert Answer.objects.get().choice == "maybe"


def test_a_link_in_a_mail_chooses_but_does_not_answer(meeting: Meeting, ben: Membership) -> None:
    """Programs that scan mails open every link."""
    page = read(browser(ben), f"{meeting.get_absolute_url()}?answer=maybe")
    assert re.search(r'value="maybe"[^>]*checked', page)
    assert not Answer.objects.exists()


def test_an_answer_to_an_old_time_is_refused_and_nothing_typed_is_lost(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    ben.person.__class__.objects.filter(pk=ben.person_id).update(language="en")
    meetings.move(meeting, cast.when(day=date(2026, 11, 28)), cast.WHERE, by=ada, at=NOW)
    response = browser(ben).post(address("answer", meeting), {"choice": "yes", "asking": 1, "child_care": "on"})
    assert response.status_code == 422
    assert "The time has changed since you opened this page" in response.content.decode()
    assert re.search(r'name="child_care"[^>]*checked', response.content.decode())
    assert not Answer.objects.exists()


def test_an_answer_without_a_choice_says_what_to_do(meeting: Meeting, ada: Membership) -> None:
    response = browser(ada).post(address("answer", meeting), {"asking": 1})
    assert response.status_code == 422
    assert "Choose yes, maybe or no." in response.content.decode()


def test_someone_inactive_reads_but_does_not_answer(meeting: Meeting, ben: Membership) -> None:
    Membership.objects.filter(pk=ben.pk).update(standing=Standing.INACTIVE)
    assert "Save my answer" not in read(browser(ben), address("meeting", meeting))
    assert browser(ben).post(address("answer", meeting), {"choice": "yes"}).status_code == 404


# -- Lists -------------------------------------------------------------------------------------------------------------------


def call(ada: Membership, number: int) -> Meeting:
    return meetings.call(meetings.draft(cast.plan(day=cast.DAY + timedelta(days=number)), by=ada, at=NOW), by=ada, at=NOW)


def test_my_meetings_are_those_of_all_my_committees_in_order(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    elsewhere = cast.committee("Leipzig committee")
    lena = cast.member(elsewhere, "Lena", Role.ORGANIZER)
    Membership.objects.filter(pk=cast.member(elsewhere, "Ben too").pk).update(person=ben.person)
    theirs = meetings.call(meetings.draft(cast.plan(day=date(2026, 11, 24)), by=lena, at=NOW), by=lena, at=NOW)
    meetings.draft(cast.plan(), by=ada, at=NOW)
    page = read(browser(ben), reverse("meetings:list"))
    assert page.index(theirs.slug) < page.index(meeting.slug)
    assert page.count('<li class="meet') == 2
    assert theirs.slug not in read(browser(ada), reverse("meetings:list"))


def test_what_is_over_is_among_the_past_ones_and_a_cancelled_one_stays_until_it_would_be_over(
    meeting: Meeting, ada: Membership, ben: Membership, now: time_machine.Traveller
) -> None:
    client = browser(ben)
    meetings.cancel(meeting, by=ada, at=NOW)
    assert meeting.slug in read(client, reverse("meetings:list"))
    now.move_to(START + timedelta(hours=2))
    client = browser(ben)
    assert meeting.slug not in read(client, reverse("meetings:list"))
    assert meeting.slug in read(client, reverse("meetings:past"))
    assert meeting.slug in read(client, reverse("meetings:past_of_committee", args=[meeting.committee.slug]))


def test_long_lists_have_pages(ada: Membership, ben: Membership) -> None:
    for number in range(23):
        call(ada, number)
    client = browser(ben)
    first = read(client, reverse("meetings:list"))
    assert first.count('<li class="meet') == 20
    after = re.search(r'href="(\?after=[^"]+)"', first)
    assert after is not None
    assert read(client, reverse("meetings:list") + after[1].replace("&amp;", "&")).count('<li class="meet') == 3


def test_organizers_find_their_drafts_and_members_do_not(draft: Meeting, ada: Membership, ben: Membership) -> None:
    url = reverse("meetings:of_committee", args=[draft.committee.slug])
    assert draft.slug in read(browser(ada), url)
    assert draft.slug not in read(browser(ben), url)
    assert "meetings/new/" not in read(browser(ben), url)


# -- Budgets -----------------------------------------------------------------------------------------------------------------


def asked(client: Client, *urls: str) -> dict[str, int]:
    """How often each page asks the database."""
    client.get(reverse("meetings:past"))  # the day of a visit is noted once
    found = {}
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        found[url] = len(queries)
    return found


def test_pages_ask_the_database_a_fixed_number_of_times(site: Committee, ada: Membership, ben: Membership, nia: Membership) -> None:
    """The same with one meeting and one answer as with three; a list and a meeting at most six times, the frame's questions included."""
    first = call(ada, 0)
    lists = (reverse("meetings:list"), reverse("meetings:past"), reverse("meetings:of_committee", args=[site.slug]))
    pages = (*lists, first.get_absolute_url())
    first = meetings.move(first, cast.when(clock=time(18, 30)), cast.WHERE, by=ada, at=NOW)
    meetings.answer(first, choice="yes", by=ada, at=NOW)
    before = asked(browser(ben), *pages), asked(browser(ada), *pages, address("answers", first))
    for number in (1, 2):
        meetings.answer(call(ada, number), choice="yes", by=ben, at=NOW)
    for member in (ben, nia):
        meetings.answer(first, choice="yes", by=member, at=NOW)
    for hour in (20, 21):  # each move is a notice more whose way the organizer sees
        first = meetings.move(first, cast.when(clock=time(hour, 0)), cast.WHERE, by=ada, at=NOW)
    meetings.answer(first, choice="yes", by=ben, at=NOW)
    after = asked(browser(ben), *pages), asked(browser(ada), *pages, address("answers", first))
    assert after == before
    assert max(after[0].values()) <= 6
    assert max(after[1].values()) <= 6, "an organizer also sees how the notices arrive"
