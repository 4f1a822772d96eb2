"""Closing an account: found only by what its owner has, told to its owner, and dead at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.notices.messages import account_text
from committees.people import commands, panic, queries, registry
from committees.people.models import AccountMail, Person, Session
from committees.people.views import keeping
from tests import make
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def keeper() -> Person:
    return make.person(is_platform_admin=True)


def close(person: Person, *, by: Person, reason: str = "harm") -> None:
    commands.disable(person, reason=reason, by=by, at=AT)


# -- What happens -------------------------------------------------------------------------------------------------------


def test_everything_of_a_closed_account_is_dead_at_once(keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person, killed = make.person(email="ada@mail.example"), []
    monkeypatch.setattr(registry, "_killers", [*registry._killers, killed.append])
    browser = make.client(person)
    assert browser.get("/today/").status_code == 200
    close(person, by=keeper)
    assert browser.get("/today/").status_code == 302
    assert killed == [person], "calendars, unsubscribe links and whatever rooms have besides"
    assert panic.kill_everything is registry.kill_everything
    assert not Session.objects.filter(person=person).exists()
    person.refresh_from_db()
    assert (person.is_active, person.disabled_on) == (False, AT.date())


@pytest.mark.parametrize(
    ("language", "reason", "words"),
    [("en", "taken_over", "somebody else seems to use it"), ("es", "harm", "para hacer daño"), ("en", "other", "no other reason")],
)
def test_its_owner_is_told_why_in_their_language(keeper: Person, language: str, reason: str, words: str) -> None:
    person = make.person(language=language)
    AccountMail.objects.all().delete()
    close(person, by=keeper, reason=reason)
    mail = AccountMail.objects.select_related("contact").get()
    assert (mail.kind, mail.language) == ("account_disabled", language)
    with translation.override("en"):
        assert words in account_text(mail)


def test_the_platform_s_log_says_who_and_why_but_no_name(keeper: Person) -> None:
    person = make.person()
    close(person, by=keeper, reason="taken_over")
    commands.enable(person, by=keeper, at=AT)
    first, second = Entry.objects.in_committee(None).filter(verb__startswith="account.").order_by("position")
    assert (first.verb, first.actor, first.about, first.detail) == (
        "account.disabled",
        keeper.ledger_key,
        f"people.Person:{person.slug}",
        {"reason": "taken_over"},
    )
    assert second.verb == "account.enabled"


def test_an_account_opens_again_and_its_owner_is_told(keeper: Person) -> None:
    person = make.person()
    close(person, by=keeper)
    commands.enable(person, by=keeper, at=AT)
    person.refresh_from_db()
    assert (person.is_active, person.disabled_on) == (True, None)
    assert AccountMail.objects.latest("pk").kind == "account_enabled"
    with pytest.raises(Refused, match="is not closed"):
        commands.enable(person, by=keeper, at=AT)


def test_an_account_that_hides_can_be_closed_and_hides_on(keeper: Person) -> None:
    person = make.person()
    commands.hide(person, at=AT)
    close(person, by=keeper)
    commands.enable(person, by=keeper, at=AT)
    person.refresh_from_db()
    assert (person.is_active, person.hidden_on) == (False, AT.date())


def test_a_closed_account_does_not_come_back_by_its_paper(keeper: Person) -> None:
    person, paper = commands.create(at=AT)
    close(person, by=keeper)
    with pytest.raises(Refused, match="don’t know this code"):
        commands.recover(paper)


def test_nobody_closes_their_own_account_here_so_one_keeper_stays(keeper: Person) -> None:
    with pytest.raises(Refused, match="your own account"):
        close(keeper, by=keeper)
    other = make.person(is_platform_admin=True)
    close(other, by=keeper)
    with pytest.raises(Refused, match="Only somebody who keeps"):
        close(keeper, by=other)
    assert Person.objects.present().filter(is_platform_admin=True).get() == keeper


def test_what_is_closed_is_not_closed_again_and_only_keepers_close(keeper: Person) -> None:
    person = make.person()
    with pytest.raises(Refused, match="Only somebody who keeps"):
        close(keeper, by=person)
    close(person, by=keeper)
    with pytest.raises(Refused, match="closed already"):
        close(person, by=keeper)
    assert Entry.objects.filter(verb="account.disabled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_keepers_who_close_each_other_at_once_one_is_left() -> None:
    one, other = (make.person(is_platform_admin=True) for _ in range(2))
    results = at_once([lambda: close(one, by=other), lambda: close(other, by=one)])
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Person.objects.present().filter(is_platform_admin=True).count() == 1


# -- How it is found -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Ada@Mail.example", " ada@mail.example ", "{name}", "{spaced}"])
def test_an_account_is_found_by_exactly_what_its_owner_has(keeper: Person, typed: str) -> None:
    person = make.person(email="ada@mail.example")
    said = typed.format(name=person.sign_in_name, spaced=person.sign_in_name.replace("-", " ").upper())
    assert queries.account_of(said, keeper=keeper) == person
    assert queries.account_of(said, keeper=person) is None, "only somebody who keeps the service finds anybody"


@pytest.mark.parametrize("typed", ["ada", "ada@", "@mail.example", "ada@mail", "%", "{half}", "{slug}"])
def test_no_part_of_it_finds_anybody(keeper: Person, typed: str) -> None:
    person = make.person(email="ada@mail.example")
    assert queries.account_of(typed.format(half=person.sign_in_name[:-1], slug=person.slug), keeper=keeper) is None


def test_an_address_that_nobody_has_shown_to_be_theirs_finds_nobody(keeper: Person) -> None:
    from committees.people import addresses

    commands.meet(addresses.email("passing@mail.example"))
    assert queries.account_of("passing@mail.example", keeper=keeper) is None


def test_an_erased_account_is_not_found(keeper: Person) -> None:
    person = make.person()
    name = person.sign_in_name
    commands.erase(person, by=person, at=AT)
    assert queries.account_of(name, keeper=keeper) is None
    assert make.client(keeper).get(f"/keeping/accounts/{person.slug}/").status_code == 404


def shown(browser: Client, address: str) -> str:
    page = browser.get(address).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_its_page_shows_a_name_a_month_and_whether_it_is_closed(keeper: Person) -> None:
    committee = make.committee()
    person = make.member(committee, by=make.person(email="ada@mail.example", at=datetime(2026, 3, 17, tzinfo=UTC)), handle="Dock four").person
    assert person is not None
    browser = make.client(keeper)
    answer = browser.post("/keeping/accounts/", {"said": "ada@mail.example"})
    page = shown(browser, answer["Location"])
    assert person.sign_in_name in page
    assert "March 2026" in page
    for never in ("17 March", "March 17", "2026-03-17", "ada@", "mail.example", "Dock four", committee.name, committee.slug, person.time_zone):
        assert never not in page, never


def test_the_pages_close_and_open(keeper: Person) -> None:
    person, browser = make.person(), make.client(keeper)
    address = f"/keeping/accounts/{person.slug}/"
    assert browser.post(address).status_code == 422
    assert browser.post(address, {"reason": "dislike"}).status_code == 422
    assert browser.post(address, {"reason": "harm"})["Location"] == address
    assert "Open it again" in shown(browser, address)
    browser.post(address)
    person.refresh_from_db()
    assert person.is_active
    own = f"/keeping/accounts/{keeper.slug}/"
    assert "Close this account" not in shown(browser, own)
    assert "You cannot close your own account here" in browser.post(own, {"reason": "asked"}, follow=True).content.decode()
    keeper.refresh_from_db()
    assert keeper.is_active


def test_look_ups_are_few(keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found or not, each counts; another keeper has their own."""
    monkeypatch.setattr(keeping, "LOOK_UPS", 3)
    person, browser = make.person(), make.client(keeper)
    tries: list[Callable[[], Any]] = [
        lambda: browser.post("/keeping/accounts/", {"said": person.sign_in_name}),
        lambda: browser.post("/keeping/accounts/", {"said": "nobody-at-all-100"}),
    ]
    assert [tries[n % 2]().status_code for n in range(5)] == [302, 422, 302, 422, 422]
    assert "3 accounts in this hour" in tries[0]().content.decode()
    assert make.client(make.person(is_platform_admin=True)).post("/keeping/accounts/", {"said": person.sign_in_name}).status_code == 302
