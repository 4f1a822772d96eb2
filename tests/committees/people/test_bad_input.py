"""Whatever is posted to an account's page: no 5xx, nothing echoed raw, nothing done twice."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from committees.people import addresses, commands, outbox
from committees.people.models import AccountMail, Person

pytestmark = pytest.mark.django_db

NAUGHTY = [
    "\x00",
    "a\x00b@example.org",
    "%ED%A0%80",
    "\u202eevil@example.org",
    "<script>alert(1)</script>",
    "'; DROP TABLE people_person; --",
    "a" * 100_000,
    "١٢٣٤٥٦٧٨٩٠",
    "+" + "9" * 400,
    "🦆" * 50,
    "[]",
    "{}",
    "null",
    "9" * 5000,
]
OUTSIDE = {
    "account_signup": ["way"],
    "people:join_without": ["form_key"],
    "account_login": ["login", "password"],
    "account_request_login_code": ["email"],
    "account_reset_password": ["email"],
    "people:recover": ["code"],
    "people:passkey_sign_in": ["credential"],
}
INSIDE = {
    "people:language": ["language", "time_zone"],
    "people:add_passkey": ["name", "credential"],
    "account_reauthenticate": ["way", "password"],
    "account_change_password": ["oldpassword", "password1", "password2"],
    "mfa_activate_totp": ["code"],
    "people:erase": ["sure"],
}
CREDENTIALS = [
    [],
    {},
    {"response": []},
    {"response": {"userHandle": "////"}},
    {"response": {"userHandle": 7}},
    {"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "AA"}},
    {"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}},
    {"id": 1, "rawId": None, "type": {}, "response": {"clientDataJSON": 1}},
]


def posted(client: Client, path: str, fields: dict[str, str]) -> int:
    """Posts percent-encoded bytes, so that what no browser would send arrives too."""
    body = "&".join(f"{name}={value if value.startswith('%') else quote(value)}" for name, value in fields.items())
    answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
    assert b"<script>alert" not in answer.content
    return answer.status_code


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_text_is_answered_with_a_page(adas: Client, text: str, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    for name, fields in OUTSIDE.items():
        assert posted(Client(), reverse(name), dict.fromkeys(fields, text)) in (200, 302, 400, 422), name
    assert posted(Client(), "/account/join/email/", {"address": text}) in (302, 422)
    for name, fields in INSIDE.items():
        assert posted(adas, reverse(name), dict.fromkeys(fields, text)) in (200, 302, 422), name


@pytest.mark.parametrize("credential", CREDENTIALS, ids=range(len(CREDENTIALS)))
def test_what_is_no_passkey_is_refused_and_not_stumbled_over(adas: Client, credential: Any) -> None:
    browser = Client()
    browser.get("/account/sign-in/passkey/question/")
    assert browser.post("/account/sign-in/passkey/", {"credential": json.dumps(credential)}).headers["Location"] == "/account/sign-in/"
    adas.get("/account/passkeys/new/")
    assert adas.post("/account/passkeys/new/", {"name": "x", "credential": json.dumps(credential)}).status_code == 422


def test_too_much_and_too_many_fields_are_refused(client: Client) -> None:
    assert client.post("/account/sign-in/", "login=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded").status_code == 400
    many = "&".join(f"f{n}=1" for n in range(1001))
    assert client.post("/account/sign-in/", many, content_type="application/x-www-form-urlencoded").status_code == 400


def test_the_form_that_opens_an_account_opens_one_however_often_it_is_posted(db: None, carried: list[AccountMail]) -> None:
    key = uuid.uuid4()
    for _n in range(2):
        assert Client().post("/account/join/without/", {"form_key": key}).status_code == 302
    assert Person.objects.present().count() == 1
    assert Client().post("/account/join/without/", {"form_key": uuid.uuid4()}).status_code == 302
    assert Person.objects.present().count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_at_once_send_three_mails(carried: list[AccountMail]) -> None:
    contact = commands.meet(addresses.email("victim@example.org"))

    def ask() -> None:
        try:
            outbox.send(contact, "no_account")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AccountMail.objects.count() == len(carried) == outbox.UNASKED


@pytest.mark.django_db(transaction=True)
def test_an_address_typed_in_ten_tabs_is_met_once() -> None:
    met: list[int] = []

    def meet() -> None:
        try:
            met.append(commands.meet(addresses.email("tabs@example.org")).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=meet) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(met) == 10
    assert len(set(met)) == 1
