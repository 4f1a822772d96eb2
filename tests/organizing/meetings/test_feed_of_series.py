"""A series in a calendar: another program reads the dates that are in the rows, each once, whatever was changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import recurring_ical_events
from django.urls import reverse
from icalendar import Calendar
from pytest_django.live_server_helper import LiveServer

from committees.membership.models import Membership
from committees.membership.roles import Role
from organizing.meetings import commands as meetings
from organizing.meetings.models import Choice, Meeting, Series
from organizing.meetings.plans import Scope, Words
from organizing.meetings.rhythms import Every, Rhythm
from tests import make
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import DAY, NOW
from tests.organizing.meetings.test_feed import get, subscribe
from tests.organizing.meetings.test_real_clients import Calendars, calendars, soon, there
from tests.organizing.meetings.weekly import WEEK, rows

__all__ = ["calendars"]

ENTRY = tuple[datetime, str]


def read(url: str, until: datetime = NOW + 6 * WEEK) -> list[ENTRY]:
    """What a program shows that follows rules by itself: when, and how it stands."""
    answer = get(url)
    assert answer.status_code == 200
    found = recurring_ical_events.of(Calendar.from_ical(answer.content)).between(NOW, until)
    return sorted((each["DTSTART"].dt.astimezone(UTC), str(each["STATUS"])) for each in found)


def kept(series: Series) -> list[ENTRY]:
    return [(each.starts_at, "CANCELLED" if each.is_cancelled else "CONFIRMED") for each in rows(series) if each.starts_at]


def entries(url: str) -> list[str]:
    return [str(each["UID"]) for each in Calendar.from_ical(get(url).content).walk("VEVENT")]


@pytest.mark.usefixtures("now")
class TestAsAnotherProgramReadsIt:
    def test_a_series_is_one_entry_with_a_rule_and_goes_on_by_itself(self, series: Series, ben: Membership) -> None:
        url = subscribe(ben)
        assert entries(url) == [str(series.uid)]
        assert read(url) == kept(series)
        far = read(url, NOW + 30 * WEEK)
        assert len(far) == 30
        assert far[-1][0] == datetime(2027, 6, 17, 18, 0, tzinfo=UTC), "at the same hour in London, in summer too"

    def test_it_is_as_discreet_as_any_meeting(self, series: Series, ben: Membership) -> None:
        body = get(subscribe(ben)).content
        assert b"SUMMARY:Cita" in body
        for secret in (cast.PLACE, cast.LINK, "Peak season", series.committee.name):
            assert secret.encode() not in body

    def test_what_one_said_no_to_is_left_out_of_it(self, series: Series, ben: Membership) -> None:
        url = subscribe(ben)
        second = rows(series)[1]
        meetings.answer(second, choice=Choice.NO, by=ben, at=NOW)
        assert read(url) == [each for each in kept(series) if each[0] != second.starts_at]
        assert entries(url) == [str(series.uid)]

    def test_a_date_that_was_moved_alone_takes_the_place_of_the_usual_one(self, series: Series, ada: Membership, ben: Membership) -> None:
        url = subscribe(ben)
        third = rows(series)[2]
        meetings.move(third, cast.when(day=DAY + 2 * WEEK + timedelta(days=1), clock=time(8, 0)), cast.WHERE, by=ada, at=NOW)
        assert read(url) == kept(series)
        assert b"RECURRENCE-ID;TZID=Europe/London:20261210T190000" in get(url).content

    def test_a_cancelled_date_says_so(self, series: Series, ada: Membership, ben: Membership) -> None:
        url = subscribe(ben)
        meetings.cancel(rows(series)[2], by=ada, at=NOW)
        assert read(url) == kept(series)
        assert [state for _at, state in read(url)].count("CANCELLED") == 1

    def test_this_and_following_and_the_end(self, series: Series, ada: Membership, ben: Membership) -> None:
        url = subscribe(ben)
        meetings.move_series(rows(series)[2], cast.when(day=DAY + 2 * WEEK, clock=time(17, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)
        new = Series.objects.exclude(pk=series.pk).get()
        assert read(url, NOW + 8 * WEEK) == [*kept(series), *kept(new)]
        meetings.cancel_series(rows(new)[1], scope=Scope.FOLLOWING, by=ada, at=NOW)
        assert [state for _at, state in read(url, NOW + 40 * WEEK)] == ["CONFIRMED"] * 3 + ["CANCELLED"] * 5
        meetings.cancel_series(rows(new)[0], scope=Scope.ALL, by=ada, at=NOW)
        assert [state for _at, state in read(url, NOW + 40 * WEEK)] == ["CONFIRMED"] * 2 + ["CANCELLED"] * 6, "what was before stays as it was"

    def test_so_many_times(self, meeting: Meeting, ada: Membership, ben: Membership) -> None:
        meetings.repeat(meeting, Rhythm(Every.WEEK, 2, count=4), by=ada, at=NOW)
        assert len(read(subscribe(ben), NOW + 40 * WEEK)) == 4

    def test_other_words_of_one_date(self, series: Series, ada: Membership, ben: Membership) -> None:
        url = subscribe(ben)
        meetings.set_titles("full", by=ben.person)  # type: ignore[arg-type]
        meetings.edit(rows(series)[1], Words(subject="Elections"), by=ada, at=NOW)
        body = get(url).content
        assert body.count(b"SUMMARY:Elections") == 1
        assert read(url) == kept(series)

    def test_years_later_it_begins_with_what_is_still_shown(self, series: Series, ada: Membership, ben: Membership, now) -> None:  # type: ignore[no-untyped-def]
        url, late = subscribe(ben), NOW + 60 * WEEK
        meetings.extend(late)
        now.move_to(late)
        found = recurring_ical_events.of(Calendar.from_ical(get(url).content)).between(NOW + WEEK, late + 6 * WEEK)
        assert {each["DTSTART"].dt.astimezone(UTC) for each in found} == {each.starts_at for each in rows(series) if each.starts_at and each.starts_at > late}

    def test_a_guest_has_the_one_meeting_to_which_they_are_invited(self, db: None) -> None:
        theirs = make.cast()
        make.affiliated(theirs.ada.committee)
        make.affiliated(theirs.boss.committee)
        first = meetings.call(meetings.draft(cast.plan(), by=theirs.ada, at=NOW), by=theirs.ada, at=NOW)
        second = rows(meetings.repeat(first, Rhythm(Every.WEEK), by=theirs.ada, at=NOW))[1]
        (guest,) = meetings.invite(second, [theirs.boss.committee], by=theirs.ada, at=NOW)
        meetings.accept_invitation(guest, by=theirs.boss, at=NOW)
        assert entries(subscribe(theirs.boss)) == [str(second.uid)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_a_real_calendar_follows_a_series(calendars: Callable[[str], Calendars], live_server: LiveServer) -> None:
    site = cast.committee()
    ada, at = cast.member(site, "Ada", Role.ORGANIZER), datetime.now(UTC)
    first = soon(3)
    meeting = meetings.call(meetings.draft(cast.plan(day=first.day, clock=first.clock), by=ada, at=at), by=ada, at=at)
    series = meetings.repeat(meeting, Rhythm(Every.WEEK), by=ada, at=at)
    assert ada.person is not None
    program = calendars(live_server.url + reverse("meetings:feed", args=[meetings.subscribe_calendar(by=ada.person, at=at)]))
    shown = program.sync()
    assert [line.split("|")[0] for line in shown.splitlines() if line] == [there(soon(3 + 7 * n)) for n in range(4)]
    second = rows(series)[1]
    meetings.move(second, soon(11, hour=9), cast.WHERE, by=ada, at=at)
    meetings.cancel(rows(series)[2], by=ada, at=at)
    shown = program.sync()
    assert there(soon(11, hour=9)) in shown
    assert there(soon(10)) not in shown
    assert "Cancelled: Appointment" in shown
    meetings.cancel_series(rows(series)[3], scope=Scope.FOLLOWING, by=ada, at=at)
    assert shown.count("Appointment") == program.sync().count("Appointment")
    assert program.sync().count("Cancelled") == 2
