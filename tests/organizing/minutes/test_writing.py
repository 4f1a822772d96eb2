"""Minutes: written by those who may, approved by another one, corrected as versions; nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.notices.models import Channel, Delivery, Notice
from organizing.meetings.models import Meeting
from organizing.minutes import commands as minutes
from organizing.minutes import queries
from organizing.minutes.models import Item, Minutes, Taker
from organizing.minutes.words import Todo, differences
from tests import make
from tests.organizing.minutes.conftest import approved, held, soon, words, written

pytestmark = pytest.mark.django_db


def test_organizers_write_and_members_do_not_unless_they_are_named(cast: make.Cast, meeting: Meeting) -> None:
    for other in (cast.ben, cast.mo, cast.boss):
        with pytest.raises(PermissionDenied):
            minutes.begin(meeting, language="en", by=other, at=timezone.now())
    minutes.name_taker(meeting, cast.ben.handle, by=cast.ada, at=timezone.now())
    assert written(meeting, by=cast.ben).by == cast.ben
    minutes.name_taker(meeting, "", by=cast.ada, at=timezone.now())
    draft = Minutes.objects.get()
    with pytest.raises(PermissionDenied):
        minutes.write(draft, words(general="More"), seen=draft.changed_at, by=cast.ben, at=timezone.now())


def test_only_a_full_member_is_named(cast: make.Cast, meeting: Meeting) -> None:
    for name in (cast.cleo.handle, cast.boss.handle, "Nobody at all"):
        with pytest.raises(Refused, match="full member") as no:
            minutes.name_taker(meeting, name, by=cast.ada, at=timezone.now())
        assert no.value.field == "name"
    assert not Taker.objects.exists()


def test_nobody_writes_before_the_meeting_has_begun(cast: make.Cast) -> None:
    with pytest.raises(Refused, match="has begun"):
        minutes.begin(held(cast.ada, hours=-5), language="en", by=cast.ada, at=timezone.now())


def test_two_who_begin_write_in_the_same_draft(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    first = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    assert minutes.begin(meeting, language="es", by=dora, at=timezone.now()) == first
    assert [each["subject"] for each in first.passages] == ["Heat on the dock", "Who speaks to the press", "Names we were given"]


def test_what_somebody_wrote_meanwhile_is_read_first_and_pressed_twice_is_saved_once(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    draft = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    seen, later = draft.changed_at, timezone.now() + timedelta(seconds=5)
    theirs = minutes.write(draft, words(general="Theirs"), seen=seen, by=dora, at=later)
    assert minutes.write(draft, words(general="Theirs"), seen=seen, by=dora, at=later).changed_at == theirs.changed_at
    with pytest.raises(minutes.Overtaken, match="somebody else has written") as no:
        minutes.write(draft, words(general="Mine"), seen=seen, by=cast.ada, at=later)
    assert no.value.minutes.general == "Theirs"
    assert minutes.write(draft, words(general="Mine"), seen=theirs.changed_at, by=cast.ada, at=later).general == "Mine"


def test_whoever_was_named_neither_sees_nor_wipes_what_is_for_organizers(cast: make.Cast, meeting: Meeting) -> None:
    draft = written(meeting, by=cast.ada)
    minutes.name_taker(meeting, cast.ben.handle, by=cast.ada, at=timezone.now())
    assert [each.subject for each in queries.passages(draft, cast.ben)] == ["Heat on the dock", "Who speaks to the press"]
    again = minutes.write(draft, words(passages={0: "Cooler.", 2: "Mine now"}), seen=draft.changed_at, by=cast.ben, at=timezone.now())
    assert [each["text"] for each in again.passages] == ["Cooler.", "Nobody yet.", "Not to be repeated."]


def test_who_does_something_is_named_as_they_are_here(cast: make.Cast, meeting: Meeting) -> None:
    draft = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    wrong = (Todo("Ring the plumber", cast.ben.handle, soon()), Todo("Print leaflets", "Nobody at all", soon()))
    with pytest.raises(Refused, match="Nobody uses this name") as no:
        minutes.write(draft, words(*wrong), seen=draft.changed_at, by=cast.ada, at=timezone.now())
    assert no.value.field == "todo-1"
    assert not Item.objects.exists()
    minutes.write(
        draft,
        words(Todo("Ring the plumber", cast.ben.handle.upper(), soon()), Todo("Later", "", soon())),
        seen=draft.changed_at,
        by=cast.ada,
        at=timezone.now(),
    )
    assert [item.owner for item in Item.objects.order_by("pk")] == [cast.ben, None]
    assert not Item.objects.open().exists(), "it counts once the minutes are approved"


def test_another_organizer_approves_and_not_the_one_who_wrote_last(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    draft = written(meeting, Todo("Ring the plumber", cast.ben.handle, soon()), by=cast.ada)
    with pytest.raises(Refused, match="Another organizer"):
        minutes.approve(draft, seen=draft.changed_at, heard=0, by=cast.ada, at=timezone.now())
    for other in (cast.ben, cast.boss):
        with pytest.raises(PermissionDenied):
            minutes.approve(draft, seen=draft.changed_at, heard=0, by=other, at=timezone.now())
    now = minutes.approve(draft, seen=draft.changed_at, heard=0, by=dora, at=timezone.now())
    assert (now.state, now.version, now.approved_by) == ("approved", 1, dora)
    assert Item.objects.open().get().owner == cast.ben
    assert Entry.objects.filter(verb="minutes.approved", chain=cast.committee.slug).count() == 1
    with pytest.raises(Refused, match="approved already"):
        minutes.approve(draft, seen=draft.changed_at, heard=0, by=dora, at=timezone.now())
    with pytest.raises(minutes.Overtaken, match="approved meanwhile"):
        minutes.write(draft, words(general="Too late"), seen=draft.changed_at, by=cast.ada, at=timezone.now())


def test_nothing_is_approved_that_somebody_changed_or_in_which_nothing_is_written(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    empty = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="Nothing is written"):
        minutes.approve(empty, seen=empty.changed_at, heard=0, by=dora, at=timezone.now())
    written(meeting, by=cast.ada, at=timezone.now() + timedelta(seconds=1))
    with pytest.raises(Refused, match="changed the minutes meanwhile"):
        minutes.approve(empty, seen=empty.changed_at, heard=0, by=dora, at=timezone.now())


def test_the_only_organizer_approves_after_members_could_read_it_for_three_days(cast: make.Cast, meeting: Meeting) -> None:
    at = timezone.now()
    draft = written(meeting, by=cast.ada, at=at)
    assert not Minutes.objects.visible_to(cast.ben).exists()
    with pytest.raises(Refused, match="72 hours"):
        minutes.approve(draft, seen=draft.changed_at, heard=0, by=cast.ada, at=at)
    shown = minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=at)
    assert Minutes.objects.visible_to(cast.ben).exists()
    assert not Minutes.objects.visible_to(cast.cleo).exists(), "new members read what is approved"
    with pytest.raises(Refused, match="72 hours"):
        minutes.approve(shown, seen=shown.changed_at, heard=0, by=cast.ada, at=at + timedelta(hours=71))
    minutes.object_to(shown, "It was 41 degrees.", by=cast.ben, at=at + timedelta(hours=2))
    with pytest.raises(Refused, match="objected to this draft already"):
        minutes.object_to(shown, "And more.", by=cast.ben, at=at + timedelta(hours=3))
    with pytest.raises(Refused, match="Somebody has objected"):
        minutes.approve(shown, seen=shown.changed_at, heard=0, by=cast.ada, at=at + timedelta(hours=73))
    assert minutes.approve(shown, seen=shown.changed_at, heard=1, by=cast.ada, at=at + timedelta(hours=73)).approved_by == cast.ada


def test_what_is_changed_after_members_read_it_is_theirs_to_read_anew(cast: make.Cast, meeting: Meeting) -> None:
    at = timezone.now()
    draft = written(meeting, by=cast.ada, at=at)
    shown = minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=at)
    changed = minutes.write(shown, words(general="Other"), seen=shown.changed_at, by=cast.ada, at=at + timedelta(hours=1))
    assert changed.shown_at is None
    with pytest.raises(Refused, match="72 hours"):
        minutes.approve(changed, seen=changed.changed_at, heard=0, by=cast.ada, at=at + timedelta(hours=80))


def test_an_objection_is_to_the_draft_as_it_was_shown_and_another_one_can_follow_when_it_is_shown_anew(cast: make.Cast, meeting: Meeting) -> None:
    at = timezone.now()
    draft = written(meeting, by=cast.ada, at=at)
    shown = minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=at)
    minutes.object_to(shown, "It was 41 degrees.", by=cast.ben, at=at)
    changed = minutes.write(shown, words(general="Other"), seen=shown.changed_at, by=cast.ada, at=at + timedelta(hours=1))
    again = minutes.show(changed, seen=changed.changed_at, by=cast.ada, at=at + timedelta(hours=1))
    assert queries.book(meeting, cast.ben, at).may_object
    minutes.object_to(again, "Still wrong.", by=cast.ben, at=at + timedelta(hours=2))
    assert not queries.book(meeting, cast.ben, at).may_object
    with pytest.raises(Refused, match="Somebody has objected"):
        minutes.approve(again, seen=again.changed_at, heard=1, by=cast.ada, at=at + timedelta(hours=90))
    assert minutes.approve(again, seen=again.changed_at, heard=2, by=cast.ada, at=at + timedelta(hours=90)).state == "approved"


def test_a_later_meeting_approves_what_members_could_read_before_it(cast: make.Cast, dora: Membership) -> None:
    first, second = held(cast.ada, hours=30), held(cast.ada, hours=2)
    at = timezone.now()
    draft = written(first, by=cast.ada, at=at - timedelta(hours=20))
    with pytest.raises(Refused, match="could not read them before"):
        minutes.approve(draft, seen=draft.changed_at, heard=0, by=cast.ada, at=at, there=second)
    shown = minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=at - timedelta(hours=19))
    now = minutes.approve(shown, seen=shown.changed_at, heard=0, by=cast.ada, at=at, there=second)
    assert (now.state, now.approved_by, now.approved_in) == ("approved", cast.ada, second)


def test_what_was_shown_after_the_meeting_began_was_not_approved_there_by_whoever_wrote_it(cast: make.Cast, dora: Membership) -> None:
    first, second = held(cast.ada, hours=30), held(cast.ada, hours=2)
    draft = written(first, by=cast.ada, at=timezone.now() - timedelta(hours=20))
    shown = minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refused, match="could not read them before"):
        minutes.approve(shown, seen=shown.changed_at, heard=0, by=cast.ada, at=timezone.now(), there=second)
    assert minutes.approve(shown, seen=shown.changed_at, heard=0, by=dora, at=timezone.now(), there=second).approved_in == second


def test_a_meeting_that_is_over_did_not_approve_what_somebody_changed_since(cast: make.Cast, dora: Membership) -> None:
    first, second = held(cast.ada, hours=30), held(cast.ada, hours=20)
    draft = written(first, by=cast.ada)
    with pytest.raises(Refused, match="after that meeting"):
        minutes.approve(draft, seen=draft.changed_at, heard=0, by=dora, at=timezone.now(), there=second)
    book = queries.book(first, dora, timezone.now())
    assert (book.later, book.approving, book.may_approve) == ([second], [], True)


def test_only_a_later_meeting_of_the_same_committee_that_has_begun_approves(cast: make.Cast, dora: Membership) -> None:
    first, second, coming, theirs = held(cast.ada, hours=30), held(cast.ada, hours=20), held(cast.ada, hours=-5), held(cast.boss, hours=1)
    draft = written(second, by=cast.ada)
    for there in (first, second, coming, theirs):
        with pytest.raises(Refused, match="came after this one"):
            minutes.approve(draft, seen=draft.changed_at, heard=0, by=dora, at=timezone.now(), there=there)
    assert queries.book(second, dora, timezone.now()).later == []
    assert [each.pk for each in queries.book(first, dora, timezone.now()).later] == []
    written(first, by=cast.ada)
    assert [each.pk for each in queries.book(first, dora, timezone.now()).later] == [second.pk]


def test_the_database_refuses_that_a_meeting_approves_its_own_minutes(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    now = approved(meeting, by=cast.ada, other=dora)
    with pytest.raises(IntegrityError, match="another_meeting_approved_what_is_approved"), transaction.atomic():
        Minutes.objects.filter(pk=now.pk).update(approved_in=meeting)


def test_the_database_refuses_that_somebody_approves_their_own_words_unseen(cast: make.Cast, meeting: Meeting) -> None:
    draft = written(meeting, by=cast.ada)
    with pytest.raises(IntegrityError, match="nobody_approves_their_own_words_unseen"), transaction.atomic():
        Minutes.objects.filter(pk=draft.pk).update(state="approved", approved_by=cast.ada, approved_at=timezone.now())


def test_a_correction_is_a_version_and_the_older_one_stays(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    first = approved(meeting, by=cast.ada, other=dora)
    draft = minutes.correct(first, "The temperature was wrong", tells=False, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="begun a correction"):
        minutes.correct(first, "Again", tells=True, by=dora, at=timezone.now())
    changed = minutes.write(draft, words(passages={0: "It was 41 degrees."}), seen=draft.changed_at, by=cast.ada, at=timezone.now())
    second = minutes.approve(changed, seen=changed.changed_at, heard=0, by=dora, at=timezone.now())
    assert (second.version, second.reason) == (2, "The temperature was wrong")
    signs = {(each.sign, each.line) for each in differences(first, second, cast.ben)}
    assert {("-", "It was **38 degrees**."), ("+", "It was 41 degrees.")} <= signs
    assert "Not to be repeated." not in {line for _sign, line in signs}
    assert Notice.objects.filter(kind=queries.APPROVED).count() == 1, "the corrector did not want it told again"
    third = minutes.correct(second, "Once more", tells=True, by=cast.ada, at=timezone.now())
    minutes.approve(third, seen=third.changed_at, heard=0, by=dora, at=timezone.now())
    assert Notice.objects.filter(kind=queries.APPROVED).count() == 2


def test_who_is_told_can_read_it(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    late = make.member(cast.committee, standing="probation")
    Membership.objects.filter(pk=late.pk).update(joined_at=timezone.now())
    late.refresh_from_db()
    gone = make.member(cast.committee)
    membership.leave(gone, by=gone, at=timezone.now())
    approved(meeting, by=cast.ada, other=dora)
    notice = Notice.objects.get(kind=queries.APPROVED)
    notices.expand(notice.pk, at=timezone.now())
    told = set(Delivery.objects.filter(notice=notice, channel=Channel.INAPP).values_list("person_id", flat=True))
    assert told == {each.person_id for each in (cast.ada, cast.ben, cast.cleo, cast.mo, dora)}
    for member, reads in ((cast.ben, True), (cast.cleo, True), (late, False), (cast.boss, False), (gone, False)):
        assert Minutes.objects.visible_to(make.reloaded(member)).exists() is reads


def test_a_draft_that_is_thrown_away_takes_with_it_what_was_to_be_done(cast: make.Cast, meeting: Meeting) -> None:
    draft = written(meeting, Todo("Ring the plumber", cast.ben.handle, soon()), by=cast.ada)
    minutes.discard(draft, seen=draft.changed_at, by=cast.ada)
    assert not Minutes.objects.exists()
    assert not Item.objects.exists()
