"""What could not be sent, as those who keep the service running see it: what kind, how many and why, never to whom nor what."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from committees.notices import commands
from committees.notices.models import Channel, Delivery, Errand, Notice, State
from committees.notices.reasons import Reason
from committees.people import commands as people
from committees.people import outbox
from committees.people.models import Contact, Person
from tests.committees.notices import letterbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


@pytest.fixture
def ada(db: None) -> Person:
    return letterbox.person("ada@mail.example")


@pytest.fixture
def admins(db: None) -> Client:
    return signed_in(people.create(at=letterbox.AT, is_platform_admin=True)[0])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def tell(*people: Person) -> Notice:
    return commands.post("letterbox/letter", about=letterbox.thing(1), to=[p.pk for p in people], committee=None, at=timezone.now())


def test_dead_letters_are_for_admins_and_show_no_content(ada: Person, admins: Client) -> None:
    notice = tell(ada)
    Delivery.objects.filter(channel=Channel.EMAIL).update(state=State.DEAD, reason="550 5.7.1")
    assert signed_in(ada).get("/notices/not-sent/").status_code == 404
    page = admins.get("/notices/not-sent/").text
    assert "A letter" in page
    assert "550 5.7.1" in page
    for secret in ("Night shift", "mail.example", "About 1", ada.slug):
        assert secret not in page
    assert admins.post(f"/notices/not-sent/{notice.slug}/again/").status_code == 302
    assert Delivery.objects.get(channel=Channel.EMAIL).state == State.WAITING
    assert "Everything went out" in admins.get("/notices/not-sent/").text
    assert "Nothing is left to try again." in admins.post(f"/notices/not-sent/{notice.slug}/again/", follow=True).text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("552 5.2.2", "The mailbox is full."),
        ("550 5.7.1", "The mail server has a rule against it."),
        ("550 5.1.1", "There is no such address."),
        ("554", "The mail server refused it for good."),
        ("451 4.7.1", "The mail server put us off until it was too late."),
        ("no answer", "The mail server did not answer."),
        ("OSError", "The mail server did not answer."),
        ("its worker died each time", "The program that sends it stopped each time."),
        ("letterbox/letter: TemplateSyntaxError", "It could not be written."),
    ],
)
def test_why_something_did_not_go_out_is_said_in_words(code: str, words: str) -> None:
    assert Reason(code, 1).words.startswith(words)


def test_a_notice_that_failed_for_two_reasons_is_one_line_with_one_button(ada: Person, admins: Client) -> None:
    tell(ada, letterbox.person())
    first, second = Delivery.objects.filter(channel=Channel.EMAIL).order_by("pk")
    for delivery, reason in ((first, "552 5.2.2"), (second, "550 5.7.1")):
        Delivery.objects.filter(pk=delivery.pk).update(state=State.DEAD, reason=reason)
    page = admins.get("/notices/not-sent/").text
    assert page.count("Try again") == 1
    for words in ("The mailbox is full.", "552 5.2.2", "The mail server has a rule against it.", "550 5.7.1"):
        assert words in page


def test_codes_that_did_not_go_out_are_named_in_words(ada: Person, admins: Client) -> None:
    mail = outbox.send(Contact.objects.get(person=ada), "sign_in_code", context={"code": "ABC-123"})
    Errand.objects.filter(mail=mail).update(state=State.DEAD, reason="550 5.1.1")
    page = admins.get("/notices/not-sent/").text
    assert "Code to sign in" in page
    assert "550 5.1.1" in page
    for never in ("sign_in_code", "ABC-123", "mail.example"):
        assert never not in page
