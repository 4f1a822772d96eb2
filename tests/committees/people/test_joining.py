"""Opening an account, in a browser without scripts."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from committees.people import queries
from committees.people.models import AccountMail, Contact, Person, RecoveryCode

pytestmark = pytest.mark.django_db


def join_by_email(client: Client, address: str, carried: list[AccountMail]) -> None:
    client.post("/account/join/email/", {"address": address})
    response = client.post("/account/join/code/", {"code": carried[-1].context["code"]})
    assert response.headers["Location"] == "/account/welcome/"


def test_a_worker_opens_an_account_with_an_email_address(client: Client, carried: list[AccountMail]) -> None:
    assert client.get("/account/join/?next=/committees/").status_code == 200
    assert client.post("/account/join/", {"way": "email"}).headers["Location"] == "/account/join/email/"
    assert client.post("/account/join/email/", {"address": "Cleo@Example.org"}).headers["Location"] == "/account/join/code/"
    assert [mail.kind for mail in carried] == ["join_code"]
    assert not Person.objects.present().exists()
    page = client.get("/account/join/code/")
    assert "Cleo@example.org" in page.content.decode()

    wrong = client.post("/account/join/code/", {"code": "WRNG-CODE"})
    assert wrong.status_code == 422
    assert client.post("/account/join/code/", {"code": carried[0].context["code"].lower().replace("-", " ")}).status_code == 302

    cleo = Person.objects.present().get()
    contact = Contact.objects.of(cleo).get()
    assert (contact.address, contact.primary) == ("Cleo@example.org", True)
    assert client.get("/account/welcome/").status_code == 200
    assert client.post("/account/welcome/", {"language": "es", "time_zone": "Europe/Madrid"}).headers["Location"] == "/account/welcome/way/"
    assert client.get("/account/welcome/way/").status_code == 200
    assert client.post("/account/welcome/way/", {"way": "code"}).headers["Location"] == "/account/paper/"
    cleo.refresh_from_db()
    assert (cleo.language, cleo.time_zone) == ("es", "Europe/Madrid")
    paper = client.get("/account/paper/").content.decode()
    assert cleo.sign_in_name in paper
    assert client.post("/account/paper/", {"action": "done"}).headers["Location"] == "/committees/"


def test_the_code_for_the_paper_is_shown_until_it_is_written_down_and_then_never_again(client: Client, carried: list[AccountMail]) -> None:
    client.post("/account/join/without/", {"form_key": uuid.uuid4()})
    code = client.session["people.paper"]
    for _reload in range(2):
        assert code in client.get("/account/paper/").content.decode()
    client.post("/account/paper/", {"action": "done"})
    assert code not in client.get("/account/paper/").content.decode()
    assert RecoveryCode.objects.get().digest not in code


def test_somebody_without_any_address_gets_a_name_and_must_choose_a_password_or_a_passkey(client: Client, carried: list[AccountMail]) -> None:
    assert client.get("/account/join/without/").status_code == 200
    assert client.post("/account/join/without/", {"form_key": uuid.uuid4()}).headers["Location"] == "/account/welcome/"
    person = Person.objects.present().get()
    assert len(person.sign_in_name.split("-")) == 4
    refused = client.post("/account/welcome/way/", {"way": "code"})
    assert refused.status_code == 422
    where = client.post("/account/welcome/way/", {"way": "password"}).headers["Location"]
    assert where == "/account/password/new/?next=%2Faccount%2Fpaper%2F"
    assert client.get(where).status_code == 200
    saved = client.post(where, {"password1": "paper lamp in the river", "password2": "paper lamp in the river"})
    assert saved.headers["Location"] == "/account/paper/"
    again = Client()
    assert again.post("/account/sign-in/", {"login": person.sign_in_name.upper().replace("-", " "), "password": "paper lamp in the river"}).status_code == 302
    assert queries.ways(person).contacts == 0
    assert carried == []


def test_an_address_with_an_account_gets_the_same_pages_and_its_owner_a_mail_that_says_so(
    client: Client, account: Callable[..., Person], carried: list[AccountMail]
) -> None:
    account(email="ada@example.org")
    answers = []
    for address in ("ada@example.org", "eve@example.org"):
        browser = Client()
        posted = browser.post("/account/join/email/", {"address": address})
        page = browser.get("/account/join/code/")
        tried = browser.post("/account/join/code/", {"code": "BCDF-GHJK"})
        answers.append([(r.status_code, sorted(r.headers.items()), without_token(r.content, address)) for r in (posted, page, tried)])
    assert answers[0] == answers[1]
    assert [mail.kind for mail in carried] == ["already_joined", "join_code"]
    assert "code" not in carried[0].context


def without_token(page: bytes, address: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.decode()).replace(address, "ADDRESS")
