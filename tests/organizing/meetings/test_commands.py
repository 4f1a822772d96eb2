"""Calling, moving, editing and cancelling: what is written, who is told, what is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices.models import Notice
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Meeting, MeetingChange, State
from organizing.meetings.plans import Where, Words
from tests import make
from tests.organizing.meetings import cast
from tests.organizing.meetings.cast import NOW, START

MORE = timedelta(minutes=5)


def told(meeting: Meeting) -> list[tuple[str, int, bool]]:
    """What was posted about a meeting: kind, version, whether something later has overtaken it."""
    rows = Notice.objects.about(meeting).order_by("version", "kind")
    return [(row.kind.removeprefix("meetings/"), row.version, row.superseded_at is not None) for row in rows]


def changes(meeting: Meeting) -> list[tuple[str, int]]:
    return list(meeting.changes.values_list("kind", "sequence"))


# -- Who may --------------------------------------------------------------------------------------------------------------

ORGANIZERS_VERBS = {
    "draft": lambda meeting, by: meetings.draft(cast.plan(), by=by, at=NOW),
    "save": lambda meeting, by: meetings.save(meeting, cast.plan(), by=by, at=NOW),
    "copy": lambda meeting, by: meetings.copy(meeting, by=by, at=NOW),
    "discard": lambda meeting, by: meetings.discard(meeting, by=by),
    "call": lambda meeting, by: meetings.call(meeting, by=by, at=NOW),
    "move": lambda meeting, by: meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, by=by, at=NOW),
    "edit": lambda meeting, by: meetings.edit(meeting, cast.WORDS, by=by, at=NOW),
    "cancel": lambda meeting, by: meetings.cancel(meeting, by=by, at=NOW),
}


@pytest.fixture
def outsiders(ben: Membership, nia: Membership, boss: Membership) -> list[Membership]:
    return [ben, nia, boss]


@pytest.mark.parametrize("verb", ORGANIZERS_VERBS)
def test_only_organizers_of_this_committee_plan_meetings(verb: str, meeting: Meeting, ada: Membership, outsiders: list[Membership]) -> None:
    ben, nia, boss = outsiders
    act = ORGANIZERS_VERBS[verb]
    for outsider in (ben, nia, *([boss] if verb != "draft" else [])):
        with pytest.raises(PermissionDenied):
            act(meeting, outsider)
    assert changes(meeting) == [("called", 0)]
    draft = meetings.draft(cast.plan(), by=ada, at=NOW)
    act(draft if verb in ("save", "discard", "call") else meeting, ada)


@pytest.mark.parametrize("standing", [s for s in make.STANDINGS if s != Standing.MEMBER])
def test_an_organizer_who_is_no_full_member_any_more_plans_nothing(standing: str, draft: Meeting, ada: Membership) -> None:
    make.put(ada, standing, probation_until=NOW)
    with pytest.raises(PermissionDenied):
        meetings.call(draft, by=Membership.objects.get(pk=ada.pk), at=NOW)


def test_members_and_new_members_answer_and_nobody_else(meeting: Meeting, ada: Membership, ben: Membership, nia: Membership, boss: Membership) -> None:
    for member in (ada, ben, nia):
        assert meetings.answer(meeting, choice="yes", by=member, at=NOW).choice == "yes"
    with pytest.raises(PermissionDenied):
        meetings.answer(meeting, choice="yes", by=boss, at=NOW)
    assert Answer.objects.count() == 3


# -- Drafts -----------------------------------------------------------------------------------------------------------------


def test_a_draft_is_told_to_nobody_and_recorded_nowhere(draft: Meeting) -> None:
    assert draft.is_draft
    assert draft.starts_at == START
    assert not told(draft)
    assert not Entry.objects.exists()
    assert [item.subject for item in draft.agenda.all()] == [point.subject for point in cast.WORDS.agenda]


def test_the_same_form_makes_one_draft_and_its_last_words_count(ada: Membership) -> None:
    key = uuid.uuid4()
    first = meetings.draft(cast.plan(), by=ada, at=NOW, form_key=key)
    again = meetings.draft(cast.plan(words=Words(subject="Another subject")), by=ada, at=NOW, form_key=key)
    assert (first.pk, Meeting.objects.get().subject) == (again.pk, "Another subject")
    assert not again.agenda.exists()
    meetings.call(again, by=ada, at=NOW)
    assert meetings.draft(cast.plan(), by=ada, at=NOW, form_key=key).subject == "Another subject"


def test_a_form_of_another_committee_is_refused(draft: Meeting, ada: Membership, boss: Membership) -> None:
    Meeting.objects.update(form_key=(key := uuid.uuid4()))
    with pytest.raises(Refused):
        meetings.draft(cast.plan(), by=boss, at=NOW, form_key=key)


def test_a_draft_without_a_time_is_kept_but_cannot_be_called(ada: Membership) -> None:
    draft = meetings.draft(cast.plan(day=None, clock=None), by=ada, at=NOW)
    with pytest.raises(Refused, match="date and a time"):
        meetings.call(draft, by=ada, at=NOW)
    meetings.save(draft, cast.plan(), by=ada, at=NOW)
    assert meetings.call(draft, by=ada, at=NOW).starts_at == START


def test_what_was_called_is_neither_saved_nor_thrown_away(meeting: Meeting, ada: Membership) -> None:
    with pytest.raises(Refused):
        meetings.save(meeting, cast.plan(), by=ada, at=NOW)
    with pytest.raises(Refused):
        meetings.discard(meeting, by=ada)
    assert Meeting.objects.count() == 1


def test_a_copy_is_a_draft_without_a_date(meeting: Meeting, ada: Membership) -> None:
    copy = meetings.copy(meeting, by=ada, at=NOW)
    assert (copy.is_draft, copy.day, copy.starts_at, copy.subject, copy.place) == (True, None, None, meeting.subject, cast.PLACE)
    assert copy.uid != meeting.uid
    assert copy.slug != meeting.slug
    assert copy.agenda.count() == 4


# -- Calling -------------------------------------------------------------------------------------------------------------------


def test_calling_tells_the_committee_once_and_stands_in_the_ledger(meeting: Meeting, ada: Membership) -> None:
    assert meeting.is_scheduled
    assert told(meeting) == [("called", 1, False)]
    assert changes(meeting) == [("called", 0)]
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.chain) == ("meeting.called", ada.person.ledger_key, meeting.committee.slug)
    with pytest.raises(Refused, match="already been called"):
        meetings.call(meeting, by=ada, at=NOW)
    assert len(told(meeting)) == 1


@pytest.mark.parametrize("at", [START, START + timedelta(days=1)])
def test_a_time_that_has_passed_is_refused(at: datetime, draft: Meeting, ada: Membership) -> None:
    with pytest.raises(Refused, match="passed"):
        meetings.call(draft, by=ada, at=at)


# -- Moving and cancelling ---------------------------------------------------------------------------------------------------------


def test_each_change_raises_the_sequence_and_only_told_ones_the_version(meeting: Meeting, ada: Membership) -> None:
    """RFC 5545: a calendar takes the higher SEQUENCE for the newer."""
    meetings.edit(meeting, Words(subject="Another subject"), by=ada, at=NOW + MORE)
    meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, why="The hall is taken", by=ada, at=NOW + 2 * MORE)
    meetings.cancel(meeting, why="Nobody can come", by=ada, at=NOW + 3 * MORE)
    assert changes(meeting) == [("called", 0), ("edited", 1), ("moved", 2), ("cancelled", 3)]
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.told_version, meeting.changed_at) == (3, 3, NOW + 3 * MORE)
    assert Entry.objects.order_by("position").values_list("verb", flat=True)[3] == "meeting.cancelled"


def test_a_move_overtakes_what_was_not_sent_yet(meeting: Meeting, ada: Membership) -> None:
    meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, by=ada, at=NOW + MORE)
    assert told(meeting) == [("called", 1, True), ("called", 2, False), ("moved", 2, False)]
    meetings.cancel(meeting, by=ada, at=NOW + 2 * MORE)
    assert told(meeting) == [("called", 1, True), ("called", 2, True), ("moved", 2, True), ("cancelled", 3, False)]


def test_a_move_keeps_both_times_and_the_reason_sealed(meeting: Meeting, ada: Membership) -> None:
    meetings.move(meeting, cast.when(day=date(2026, 11, 27)), cast.WHERE, why="Sentinel reason", by=ada, at=NOW + MORE)
    change = meeting.changes.get(kind="moved")
    assert (change.started_at, change.starts_at, change.why, change.by) == (START, START + timedelta(days=1), "Sentinel reason", ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT why FROM meetings_meetingchange WHERE id = %s", [change.pk])
        assert b"Sentinel" not in bytes(cursor.fetchone()[0])


def test_place_link_and_number_are_sealed_in_the_database(meeting: Meeting) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM meetings_meeting m WHERE id = %s", [meeting.pk])
        row = cursor.fetchone()[0]
        cursor.execute("SELECT place || link || dial_in FROM meetings_meeting WHERE id = %s", [meeting.pk])
        sealed = bytes(cursor.fetchone()[0])
    for secret in (cast.PLACE, cast.LINK, cast.DIAL_IN):
        assert secret not in row
        assert secret.encode() not in sealed
    assert Meeting.objects.get(pk=meeting.pk).place == cast.PLACE


@pytest.mark.parametrize(("minutes", "again"), [(30, False), (31, True), (24 * 60, True)])
def test_answers_survive_a_small_move_and_not_a_large_one(minutes: int, again: bool, meeting: Meeting, ada: Membership, ben: Membership) -> None:
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    start = datetime(2026, 11, 26, 19, 0) + timedelta(minutes=minutes)
    meetings.move(meeting, cast.when(start.date(), start.time()), cast.WHERE, by=ada, at=NOW + MORE)
    now = Meeting.objects.with_counts().with_choice_of(ben.person).get()
    assert (now.yes, now.my_choice) == ((0, "") if again else (1, "yes"))  # type: ignore[attr-defined]
    assert now.changes.get(kind="moved").asked_again is again
    meetings.answer(now, choice="maybe", by=ben, at=NOW + 2 * MORE)
    assert Meeting.objects.with_counts().get().maybe == 1  # type: ignore[attr-defined]
    assert Answer.objects.count() == 1


def test_a_yes_to_a_time_that_its_giver_has_not_seen_is_refused(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    seen = meeting.asking
    meetings.move(meeting, cast.when(clock=time(21, 0)), cast.WHERE, by=ada, at=NOW + MORE)
    with pytest.raises(Refused, match="time has changed"):
        meetings.answer(meeting, choice="yes", by=ben, at=NOW + 2 * MORE, asking=seen)
    assert not Answer.objects.exists()


def test_only_the_place_can_change_and_the_answers_stay(meeting: Meeting, ada: Membership, ben: Membership) -> None:
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    meetings.move(meeting, cast.when(), Where(held="in_person", place="Elsewhere"), by=ada, at=NOW + MORE)
    change = meeting.changes.get(kind="moved")
    assert (change.place_changed, change.asked_again, change.started_at) == (True, False, change.starts_at)
    assert Meeting.objects.with_counts().get().yes == 1  # type: ignore[attr-defined]


def test_a_move_to_nothing_new_to_the_past_or_of_what_is_over_is_refused(meeting: Meeting, draft: Meeting, ada: Membership) -> None:
    with pytest.raises(Refused, match="Nothing is different"):
        meetings.move(meeting, cast.when(), cast.WHERE, by=ada, at=NOW)
    with pytest.raises(Refused, match="passed"):
        meetings.move(meeting, cast.when(day=date(2026, 11, 21)), cast.WHERE, by=ada, at=NOW)
    with pytest.raises(Refused, match="over"):
        meetings.move(meeting, cast.when(day=date(2026, 12, 24)), cast.WHERE, by=ada, at=START + timedelta(hours=2))
    assert changes(meeting) == [("called", 0)]


def test_what_is_cancelled_stays_cancelled(meeting: Meeting, ada: Membership, dora: Membership, ben: Membership) -> None:
    meetings.cancel(meeting, by=ada, at=NOW)
    for act in (
        lambda: meetings.cancel(meeting, by=dora, at=NOW),
        lambda: meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, by=dora, at=NOW),
        lambda: meetings.edit(meeting, cast.WORDS, by=dora, at=NOW),
        lambda: meetings.call(meeting, by=dora, at=NOW),
        lambda: meetings.answer(meeting, choice="yes", by=ben, at=NOW),
    ):
        with pytest.raises(Refused):
            act()
    assert changes(meeting) == [("called", 0), ("cancelled", 1)]


def test_what_someone_else_changed_meanwhile_is_shown_first(meeting: Meeting, ada: Membership, dora: Membership) -> None:
    meetings.edit(meeting, Words(subject="Hers"), seen=0, by=dora, at=NOW)
    for act in (
        lambda: meetings.edit(meeting, Words(subject="Mine"), seen=0, by=ada, at=NOW),
        lambda: meetings.move(meeting, cast.when(clock=time(20, 0)), cast.WHERE, seen=0, by=ada, at=NOW),
    ):
        with pytest.raises(Refused, match="while you had this page open"):
            act()
    assert Meeting.objects.get().subject == "Hers"


# -- What the database itself refuses ---------------------------------------------------------------------------------------------


def _at_once(change: Callable[[], object]) -> None:
    """Make a change and have the database check it now, not at the end of the test."""
    with transaction.atomic(), connection.cursor() as cursor:
        change()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_rows_of_two_committees_do_not_mix(meeting: Meeting, ada: Membership, ben: Membership, boss: Membership) -> None:
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    for change in (
        lambda: Answer.objects.update(membership=boss),
        lambda: Answer.objects.update(committee=boss.committee),
        lambda: MeetingChange.objects.update(by=boss),
        lambda: meeting.agenda.update(committee=boss.committee),
        lambda: Meeting.objects.filter(pk=meeting.pk).update(committee=boss.committee),
    ):
        with pytest.raises(IntegrityError):
            _at_once(change)


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("only_a_draft_has_no_time", {"day": None}),
        ("only_a_draft_has_no_time", {"starts_at": None, "ends_at": None}),
        ("a_meeting_ends_after_it_begins", {"ends_at": START - timedelta(hours=1)}),
        ("a_meeting_is_in_a_known_state", {"state": "postponed"}),
        ("nobody_was_told_of_a_draft", {"state": State.DRAFT, "sequence": 1}),
        ("a_meeting_lasts_minutes_to_hours", {"minutes": 1}),
    ],
)
def test_impossible_meetings_are_refused_by_the_database(sentence: str, fields: dict[str, object], meeting: Meeting) -> None:
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**fields)


def test_one_member_has_one_answer(meeting: Meeting, ben: Membership) -> None:
    meetings.answer(meeting, choice="yes", by=ben, at=NOW)
    meetings.answer(meeting, choice="no", by=ben, at=NOW)
    assert Answer.objects.get().choice == "no"
    with pytest.raises(IntegrityError, match="one_answer_per_member"), transaction.atomic():
        Answer.objects.create(meeting=meeting, committee=meeting.committee, membership=ben, choice="yes", asking=1, at=datetime.now(UTC))
