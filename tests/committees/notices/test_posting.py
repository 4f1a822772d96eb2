"""Into the outbox: in the transaction of what caused it, once, and to whom."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.notices import commands, waking
from committees.notices.models import Channel, Delivery, Notice, State
from tests.committees.notices import letterbox

pytestmark = pytest.mark.django_db


def post(kind: str = "letter", **more: Any) -> Notice:
    return commands.post(f"letterbox/{kind}", about=more.pop("about", None) or letterbox.thing(), at=more.pop("at", timezone.now()), **more)


def people(notice: Notice, channel: str = Channel.EMAIL) -> set[int]:
    return set(notice.deliveries.filter(channel=channel).values_list("person_id", flat=True))


def test_posting_twice_gives_the_same_notice() -> None:
    thing = letterbox.thing()
    first, second = post(about=thing), post(about=thing)
    assert first.pk == second.pk
    assert post(about=thing, version=2).pk != first.pk
    assert post(about=thing, occasion="24h").pk != first.pk
    assert post("warning", about=thing).pk != first.pk


def test_a_latecomer_gets_what_went_out_before() -> None:
    thing, (ada, ben) = letterbox.thing(), letterbox.crowd(2)
    notice = post(about=thing, to=[ada])
    Notice.objects.filter(pk=notice.pk).update(settled_at=timezone.now())
    post(about=thing, to=[ada, ben])
    assert people(notice) == {ada, ben}
    assert Delivery.objects.count() == 4
    notice.refresh_from_db()
    assert notice.settled_at is None, "it is looked at again"


def test_a_latecomer_gets_nothing_of_what_was_overtaken() -> None:
    thing, (ada,) = letterbox.thing(), letterbox.crowd(1)
    post(about=thing, to=[])
    commands.supersede(thing)
    notice = post(about=thing, to=[ada])
    assert people(notice) == set()


def test_a_kind_that_nobody_registered_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="nobody/this"):
        commands.post("nobody/this", about=letterbox.thing(), at=timezone.now())


def test_what_is_not_due_rings_no_bell(rings: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post(due_at=timezone.now() + timedelta(days=1))
    assert rings == []
    with django_capture_on_commit_callbacks(execute=True):
        notice = post(about=letterbox.thing(2))
    assert rings == [("expand", notice.pk)]


@pytest.mark.parametrize(("kind", "bell"), [("letter", "send"), ("cancelled", "send_urgent")])
def test_what_names_its_people_wakes_a_sender_at_once(rings: list[Any], django_capture_on_commit_callbacks: Any, kind: str, bell: str) -> None:
    thing, (ada,) = letterbox.thing(), letterbox.crowd(1)
    with django_capture_on_commit_callbacks(execute=True):
        post(kind, about=thing, to=[ada])
    assert rings == [(bell,)]
    with django_capture_on_commit_callbacks(execute=True):
        post(kind, about=thing, to=[ada])
    assert rings == [(bell,)], "nobody is new"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_posted(rings: list[Any]) -> None:
    def cause() -> None:
        with transaction.atomic():
            post()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()
    assert rings == []
    assert not Notice.objects.exists()


@pytest.fixture(autouse=True)
def own_ringer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier test still rings for is none of this one's business."""
    ringer = ThreadPoolExecutor(max_workers=1)
    monkeypatch.setattr(waking, "_ringer", lambda process: ringer)


