"""Meetings that repeat: when they are, what is changed for one, for this and all later ones, for all, and what people are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.notices.models import Notice
from committees.notices.preview import preview
from committees.notices.registry import Level
from organizing.meetings import commands as meetings
from organizing.meetings import queries
from organizing.meetings.commands.recurring import AHEAD
from organizing.meetings.models import Answer, Choice, Meeting, Series, State
from organizing.meetings.plans import Scope, Where, Words
from organizing.meetings.rhythms import Every, Rhythm
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import DAY, NOW
from tests.organizing.meetings.weekly import WEEK, WEEKLY, days, people, rows, told


class TestBeginning:
    def test_six_meetings_are_there_and_one_notice_says_that_it_repeats(self, meeting: Meeting, series: Series, ben: Membership) -> None:
        assert days(series) == [DAY + n * WEEK for n in range(AHEAD)]
        assert {each.state for each in rows(series)} == {State.SCHEDULED}
        assert told("repeats") == [meeting.pk]
        assert told("called") == [meeting.pk]
        assert ben.person_id in people("repeats")
        assert Entry.objects.filter(verb="meeting.series_begun").count() == 1

    def test_a_draft_begins_when_it_is_called_and_the_call_says_the_rhythm(self, draft: Meeting, ada: Membership) -> None:
        made = meetings.repeat(draft, WEEKLY, by=ada, at=NOW)
        assert len(rows(made)) == 1
        assert not Notice.objects.exists()
        meetings.repeat(draft, Rhythm(Every.WEEK, 2, count=3), by=ada, at=NOW)  # another mind
        called = meetings.call(draft, by=ada, at=NOW)
        assert days(Series.objects.get()) == [DAY, DAY + 2 * WEEK, DAY + 4 * WEEK]
        assert told("called") == [called.pk]
        assert told("repeats") == []

    def test_a_draft_whose_date_was_changed_repeats_from_there(self, draft: Meeting, ada: Membership) -> None:
        meetings.repeat(draft, WEEKLY, by=ada, at=NOW)
        saved = meetings.save(draft, cast.plan(day=DAY + timedelta(days=1)), by=ada, at=NOW)
        meetings.call(saved, by=ada, at=NOW)
        assert days(Series.objects.get())[1] == DAY + timedelta(days=8)

    def test_a_rule_that_no_longer_fits_the_date_holds_the_call_up(self, draft: Meeting, ada: Membership) -> None:
        meetings.repeat(draft, Rhythm(Every.RULE, own="FREQ=WEEKLY;BYDAY=TH"), by=ada, at=NOW)
        saved = meetings.save(draft, cast.plan(day=DAY + timedelta(days=1)), by=ada, at=NOW)
        with pytest.raises(Refused, match="none of those"):
            meetings.call(saved, by=ada, at=NOW)
        assert Meeting.objects.get().is_draft

    def test_a_draft_that_is_thrown_away_or_takes_place_once_leaves_no_series(self, draft: Meeting, ada: Membership) -> None:
        meetings.repeat(draft, WEEKLY, by=ada, at=NOW)
        meetings.repeat_no_more(draft, by=ada)
        assert not Series.objects.exists()
        meetings.repeat(Meeting.objects.get(), WEEKLY, by=ada, at=NOW)
        meetings.discard(Meeting.objects.get(), by=ada)
        assert not Series.objects.exists()

    @pytest.mark.parametrize(
        ("rhythm", "why"),
        [
            (Rhythm(Every.RULE, own="FREQ=WEEKLY;BYDAY=TU"), "none of those"),
            (Rhythm(Every.RULE, own="FREQ=HOURLY"), "at most once a day"),
            (Rhythm(Every.RULE, own="FREQ=DAILY;BYHOUR=9,17"), "at most once a day"),
            (Rhythm(Every.RULE, own="FREQ=DAILY;COUNT=3"), "leave COUNT and UNTIL out"),
            (Rhythm(Every.RULE, own="EVERY DAY"), "cannot be read"),
            (Rhythm(Every.WEEK, until=DAY - timedelta(days=1)), "before the first"),
            (Rhythm(Every.WEEK, until=DAY), "only once"),
            (Rhythm(Every.MONTH_LAST), "not the last"),
        ],
    )
    def test_what_cannot_be_followed_is_refused(self, draft: Meeting, ada: Membership, rhythm: Rhythm, why: str) -> None:
        early = meetings.save(draft, cast.plan(day=date(2026, 12, 3) if rhythm.every == Every.MONTH_LAST else DAY), by=ada, at=NOW)
        with pytest.raises(Refused, match=why):
            meetings.repeat(early, rhythm, by=ada, at=NOW)

    def test_a_meeting_repeats_once(self, meeting: Meeting, series: Series, ada: Membership) -> None:
        with pytest.raises(Refused, match="already"):
            meetings.repeat(meeting, WEEKLY, by=ada, at=NOW)

    def test_only_organizers_of_this_committee(self, meeting: Meeting, ben: Membership, boss: Membership) -> None:
        for who in (ben, boss):
            with pytest.raises(PermissionDenied):
                meetings.repeat(meeting, WEEKLY, by=who, at=NOW)

    def test_whoever_comes_later_hears_of_the_next_one_alone(self, series: Series, nia: Membership) -> None:
        Notice.objects.all().delete()
        meetings.tell_newcomer(nia, at=NOW + timedelta(hours=1))
        assert told("called") == [rows(series)[0].pk]


class TestRhythms:
    @pytest.mark.parametrize(
        ("rhythm", "first", "others"),
        [
            (Rhythm(Every.DAY, 3), date(2026, 11, 26), [date(2026, 11, 29), date(2026, 12, 2)]),
            (Rhythm(Every.WEEK, 2), date(2026, 11, 26), [date(2026, 12, 10), date(2026, 12, 24)]),
            (Rhythm(Every.MONTH_DATE), date(2027, 1, 31), [date(2027, 3, 31), date(2027, 5, 31)]),
            (Rhythm(Every.MONTH_DAY), date(2026, 11, 26), [date(2026, 12, 24), date(2027, 1, 28)]),
            (Rhythm(Every.MONTH_LAST), date(2026, 11, 26), [date(2026, 12, 31), date(2027, 1, 28)]),
            (Rhythm(Every.YEAR), date(2028, 2, 29), [date(2032, 2, 29), date(2036, 2, 29)]),
            (Rhythm(Every.RULE, own="RRULE:freq=weekly;byday=mo,th"), date(2026, 11, 26), [date(2026, 11, 30), date(2026, 12, 3)]),
        ],
    )
    def test_what_follows_from_the_first_date(self, rhythm: Rhythm, first: date, others: list[date]) -> None:
        start = datetime.combine(first, time(19, 0))
        rhythm.must_fit(start, "Europe/London")
        assert [each.wall.date() for each in islice(rhythm.from_(start, "Europe/London"), 3)] == [first, *others]

    @pytest.mark.parametrize(
        ("rhythm", "said"),
        [
            (Rhythm(Every.WEEK), "every week on Thursday"),
            (Rhythm(Every.WEEK, 2, count=10), "every 2 weeks on Thursday, 10 times"),
            (Rhythm(Every.MONTH_DAY), "every month on the fourth Thursday"),
            (Rhythm(Every.DAY, until=date(2027, 1, 4)), "every day, until Monday 4 January 2027"),
            (Rhythm(Every.RULE, own="freq=daily"), "by the rule FREQ=DAILY"),
        ],
    )
    def test_it_is_said_in_words(self, rhythm: Rhythm, said: str) -> None:
        assert rhythm.words(DAY) == said

    def test_in_spanish_too(self) -> None:
        with translation.override("es"):
            assert Rhythm(Every.WEEK, 2).words(DAY) == "cada 2 semanas el jueves"


class TestGoingOn:
    def test_the_next_one_is_made_when_one_is_over_and_keeps_its_hour_when_the_clocks_change(self, series: Series) -> None:
        late = datetime(2027, 3, 30, 12, 0, tzinfo=UTC)
        assert meetings.extend(late) > 0
        assert meetings.extend(late) == 0
        coming = [each for each in rows(series) if each.starts_at and each.starts_at > late]
        assert len(coming) == AHEAD
        assert {each.clock for each in coming} == {time(19, 0)}
        assert coming[0].starts_at == datetime(2027, 4, 1, 18, 0, tzinfo=UTC)

    def test_what_nobody_made_in_time_is_not_made_afterwards(self, series: Series) -> None:
        meetings.extend(NOW + 30 * WEEK)
        assert len(rows(series)) == 2 * AHEAD

    def test_it_ends_after_so_many_times(self, meeting: Meeting, ada: Membership) -> None:
        made = meetings.repeat(meeting, Rhythm(Every.WEEK, count=8), by=ada, at=NOW)
        meetings.extend(NOW + 4 * WEEK)
        assert len(rows(made)) == 8
        made.refresh_from_db()
        assert made.is_complete

    def test_nobody_is_told_of_one_that_is_added_and_it_reminds_as_any_other(self, series: Series) -> None:
        before = Notice.objects.count()
        meetings.extend(NOW + 2 * WEEK)
        assert Notice.objects.count() == before
        second = rows(series)[1]
        assert second.starts_at is not None
        meetings.remind_due(second.starts_at - timedelta(hours=23))
        assert second.pk in told("reminder")

    def test_what_was_changed_for_one_date_alone_is_no_pattern(self, series: Series, ada: Membership) -> None:
        last = rows(series)[-1]
        meetings.edit(last, Words(subject="Christmas party"), by=ada, at=NOW)
        meetings.extend(NOW + 2 * WEEK)
        assert [each.subject for each in rows(series)][-2:] == ["Peak season hours", "Peak season hours"]

    def test_a_series_alone_shows_no_life_but_who_comes_does(self, series: Series, site: Committee, ben: Membership) -> None:
        late = NOW + 20 * WEEK
        meetings.extend(late)
        assert queries.last_in([site.pk])[site.pk] < NOW + WEEK
        last = rows(series)[-1]
        Answer.objects.create(meeting=last, membership=ben, committee=site, choice=Choice.YES, asking=1, at=late)
        assert queries.last_in([site.pk])[site.pk] == last.starts_at

    def test_a_committee_that_rests_gets_none_and_goes_on_when_it_wakes(self, series: Series, site: Committee) -> None:
        Committee.objects.filter(pk=site.pk).update(life=Life.DORMANT, rests_since=NOW)
        assert meetings.extend(NOW + 2 * WEEK) == 0
        Committee.objects.filter(pk=site.pk).update(life=Life.ACTIVE)
        assert meetings.extend(NOW + 2 * WEEK) == 2

    def test_no_committee_that_is_closed_goes_on(self, series: Series, site: Committee, ada: Membership) -> None:
        membership.close(site, by=ada, at=NOW)
        assert {each.state for each in rows(series)} == {State.CANCELLED}
        assert told("cancelled") == [rows(series)[0].pk], "one notice for the whole series"
        assert meetings.extend(NOW + 2 * WEEK) == 0


class TestOneAlone:
    def test_a_moved_one_moves_alone_and_all_members_are_told(self, series: Series, ada: Membership, ben: Membership) -> None:
        third = rows(series)[2]
        meetings.move(third, cast.when(day=third.day + timedelta(days=1)), cast.WHERE, by=ada, at=NOW)  # type: ignore[operator]
        assert [each.weekday() for each in days(series)] == [3, 3, 4, 3, 3, 3]
        assert told("moved") == [third.pk]
        assert ben.person_id in people("moved"), "nobody was told of this date before, but of its series"
        assert told("called") == [rows(series)[0].pk], "and nobody twice"

    def test_a_cancelled_one_is_told_to_all_and_the_others_stay(self, series: Series, ada: Membership, ben: Membership) -> None:
        meetings.cancel(rows(series)[2], by=ada, at=NOW)
        assert [each.state for each in rows(series)].count(State.CANCELLED) == 1
        assert ben.person_id in people("cancelled")
        meetings.extend(NOW + 2 * WEEK)
        assert rows(series)[-1].state == State.SCHEDULED


class TestThisAndFollowing:
    def test_another_day_begins_a_series_of_its_own_and_one_notice_says_so(self, series: Series, ada: Membership, ben: Membership) -> None:
        third = rows(series)[2]
        meetings.move_series(third, cast.when(day=DAY + 2 * WEEK + timedelta(days=1)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)
        new = Series.objects.exclude(pk=series.pk).get()
        assert days(series) == [DAY, DAY + WEEK]
        assert days(new) == [DAY + n * WEEK + timedelta(days=1) for n in (2, 3, 4, 5, 6, 7)]
        assert told("moved") == [third.pk]
        assert ben.person_id in people("moved")
        series.refresh_from_db()
        assert series.is_complete
        meetings.extend(NOW + 3 * WEEK)
        assert days(new)[-1].weekday() == 4
        assert days(series) == [DAY, DAY + WEEK]

    def test_the_notice_says_that_it_is_for_all_later_ones(self, series: Series, ada: Membership, site: Committee) -> None:
        third = rows(series)[2]
        meetings.move_series(third, cast.when(day=DAY + 2 * WEEK, clock=time(18, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)
        letter = preview("meetings/moved", Meeting.objects.get(pk=third.pk), language="en", zone="Europe/London", level=Level.FULL, committee=site, version=2)
        assert "This holds for all later ones of this series too: every week on Thursday, London time." in letter.text

    def test_answers_stay_for_half_an_hour_and_are_asked_again_beyond(self, series: Series, ada: Membership, ben: Membership) -> None:
        fourth = rows(series)[3]
        meetings.answer(fourth, choice=Choice.YES, by=ben, at=NOW)
        meetings.move_series(rows(series)[2], cast.when(day=DAY + 2 * WEEK, clock=time(19, 30)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)
        fourth.refresh_from_db()
        assert (fourth.clock, fourth.asking) == (time(19, 30), 1)
        meetings.move_series(rows(fourth.series)[0], cast.when(day=DAY + 2 * WEEK, clock=time(21, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)  # type: ignore[arg-type]
        fourth.refresh_from_db()
        assert (fourth.clock, fourth.asking) == (time(21, 0), 2)

    def test_what_was_moved_for_one_date_alone_stays(self, series: Series, ada: Membership) -> None:
        apart = rows(series)[4]
        meetings.move(apart, cast.when(day=apart.day, clock=time(9, 0)), cast.WHERE, by=ada, at=NOW)  # type: ignore[arg-type]
        meetings.move_series(rows(series)[2], cast.when(day=DAY + 2 * WEEK, clock=time(18, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)
        apart.refresh_from_db()
        assert apart.clock == time(9, 0)
        assert apart.series_clock == time(18, 0)

    def test_so_many_times_stay_so_many(self, meeting: Meeting, ada: Membership) -> None:
        made = meetings.repeat(meeting, Rhythm(Every.WEEK, count=8), by=ada, at=NOW)
        meetings.move_series(rows(made)[2], cast.when(day=DAY + 2 * WEEK, clock=time(18, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)
        meetings.extend(NOW + 6 * WEEK)
        assert Meeting.objects.scheduled().count() == 8

    def test_the_place_alone_changes_without_a_new_series(self, series: Series, ada: Membership) -> None:
        there = Where(held="in_person", place="The library")
        second = rows(series)[1]
        meetings.move_series(second, cast.when(day=DAY + WEEK), there, scope=Scope.FOLLOWING, by=ada, at=NOW)
        assert Series.objects.count() == 1
        assert [each.place for each in rows(series)] == [cast.PLACE] + ["The library"] * 5
        meetings.extend(NOW + 2 * WEEK)
        assert rows(series)[-1].place == "The library"

    def test_other_words_go_on(self, series: Series, ada: Membership) -> None:
        before = Notice.objects.count()
        meetings.edit_series(rows(series)[1], Words(subject="Short and good"), scope=Scope.FOLLOWING, by=ada, at=NOW)
        meetings.extend(NOW + 2 * WEEK)
        assert [each.subject for each in rows(series)] == ["Peak season hours"] + ["Short and good"] * 7
        assert not rows(series)[-1].agenda.exists()
        assert Notice.objects.count() == before

    def test_words_of_one_date_alone_stay_and_its_time_goes_along(self, series: Series, ada: Membership) -> None:
        fifth = rows(series)[4]
        meetings.edit(fifth, Words(subject="Elections"), by=ada, at=NOW)
        meetings.edit_series(rows(series)[2], Words(subject="Others"), scope=Scope.FOLLOWING, by=ada, at=NOW)
        meetings.move_series(rows(series)[2], cast.when(day=DAY + 2 * WEEK, clock=time(18, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=ada, at=NOW)
        fifth.refresh_from_db()
        assert (fifth.subject, fifth.clock) == ("Elections", time(18, 0))

    def test_cancelling_ends_it(self, series: Series, ada: Membership, ben: Membership) -> None:
        meetings.cancel_series(rows(series)[2], scope=Scope.FOLLOWING, why="The strike is won", by=ada, at=NOW)
        assert [each.is_cancelled for each in rows(series)] == [False] * 2 + [True] * 4
        assert told("cancelled") == [rows(series)[2].pk]
        assert ben.person_id in people("cancelled")
        assert meetings.extend(NOW + 10 * WEEK) == 0


class TestAll:
    def test_all_that_are_to_come_whichever_one_has_open(self, series: Series, ada: Membership) -> None:
        later = NOW + WEEK  # the first one is over
        meetings.move_series(
            rows(series)[3], cast.when(day=DAY + 3 * WEEK + timedelta(days=2), clock=time(10, 0)), cast.WHERE, scope=Scope.ALL, by=ada, at=later
        )
        new = Series.objects.exclude(pk=series.pk).get()
        assert days(series) == [DAY]
        assert [each.weekday() for each in days(new)] == [5] * 6
        assert days(new)[0] == DAY + WEEK + timedelta(days=2)

    def test_from_the_first_on_it_stays_the_same_series(self, series: Series, ada: Membership) -> None:
        meetings.move_series(rows(series)[3], cast.when(day=DAY + 4 * WEEK), cast.WHERE, scope=Scope.ALL, by=ada, at=NOW)
        assert Series.objects.count() == 1
        assert days(series) == [DAY + n * WEEK for n in range(1, 7)], "also where each takes the time of the next one"

    def test_the_one_that_was_opened_goes_along_even_if_it_was_changed_by_itself(self, series: Series, ada: Membership) -> None:
        third, fifth = rows(series)[2], rows(series)[4]
        for each in (third, fifth):
            meetings.move(each, cast.when(day=each.day, clock=time(9, 0)), cast.WHERE, by=ada, at=NOW)  # type: ignore[arg-type]
            meetings.edit(each, Words(subject="Apart"), by=ada, at=NOW)
        third.refresh_from_db()
        meetings.move_series(third, cast.when(day=third.day, clock=time(8, 0)), cast.WHERE, scope=Scope.ALL, by=ada, at=NOW)  # type: ignore[arg-type]
        meetings.edit_series(third, Words(subject="Together"), scope=Scope.ALL, by=ada, at=NOW)
        assert [each.clock.hour for each in rows(series) if each.clock] == [8, 8, 8, 8, 9, 8]
        assert [each.subject for each in rows(series)] == ["Together"] * 4 + ["Apart", "Together"]

    def test_the_first_one_stays_if_it_was_changed_by_itself_and_another_is_told_of(self, series: Series, ada: Membership) -> None:
        first, second, fourth = rows(series)[0], rows(series)[1], rows(series)[3]
        meetings.move(first, cast.when(clock=time(9, 0)), cast.WHERE, by=ada, at=NOW)
        meetings.edit(first, Words(subject="Apart"), by=ada, at=NOW)
        meetings.edit_series(fourth, Words(subject="Together"), scope=Scope.ALL, by=ada, at=NOW)
        meetings.move_series(fourth, cast.when(day=fourth.day, clock=time(8, 0)), cast.WHERE, scope=Scope.ALL, by=ada, at=NOW)  # type: ignore[arg-type]
        all_rows = list(Meeting.objects.filter(committee=series.committee).order_by("starts_at"))
        assert [each.clock.hour for each in all_rows if each.clock][:AHEAD] == [9, 8, 8, 8, 8, 8]
        assert [each.subject for each in all_rows][:AHEAD] == ["Apart"] + ["Together"] * 5
        assert told("moved") == [first.pk, second.pk]

    def test_ending_the_series_cancels_what_is_to_come(self, series: Series, ada: Membership) -> None:
        meetings.cancel_series(rows(series)[3], scope=Scope.ALL, by=ada, at=NOW + WEEK)
        assert [each.is_cancelled for each in rows(series)] == [False] + [True] * 5

    def test_ones_own_rule_moves_only_to_its_own_days(self, meeting: Meeting, ada: Membership) -> None:
        made = meetings.repeat(meeting, Rhythm(Every.RULE, own="FREQ=WEEKLY;BYDAY=TH"), by=ada, at=NOW)
        with pytest.raises(Refused, match="none of those"):
            meetings.move_series(rows(made)[1], cast.when(day=DAY + WEEK + timedelta(days=1)), cast.WHERE, scope=Scope.ALL, by=ada, at=NOW)
        meetings.move_series(rows(made)[1], cast.when(day=DAY + WEEK, clock=time(8, 0)), cast.WHERE, scope=Scope.ALL, by=ada, at=NOW)
        assert {each.clock for each in rows(made)} == {time(8, 0)}


class TestWhoMay:
    ACTS: tuple[Callable[[Meeting, Membership], object], ...] = (
        lambda m, by: meetings.move_series(m, cast.when(clock=time(8, 0)), cast.WHERE, scope=Scope.FOLLOWING, by=by, at=NOW),
        lambda m, by: meetings.edit_series(m, cast.WORDS, scope=Scope.FOLLOWING, by=by, at=NOW),
        lambda m, by: meetings.cancel_series(m, scope=Scope.FOLLOWING, by=by, at=NOW),
    )

    @pytest.mark.parametrize("act", ACTS)
    def test_only_organizers_of_this_committee(self, act: Callable[[Meeting, Membership], object], series: Series, ben: Membership, boss: Membership) -> None:
        for who in (ben, boss):
            with pytest.raises(PermissionDenied):
                act(rows(series)[0], who)

    @pytest.mark.parametrize("act", ACTS)
    def test_and_only_what_repeats(self, act: Callable[[Meeting, Membership], object], meeting: Meeting, ada: Membership) -> None:
        with pytest.raises(Refused, match="does not repeat"):
            act(meeting, ada)

    def test_members_answer_for_all_dates_and_others_do_not(self, series: Series, ben: Membership, boss: Membership) -> None:
        given_ = meetings.answer_all(series, choice=Choice.YES, by=ben, at=NOW)
        assert [each.choice for each in given_] == [Choice.YES] * AHEAD
        with pytest.raises(PermissionDenied):
            meetings.answer_all(series, choice=Choice.YES, by=boss, at=NOW)

    def test_an_answer_for_all_keeps_what_one_needs(self, series: Series, ben: Membership) -> None:
        second = rows(series)[1]
        meetings.answer(second, choice=Choice.MAYBE, child_care=True, interpretation="es", by=ben, at=NOW)
        meetings.answer_all(series, choice=Choice.YES, by=ben, at=NOW)
        kept = Answer.objects.get(meeting=second)
        assert (kept.choice, kept.child_care, kept.interpretation) == (Choice.YES, True, "es")

    def test_the_database_keeps_committees_apart(self, series: Series, boss: Membership) -> None:
        theirs = meetings.call(meetings.draft(cast.plan(), by=boss, at=NOW), by=boss, at=NOW)
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(IntegrityError), transaction.atomic():
                Meeting.objects.filter(pk=theirs.pk).update(series=series)
