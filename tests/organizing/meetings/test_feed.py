"""The calendar address of a person: what it gives, to whom, and when it is dead."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from committees.base import retention
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.people import commands as people
from committees.people import panic
from committees.people.models import Person
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, CalendarFeed, Meeting
from tests import make
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, START, address, browser

pytestmark = pytest.mark.usefixtures("now")


def subscribe(member: Membership) -> str:
    assert member.person is not None
    return reverse("meetings:feed", args=[meetings.subscribe_calendar(by=member.person, at=NOW)])


def get(url: str, **headers: str) -> HttpResponse:
    """A calendar program: no session, no cookie."""
    return Client().get(url, headers=headers)


def uids(response: HttpResponse) -> set[str]:
    assert response.status_code == 200
    return {str(event["UID"]) for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_the_address_is_shown_once_and_the_row_keeps_only_its_digest(ben: Membership) -> None:
    client = browser(ben)
    page = client.post(reverse("meetings:calendar"), {"do": "make"}).content.decode()
    found = re.search(r"http://testserver(/calendar/([\w-]{20,})\.ics)", page)
    assert found is not None
    assert get(found[1]).status_code == 200
    assert found[2] not in client.get(reverse("meetings:calendar")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(f)::text FROM meetings_calendarfeed f")
        assert found[2] not in cursor.fetchone()[0]


def test_it_holds_the_meetings_of_all_ones_committees_but_for_those_one_said_no_to(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    other = meetings.call(meetings.draft(cast.plan(day=date(2026, 12, 1)), by=ada, at=NOW), by=ada, at=NOW)
    meetings.draft(cast.plan(), by=ada, at=NOW)
    url = subscribe(ben)
    assert uids(get(url)) == {str(meeting.uid), str(other.uid)}
    meetings.answer(other, choice="no", by=ben, at=NOW)
    assert uids(get(url)) == {str(meeting.uid)}
    meetings.move(other, cast.when(day=date(2026, 12, 2)), cast.WHERE, by=ada, at=NOW)
    assert uids(get(url)) == {str(meeting.uid), str(other.uid)}


def test_a_cancelled_meeting_stays_so_that_calendars_hear_of_it(meeting: Meeting, ada: Membership, ben: Membership, now: time_machine.Traveller) -> None:
    url = subscribe(ben)
    meetings.cancel(meeting, by=ada, at=NOW)
    assert b"STATUS:CANCELLED" in get(url).content
    now.move_to(START + timedelta(days=32))
    assert uids(get(url)) == set()


def test_it_speaks_the_language_of_its_owner_and_is_as_discreet_as_they_want(meeting: Meeting, ada: Membership) -> None:
    url = subscribe(ada)
    assert b"SUMMARY:Appointment" in get(url).content
    browser(ada).post(reverse("meetings:calendar"), {"do": "titles", "titles": "full"})
    full = get(url).content.decode()
    assert "SUMMARY:Peak season hours" in full
    for secret in (cast.PLACE, cast.LINK, cast.DIAL_IN, meeting.committee.name):
        assert secret not in full
    assert "SUMMARY:Peak season hours" in browser(ada).get(address("ics", meeting)).content.decode()


# -- When it is dead ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", [Standing.LEFT, Standing.REMOVED, Standing.SUSPENDED, Standing.STEPPED_ASIDE, Standing.LAPSED])
def test_it_dies_at_once_with_the_last_membership(standing: str, meeting: Meeting, ben: Membership) -> None:
    url = subscribe(ben)
    assert uids(get(url)) == {str(meeting.uid)}
    make.put(ben, standing)
    assert get(url).status_code == 404


def test_leaving_one_committee_takes_its_meetings_out_and_leaves_the_others(meeting: Meeting, ben: Membership) -> None:
    elsewhere = cast.committee("Leipzig committee")
    lena = cast.member(elsewhere, "Lena", Role.ORGANIZER)
    Membership.objects.filter(pk=cast.member(elsewhere, "Ben too").pk).update(person=ben.person)
    theirs = meetings.call(meetings.draft(cast.plan(), by=lena, at=NOW), by=lena, at=NOW)
    url = subscribe(ben)
    assert uids(get(url)) == {str(meeting.uid), str(theirs.uid)}
    Membership.objects.filter(pk=ben.pk).update(standing=Standing.LEFT)
    assert uids(get(url)) == {str(theirs.uid)}


def test_it_dies_when_it_is_ended_renewed_or_in_a_panic_or_when_the_account_is_hidden(meeting: Meeting, ben: Membership) -> None:
    assert ben.person is not None
    first = subscribe(ben)
    second = subscribe(ben)
    assert (get(first).status_code, get(second).status_code) == (404, 200)
    browser(ben).post(reverse("meetings:calendar"), {"do": "end"})
    assert get(second).status_code == 404
    third = subscribe(ben)
    panic.kill_everything(ben.person)
    assert get(third).status_code == 404
    fourth = subscribe(ben)
    Person.objects.get_queryset().filter(pk=ben.person_id).update(is_active=False)
    assert get(fourth).status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "%F0%9F%98%80", "..%2f..", "None"])
def test_an_address_that_is_none_is_not_found(token: str, meeting: Meeting) -> None:
    assert get(f"/calendar/{token}.ics").status_code == 404


# -- As calendar programs ask -----------------------------------------------------------------------------------------------------


def test_a_calendar_asks_again_and_gets_the_file_only_when_it_changed(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    url = subscribe(ben)
    first = get(url)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, no-cache"
    etag = first.headers["ETag"]
    again = get(url, if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert get(url, if_none_match=f'W/{etag}, "other"').status_code == 304
    meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, by=ada, at=NOW)
    changed = get(url, if_none_match=etag)
    assert (changed.status_code, changed.headers["ETag"] != etag) == (200, True)


def test_it_leaves_no_session_and_no_cookie_and_asks_four_times_however_many_meetings(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    url = subscribe(ben)
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            response = get(url)
        assert not response.cookies
        counts.append(len(queries))
        meetings.call(meetings.draft(cast.plan(), by=ada, at=NOW), by=ada, at=NOW)
    assert len(set(counts)) == 1
    assert counts[0] <= 4


def test_the_file_of_one_meeting_is_behind_the_login_and_stored_nowhere(meeting: Meeting, ben: Membership) -> None:
    response = browser(ben).get(address("ics", meeting))
    assert uids(response) == {str(meeting.uid)}
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert get(address("ics", meeting)).status_code == 302


# -- How long things are kept ---------------------------------------------------------------------------------------------------------


def test_the_place_goes_seven_days_after_the_meeting(meeting: Meeting) -> None:
    end = START + timedelta(minutes=75)
    retention.run(end + timedelta(days=7))
    assert Meeting.objects.get().place == cast.PLACE
    retention.run(end + timedelta(days=7, seconds=1))
    meeting.refresh_from_db()
    assert (meeting.place, meeting.link, meeting.dial_in, meeting.subject) == ("", "", "", "Peak season hours")


def test_answers_and_reasons_go_after_thirty_days(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    meetings.cancel(meeting, why="Nobody can come", by=ada, at=NOW)
    end = START + timedelta(minutes=75)
    retention.run(end + timedelta(days=30))
    assert Answer.objects.exists()
    retention.run(end + timedelta(days=30, seconds=1))
    assert not Answer.objects.exists()
    assert meeting.changes.get(kind="cancelled").why is None


def test_a_draft_that_nobody_touches_goes_after_ninety_days(draft: Meeting, ada: Membership) -> None:
    called = meetings.call(meetings.draft(cast.plan(), by=ada, at=NOW), by=ada, at=NOW)
    retention.run(NOW + timedelta(days=90))
    assert Meeting.objects.count() == 2
    retention.run(NOW + timedelta(days=90, seconds=1))
    assert list(Meeting.objects.all()) == [called]


def test_an_erased_account_leaves_no_answer_and_no_calendar(meeting: Meeting, ben: Membership) -> None:
    assert ben.person is not None
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    subscribe(ben)
    people.erase(ben.person, by=ben.person, at=NOW)  # the whole of it: this room's part finds what still leads to the person
    assert not Answer.objects.exists()
    assert not CalendarFeed.objects.exists()
