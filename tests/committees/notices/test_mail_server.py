"""What a mail server may answer, what is tried again, and what a worker that dies leaves behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from committees.notices import commands, locks, sending, tasks
from committees.notices.commands import leasing, resting
from committees.notices.models import Channel, Delivery, Lease, Notice, State
from committees.people.models import Contact, Person
from tests.at_once import at_once
from tests.committees.notices import letterbox
from tests.committees.notices.letterbox import mailed, post, states
from tests.mail_sink import Fault, MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


# -- The mail server's answers ---------------------------------------------------------------------------------------------


def test_a_4xx_is_tried_again_and_keeps_its_message_id(sink: MailSink, ada: Person, ben: Person, time_machine: Any) -> None:
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    sink.fault(Fault.TEMPORARY, times=2, recipient="ada@mail.example")
    notice = post(to=[ada, ben])
    assert sending.run() == 1, "the others are not delayed"
    row = notice.deliveries.waiting().get()
    assert (row.attempts, row.reason, row.lease, row.started_at) == (1, "451 4.7.1", None, None)
    assert row.due_at > timezone.now()
    time_machine.move_to("2026-11-25T10:00:05Z", tick=False)
    assert sending.run() == 0
    time_machine.move_to("2026-11-25T10:00:10Z", tick=False)
    assert sending.run() == 1
    assert states(notice) == [State.ACCEPTED, State.ACCEPTED]


def test_a_5xx_on_the_recipient_is_final_stops_the_address_and_tells_its_owner(sink: MailSink, ada: Person, ben: Person) -> None:
    sink.fault(Fault.FINAL, recipient="ada@mail.example")
    notice = post(to=[ada, ben])
    assert sending.run() == 1
    assert states(notice) == [State.ACCEPTED, State.BOUNCED]
    contact = Contact.objects.get(person=ada)
    assert contact.stopped_at is not None
    assert contact.stop_reason == "bounced 550 5.1.1"
    told = Notice.objects.get(kind="notices/address_stopped")
    assert [(row.person_id, row.channel) for row in told.deliveries.all()] == [(ada.pk, Channel.INAPP)]
    again = post(to=[ada], about=letterbox.thing(2))
    sending.run()
    assert states(again) == [State.UNREACHABLE]


def test_an_accepted_mail_without_an_answer_goes_again_under_the_same_name(sink: MailSink, ada: Person, ben: Person, time_machine: Any) -> None:
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    sink.fault(Fault.DROP, times=1, recipient="ada@mail.example")
    notice = post(to=[ada, ben])
    assert sending.run() == 1, "the rest of the batch goes on a new connection"
    row = notice.deliveries.waiting().get()
    assert row.started_at is not None, "it may have arrived: a cancellation must reach this person too"
    time_machine.move_to("2026-11-25T10:00:10Z", tick=False)
    assert sending.run() == 1
    assert states(notice) == [State.ACCEPTED, State.ACCEPTED]


def test_a_server_that_never_answers_holds_nobody_for_long(sink: MailSink, ada: Person, ben: Person, settings: Any) -> None:
    settings.MAILERS = {name: {**mailer, "OPTIONS": {**mailer["OPTIONS"], "timeout": 0.5}} for name, mailer in settings.MAILERS.items()}
    settings.NOTICES_RETRY_SECONDS = 60
    sink.fault(Fault.SILENCE, times=1, recipient="ada@mail.example")
    notice = post(to=[ada, ben])
    assert sending.run() == 1
    assert states(notice) == [State.ACCEPTED, State.WAITING]


def test_a_server_that_refuses_us_is_left_alone_and_nothing_counts_as_tried(sink: MailSink, ada: Person) -> None:
    notice = post(to=[ada])
    sink.refuse()
    assert sending.run() == 0
    assert notice.deliveries.waiting().get().attempts == 0
    assert resting.is_resting(at=timezone.now())
    sink.open()
    assert sending.run() == 0, "it is still left alone"
    resting.Allowance.objects.update(rest_until=None)
    assert sending.run() == 1


def test_after_the_last_try_it_is_a_dead_letter(sink: MailSink, ada: Person) -> None:
    sink.fault(Fault.TEMPORARY)
    notice = post(to=[ada])
    Delivery.objects.filter(channel=Channel.EMAIL).update(attempts=11)
    sending.run()
    assert states(notice) == [State.DEAD]
    assert notice.deliveries.dead().get().reason == "451 4.7.1"


def test_an_address_that_cannot_be_written_to_harms_nobody_else(sink: MailSink, ada: Person, ben: Person) -> None:
    Contact.objects.filter(person=ada).update(address="ada@mail.example\r\nRCPT TO:<eve@mail.example>")
    notice = post(to=[ada, ben])
    assert sending.run() == 1
    assert mailed(sink) == ["ben@mail.example"]
    assert states(notice) == [State.ACCEPTED, State.UNREACHABLE]


@pytest.mark.parametrize(("limit", "at_once"), [(5, 1), (30, 3)])
def test_no_more_goes_out_in_a_minute_than_the_server_takes_and_not_all_at_its_beginning(
    sink: MailSink, settings: Any, time_machine: Any, limit: int, at_once: int
) -> None:
    start = datetime(2026, 11, 25, 10, tzinfo=UTC)
    settings.MAIL_PER_MINUTE, settings.NOTICES_BATCH = limit, 2
    time_machine.move_to(start, tick=False)
    post(to=[letterbox.person(f"p{n}@mail.example") for n in range(2 * limit + 2)])
    sent = []
    for second in range(121):
        time_machine.move_to(start + timedelta(seconds=second), tick=False)
        sent.append(sending.run())
    assert (sum(sent[:60]), sum(sent[60:120])) == (limit, limit)
    assert max(sent) == at_once


@pytest.mark.parametrize("limit", [1, 5, 7, 11, 12, 13, 90, 1000, 6001])
def test_the_pieces_of_a_minute_are_its_limit_evenly_spread(limit: int) -> None:
    start = datetime(2026, 11, 25, 10, tzinfo=UTC)
    pieces = {resting.Piece.at(start + timedelta(milliseconds=n), limit) for n in range(0, 60_000, 7)}
    assert len({piece.start for piece in pieces}) == len(pieces) == 12
    assert sum(piece.most for piece in pieces) == limit
    assert max(piece.most for piece in pieces) - min(piece.most for piece in pieces) <= 1


def test_what_may_go_and_is_not_there_is_not_lost(sink: MailSink, settings: Any, time_machine: Any, ada: Person, ben: Person) -> None:
    """Who looks whether something is due takes nothing from those whose notice comes in the same second."""
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    settings.MAIL_PER_MINUTE = 24
    assert sending.run() == 0
    post(to=[ada, ben])
    assert sending.run() == 2
    assert sending.run() == 0
    then = resting.more_at(at=timezone.now())
    assert then == timezone.now() + timedelta(seconds=5)
    assert resting.more_at(at=then) is None


def test_where_the_limit_is_reached_the_bell_rings_once_for_each_time_at_which_more_may_go(
    sink: MailSink, settings: Any, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_PER_MINUTE = 5
    cache.clear()
    rung: list[float] = []
    monkeypatch.setattr(tasks.waking, "now", lambda task, seconds=0: rung.append(seconds))
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    post(to=[letterbox.person(f"p{n}@mail.example") for n in range(3)])
    for second in ("00", "10", "20"):
        time_machine.move_to(f"2026-11-25T10:00:{second}Z", tick=False)
        for _ in range(3):
            tasks.send()
    assert rung == pytest.approx([0, 10.1, 0, 10.1, 0, 15.1])
    assert len(mailed(sink)) == 3


def test_no_more_goes_to_one_domain_in_a_minute_than_it_takes_and_the_others_do_not_wait(sink: MailSink, settings: Any, time_machine: Any) -> None:
    time_machine.move_to("2026-11-25T10:00:10Z", tick=False)
    settings.MAIL_PER_DOMAIN, settings.NOTICES_BATCH = 2, 4
    notice = post(to=[letterbox.person(f"p{n}@{'Large' if n % 2 else 'large'}.example") for n in range(5)] + [letterbox.person("one@small.example")])
    assert sending.run() == 3
    assert len(sink.to("one@small.example")) == 1
    assert sending.run() == 0
    time_machine.move_to("2026-11-25T10:01:00Z", tick=False)
    assert sending.run() == 2
    time_machine.move_to("2026-11-25T10:03:00Z", tick=False)
    assert sending.run() == 1
    assert set(states(notice)) == {State.ACCEPTED}


def test_which_domains_there_are_stands_nowhere_and_their_counts_do_not_stay(sink: MailSink, settings: Any, ada: Person) -> None:
    settings.MAIL_PER_DOMAIN = 2
    post(to=[ada])
    sending.run()
    [count] = resting.Allowance.objects.all()
    assert "mail.example" not in count.name
    assert count.used == 1
    commands.forget(timezone.now() + timedelta(days=1))
    assert not resting.Allowance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_several_at_once_take_no_more_than_there_is(settings: Any) -> None:
    settings.MAIL_PER_DOMAIN = 10
    at = timezone.now()
    taken = at_once([lambda: resting.allow_domains({"a.example": 3, "b.example": 4}, at=at) for _ in range(6)])
    assert [sum(each[domain] for each in taken) for domain in ("a.example", "b.example")] == [10, 10]


# -- What dies and comes back ----------------------------------------------------------------------------------------------


def test_a_dead_workers_batch_counts_by_its_mark(sink: MailSink) -> None:
    """Those before the mark went out, the one at the mark may have, those after it did not."""
    notice = post(to=[letterbox.person(f"p{n}@mail.example") for n in range(5)])
    batch = leasing.take(at=timezone.now(), some=10)
    assert batch is not None
    assert leasing.begin(batch, batch.rows[2].id, at=timezone.now())
    assert sending.run() == 0, "they are in its hands"
    after = timezone.now() + timedelta(seconds=61)
    assert leasing.recover(at=after) == 1
    rows = list(notice.deliveries.filter(channel=Channel.EMAIL).order_by("pk"))
    assert [row.state for row in rows] == [State.ACCEPTED] * 2 + [State.WAITING] * 3
    assert [row.started_at is not None for row in rows] == [False, False, True, False, False]
    assert sending.run() == 3
    assert len(sink.messages) == 3


def test_a_worker_that_lost_its_lease_sends_nothing_more(sink: MailSink, ada: Person) -> None:
    post(to=[ada])
    batch = leasing.take(at=timezone.now(), some=10)
    assert batch is not None
    assert not leasing.begin(batch, batch.rows[0].id, at=batch.until)
    leasing.recover(at=batch.until)
    assert not leasing.begin(batch, batch.rows[0].id, at=timezone.now())


def test_a_mail_that_kills_its_workers_is_not_begun_for_ever(sink: MailSink, ada: Person) -> None:
    notice = post(to=[ada])
    for _death in range(5):
        batch = leasing.take(at=timezone.now(), some=1)
        assert batch is not None
        leasing.begin(batch, batch.rows[0].id, at=timezone.now())
        leasing.recover(at=batch.until)
    assert states(notice) == [State.DEAD]
    assert leasing.take(at=timezone.now(), some=1) is None


def test_an_overtaken_notice_is_not_sent(sink: MailSink, ada: Person, ben: Person) -> None:
    notice = post(to=[ada, ben])
    assert commands.supersede(notice.about) == 1
    assert sending.run() == 0
    commands.sweep(at=timezone.now())
    assert states(notice) == [State.SUPERSEDED, State.SUPERSEDED]
    notice.refresh_from_db()
    assert notice.settled_at is not None


def test_a_batch_that_was_taken_before_the_cancellation_is_not_sent_after_it(sink: MailSink, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker holds rows already, but not yet the event's lock."""
    notice = post(to=[ada])
    real = locks.trying

    def late(key: int, *, shared: bool = False) -> Any:
        if shared:
            commands.supersede(notice.about)
        return real(key, shared=shared)

    monkeypatch.setattr(locks, "trying", late)
    assert sending.run() == 0
    assert states(notice) in ([State.SUPERSEDED], [State.WAITING])
    assert sink.messages == []
    assert not Lease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_putting_a_batch_back_never_waits_for_whoever_settles_its_lease(ada: Person) -> None:
    """A cancellation holds the lease and then wants the deliveries; a worker that holds those must not want the lease."""
    notice = post(to=[ada])
    batch = leasing.take(at=timezone.now(), some=10)
    assert batch is not None
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        Lease.objects.select_for_update().get()

        def put_back() -> None:
            try:
                leasing.put_back(batch, after=timedelta(0), at=timezone.now())
            finally:
                connection.close()

        other.submit(put_back).result(timeout=10)
        assert notice.deliveries.waiting().get().lease is None
        assert leasing.recover(at=timezone.now(), about=(notice.about_type, notice.about_id)) == 1
    assert not Lease.objects.exists()


def test_dead_letters_are_tried_again_with_one_click(sink: MailSink, ada: Person) -> None:
    admin = letterbox.person()
    Person.objects.filter(pk=admin.pk).update(is_platform_admin=True)
    admin.refresh_from_db()
    notice = post(to=[ada])
    Delivery.objects.filter(channel=Channel.EMAIL).update(state=State.DEAD, reason="451", attempts=12)
    assert commands.again(notice, by=admin, at=timezone.now()) == 1
    assert sending.run() == 1
    assert states(notice) == [State.ACCEPTED]