@pytest.fixture
def silent_broker() -> Iterator[str]:
    """A broker that takes connections and never says a word: the worst way to be away."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def test_a_broker_that_is_away_costs_nothing_and_breaks_nothing(
    silent_broker: str, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    app = Celery("nobody", broker=silent_broker, set_as_current=False)
    monkeypatch.setattr(waking, "current_app", app)
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        for n in range(5):
            post(about=letterbox.thing(n))
    assert time.monotonic() - began < 1.0
    assert Notice.objects.count() == 5


def test_a_bell_that_nobody_hears_is_not_rung_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    class Away:
        def send_task(self, *args: object, **kwargs: object) -> None:
            tried.append(args)
            raise ConnectionError

    monkeypatch.setattr(waking, "current_app", Away())
    assert [waking.now("send").result() for _ring in range(3)] == [False] * 3
    assert len(tried) == 1


# -- Expanding -------------------------------------------------------------------------------------------------------------


def test_a_large_audience_is_one_statement(django_assert_max_num_queries: Any) -> None:
    letterbox.audience[:] = letterbox.crowd(300)
    notice = post()
    with django_assert_max_num_queries(10):  # savepoints, the row, one insert, the mark, a bell for each sender
        assert commands.expand(notice.pk, at=timezone.now()) == 600


def test_expanding_again_adds_nobody() -> None:
    letterbox.audience[:] = letterbox.crowd(3)
    notice = post()
    assert commands.expand(notice.pk, at=timezone.now()) == 6
    assert commands.expand(notice.pk, at=timezone.now()) == 0


def test_an_overtaken_notice_is_never_expanded() -> None:
    letterbox.audience[:] = letterbox.crowd(3)
    notice = post()
    commands.supersede(notice.about)
    assert commands.expand(notice.pk, at=timezone.now()) == 0


def test_an_audience_may_be_any_iterable(monkeypatch: pytest.MonkeyPatch) -> None:
    from committees.notices.commands import expanding

    ids = letterbox.crowd(3)
    notice = post()
    for audience in (ids, iter(ids), [(pk,) for pk in ids], []):
        expanding._insert(notice, audience, due_at=timezone.now(), reach=expanding.Reach.ALL)
    assert people(notice) == set(ids)


# -- Reach -----------------------------------------------------------------------------------------------------------------


def mark(notice: Notice, person: int, **values: Any) -> None:
    notice.deliveries.filter(person_id=person, channel=Channel.EMAIL).update(**values)


def test_a_cancellation_goes_to_those_who_were_told_and_to_nobody_else() -> None:
    """The mail reached one; one may have got it when a worker died; one waits still; one has no address."""
    reached, perhaps, waits, nowhere, _stranger = ids = letterbox.crowd(5)
    thing = letterbox.thing()
    letterbox.audience[:] = ids[:4]
    first = post(about=thing)
    commands.expand(first.pk, at=timezone.now())
    mark(first, reached, state=State.ACCEPTED)
    mark(first, perhaps, started_at=timezone.now())
    mark(first, nowhere, state=State.UNREACHABLE)
    letterbox.audience[:] = ids
    commands.supersede(thing)
    off = post("cancelled", about=thing, version=2)
    commands.expand(off.pk, at=timezone.now())
    assert people(off) == {reached, perhaps}
    assert people(off, Channel.INAPP) == {reached, perhaps, waits, nowhere}, "in the app they had all been told"


def test_after_a_move_those_who_had_not_heard_get_the_call_itself() -> None:
    reached, waits = letterbox.audience[:] = letterbox.crowd(2)
    thing = letterbox.thing()
    first = post(about=thing)
    commands.expand(first.pk, at=timezone.now())
    mark(first, reached, state=State.ACCEPTED)
    commands.supersede(thing)
    again, moved = post(about=thing, version=2), post("cancelled", about=thing, version=2)
    commands.expand(again.pk, at=timezone.now())
    commands.expand(moved.pk, at=timezone.now())
    assert people(again) == {waits}
    assert people(moved) == {reached}


def test_where_nothing_earlier_is_on_record_all_are_told() -> None:
    """The call was so long ago that its rows are erased: better twice told than not at all."""
    letterbox.audience[:] = letterbox.crowd(2)
    off = post("cancelled", version=3)
    commands.expand(off.pk, at=timezone.now())
    assert people(off) == set(letterbox.audience)


# -- Overtaking ------------------------------------------------------------------------------------------------------------


def test_overtaking_spares_what_is_not_older() -> None:
    thing = letterbox.thing()
    old, new = post(about=thing, version=1), post(about=thing, version=2)
    assert commands.supersede(thing, before_version=2) == 1
    old.refresh_from_db(), new.refresh_from_db()
    assert (old.superseded_at is None, new.superseded_at is None) == (False, True)


def test_overtaking_takes_as_long_for_ten_thousand_as_for_ten() -> None:
    asked = []
    for n, size in enumerate((2, 200)):
        letterbox.audience[:] = letterbox.crowd(size, name=f"c{n}-")
        notice = post(about=letterbox.thing(n))
        commands.expand(notice.pk, at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            commands.supersede(notice.about)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 7
