"""An account is closed and opened again, in real browsers and with real mail: the admin sees a name and a month, its owner is out
on their next page and reads why in their mail, and whoever tries to sign in learns nothing."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.people.models import Person
from tests import make
from tests.mail_sink import MailSink
from tests.stories.pages import assert_clean, watch
from tests.stories.people import deliver, finds_nothing, mails_to, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
REFUSED = "We could not sign you in. Check what you typed, or ask for a code instead."


def signs_in(page: Page, address: str, password: str = make.PASSWORD) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("Email or sign-in name").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def looks_up(page: Page, said: str) -> None:
    """From the entrance of all admins' pages."""
    page.goto(reverse("home:keeping"))
    page.get_by_role("link", name="Close an account").click()
    page.get_by_label("Sign-in name or address").fill(said)
    page.get_by_role("button", name="Look it up").click()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_an_account_is_closed_and_opened_again(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    owner = make.person(email="owner@mail.example", password=make.PASSWORD)
    make.member(cast.committee, by=owner, handle="Third gate, nights")
    phone = window_of(browser, live_server, None, scripts=scripts, width=390)
    signs_in(phone, "owner@mail.example")
    expect(phone).to_have_url(f"{live_server.url}{reverse('home:today')}")

    keeper = window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width)
    _sees_little(keeper, owner, never=("Third gate", cast.committee.name, "owner@mail.example"))
    _closes(keeper)
    _is_out(phone, mail_sink, owner)
    for passer_by in (window(browser, live_server, cast.ada, scripts=scripts), window(browser, live_server, cast.boss, scripts=scripts)):
        finds_nothing(passer_by, reverse("accounts:find"), reverse("accounts:account", args=[owner.slug]))

    if scripts:
        assert_clean(keeper, keeper.url, never=(owner.sign_in_name,))
    keeper.get_by_role("button", name="Open it again").click()
    expect(keeper.get_by_text("The account is open again.")).to_be_visible()
    deliver()
    assert "is open again" in mails_to(mail_sink, owner)[-1].text
    signs_in(phone, "owner@mail.example")
    expect(phone).to_have_url(f"{live_server.url}{reverse('home:today')}")
    phone.goto(cast.committee.get_absolute_url())
    expect(phone.get_by_role("heading", level=1)).to_contain_text(cast.committee.name)


def _sees_little(page: Page, owner: Person, *, never: tuple[str, ...]) -> None:
    """Not by a part of the name; by the whole of it, what is needed to close the account and no more."""
    looks_up(page, owner.sign_in_name[:-1])
    expect(page.get_by_role("link", name="No account has exactly this name or address.")).to_be_visible()
    looks_up(page, "owner@mail.example")
    expect(page.get_by_role("heading", level=1)).to_have_text(owner.sign_in_name)
    expect(page.locator("dl.answers")).to_contain_text(f"{owner.created_on:%B %Y}")
    for word in never:
        expect(page.locator("main")).not_to_contain_text(word)


def _closes(page: Page) -> None:
    page.get_by_role("button", name="Close this account").click()
    expect(page.get_by_role("link", name="Choose the reason. Its owner is told.")).to_be_visible()
    page.get_by_label("Somebody else seems to use it").check(force=True)
    page.get_by_role("button", name="Close this account").click()
    expect(page.get_by_text("The account is closed, and every device is signed out.")).to_be_visible()
    expect(page.get_by_role("button", name="Close this account")).to_have_count(0)
    expect(page.locator("dl.answers")).to_contain_text(re.compile(r"Is it closed\?\s*Yes"))


def _is_out(phone: Page, sink: MailSink, owner: Person) -> None:
    """On the next page; the right password is answered like a wrong one, and the mail says why."""
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in")
    for password in (make.PASSWORD, "not the password at all"):
        signs_in(phone, "owner@mail.example", password)
        expect(phone.get_by_role("link", name=REFUSED).or_(phone.get_by_text(REFUSED)).first).to_be_visible()
    deliver()
    mail = mails_to(sink, owner)[-1]
    assert "closed" not in mail.subject
    for words in ("Your account was closed by those who keep the service running.", "somebody else seems to use it", "Nothing was erased."):
        assert words in " ".join(mail.text.split())


def test_nobody_closes_their_own_account_here(browser: Browser, live_server: LiveServer) -> None:
    keeper = make.person(is_platform_admin=True)
    page = window_of(browser, live_server, keeper)
    watcher = watch(page)
    looks_up(page, keeper.sign_in_name)
    expect(page.get_by_text("This is your own account. Somebody else who keeps the service running can close it.")).to_be_visible()
    expect(page.get_by_role("button", name="Close this account")).to_have_count(0)
    watcher.assert_clean(never=(keeper.sign_in_name,))
