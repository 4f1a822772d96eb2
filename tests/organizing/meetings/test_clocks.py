"""Reminders, and zones whose rules change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from committees.base import clock
from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.notices import registry
from committees.notices.models import Channel, Delivery, Notice
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.rhythms import Every, Rhythm
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, START

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def reminders(meeting: Meeting) -> list[Notice]:
    return list(Notice.objects.about(meeting).filter(kind="meetings/reminder").order_by("version"))


def test_the_reminder_is_due_a_day_before_and_given_once(meeting: Meeting) -> None:
    assert meetings.remind_due(START - DAY - MINUTE) == 0
    assert meetings.remind_due(START - DAY) == 1
    assert meetings.remind_due(START - DAY + MINUTE) == 0
    (notice,) = reminders(meeting)
    assert (notice.due_at, notice.useful_until) == (START - DAY, START)


def test_the_outbox_asks_it_every_minute() -> None:
    assert meetings.remind_due in registry.ticks()


def test_a_reminder_that_was_late_still_goes_while_the_meeting_has_not_begun(meeting: Meeting) -> None:
    assert meetings.remind_due(START - MINUTE) == 1
    assert reminders(meeting)[0].is_useful(START - MINUTE)


def test_a_reminder_that_was_missed_is_on_record_and_sent_to_nobody(meeting: Meeting, ben: Membership) -> None:
    assert meetings.remind_due(START + MINUTE) == 1
    (notice,) = reminders(meeting)
    notices.expand(notice.pk, at=START + MINUTE)
    assert not Delivery.objects.filter(notice=notice).exists()
    assert meetings.remind_due(START + 2 * MINUTE) == 0


def test_a_meeting_called_less_than_a_day_ahead_needs_no_reminder(draft: Meeting, ada: Membership) -> None:
    meeting = meetings.call(draft, by=ada, at=START - DAY + MINUTE)
    assert meetings.remind_due(START - DAY + 2 * MINUTE) == 0
    assert not reminders(meeting)


def test_a_moved_meeting_reminds_anew_and_the_old_reminder_is_overtaken(meeting: Meeting, ada: Membership) -> None:
    meetings.remind_due(START - DAY)
    meetings.move(meeting, cast.when(day=date(2026, 12, 3)), cast.WHERE, by=ada, at=START - DAY + MINUTE)
    assert meetings.remind_due(START - MINUTE) == 0
    assert meetings.remind_due(START + 6 * DAY) == 1
    old, new = reminders(meeting)
    assert old.superseded_at is not None
    assert (new.version, new.due_at) == (2, START + 6 * DAY)


def test_a_cancelled_meeting_reminds_nobody(meeting: Meeting, ada: Membership) -> None:
    meetings.cancel(meeting, by=ada, at=NOW)
    assert meetings.remind_due(START - DAY) == 0


def test_whoever_said_no_is_not_reminded_but_hears_of_a_cancellation(meeting: Meeting, ada: Membership, ben: Membership, nia: Membership) -> None:
    called = Notice.objects.about(meeting).get()
    notices.expand(called.pk, at=NOW)
    meetings.answer(meeting, choice="no", by=ben, at=NOW)
    meetings.remind_due(START - DAY)
    (reminder,) = reminders(meeting)
    notices.expand(reminder.pk, at=START - DAY)
    everyone = {ada.person_id, ben.person_id, nia.person_id}
    assert set(Delivery.objects.filter(notice=reminder).values_list("person_id", flat=True)) == everyone - {ben.person_id}
    meetings.answer(meeting, choice="no", by=nia, at=START - DAY)
    assert registry.kind("meetings/reminder").matters(reminder, everyone) == {ada.person_id}
    meetings.cancel(meeting, by=ada, at=START - DAY + MINUTE)
    cancelled = Notice.objects.about(meeting).get(kind="meetings/cancelled")
    notices.expand(cancelled.pk, at=START - DAY + MINUTE)
    assert set(Delivery.objects.filter(notice=cancelled, channel="inapp").values_list("person_id", flat=True)) == everyone


# -- A week before ------------------------------------------------------------------------------------------------------------


def foretold(meeting: Meeting) -> list[tuple[datetime, datetime | None, bool]]:
    rows = Notice.objects.about(meeting).filter(kind="meetings/week_before").order_by("version")
    return [(row.due_at, row.useful_until, row.superseded_at is not None) for row in rows]


def test_what_is_called_earlier_is_told_again_a_week_before_and_what_is_called_later_is_not(ada: Membership, meeting: Meeting) -> None:
    assert foretold(meeting) == []
    far = meetings.call(meetings.draft(cast.plan(day=date(2026, 12, 10)), by=ada, at=NOW), by=ada, at=NOW)
    assert foretold(far) == [(START + 7 * DAY, START + 13 * DAY, False)]


def test_a_move_takes_its_week_along_and_a_cancellation_ends_it(ada: Membership) -> None:
    far = meetings.call(meetings.draft(cast.plan(day=date(2026, 12, 10)), by=ada, at=NOW), by=ada, at=NOW)
    moved = meetings.move(far, cast.when(day=date(2026, 12, 17)), cast.WHERE, by=ada, at=NOW)
    assert [each[0] for each in foretold(moved) if not each[2]] == [START + 14 * DAY]
    meetings.cancel(moved, by=ada, at=NOW)
    assert [each for each in foretold(moved) if not each[2]] == []


def test_whoever_comes_in_meanwhile_hears_it_and_whoever_said_no_does_not(ada: Membership, ben: Membership) -> None:
    far = meetings.call(meetings.draft(cast.plan(day=date(2026, 12, 10)), by=ada, at=NOW), by=ada, at=NOW)
    meetings.answer(far, choice="no", by=ben, at=NOW)
    late = cast.member(ada.committee, "Late")
    notice = Notice.objects.get(kind="meetings/week_before")
    assert notices.expand(notice.pk, at=START) == 0, "not yet"
    notices.expand(notice.pk, at=START + 7 * DAY)
    assert set(Delivery.objects.filter(notice=notice).values_list("person_id", flat=True)) == {ada.person_id, late.person_id}


@pytest.mark.parametrize(("every", "told"), [(Every.WEEK, 0), (Every.MONTH_DAY, 5)])
def test_of_a_series_only_where_none_of_its_others_is_in_that_week(meeting: Meeting, ada: Membership, every: Every, told: int) -> None:
    meetings.repeat(meeting, Rhythm(every), by=ada, at=NOW)
    assert Notice.objects.filter(kind="meetings/week_before").count() == told


# -- Zones whose rules change ------------------------------------------------------------------------------------------------


def test_when_a_zone_gets_other_rules_the_meeting_keeps_its_wall_time_and_people_are_told(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch, ben: Membership
) -> None:
    """London abolishes winter time: seven in the evening is an hour earlier than everyone was told."""
    assert meetings.follow_the_clocks(NOW) == 0
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    true_instant = clock.instant

    def an_hour_earlier(wall: datetime, zone: str) -> datetime:
        return true_instant(wall, zone) - timedelta(hours=1)

    monkeypatch.setattr(clock, "instant", an_hour_earlier)
    assert meetings.follow_the_clocks(NOW) == 1
    assert meetings.follow_the_clocks(NOW) == 0
    meeting.refresh_from_db()
    assert (meeting.clock, meeting.starts_at, meeting.sequence) == (time(19, 0), START - timedelta(hours=1), 1)
    change = meeting.changes.get(kind="moved")
    assert (change.by, change.started_at, change.asked_again) == (None, START, True)
    assert Notice.objects.about(meeting).filter(kind="meetings/moved").exists()


def test_what_is_over_or_cancelled_follows_no_clock(meeting: Meeting, ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "instant", lambda wall, zone: datetime(2026, 11, 26, 18, tzinfo=UTC))
    assert meetings.follow_the_clocks(START + MINUTE) == 0
    meetings.cancel(meeting, by=ada, at=NOW)
    assert meetings.follow_the_clocks(NOW) == 0


# -- Newcomers ---------------------------------------------------------------------------------------------------------------


def test_a_newcomer_hears_of_what_is_called_already_and_not_of_the_rest(meeting: Meeting, ada: Membership, nia: Membership) -> None:
    other = meetings.call(meetings.draft(cast.plan(day=date(2026, 11, 30)), by=ada, at=NOW), by=ada, at=NOW)
    meetings.cancel(other, by=ada, at=NOW)
    meetings.draft(cast.plan(), by=ada, at=NOW)
    meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, by=ada, at=NOW)
    meetings.edit(Meeting.objects.get(pk=meeting.pk), cast.WORDS, by=ada, at=NOW)
    meetings.tell_newcomer(nia, at=NOW)
    meetings.tell_newcomer(nia, at=NOW)
    rows: Any = Delivery.objects.filter(person=nia.person).values_list("notice__about_id", "notice__kind", "notice__version", "channel")
    assert sorted(rows) == [(meeting.pk, "meetings/called", 2, "email"), (meeting.pk, "meetings/called", 2, "inapp")]


def test_admission_welcomes_with_the_meetings() -> None:
    from committees.membership import register

    assert "organizing.meetings.wiring" in {welcome.__module__ for welcome in register._welcomes}


def soon(meeting: Meeting) -> list[Notice]:
    return list(Notice.objects.about(meeting).filter(kind="meetings/soon"))


def test_an_hour_before_whoever_comes_is_told_once_more_in_the_app_and_by_push(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    meetings.answer(meeting, choice="maybe", by=ben, at=START - 2 * DAY)
    meetings.remind_due(START - DAY)
    (notice,) = soon(meeting)
    assert (notice.due_at, notice.useful_until, notice.urgent) == (START - 60 * MINUTE, START, True)
    assert registry.kind("meetings/soon").channels == {Channel.INAPP, Channel.PUSH}
    notices.expand(notice.pk, at=START - 60 * MINUTE)
    assert set(Delivery.objects.filter(notice=notice).values_list("person_id", flat=True)) == {ben.person_id}
    meetings.answer(meeting, choice="no", by=ben, at=START - 50 * MINUTE)
    assert registry.kind("meetings/soon").matters(notice, {ada.person_id, ben.person_id}) == set()


def test_what_was_called_within_the_hour_is_not_told_again(draft: Meeting, ada: Membership) -> None:
    meeting = meetings.call(draft, by=ada, at=START - 50 * MINUTE)
    meetings.remind_due(START - 40 * MINUTE)
    assert not soon(meeting)
