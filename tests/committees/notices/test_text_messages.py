"""A code to a phone: through the gateway of the server, once, and without a mail server."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from committees.notices import sending
from committees.notices.models import Errand, State
from committees.people import addresses, commands, outbox, sms
from committees.people.models import AccountMail, Contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]
CODE = "K7QX-2M9P"


@pytest.fixture
def phone(db: None) -> Contact:
    person, _paper = commands.create(phone="+44 7700 900123", at=timezone.now())
    return Contact.objects.get(person=person)


@pytest.fixture
def sent(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    settings.SMS_GATEWAY = "committees.people.sms.MemoryGateway"
    monkeypatch.setattr(sms.MemoryGateway, "sent", [])
    return sms.MemoryGateway.sent


def test_a_code_goes_to_the_number_once_and_its_words_are_gone(phone: Contact, sent: list[tuple[str, str]]) -> None:
    mail = outbox.send(phone, "sign_in_code", context={"code": CODE})
    assert mail is not None
    assert sending.run() == 1
    assert sending.run() == 0
    [(number, words)] = sent
    assert number == addresses.phone("+447700900123").sent_to
    assert CODE in words
    assert AccountMail.objects.get(pk=mail.pk).context is None
    assert not Errand.objects.exists()


def test_a_gateway_that_fails_is_asked_again_and_its_words_are_not_kept(phone: Contact, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(self: sms.MemoryGateway, number: str, text: str) -> None:
        raise ConnectionError(f"no way to {number}: {text}")

    outbox.send(phone, "sign_in_code", context={"code": CODE})
    with monkeypatch.context() as patched:
        patched.setattr(sms.MemoryGateway, "send", refuses)
        assert sending.run() == 0
    errand = Errand.objects.get()
    assert (errand.state, errand.reason) == (State.WAITING, "gateway: ConnectionError")
    Errand.objects.update(due_at=timezone.now())
    assert sending.run() == 1
    assert len(sent) == 1
