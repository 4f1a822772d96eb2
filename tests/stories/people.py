"""People in browsers: signed in, in a window of their own, with or without scripts. And what brings their notices."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from committees.membership.models import Membership
from committees.notices.management.commands.dispatch import turn
from committees.people.models import Contact
from tests import make
from tests.mail_sink import MailSink, Received


def window(browser: Browser, server: LiveServer, who: Membership, *, scripts: bool = True, width: int = 1280) -> Page:
    """A fresh browser in which somebody is signed in; addresses may be given without the server's."""
    assert who.person is not None
    context = browser.new_context(locale="en-GB", java_script_enabled=scripts, viewport={"width": width, "height": 800}, base_url=server.url)
    cookie = make.client(who.person).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context.new_page()


def deliver() -> None:
    """All that is to be sent by now is sent."""
    while any(turn(sweep=True).values()):
        pass


def mails(sink: MailSink, who: Membership) -> list[Received]:
    """What arrived at this member's address, the oldest first."""
    return sink.to(Contact.objects.get(person=who.person).address)
