"""Codes and warnings: urgent, never off, gone once they are delivered, and nowhere in clear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from committees.notices import commands, sending
from committees.notices.models import ChannelChoice, Errand, State
from committees.people import outbox
from committees.people.models import AccountMail, Contact, Person
from tests.committees.notices import letterbox
from tests.mail_sink import Fault, MailSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]
CODE = "K7QX-2M9P"


@pytest.fixture
def contact(db: None) -> Contact:
    person = letterbox.person("ada@mail.example", language="es")
    return Contact.objects.get(person=person)


def send(contact: Contact, kind: str = "sign_in_code") -> AccountMail:
    mail = outbox.send(contact, kind, context={"code": CODE})
    assert mail is not None
    return mail


def test_a_code_arrives_and_its_words_are_gone(sink: MailSink, contact: Contact) -> None:
    mail = send(contact)
    assert sending.run() == 1
    [received] = sink.messages
    assert received.recipients == ("ada@mail.example",)
    assert CODE in received.text
    assert CODE not in received.subject
    assert received.message["Content-Language"] == "es"
    assert received.message["List-Unsubscribe"] is None
    assert not Errand.objects.exists()
    mail.refresh_from_db()
    assert mail.context is None, "that it was sent is kept for counting; what it said is not"


def test_a_code_stands_in_no_column_in_clear(contact: Contact) -> None:
    send(contact)
    with connection.cursor() as cursor:
        for table in ("people_accountmail", "notices_errand"):
            cursor.execute(f"SELECT t::text FROM {table} AS t")  # noqa: S608 (two names of our own)
            [row] = cursor.fetchone() or [""]
            assert row
            assert CODE not in row
            assert CODE.encode().hex() not in row


def test_a_code_rings_the_urgent_bell(contact: Contact, rings: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send(contact)
    assert rings == [("send_urgent",)]


def test_a_code_goes_before_ten_thousand_notices_and_cannot_be_off(sink: MailSink, contact: Contact) -> None:
    letterbox.audience[:] = letterbox.crowd(20)
    notice = commands.post("letterbox/letter", about=letterbox.thing(), at=timezone.now())
    commands.expand(notice.pk, at=timezone.now())
    assert contact.person is not None
    ChannelChoice.objects.create(person=contact.person, channel="email", on=False)
    send(contact)
    sending.run()
    assert sink.messages[0].recipients == ("ada@mail.example",)
    assert len(sink.messages) == 21


def test_an_address_of_nobody_gets_its_code_too(sink: MailSink) -> None:
    typed = Contact.objects.create(channel="email", address="new@mail.example", lookup="n", met_at=timezone.now())
    send(typed, "join_code")
    assert sending.run() == 1


def test_a_code_that_is_too_late_is_not_sent(sink: MailSink, contact: Contact) -> None:
    mail = send(contact)
    AccountMail.objects.filter(pk=mail.pk).update(useful_until=timezone.now() - timedelta(seconds=1))
    assert sending.run() == 0
    assert Errand.objects.get().state == State.MISSED
    mail.refresh_from_db()
    assert mail.context is None


def test_a_code_that_was_refused_for_now_is_tried_again(sink: MailSink, contact: Contact, time_machine: Any) -> None:
    at = timezone.now()
    time_machine.move_to(at, tick=False)
    sink.fault(Fault.TEMPORARY, times=1)
    send(contact)
    assert sending.run() == 0
    assert Errand.objects.get().reason == "451 4.7.1"
    time_machine.move_to(at + timedelta(seconds=5), tick=False)
    assert sending.run() == 1


def test_a_code_that_cannot_come_in_time_is_a_dead_letter_that_an_admin_can_try_again(sink: MailSink, contact: Contact, settings: Any) -> None:
    settings.NOTICES_RETRY_SECONDS = 3600
    sink.fault(Fault.TEMPORARY, times=1)
    send(contact)
    sending.run()
    assert Errand.objects.get().state == State.DEAD
    admin = letterbox.person()
    Person.objects.filter(pk=admin.pk).update(is_platform_admin=True)
    admin.refresh_from_db()
    assert commands.send_again(by=admin, at=timezone.now()) == 1
    assert sending.run() == 1


def test_an_address_that_does_not_exist_is_stopped(sink: MailSink, contact: Contact) -> None:
    sink.fault(Fault.FINAL)
    send(contact)
    sending.run()
    assert Errand.objects.get().state == State.DEAD
    contact.refresh_from_db()
    assert contact.stopped_at is not None


def test_a_dead_workers_errand_is_taken_up_when_its_lease_ends(sink: MailSink, contact: Contact, time_machine: Any) -> None:
    from committees.notices.commands import errands

    at = timezone.now()
    time_machine.move_to(at, tick=False)
    send(contact)
    taken = errands.take(at=at)
    assert taken is not None
    assert errands.begin(taken, at=at)
    assert sending.run() == 0
    time_machine.move_to(at + timedelta(seconds=61), tick=False)
    assert not errands.begin(taken, at=timezone.now()), "the first worker, should it wake up, sends no more"
    assert sending.run() == 1


def test_a_broken_template_harms_nobody_else(sink: MailSink, contact: Contact) -> None:
    AccountMail.objects.filter(pk=send(contact).pk).update(kind="gone")
    send(contact)
    assert sending.run() == 1
    assert Errand.objects.get().reason == "gone: TemplateDoesNotExist"
