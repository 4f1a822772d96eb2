"""Two who write, approve, correct and settle in the same moment: one of them wins, and the other one is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from organizing.meetings.models import Meeting
from organizing.minutes import commands as minutes
from organizing.minutes import queries
from organizing.minutes.models import Item, Minutes, Remark
from organizing.minutes.words import Todo
from tests import make
from tests.at_once import at_once
from tests.organizing.minutes.conftest import approved, held, soon, words, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> tuple[make.Cast, Membership, Meeting]:
    cast = make.cast()
    return cast, make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,))), held(cast.ada, hours=0.5)


type Scene = tuple[make.Cast, Membership, Meeting]


def test_of_two_who_begin_there_is_one_draft(scene: Scene) -> None:
    cast, dora, meeting = scene
    begun = at_once([lambda by=by: minutes.begin(meeting, language="en", by=by, at=timezone.now()) for by in (cast.ada, dora)])  # type: ignore[misc]
    assert len({each.pk for each in begun}) == Minutes.objects.count() == 1


def test_of_two_who_write_the_second_reads_first_what_the_other_one_wrote(scene: Scene) -> None:
    cast, dora, meeting = scene
    draft = minutes.begin(meeting, language="en", by=cast.ada, at=timezone.now())
    seen = draft.changed_at

    def writes(by: Membership) -> Minutes:
        todo = Todo(f"From {by.handle}", "", soon())
        return minutes.write(draft, words(todo, general=f"From {by.handle}"), seen=seen, by=by, at=timezone.now())

    done = at_once([lambda: writes(cast.ada), lambda: writes(dora)])
    (kept,) = (each for each in done if isinstance(each, Minutes))
    (no,) = (each for each in done if isinstance(each, minutes.Overtaken))
    assert no.minutes.general == kept.general == Minutes.objects.get().general
    assert Item.objects.get().what == kept.general


def test_who_approves_while_somebody_writes_approves_what_they_read_or_nothing(scene: Scene) -> None:
    cast, dora, meeting = scene
    draft = written(meeting, by=cast.ada)
    seen = draft.changed_at
    wrote, approval = at_once(
        [
            lambda: minutes.write(draft, words(general="Quite other"), seen=seen, by=cast.ada, at=timezone.now()),
            lambda: minutes.approve(draft, seen=seen, heard=0, by=dora, at=timezone.now()),
        ]
    )
    now = Minutes.objects.get()
    if now.state == "approved":
        assert now.general == "Ada led."
        assert isinstance(wrote, minutes.Overtaken)
    else:
        assert now.general == "Quite other"
        assert isinstance(approval, Refused)


def test_approved_twice_at_once_is_told_once(scene: Scene) -> None:
    cast, dora, meeting = scene
    draft = written(meeting, Todo("Ring the plumber", cast.ben.handle, soon()), by=cast.ada)
    done = at_once([lambda: minutes.approve(draft, seen=draft.changed_at, heard=0, by=dora, at=timezone.now())] * 3)
    assert sum(isinstance(each, Minutes) for each in done) == 1
    assert sum(isinstance(each, Refused) for each in done) == 2
    for kind in (queries.APPROVED, queries.GIVEN):
        assert Notice.objects.filter(kind=kind).count() == 1


def test_who_objects_while_it_is_approved_is_heard_or_told_that_it_is_too_late(scene: Scene) -> None:
    cast, dora, meeting = scene
    draft = written(meeting, by=cast.ada)
    shown = minutes.show(draft, seen=draft.changed_at, by=dora, at=timezone.now())
    objection, approval = at_once(
        [
            lambda: minutes.object_to(shown, "No.", by=cast.ben, at=timezone.now()),
            lambda: minutes.approve(shown, seen=shown.changed_at, heard=0, by=dora, at=timezone.now()),
        ]
    )
    assert isinstance(objection, Refused) != isinstance(approval, Refused)
    assert Remark.objects.exists() == isinstance(approval, Refused)


def test_an_objection_sent_twice_is_one(scene: Scene) -> None:
    cast, dora, meeting = scene
    draft = written(meeting, by=cast.ada)
    shown = minutes.show(draft, seen=draft.changed_at, by=dora, at=timezone.now())
    done = at_once([lambda: minutes.object_to(shown, "No.", by=cast.ben, at=timezone.now())] * 3)
    assert sum(isinstance(each, Refused) for each in done) == 2
    assert Remark.objects.count() == 1


def test_two_corrections_begun_at_once_are_one(scene: Scene) -> None:
    cast, dora, meeting = scene
    first = approved(meeting, by=cast.ada, other=dora)
    done = at_once([lambda by=by: minutes.correct(first, "Wrong", tells=False, by=by, at=timezone.now()) for by in (cast.ada, dora)])  # type: ignore[misc]
    assert sum(isinstance(each, Refused) for each in done) == 1
    assert Minutes.objects.filter(state="draft").count() == 1


def test_two_clocks_remind_once(scene: Scene) -> None:
    cast, dora, meeting = scene
    approved(meeting, Todo("Ring the plumber", cast.ben.handle, soon(3)), by=cast.ada, other=dora)
    later = timezone.now() + timedelta(days=3)
    assert sum(at_once([lambda: minutes.remind_due(later)] * 4)) == 1
    assert Notice.objects.filter(kind=queries.DUE).count() == 1


def test_what_is_done_and_given_to_somebody_else_at_once_is_one_of_both(scene: Scene) -> None:
    cast, dora, meeting = scene
    approved(meeting, Todo("Ring the plumber", cast.ben.handle, soon(3)), by=cast.ada, other=dora)
    item = Item.objects.select_related("owner", "committee").get()
    done, given = at_once(
        [
            lambda: minutes.finish(item, by=cast.ben, at=timezone.now()),
            lambda: minutes.give(item, cast.mo.handle, due=item.due, seen=1, by=cast.ada, at=timezone.now()),
        ]
    )
    assert isinstance(done, Refused) != isinstance(given, Refused)
    assert Item.objects.get().state == ("open" if isinstance(done, Refused) else "done")
