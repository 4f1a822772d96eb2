"""Coming in by password, by a code sent, by the code on paper; and what somebody learns who only tries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from committees.people import commands, names
from committees.people.models import AccountMail, Contact, Person, Session

from .conftest import PASSWORD
from .test_joining import without_token

pytestmark = pytest.mark.django_db

SIGNED_IN = "/account/"


def is_in(client: Client) -> bool:
    return client.get(SIGNED_IN).status_code == 200


@pytest.mark.parametrize("typed", ["ada@example.org", " ADA@Example.ORG ", "mailto:ada@example.org"])
def test_a_password_and_an_address_open_the_account_however_the_address_is_typed(ada: Person, client: Client, typed: str) -> None:
    assert client.post("/account/sign-in/?next=/meetings/", {"login": typed, "password": PASSWORD}).headers["Location"] == "/meetings/"
    assert is_in(client)


def test_a_next_address_on_another_site_is_not_followed(ada: Person, client: Client) -> None:
    answer = client.post("/account/sign-in/?next=https://evil.example/", {"login": ada.sign_in_name, "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_code_sent_opens_the_account(ada: Person, client: Client, carried: list[AccountMail]) -> None:
    asked = client.post("/account/sign-in/code/?next=/meetings/", {"email": "ada@example.org"})
    assert asked.headers["Location"] == "/account/sign-in/code/enter/?next=%2Fmeetings%2F"
    assert "ada@example.org" in client.get(asked.headers["Location"]).content.decode()
    assert [mail.kind for mail in carried] == ["sign_in_code"]
    assert client.post(asked.headers["Location"], {"code": "WRNG-CODE"}).status_code == 422
    assert client.post(asked.headers["Location"], {"code": carried[0].context["code"]}).headers["Location"] == "/meetings/"
    assert is_in(client)


def test_a_forgotten_password_is_replaced_with_a_code_sent(ada: Person, client: Client, carried: list[AccountMail]) -> None:
    elsewhere = Client()
    elsewhere.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
    assert client.post("/account/password/forgotten/", {"email": "ada@example.org"}).headers["Location"] == "/account/password/forgotten/code/"
    assert client.get("/account/password/forgotten/code/").status_code == 200
    assert [mail.kind for mail in carried] == ["reset_code"]
    assert client.post("/account/password/forgotten/code/", {"code": carried[0].context["code"]}).headers["Location"] == "/account/password/forgotten/new/"
    short = client.post("/account/password/forgotten/new/", {"password1": "short", "password2": "short"})
    assert short.status_code == 422
    new = {"password1": "copper kettle on the hill", "password2": "copper kettle on the hill"}
    assert client.post("/account/password/forgotten/new/", new).status_code == 302
    assert is_in(client)
    assert not is_in(elsewhere)
    assert [mail.kind for mail in carried] == ["reset_code", "password_changed"]
    ada.refresh_from_db()
    assert ada.check_password("copper kettle on the hill")


@pytest.mark.parametrize(
    ("path", "field"), [("/account/sign-in/code/", "email"), ("/account/password/forgotten/", "email"), ("/account/join/email/", "address")]
)
def test_a_known_and_an_unknown_address_get_the_same_answers_and_each_one_mail(ada: Person, carried: list[AccountMail], path: str, field: str) -> None:
    seen = []
    for address in ("ada@example.org", "eve@example.org"):
        browser = Client()
        posted = browser.post(path, {field: address})
        following = browser.get(posted.headers["Location"])
        tried = browser.post(posted.headers["Location"], {"code": "BCDF-GHJK"})
        seen.append([(r.status_code, sorted(r.headers.items()), without_token(r.content, address)) for r in (posted, following, tried)])
    assert seen[0] == seen[1]
    assert len(carried) == 2
    assert carried[0].contact.person == ada
    assert carried[1].contact.person is None


@pytest.mark.parametrize("path", ["/account/sign-in/code/", "/account/password/forgotten/"])
def test_a_known_and_an_unknown_address_cost_the_same_queries(ada: Person, carried: list[AccountMail], path: str, django_assert_num_queries: Callable) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    Client().post(path, {"email": "warm@example.org"})
    counts = {}
    for address in ("ada@example.org", "eve@example.org"):
        Client().post(path, {"email": address})  # whoever asks twice has been met
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().post(path, {"email": address})
        counts[address] = len(queries)
    assert abs(counts["ada@example.org"] - counts["eve@example.org"]) <= 1, counts


def test_wrong_password_unknown_name_unknown_address_and_hidden_account_read_the_same(ada: Person, account: Callable[..., Person]) -> None:
    hidden = account(email="hid@example.org", password=PASSWORD)
    commands.hide(hidden, at=datetime(2026, 11, 22, tzinfo=UTC))
    tries = [
        ("ada@example.org", "wrong"),
        (ada.sign_in_name, "wrong"),
        ("eve@example.org", PASSWORD),
        ("no-such-name-100", PASSWORD),
        ("hid@example.org", PASSWORD),
    ]
    pages = set()
    for login, password in tries:
        answer = Client().post("/account/sign-in/", {"login": login, "password": password})
        assert answer.status_code == 422
        pages.add(without_token(answer.content, login))
    assert len(pages) == 1


def test_the_code_on_paper_opens_the_account_ends_all_sessions_and_is_used_up(
    account: Callable[..., Person], carried: list[AccountMail], client: Client
) -> None:
    person, paper = commands.create(email="ben@example.org", password=PASSWORD, at=datetime(2026, 11, 1, tzinfo=UTC))
    elsewhere = Client()
    elsewhere.post("/account/sign-in/", {"login": person.sign_in_name, "password": PASSWORD})
    assert client.post("/account/sign-in/paper/", {"code": names.paper_code()}).status_code == 422
    assert client.post("/account/sign-in/paper/", {"code": paper.lower().replace("-", " ")}).headers["Location"] == "/account/paper/"
    assert is_in(client)
    assert not is_in(elsewhere)
    assert carried[-1].kind == "recovered"
    assert client.session["people.paper"] != paper
    assert Client().post("/account/sign-in/paper/", {"code": paper}).status_code == 422


def test_signing_out_ends_the_session_and_says_so_to_the_browser(adas: Client) -> None:
    assert adas.get("/account/sign-out/").status_code == 200
    left = adas.post("/account/sign-out/")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(adas)
    assert not Session.objects.exclude(person=None).exists()


def test_five_wrong_passwords_stop_the_sixth_even_if_it_is_right(ada: Person) -> None:
    for _n in range(5):
        Client().post("/account/sign-in/", {"login": ada.sign_in_name, "password": "wrong"})
    stopped = Client().post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
    assert stopped.status_code == 422
    assert "too often" in stopped.content.decode()


def test_three_wrong_codes_end_the_try(ada: Person, client: Client, carried: list[AccountMail]) -> None:
    client.post("/account/sign-in/code/", {"email": "ada@example.org"})
    statuses = [client.post("/account/sign-in/code/enter/", {"code": "BCDF-GHJK"}).status_code for _n in range(3)]
    assert statuses == [422, 422, 302]
    client.post("/account/sign-in/code/enter/", {"code": carried[0].context["code"]})
    assert not is_in(client)


def test_every_page_of_the_way_in_is_kept_by_no_browser(ada: Person, client: Client) -> None:
    for name in ("account_login", "account_signup", "account_request_login_code", "account_reset_password", "people:recover", "people:join_without"):
        page = client.get(reverse(name))
        assert (page.status_code, page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (200, "no-store", "noindex, nofollow")
        assert "placeholder=" not in page.content.decode()


def test_what_is_typed_never_stands_in_the_database(ada: Person, client: Client, carried: list[AccountMail]) -> None:
    client.post("/account/sign-in/code/", {"email": "sentinel.unknown@example.org"})
    passing = Contact.objects.passing().get()
    assert passing.address == "sentinel.unknown@example.org"
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address, lookup FROM people_contact WHERE person_id IS NULL")
        sealed, lookup = cursor.fetchone()
    assert b"sentinel" not in bytes(sealed)
    assert "sentinel" not in lookup


def test_whoever_is_tired_of_waiting_for_a_code_can_begin_again(ada: Person, client: Client) -> None:
    client.post("/account/sign-in/code/", {"email": "eve@example.org"})
    assert client.get("/account/sign-in/").status_code == 200
    assert client.get("/account/sign-in/code/enter/").status_code == 302
    assert client.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD}).status_code == 302
    assert is_in(client)
