"""What a person does with their account: language, second step, asking again, hiding, taking along, erasing."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from committees.base.errors import Refused
from committees.people import commands, panic, queries, registry
from committees.people.models import AccountMail, Contact, Person, RecoveryCode, Session

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_language_and_zone_are_saved_and_the_next_page_follows_them(ada: Person, adas: Client) -> None:
    assert adas.post("/account/language/", {"language": "es", "time_zone": "America/Mexico_City"}).status_code == 302
    assert adas.get("/account/").headers["Content-Language"] == "es"
    refused = adas.post("/account/language/", {"language": "xx", "time_zone": "Mars/Olympus"})
    assert refused.status_code == 422
    ada.refresh_from_db()
    assert (ada.language, ada.time_zone) == ("es", "America/Mexico_City")


def test_the_language_button_of_the_bar_is_kept_with_the_account(ada: Person, adas: Client) -> None:
    adas.post(reverse("base:set_language"), {"language": "es"})
    ada.refresh_from_db()
    assert ada.language == "es"


def test_a_stranger_reads_in_the_language_of_the_browser(client: Client) -> None:
    assert client.get("/account/sign-in/", headers={"accept-language": "es-MX,es;q=0.9"}).headers["Content-Language"] == "es"
    page = client.get("/account/sign-in/", headers={"accept-language": "xx"})
    assert page.headers["Content-Language"] == "en"
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in page.headers["Vary"].split(",")}
    assert translation.get_language() is not None


def test_the_zone_is_guessed_from_the_country_in_the_browsers_languages(client: Client, carried: list[AccountMail]) -> None:
    client.post("/account/join/without/", {"form_key": uuid.uuid4()}, headers={"accept-language": "es-MX,es;q=0.9"})
    person = Person.objects.present().get()
    assert (person.language, person.time_zone) == ("es", "America/Mexico_City")
    page = client.get("/account/welcome/").content.decode()
    assert re.search(r'<option value="America/Mexico_City"[^>]* selected', page)


def test_a_visit_is_noted_as_a_day_and_once(ada: Person, adas: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = Client()
        browser.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
        browser.get("/account/")
        ada.refresh_from_db()
        assert ada.seen_on == date(2026, 11, 22)
        with connection.execute_wrapper(no_person_writes):
            browser.get("/account/")


def no_person_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert not sql.startswith('UPDATE "people_person"')
    return execute(sql, params, many, context)


# -- Asking once more ---------------------------------------------------------------------------------------------

GUARDED = ["/account/password/", "/account/passkeys/new/", "/account/second-step/app/", "/account/export/", "/account/erase/", "/account/addresses/new/email/"]


@pytest.mark.parametrize("path", GUARDED)
def test_what_matters_asks_again_after_five_minutes(ada: Person, path: str) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = Client()
        browser.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
        assert browser.get(path).status_code == 200
        clock.shift(timedelta(minutes=5, seconds=1))
        where = browser.get(path).headers["Location"]
        assert where.startswith("/account/again/?next=")
        assert browser.get(where).status_code == 200
        assert browser.post(where, {"way": "password", "password": "wrong"}).status_code == 422
        assert browser.post(where, {"way": "password", "password": PASSWORD}).headers["Location"] == path
        assert browser.get(path).status_code == 200


def test_somebody_without_a_password_shows_with_a_code_that_it_is_them(account: Callable[..., Person], carried: list[AccountMail]) -> None:
    ben = account(email="ben@example.org")
    with time_machine.travel(NOON, tick=False) as clock:
        browser = Client()
        browser.force_login(ben, backend="committees.people.backends.Backend")
        where = browser.get("/account/export/").headers["Location"]
        sent = browser.post(where, {"way": "send"}).headers["Location"]
        assert carried[-1].kind == "confirm_code"
        assert browser.get(sent).status_code == 200
        assert browser.post(sent, {"way": "code", "sent-code": "BCDF-GHJK"}).status_code == 422
        clock.shift(timedelta(minutes=1))
        assert browser.post(sent, {"way": "code", "sent-code": carried[-1].context["code"]}).headers["Location"] == "/account/export/"
        assert browser.get("/account/export/").status_code == 200


def test_asking_again_is_not_a_way_to_another_site(adas: Client) -> None:
    assert adas.post("/account/again/?next=https://evil.example/", {"way": "password", "password": PASSWORD}).headers["Location"] == "/"


def test_nothing_of_a_request_is_kept_while_we_ask_again(ada: Person) -> None:
    browser = Client(headers={"user-agent": "Sentinel-Agent/1.0"}, REMOTE_ADDR="203.0.113.77")
    browser.force_login(ada, backend="committees.people.backends.Backend")
    browser.post("/account/export/")
    contents = str([session.content for session in Session.objects.all()])
    assert "Sentinel" not in contents
    assert "203.0.113.77" not in contents


# -- The second step ------------------------------------------------------------------------------------------------


def turn_app_on(browser: Client) -> str:
    page = browser.get("/account/second-step/app/").content.decode()
    assert "<svg" in page
    assert "style=" not in page.split("<main")[1]
    secret: str = browser.session["mfa.totp.secret"]
    assert secret in page
    assert browser.post("/account/second-step/app/", {"code": "000000"}).status_code == 422
    answer = browser.post("/account/second-step/app/", {"code": code_now(browser.session["mfa.totp.secret"])})
    assert answer.headers["Location"] == "/account/second-step/spare-codes/"
    return secret


@pytest.mark.django_db(transaction=True)
def test_an_app_is_asked_for_after_the_password_and_each_code_works_once(ada: Person, adas: Client, carried: list[AccountMail]) -> None:
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False) as clock:
        browser = Client()
        browser.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
        secret = turn_app_on(browser)
        assert [mail.kind for mail in carried] == ["second_step_on"]
        spare = [code for code in browser.get("/account/second-step/spare-codes/").content.decode().split() if 'class="code"' in code]
        assert len(spare) == 10
        clock.shift(timedelta(minutes=2))
        stolen = Client()
        code = code_now(secret)
        for signing_in, works in ((Client(), True), (stolen, False)):
            first = signing_in.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
            assert first.headers["Location"] == "/account/sign-in/second-step/"
            assert signing_in.get("/account/").status_code == 302
            assert signing_in.get("/account/sign-in/second-step/").status_code == 200
            second = signing_in.post("/account/sign-in/second-step/", {"code": code})
            assert second.status_code == (302 if works else 422)
            assert signing_in.get("/account/").status_code == (200 if works else 302)


def test_the_secrets_of_the_second_step_are_sealed_and_their_use_is_known_by_the_day(ada: Person, adas: Client) -> None:
    secret = turn_app_on(adas)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        assert secret not in cursor.fetchone()[0]
    app = Authenticator.objects.get(type="totp")
    app.record_usage()
    app.refresh_from_db()
    for at in (app.created_at, app.last_used_at):
        assert (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)


def test_the_app_can_be_turned_off_and_new_spare_codes_made(adas: Client) -> None:
    turn_app_on(adas)
    assert adas.get("/account/second-step/").status_code == 200
    before = adas.get("/account/second-step/spare-codes/").content
    assert adas.get("/account/second-step/spare-codes/new/").status_code == 200
    assert adas.post("/account/second-step/spare-codes/new/").status_code == 302
    assert adas.get("/account/second-step/spare-codes/").content != before
    assert adas.get("/account/second-step/app/off/").status_code == 200
    assert adas.post("/account/second-step/app/off/").status_code == 302
    assert not Authenticator.objects.exists()


def test_the_code_on_paper_gets_in_without_the_second_step(ada: Person, adas: Client) -> None:
    turn_app_on(adas)
    paper = commands.make_recovery_code(ada, at=NOON)
    browser = Client()
    browser.post("/account/sign-in/paper/", {"code": paper})
    assert browser.get("/account/").status_code == 200


# -- Hiding, taking along, erasing -------------------------------------------------------------------------------------


def test_one_post_hides_the_account_and_only_the_paper_brings_it_back(
    ada: Person, adas: Client, carried: list[AccountMail], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[Person] = []
    monkeypatch.setattr(registry, "_killers", [])
    panic.register(killed.append)
    paper = commands.make_recovery_code(ada, at=NOON)
    phone = Client()
    phone.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
    assert adas.get("/account/hide/").status_code == 200
    gone = adas.post("/account/hide/")
    assert gone.headers["Location"] == reverse("base:left")
    assert gone.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert killed == [ada]
    for browser in (adas, phone):
        assert browser.get("/account/").status_code == 302
    assert not Session.objects.filter(person=ada).exists()
    assert queries.addresses([ada.pk], "email") == {}

    browser = Client()
    assert browser.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD}).status_code == 422
    browser.post("/account/sign-in/code/", {"email": "ada@example.org"})
    browser.post("/account/password/forgotten/", {"email": "ada@example.org"})
    assert [mail.kind for mail in carried] == ["no_account", "no_account"]
    assert browser.post("/account/sign-in/paper/", {"code": paper}).status_code == 302
    assert browser.get("/account/").status_code == 200
    ada.refresh_from_db()
    assert (ada.is_active, ada.hidden_on) == (True, None)


def test_a_hidden_account_without_paper_comes_back_with_a_new_password(ada: Person, carried: list[AccountMail]) -> None:
    RecoveryCode.objects.all().delete()
    commands.hide(ada, at=NOON)
    browser = Client()
    browser.post("/account/sign-in/code/", {"email": "ada@example.org"})
    browser.post("/account/password/forgotten/", {"email": "ada@example.org"})
    assert [mail.kind for mail in carried] == ["no_account", "reset_code"]
    browser.post("/account/password/forgotten/code/", {"code": carried[-1].context["code"]})
    new = {"password1": "copper kettle on the hill", "password2": "copper kettle on the hill"}
    assert browser.post("/account/password/forgotten/new/", new).status_code == 302
    assert browser.get("/account/").status_code == 200


def test_a_hidden_account_behind_a_living_session_is_nobody(ada: Person, adas: Client) -> None:
    Person.objects.filter(pk=ada.pk).update(is_active=False, hidden_on=NOON.date())
    assert adas.get("/account/").status_code == 302


def test_everything_that_is_theirs_comes_in_one_file(ada: Person, adas: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._exporters, "meetings", lambda person: [{"answer": "yes", "to": person.slug}])
    assert adas.get("/account/export/").status_code == 200
    answer = adas.post("/account/export/")
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {"account.json", "meetings.json"} <= set(archive.namelist())
    account = json.loads(archive.read("account.json"))
    assert account["addresses"][0]["address"] == "ada@example.org"
    assert json.loads(archive.read("meetings.json")) == [{"answer": "yes", "to": ada.slug}]


def test_erasing_says_first_what_happens_and_then_nothing_leads_to_the_person(ada: Person, adas: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    erased: list[Person] = []
    monkeypatch.setattr(registry, "_erasures", {})
    registry.in_an_erasure("forum", says=lambda person: ["Your posts stay under “former member”."], erase=erased.append)
    assert "former member" in adas.get("/account/erase/").content.decode()
    assert adas.post("/account/erase/", {"sure": ""}).status_code == 422
    assert adas.post("/account/erase/", {"sure": "on"}).headers["Location"] == "/"
    assert erased == [ada]
    name = ada.sign_in_name
    ada.refresh_from_db()
    assert (ada.ledger_key, ada.is_active, ada.seen_on) == (None, False, None)
    assert ada.sign_in_name != name
    assert not Contact.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert not Session.objects.filter(person=ada).exists()
    assert not AccountMail.objects.exists()
    assert Client().post("/account/sign-in/", {"login": name, "password": PASSWORD}).status_code == 422
    with pytest.raises(Refused):
        commands.recover("BCDF-GHJK")


def test_nobody_erases_another(ada: Person, account: Callable[..., Person]) -> None:
    with pytest.raises(Refused):
        commands.erase(ada, by=account(), at=NOON)


def test_only_those_who_keep_the_service_running_name_others(ada: Person, account: Callable[..., Person]) -> None:
    with pytest.raises(Refused):
        commands.set_platform_admin(ada, on=True, by=account())
    commands.set_platform_admin(ada, on=True, by=None)
    ada.refresh_from_db()
    assert ada.is_platform_admin


def test_a_room_that_fails_does_not_keep_a_hidden_account_open(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[Person] = []

    def stumbles(person: Person) -> None:
        Person.objects.filter(pk=person.pk).update(time_zone="UTC")
        raise RuntimeError("a room of its own")

    monkeypatch.setattr(registry, "_killers", [stumbles, killed.append])
    commands.hide(ada, at=NOON)
    ada.refresh_from_db()
    assert (ada.is_active, ada.time_zone) == (False, "Europe/London")
    assert killed == [ada]


def test_whoever_keeps_the_service_running_closes_and_opens_an_account_and_nobody_else(ada: Person, adas: Client, account: Callable[..., Person]) -> None:
    keeper = account(is_platform_admin=True)
    with pytest.raises(Refused):
        commands.disable(ada, reason="harm", by=account(), at=NOON)
    commands.disable(ada, reason="harm", by=keeper, at=NOON)
    assert adas.get("/account/").status_code == 302
    assert Client().post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD}).status_code == 422
    paper = commands.make_recovery_code(ada, at=NOON)
    with pytest.raises(Refused):
        commands.recover(paper)
    with pytest.raises(Refused):
        commands.enable(ada, by=account(), at=NOON)
    commands.enable(ada, by=keeper, at=NOON)
    assert Client().post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD}).status_code == 302
    commands.hide(ada, at=NOON)
    with pytest.raises(Refused):
        commands.enable(ada, by=keeper, at=NOON)
    ada.refresh_from_db()
    assert not ada.is_active
