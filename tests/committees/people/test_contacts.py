"""Addresses: added with a code, chosen for notices, removed, stopped; and never shown to anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from committees.base.errors import Refused
from committees.people import addresses, commands, outbox, queries, registry
from committees.people.models import AccountMail, Channel, Contact, Person

from .conftest import PASSWORD
from .test_joining import without_token

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)


def test_an_address_is_added_with_its_code_and_the_other_one_is_told(ada: Person, adas: Client, carried: list[AccountMail]) -> None:
    assert adas.get("/account/addresses/new/email/").status_code == 200
    assert adas.post("/account/addresses/new/email/", {"address": "second@example.org"}).headers["Location"] == "/account/addresses/code/"
    assert adas.get("/account/addresses/code/").status_code == 200
    assert adas.post("/account/addresses/code/", {"code": carried[-1].context["code"]}).status_code == 302
    assert [(mail.kind, mail.contact.address) for mail in carried] == [("contact_code", "second@example.org"), ("contact_added", "ada@example.org")]
    page = adas.get("/account/addresses/").content.decode()
    assert "second@example.org" in page
    second = Contact.objects.of(ada).get(primary=False)
    assert adas.get(f"/account/addresses/{second.slug}/").status_code == 200
    adas.post(f"/account/addresses/{second.slug}/", {"action": "prefer"})
    assert queries.addresses([ada.pk], "email")[ada.pk].address == "second@example.org"
    adas.post(f"/account/addresses/{second.slug}/", {"action": "remove"})
    assert [contact.address for contact in Contact.objects.of(ada)] == ["ada@example.org"]
    assert queries.addresses([ada.pk], "email")[ada.pk].address == "ada@example.org"
    assert [mail.kind for mail in carried[2:]] == ["contact_removed"]


def test_the_page_of_a_stopped_address_says_why_and_how_to_put_it_right(ada: Person, adas: Client) -> None:
    row = Contact.objects.of(ada).get()
    for reason, words in (("bounced 5.1.1", "there is no such address"), (Contact.BOUNCED_OFTEN, "Several came back within two weeks")):
        assert commands.stop_contact(row, reason=reason, at=NOON)
        assert not commands.stop_contact(row, reason="again", at=NOON), "stopped once"
        page = adas.get(f"/account/addresses/{row.slug}/").content.decode()
        assert words in page
        assert "/account/addresses/new/email/" in page
        adas.post(f"/account/addresses/{row.slug}/", {"action": "prefer"})
        row.refresh_from_db()
        assert (row.stopped_at, row.stop_reason) == (None, "")
        assert row.mended_on is not None
        assert words not in adas.get(f"/account/addresses/{row.slug}/").content.decode()


def test_allauth_knows_the_aliases_of_verified_contacts_and_nothing_else(ada: Person, adas: Client, carried: list[AccountMail]) -> None:
    commands.own_contact(commands.meet(addresses.phone("+447700900123")), by=ada, at=NOON)
    known = set(EmailAddress.objects.values_list("email", "verified"))
    assert known == {(contact.alias, True) for contact in Contact.objects.verified()}
    assert len(known) == 2


def test_adding_an_address_that_has_an_account_looks_the_same_and_tells_its_owner(
    adas: Client, account: Callable[..., Person], carried: list[AccountMail]
) -> None:
    account(email="eve@example.org")
    pages = []
    for address in ("eve@example.org", "free@example.org"):
        answer = adas.post("/account/addresses/new/email/", {"address": address})
        pages.append((answer.status_code, answer.headers["Location"], without_token(adas.get("/account/addresses/code/").content, address)))
    assert pages[0] == pages[1]
    assert [mail.kind for mail in carried] == ["contact_taken", "contact_code"]


def test_the_last_way_in_cannot_be_removed(account: Callable[..., Person], carried: list[AccountMail]) -> None:
    ben = account(email="ben@example.org")
    only = Contact.objects.of(ben).get()
    with pytest.raises(Refused, match="only way"):
        commands.drop_contact(only, by=ben)
    commands.set_password(ben, PASSWORD)
    commands.drop_contact(only, by=ben)
    assert not Contact.objects.of(ben).exists()
    assert not EmailAddress.objects.exists()


def test_nobody_touches_another_persons_address(ada: Person, adas: Client, account: Callable[..., Person]) -> None:
    bens = Contact.objects.of(account(email="ben@example.org")).get()
    for act in (commands.prefer_contact, commands.drop_contact):
        with pytest.raises(PermissionDenied):
            act(bens, by=ada)
    assert adas.get(f"/account/addresses/{bens.slug}/").status_code == 404
    assert adas.post(f"/account/addresses/{bens.slug}/", {"action": "remove"}).status_code == 404


def test_an_address_typed_by_somebody_without_an_account_is_erased_after_a_day(db: None) -> None:
    commands.meet(addresses.email("eve@example.org"))
    assert commands.forget_passing(timezone.now() + timedelta(hours=23)) == 0
    assert commands.forget_passing(timezone.now() + timedelta(hours=25)) == 1


def test_of_the_time_at_which_an_address_was_verified_only_the_day_is_kept(ada: Person) -> None:
    contact = Contact.objects.of(ada).get()
    assert contact.verified_at == datetime(2026, 11, 22, tzinfo=UTC)
    assert contact.met_at is None


def test_the_database_refuses_two_owners_of_one_address(ada: Person, account: Callable[..., Person]) -> None:
    mine, ben = Contact.objects.of(ada).get(), account()
    with pytest.raises(IntegrityError, match="one_owner_per_address"), transaction.atomic():
        Contact.objects.create(person=ben, channel=mine.channel, address="x", lookup=mine.lookup, verified_at=NOON)


def test_an_address_that_somebody_else_took_meanwhile_is_refused(ada: Person, account: Callable[..., Person]) -> None:
    contact, ben = commands.meet(addresses.email("late@example.org")), account()
    commands.own_contact(contact, by=ada, at=NOON)
    with pytest.raises(Refused, match="Ask for a new code"):
        commands.own_contact(contact, by=ben, at=NOON)


def test_addresses_finds_first_choices_that_work_in_one_query(ada: Person, account: Callable[..., Person], django_assert_num_queries: Any) -> None:
    ben, hid, stopped, none = account(email="ben@example.org"), account(email="hid@example.org"), account(email="old@example.org"), account()
    commands.hide(hid, at=NOON)
    commands.stop_contact(Contact.objects.of(stopped).get(), reason="550", at=NOON)
    with django_assert_num_queries(1):
        found = queries.addresses([ada.pk, ben.pk, hid.pk, stopped.pk, none.pk], Channel.EMAIL)
    assert {pk: contact.address for pk, contact in found.items()} == {ada.pk: "ada@example.org", ben.pk: "ben@example.org"}


def test_an_employers_address_gets_a_plain_warning_first(
    monkeypatch: pytest.MonkeyPatch, client: Client, adas: Client, carried: list[AccountMail], ada: Person
) -> None:
    monkeypatch.setattr(registry, "_employer_of", [lambda domain: "Riverside Logistics" if domain.endswith("riverside.example") else None])
    for browser, page in ((client, "/account/join/email/"), (adas, "/account/addresses/new/email/")):
        warned = browser.post(page, {"address": "me@mail.riverside.example"})
        assert warned.status_code == 200
        assert "Riverside Logistics" in warned.content.decode()
        assert 'value="me@mail.riverside.example"' in warned.content.decode()
    assert carried == []
    adas.post("/account/addresses/new/email/", {"address": "me@mail.riverside.example", "anyway": "on"})
    adas.post("/account/addresses/code/", {"code": carried[-1].context["code"]})
    assert Contact.objects.of(ada).get(primary=False).employers


def test_a_hundred_requests_send_three_mails(client: Client, carried: list[AccountMail], settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    for path, field in (("/account/join/email/", "address"), ("/account/sign-in/code/", "email"), ("/account/password/forgotten/", "email")):
        for _n in range(10):
            assert Client().post(path, {field: "victim@example.org"}).status_code == 302
    assert len(carried) == outbox.UNASKED == 3


def test_a_known_address_gets_at_most_three_reset_codes_a_day(ada: Person, carried: list[AccountMail], settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    for _n in range(10):
        Client().post("/account/password/forgotten/", {"email": "ada@example.org"})
    assert len(carried) == 3


def test_phones_are_offered_only_where_messages_can_be_sent(client: Client, settings: Any, carried: list[AccountMail]) -> None:
    assert "phone" not in client.get("/account/join/").content.decode().split("<main")[1].split("</main")[0]
    assert client.get("/account/join/phone/").status_code == 404
    settings.SMS_GATEWAY = "committees.people.sms.MemoryGateway"
    assert 'value="phone"' in client.get("/account/join/").content.decode()
    client.post("/account/join/phone/", {"address": "+44 7700 900123"})
    client.post("/account/join/code/", {"code": carried[-1].context["code"]})
    person = Person.objects.present().get()
    assert queries.addresses([person.pk], "phone")[person.pk].address == "+447700900123"
    again = Client()
    again.post("/account/sign-in/code/", {"email": "0044 7700 900 123"})
    assert again.post("/account/sign-in/code/enter/", {"code": carried[-1].context["code"]}).status_code == 302
    assert again.get("/account/").status_code == 200
