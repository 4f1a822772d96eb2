"""People in browsers: signed in, in a window of their own, with or without scripts. And what brings their notices."""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.models import Membership
from committees.notices.management.commands.dispatch import turn
from committees.people.models import Contact, Person
from tests import make
from tests.mail_sink import MailSink, Received


def window(browser: Browser, server: LiveServer, who: Membership, *, scripts: bool = True, width: int = 1280) -> Page:
    """A fresh browser in which a member is signed in; addresses may be given without the server's."""
    assert who.person is not None
    return window_of(browser, server, who.person, scripts=scripts, width=width)


def window_of(browser: Browser, server: LiveServer, person: Person | None, *, scripts: bool = True, width: int = 1280) -> Page:
    """The same for somebody who need not be a member of anything, or for nobody: then nobody is signed in."""
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 800}, base_url=server.url)
    if person is not None:
        cookie = make.client(person).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context.new_page()


def finds_nothing(page: Page, *addresses: str) -> None:
    """For whoever looks, there are no such pages: the same answer as for an address that never was one."""
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404, address
        expect(page.get_by_role("heading", level=1)).to_have_text("We can’t find this page")


def deliver() -> None:
    """All that is to be sent by now is sent."""
    while any(turn(sweep=True).values()):
        pass


def mails(sink: MailSink, who: Membership) -> list[Received]:
    """What arrived at this member's address, the oldest first."""
    assert who.person is not None
    return mails_to(sink, who.person)


def mails_to(sink: MailSink, person: Person) -> list[Received]:
    """The same for somebody who need not be a member of anything."""
    return sink.to(Contact.objects.get(person=person).address)


def comes_true(page: Page, promised: str) -> None:
    """Waits for what the browser says only as a promise; Page.wait_for_function may take the promise itself for a yes."""
    assert page.evaluate(
        f"""async () => {{
          for (const ends = Date.now() + 10000; Date.now() < ends; await new Promise(done => setTimeout(done, 50))) if (await ({promised})) return true;
          return false;
        }}"""
    ), promised


def follows_a_notice(page: Page, words: str) -> None:
    """Opens the inbox, and what the first notice with these words leads to."""
    page.goto(reverse("notices:inbox"))
    page.get_by_role("link", name=re.compile(words)).first.click()


def agrees_as_the_second(page: Page) -> None:
    """A second organizer agrees to what another one proposed, from the notice on."""
    follows_a_notice(page, "asks you to agree")
    page.get_by_role("link", name="Agree", exact=True).click()
    page.get_by_role("button", name="Yes, I agree").click()


def answers_and_sends(page: Page, handle: str) -> None:
    """The questions of a committee, one a page, until the application is sent."""
    page.locator("input[name=shift]").first.check(force=True)
    goes_on(page)
    page.locator("input[name=handle]").fill(handle)
    goes_on(page)
    goes_on(page)
    page.locator("input[name=promise]").check(force=True)
    goes_on(page)
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Application sent")


def goes_on(page: Page) -> None:
    """Presses the one main button of a page that asks one thing."""
    page.locator("main form button").first.click()
