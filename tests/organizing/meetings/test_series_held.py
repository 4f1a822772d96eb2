"""Whatever organizers do with a series, also at once: each meeting is where its series has it, once, and each act is told once."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta
from itertools import islice
from time import sleep
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.base.errors import Refused
from committees.membership.commands.uniting import unite
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from organizing.meetings import commands as meetings
from organizing.meetings.commands import recurring
from organizing.meetings.models import Meeting, Series
from organizing.meetings.plans import Scope, When, Words
from organizing.meetings.rhythms import Every, Rhythm
from tests.at_once import at_once
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import DAY, NOW
from tests.organizing.meetings.weekly import WEEK, WEEKLY, days, rows, told


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
class TestAtOnce:
    def test_of_two_who_change_all_at_once_the_second_sees_the_first(self, series: Series, ada: Membership, dora: Membership) -> None:
        second = rows(series)[1]
        hours = (time(8, 0), time(9, 0))
        at_once(
            [
                lambda by=by, hour=hour: meetings.move_series(second, cast.when(day=DAY + WEEK, clock=hour), cast.WHERE, scope=Scope.ALL, seen=0, by=by, at=NOW)
                for by, hour in zip((ada, dora), hours, strict=True)
            ]
        )
        assert len({each.clock for each in rows(series)}) == 1
        assert len(told("moved")) == 1

    @pytest.mark.parametrize("act", ["move", "edit", "cancel"])
    def test_one_who_waits_while_another_begins_a_new_series_goes_on_in_that_one(
        self, series: Series, ada: Membership, dora: Membership, act: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        third, fifth = rows(series)[2], rows(series)[4]
        begun, real = threading.Event(), recurring._continued

        def slowly(*args: Any, **more: Any) -> Series:
            begun.set()
            sleep(0.5)
            return real(*args, **more)

        def second() -> object:
            begun.wait(5)
            if act == "move":
                return meetings.move_series(fifth, cast.when(day=fifth.day, clock=time(7, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=dora, at=NOW)  # type: ignore[arg-type]
            if act == "edit":
                return meetings.edit_series(fifth, Words(subject="Later ones"), scope=Scope.FOLLOWING, by=dora, at=NOW)
            return meetings.cancel_series(fifth, scope=Scope.FOLLOWING, by=dora, at=NOW)

        monkeypatch.setattr(recurring, "_continued", slowly)
        when = cast.when(day=third.day, clock=time(8, 0))  # type: ignore[arg-type]
        done = at_once([lambda: meetings.move_series(third, when, cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW), second])
        assert [type(each) for each in done] == [Meeting, Meeting]
        fifth.refresh_from_db()
        said = {"move": fifth.clock == time(7, 0), "edit": fifth.subject == "Later ones", "cancel": fifth.is_cancelled}
        assert said[act]
        _holds(series.committee_id, NOW)

    def test_four_clocks_make_each_meeting_once(self, series: Series) -> None:
        late = NOW + 3 * WEEK
        at_once([lambda: meetings.extend(late)] * 4)
        found = days(series)
        assert len(found) == len(set(found)) == 9


def test_two_committees_become_one_and_the_series_goes_on_there(series: Series, ada: Membership, boss: Membership) -> None:
    unite(ada.committee, boss.committee, at=NOW)
    series.refresh_from_db()
    assert series.committee == boss.committee
    assert {each.committee_id for each in rows(series)} == {boss.committee_id}
    assert meetings.extend(NOW + 2 * WEEK) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# -- Whatever organizers do ------------------------------------------------------------------------------------------------

_ACT = st.tuples(
    st.sampled_from(["move", "cancel", "edit", "move_series", "edit_series", "cancel_series", "week"]),
    st.integers(0, 7),
    st.sampled_from([Scope.FOLLOWING, Scope.ALL]),
    st.integers(-2, 2),
    st.sampled_from([time(8, 0), time(19, 0), time(19, 20)]),
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(_ACT, min_size=1, max_size=6), rhythm=st.sampled_from([WEEKLY, Rhythm(Every.DAY, 2), Rhythm(Every.WEEK, count=9), Rhythm(Every.MONTH_DAY)])
)
def test_whatever_is_changed_each_meeting_is_where_its_series_has_it(acts: list[tuple[str, int, Scope, int, time]], rhythm: Rhythm) -> None:
    ada = cast.member(cast.committee(f"Committee {next(cast.numbers)}"), f"Ada {next(cast.numbers)}", Role.ORGANIZER)
    first = meetings.call(meetings.draft(cast.plan(), by=ada, at=NOW), by=ada, at=NOW)
    meetings.repeat(first, rhythm, by=ada, at=NOW)
    at = NOW
    for what, which, scope, shift, clock in acts:
        coming = list(Meeting.objects.filter(committee=ada.committee).scheduled().filter(starts_at__gt=at).select_related("committee").order_by("starts_at"))
        if what == "week":
            at += WEEK
            meetings.extend(at)
        elif coming:
            when = cast.when(day=coming[which % len(coming)].day + timedelta(days=shift), clock=clock)
            _do(what, coming[which % len(coming)], when, scope, ada, at)
        _holds(ada.committee_id, at)


def _do(what: str, meeting: Meeting, when: When, scope: Scope, by: Membership, at: datetime) -> None:  # noqa: PLR0917
    notices_before = Notice.objects.exclude(kind__in=("meetings/called", "meetings/week_before")).count()
    try:
        match what:
            case "move":
                meetings.move(meeting, when, cast.WHERE, by=by, at=at)
            case "cancel":
                meetings.cancel(meeting, by=by, at=at)
            case "edit":
                meetings.edit(meeting, Words(subject="Other"), by=by, at=at)
            case "move_series":
                meetings.move_series(meeting, when, cast.WHERE, scope=scope, by=by, at=at)
            case "edit_series":
                meetings.edit_series(meeting, Words(subject="Others"), scope=scope, by=by, at=at)
            case _:
                meetings.cancel_series(meeting, scope=scope, by=by, at=at)
    except Refused:
        pass
    assert Notice.objects.exclude(kind__in=("meetings/called", "meetings/week_before")).count() - notices_before <= 1, "one act is told in one notice"


def _holds(committee_id: int, at: datetime) -> None:
    for series in Series.objects.filter(committee=committee_id):
        mine = list(series.meetings.all())
        for each in mine:
            assert each.series_wall is not None
            if each.is_scheduled and not each.own_time and each.starts_at and each.starts_at > at:
                assert (each.day, each.clock) == (each.series_day, each.series_clock)
        walls = [each.series_wall for each in mine if each.series_wall]
        assert len(walls) == len(set(walls))
        coming = [each.series_wall for each in mine if each.series_wall and each.starts_at and each.starts_at > at and each.is_scheduled]
        if coming:
            given_ = {each.wall for each in islice(series.rhythm.from_(series.start, series.zone), 400)}
            assert set(coming) <= given_
