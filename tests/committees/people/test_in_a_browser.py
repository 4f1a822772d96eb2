"""The account in a real Chromium: passkeys with a virtual authenticator. (Its pages are among those of tests/stories.)"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.people import commands
from committees.people.models import AccountMail, Person
from tests.stories.pages import watch

from .conftest import AT, PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(context: BrowserContext, page: Page) -> Any:
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return cdp


def sign_in(context: BrowserContext, live_server: LiveServer, person: Person) -> None:
    client = Client()
    assert client.post("/account/sign-in/", {"login": person.sign_in_name, "password": PASSWORD}).status_code == 302
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def test_somebody_opens_an_account_with_a_passkey_and_signs_in_with_it_again(
    page: Page, context: BrowserContext, live_server: LiveServer, carried: list[AccountMail]
) -> None:
    with_authenticator(context, page)
    watcher = watch(page)
    page.goto(f"{live_server.url}/account/join/")
    page.get_by_text("By email").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your email address").fill("cleo@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Enter the code").fill(carried[-1].context["code"])
    page.get_by_role("button", name="Open my account").click()
    expect(page.get_by_label("Time zone")).to_be_visible()
    watcher.assert_clean()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("With a passkey").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Write this on paper")).to_be_visible()
    watcher.assert_clean()
    page.get_by_role("button", name="I have written it down").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    page.goto(f"{live_server.url}/account/sign-out/")
    page.get_by_role("button", name="Sign out of this device").click()
    page.goto(f"{live_server.url}/account/sign-in/?next=/account/passkeys/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="My phone")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/account/passkeys/")
    assert [mail.kind for mail in carried] == ["join_code", "passkey_added"]


def test_the_phones_own_zone_is_chosen_for_a_new_account(browser: Any, live_server: LiveServer, carried: list[AccountMail]) -> None:
    context = browser.new_context(timezone_id="Asia/Kathmandu")
    page = context.new_page()
    page.goto(f"{live_server.url}/account/join/without/")
    page.get_by_role("button", name="Open my account").click()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Kathmandu")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="How do you want to sign in next time?")).to_be_visible()
    assert Person.objects.present().get().time_zone == "Asia/Kathmandu"


def test_a_passkey_is_the_second_step_where_its_owner_wants_it(
    ada: Person, page: Page, context: BrowserContext, live_server: LiveServer, carried: list[AccountMail]
) -> None:
    with_authenticator(context, page)
    sign_in(context, live_server, ada)
    page.goto(f"{live_server.url}/account/passkeys/new/")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    page.goto(f"{live_server.url}/account/second-step/passkey/")
    page.get_by_text("Ask for my passkey").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="Spare codes")).to_be_visible()
    context.clear_cookies()
    page.goto(f"{live_server.url}/account/sign-in/?next=/account/")
    page.get_by_label("Email or sign-in name").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_a_passkey_of_a_hidden_account_opens_nothing(
    ada: Person, page: Page, context: BrowserContext, live_server: LiveServer, carried: list[AccountMail]
) -> None:
    with_authenticator(context, page)
    sign_in(context, live_server, ada)
    page.goto(f"{live_server.url}/account/passkeys/new/")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    commands.hide(ada, at=AT)
    context.clear_cookies()
    page.goto(f"{live_server.url}/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("We could not sign you in")).to_be_visible()


def test_without_a_passkey_the_page_says_so_and_offers_another_way(browser: Any, live_server: LiveServer, ada: Person) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/account/sign-in/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(context, live_server, ada)
    page.goto(f"{live_server.url}/account/passkeys/new/")
    expect(page.get_by_text("This browser cannot make a passkey")).to_be_visible()
