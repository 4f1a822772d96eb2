"""Who loses a right while a batch goes out gets nothing of it that had not begun, and nobody waits for a mail."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.notices import commands, locks, reading, registry, sending
from committees.notices.commands import leasing
from committees.notices.messages import message_id
from committees.notices.models import Channel, Lease, Notice, State
from committees.notices.runs import Run
from committees.people import commands as people
from committees.people.models import Contact, Person
from tests import make
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import post, states
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


@pytest.fixture
def after_the_first(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """`after_the_first(act)`: something happens when the first mail of the batch is out."""
    real = Run.deliver

    def arrange(act: Callable[[], Any]) -> None:
        def deliver(turn: Run, raw: bytes) -> Any:
            answer = real(turn, raw)
            if turn.sent == 1:
                act()
            return answer

        monkeypatch.setattr(Run, "deliver", deliver)

    return arrange


def in_their_order(notice: Notice) -> list[Person]:
    """To whom it goes, as it goes."""
    return [row.person for row in notice.deliveries.filter(channel=Channel.EMAIL).order_by("pk").select_related("person")]


def elsewhere(act: Callable[[], Any]) -> Any:
    """What `act` gives on another connection."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(run).result(timeout=10)


def hide(person: Person) -> None:
    people.hide(person, at=timezone.now())


def disable(person: Person) -> None:
    people.disable(person, reason="harm", by=make.person(is_platform_admin=True), at=timezone.now())


def erase(person: Person) -> None:
    people.erase(person, by=person, at=timezone.now())


def drop_the_address(person: Person) -> None:
    """Its owner is told so at the address itself; that is an account mail."""
    person.set_password(make.PASSWORD)
    person.save()
    people.drop_contact(Contact.objects.get(person=person), by=person)


def unsubscribe(person: Person) -> None:
    commands.stop(person.pk, committee_id=None, group=letterbox.GROUP)


@pytest.mark.parametrize("act", [hide, disable, erase, drop_the_address, unsubscribe])
def test_who_goes_while_a_batch_goes_out_gets_nothing_more(
    sink: MailSink, ada: Person, ben: Person, after_the_first: Callable[[Callable[[], Any]], None], act: Callable[[Person], None]
) -> None:
    cleo = letterbox.person("cleo@mail.example")
    notice = post(to=[ada, ben, cleo])
    first, second, third = in_their_order(notice)
    after_the_first(lambda: act(second))
    sending.run()
    ids = {mail.message["Message-ID"].strip("<>") for mail in sink.messages}
    assert [message_id(notice, person.pk) in ids for person in (first, second, third)] == [True, False, True]
    assert State.WAITING not in states(notice)
    assert not Lease.objects.exists()


def test_who_leaves_a_committee_while_a_batch_goes_out_gets_nothing_more_of_it(sink: MailSink, after_the_first: Callable[[Callable[[], Any]], None]) -> None:
    committee = make.committee()
    members = [make.member(committee) for _one in range(3)]
    kind = registry.kind("letterbox/letter")

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        return set(Membership.objects.present().filter(committee=committee, person_id__in=person_ids).values_list("person_id", flat=True))

    sending.run()  # what was told while they came in
    registry.register(type(kind)(**{**{f: getattr(kind, f) for f in kind.__dataclass_fields__}, "matters": matters}))
    notice = post(to=[member.person for member in members], committee=committee)
    _first, second, _third = in_their_order(notice)
    leaves = next(member for member in members if member.person == second)
    after_the_first(lambda: membership.leave(leaves, by=leaves, at=timezone.now()))
    assert sending.run() == 2
    assert [row.person for row in notice.deliveries.filter(state=State.SUPERSEDED, channel=Channel.EMAIL)] == [second]


def test_others_go_on(sink: MailSink, ada: Person, ben: Person) -> None:
    """A batch without the one who goes is not disturbed."""
    post(to=[ada])
    batch = leasing.take(at=timezone.now(), some=10)
    assert batch is not None
    commands.hold_back([ben.pk])
    assert leasing.begin(batch, batch.rows[0].id, at=timezone.now())
    commands.hold_back([ada.pk])
    assert not leasing.begin(batch, batch.rows[0].id, at=timezone.now())


# -- Before the commit -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_nobody_is_read_as_meant_while_their_removal_is_not_yet_committed(sink: MailSink, ada: Person) -> None:
    """The batch waits a moment; the worker does not."""
    notice = post(to=[ada])
    with transaction.atomic():
        hide(ada)
        assert elsewhere(sending.run) == 0
    later = timezone.now() + timedelta(seconds=1)
    batch = leasing.take(at=later, some=10)
    assert batch is not None
    leasing.put_back(batch, after=timedelta(0), at=notice.due_at)
    assert states(notice) == [State.WAITING]
    sending.run()
    assert sink.messages == []


@pytest.mark.django_db(transaction=True)
def test_nothing_begins_and_nobody_waits_while_a_removal_is_not_yet_committed(sink: MailSink, ada: Person) -> None:
    """The worker has read who is meant, and is about to begin."""
    notice = post(to=[ada])
    batch = leasing.take(at=timezone.now(), some=10)
    assert batch is not None

    def begin_and_let_go() -> bool:
        begun = leasing.begin(batch, batch.rows[0].id, at=timezone.now())
        leasing.finish(batch, [])
        return begun

    with transaction.atomic():
        commands.hold_back([ada.pk])
        assert elsewhere(begin_and_let_go) is False
    assert notice.deliveries.waiting().get().lease is None
    assert leasing.recover(at=batch.until) == 1, "what is left of the lease goes when its time is over"
    assert states(notice) == [State.WAITING]


@pytest.mark.django_db(transaction=True)
def test_a_removal_waits_for_who_is_just_being_read(sink: MailSink, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the reader might have seen the old rows, and begin after the commit."""
    post(to=[ada])
    seen: list[bool] = []
    real = reading.read

    def read(notice: Notice, person_ids: set[int], **more: Any) -> Any:
        def could_be_taken_alone() -> bool:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT bool_and(pg_try_advisory_xact_lock(key)) FROM unnest(%s::bigint[]) AS key", [locks.readers([ada.pk])])
                return bool(cursor.fetchone()[0])

        seen.append(elsewhere(could_be_taken_alone))
        return real(notice, person_ids, **more)

    monkeypatch.setattr(reading, "read", read)
    assert sending.run() == 1
    assert seen == [False]
