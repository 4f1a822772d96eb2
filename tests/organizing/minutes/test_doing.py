"""Who does what by when: done, handed back, given to somebody else; reminded by their own clock; nobody's when they go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from committees.base import retention
from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices import registry as kinds
from committees.notices.models import Notice
from committees.people import commands as people
from committees.people import registry
from committees.people.models import Person
from organizing.meetings.models import Meeting
from organizing.minutes import commands as minutes
from organizing.minutes import queries
from organizing.minutes.models import Item, ItemState, Minutes, Remark
from organizing.minutes.words import Todo
from tests import make
from tests.organizing.minutes.conftest import approved, held, soon, words, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast: make.Cast, dora: Membership, meeting: Meeting) -> Item:
    """Ben is to ring the plumber within a week."""
    approved(meeting, Todo("Ring the plumber", cast.ben.handle, soon()), by=cast.ada, other=dora)
    return Item.objects.select_related("owner", "committee", "meeting").get()


def told(kind: str) -> list[int]:
    """The versions in which somebody was told."""
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("version", flat=True))


def in_new_york(member: Membership) -> None:
    assert member.person
    people.settle(member.person, language="en", time_zone="America/New_York")


def test_whoever_does_it_is_told_and_says_that_it_is_done(cast: make.Cast, item: Item) -> None:
    assert told(queries.GIVEN) == [1]
    for other in (cast.cleo, cast.mo, cast.boss):
        with pytest.raises(PermissionDenied):
            minutes.finish(item, by=other, at=timezone.now())
    assert minutes.finish(item, by=cast.ben, at=timezone.now()).state == ItemState.DONE
    with pytest.raises(Refused, match="settled already"):
        minutes.finish(item, by=cast.ada, at=timezone.now())
    assert not Item.objects.open().exists()


def test_what_is_handed_back_waits_for_organizers_who_give_it_to_somebody_else(cast: make.Cast, dora: Membership, item: Item) -> None:
    with pytest.raises(PermissionDenied):
        minutes.hand_back(item, by=cast.ada, at=timezone.now())
    minutes.hand_back(item, by=cast.ben, at=timezone.now())
    assert cast.ada.person
    assert queries.unowned_for(cast.ada.person, timezone.now()).count() == 1
    assert cast.ben.person
    assert not queries.unowned_for(cast.ben.person, timezone.now()).exists()
    now = minutes.give(item, cast.mo.handle, due=soon(9), seen=1, by=cast.ada, at=timezone.now())
    assert (now.owner, now.round, now.given_back) == (cast.mo, 2, False)
    with pytest.raises(Refused, match="meanwhile"):
        minutes.give(item, cast.cleo.handle, due=soon(9), seen=1, by=dora, at=timezone.now())
    with pytest.raises(Refused, match="Nobody uses this name") as no:
        minutes.give(item, cast.boss.handle, due=soon(9), seen=2, by=dora, at=timezone.now())
    assert no.value.field == "name"
    assert told(queries.GIVEN) == [1, 2]
    stale, current = Notice.objects.filter(kind=queries.GIVEN).order_by("version")
    both = {cast.ben.person_id or 0, cast.mo.person_id or 0}
    matters = kinds.kind(queries.GIVEN).matters
    assert matters(stale, both) == set()
    assert matters(current, both) == {cast.mo.person_id}


def test_somebody_is_reminded_a_day_before_the_day_begins_by_their_own_clock(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    in_new_york(cast.ben)
    day = date(2031, 3, 12)
    begun = datetime(2031, 3, 1, 12, tzinfo=UTC)
    approved(meeting, Todo("Ring", cast.ben.handle, day), by=cast.ada, other=dora, at=begun)
    begins = datetime(2031, 3, 12, 4, 0, tzinfo=UTC)  # midnight in New York, which is on summer time by then
    before, over = begins - timedelta(hours=24), begins + timedelta(hours=24)
    minute = timedelta(minutes=1)
    assert minutes.remind_due(before - minute) == 0
    assert minutes.remind_due(before) == 1
    assert minutes.remind_due(before + minute) == 0
    assert minutes.remind_due(over - minute) == 0
    assert minutes.remind_due(over) == 1
    assert minutes.remind_due(over + timedelta(days=30)) == 0
    assert (told(queries.DUE), told(queries.OVERDUE)) == ([1], [1])


def test_what_is_put_off_is_reminded_of_anew_and_what_is_done_never(cast: make.Cast, item: Item) -> None:
    later = datetime.combine(item.due, datetime.min.time(), UTC)
    assert minutes.remind_due(later) == 1
    assert minutes.remind_due(later) == 0
    minutes.give(item, cast.ben.handle, due=item.due + timedelta(days=5), seen=1, by=cast.ada, at=later)
    assert minutes.remind_due(later + timedelta(days=2)) == 0
    assert minutes.remind_due(later + timedelta(days=5)) == 1
    assert told(queries.DUE) == [1, 2]
    minutes.finish(item, by=cast.ben, at=later + timedelta(days=5))
    assert minutes.remind_due(later + timedelta(days=9)) == 0


def test_what_is_approved_on_the_last_day_is_told_once(cast: make.Cast, dora: Membership, meeting: Meeting) -> None:
    approved(meeting, Todo("Ring", cast.ben.handle, soon(0)), by=cast.ada, other=dora)
    assert minutes.remind_due(timezone.now()) == 0
    assert told(queries.GIVEN) == [1]


@pytest.mark.parametrize("days", [-3, -1, 0])
def test_what_was_late_already_when_it_was_approved_is_told_once(cast: make.Cast, dora: Membership, meeting: Meeting, days: int) -> None:
    approved(meeting, Todo("Ring", cast.ben.handle, soon(days)), by=cast.ada, other=dora)
    assert minutes.remind_due(timezone.now()) == 0
    assert minutes.remind_due(timezone.now() + timedelta(days=9)) == (1 if days == 0 else 0)
    assert told(queries.GIVEN) == [1]


def test_whoever_was_named_takes_no_point_of_organizers_along_with_their_data(cast: make.Cast, meeting: Meeting) -> None:
    draft = written(meeting, by=cast.ada)
    minutes.name_taker(meeting, cast.ben.handle, by=cast.ada, at=timezone.now())
    minutes.write(draft, words(passages={0: "Cooler."}), seen=draft.changed_at, by=cast.ben, at=timezone.now() + timedelta(seconds=1))
    assert cast.ben.person
    said = str(registry.exports(cast.ben.person)["minutes"])
    assert "Cooler." in said
    assert "Names we were given" not in said
    assert "Not to be repeated." not in said


def test_nobody_is_reminded_of_a_draft(cast: make.Cast, meeting: Meeting) -> None:
    written(meeting, Todo("Ring", cast.ben.handle, soon(-3)), by=cast.ada)
    assert minutes.remind_due(timezone.now()) == 0


def test_whoever_leaves_leaves_it_to_nobody_and_organizers_see_that(cast: make.Cast, item: Item) -> None:
    membership.leave(cast.ben, by=cast.ben, at=timezone.now())
    item.refresh_from_db()
    assert item.owner is None
    assert cast.ada.person
    assert queries.unowned_for(cast.ada.person, timezone.now()).get() == item
    assert minutes.remind_due(timezone.now() + timedelta(days=20)) == 0


def test_an_erased_account_leaves_no_objection_and_nothing_to_do(cast: make.Cast, item: Item) -> None:
    first = Minutes.objects.get()
    draft = minutes.correct(first, "Wrong", tells=False, by=cast.ada, at=timezone.now())
    minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=timezone.now())
    minutes.object_to(draft, "No.", by=cast.ben, at=timezone.now())
    assert cast.ben.person
    said = registry.exports(cast.ben.person)["minutes"]
    assert [each["what"] for each in said["to_do"]] == ["Ring the plumber"]
    assert [each["text"] for each in said["objections"]] == ["No."]
    people.erase(cast.ben.person, by=cast.ben.person, at=timezone.now())
    item.refresh_from_db()
    assert item.owner is None
    assert not Remark.objects.exists()
    assert Minutes.objects.count() == 2


def test_what_a_former_member_did_leads_to_nobody_once_they_erase_their_account(cast: make.Cast, item: Item) -> None:
    minutes.finish(item, by=cast.ben, at=timezone.now())
    membership.leave(cast.ben, by=cast.ben, at=timezone.now())
    item.refresh_from_db()
    assert item.owner == cast.ben
    person = Person.objects.get(pk=cast.ben.person_id)
    people.erase(person, by=person, at=timezone.now())
    item.refresh_from_db()
    assert (item.owner, item.state) == (None, ItemState.DONE)


def test_whoever_was_suspended_neither_sees_nor_settles_what_was_theirs(cast: make.Cast, item: Item) -> None:
    Membership.objects.filter(pk=cast.ben.pk).update(standing=Standing.SUSPENDED)
    ben = make.reloaded(cast.ben)
    assert not Item.objects.visible_to(ben).exists()
    for act in (minutes.finish, minutes.hand_back):
        with pytest.raises(PermissionDenied):
            act(item, by=ben, at=timezone.now())
    assert minutes.remind_due(timezone.now() + timedelta(days=20)) == 0


def test_what_was_given_to_somebody_else_is_not_done_by_whoever_had_it(cast: make.Cast, item: Item) -> None:
    minutes.give(item, cast.mo.handle, due=item.due, seen=1, by=cast.ada, at=timezone.now())
    for act in (minutes.finish, minutes.hand_back):
        with pytest.raises(Refused, match="somebody else meanwhile"):
            act(item, by=cast.ben, at=timezone.now())
    assert Item.objects.open().get().owner == cast.mo


def test_objections_and_who_did_what_are_not_kept_for_ever(cast: make.Cast, dora: Membership, item: Item) -> None:
    at = timezone.now()
    draft = minutes.correct(Minutes.objects.get(), "Wrong", tells=False, by=cast.ada, at=at)
    shown = minutes.show(draft, seen=draft.changed_at, by=cast.ada, at=at)
    minutes.object_to(shown, "No.", by=cast.ben, at=at)
    retention.run(at + timedelta(days=100))
    assert Remark.objects.exists(), "while it is a draft organizers have to read it"
    minutes.approve(shown, seen=shown.changed_at, heard=1, by=dora, at=at + timedelta(hours=73))
    minutes.finish(item, by=cast.ben, at=at)
    minutes.erase_old(at + timedelta(days=29))
    assert Remark.objects.exists()
    minutes.erase_old(at + timedelta(days=40))
    assert not Remark.objects.exists()
    item.refresh_from_db()
    assert item.owner == cast.ben
    minutes.erase_old(at + timedelta(days=366))
    item.refresh_from_db()
    assert item.owner is None


def test_two_committees_that_become_one_keep_the_minutes_and_what_is_to_do(cast: make.Cast, item: Item) -> None:
    membership.unite(cast.committee, cast.boss.committee, at=timezone.now())
    for row in (Minutes.objects.get(), Item.objects.get()):
        assert row.committee_id == cast.boss.committee_id
    assert Minutes.objects.visible_to(make.reloaded(cast.boss)).exists()
    assert Item.objects.open().get().owner_id == cast.ben.pk


def test_a_committee_that_closes_reminds_nobody_and_keeps_no_draft(cast: make.Cast, dora: Membership, item: Item) -> None:
    written(held(cast.ada, hours=3), Todo("More", cast.ben.handle, soon()), by=cast.ada)
    minutes.call_off(cast.committee, cast.ada.pk, timezone.now())
    assert not Item.objects.open().exists()
    assert Minutes.objects.get().state == "approved"
    assert minutes.remind_due(timezone.now() + timedelta(days=20)) == 0
