"""A message to all members: written, looked at, tried, sent; read by a member in their language, and by nobody else."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.people import commands as people
from organizing.circulars.models import Circular
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import deliver, finds_nothing, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def writes(page: Page, slug: str) -> None:
    """What is missing is said first, and nothing typed is lost."""
    page.goto(reverse("membership:committee", args=[slug]))
    page.get_by_role("link", name="Write to all members").click()
    page.get_by_label("What is it about?").fill("The canteen is shut")
    page.get_by_role("button", name="Check and send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("What is it about?")).to_have_value("The canteen is shut")
    page.get_by_label("Your message").fill("Bring **food** on Friday.")
    page.get_by_role("button", name="Check and send").click()
    expect(page.locator("strong", has_text="food")).to_be_visible()


def sends(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"Send it to \d+ people")).click()
    expect(page.get_by_role("heading", name="The canteen is shut")).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_it_is_checked_sent_and_read(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    assert cast.ben.person
    people.settle(cast.ben.person, language="es", time_zone="Europe/Madrid")
    ada, ben, boss = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, cast.ben, cast.boss))
    writes(ada, cast.committee.slug)
    draft = Circular.objects.get()
    finds_nothing(boss, draft.get_absolute_url())
    page = ben.goto(draft.get_absolute_url())
    assert page is not None
    assert page.status == 404, "a draft is its organizers'"
    sends(ada)
    deliver()
    arrived = mails(mail_sink, cast.ben)[-1]
    assert "canteen" not in arrived.subject + arrived.text, "a mail says nothing unless its reader wants it to"
    ben.goto(reverse("notices:inbox"))
    ben.locator("main a", has_text=re.compile("organizadores|mensaje", re.IGNORECASE)).first.click()
    expect(ben.locator("strong", has_text="food")).to_be_visible()
    finds_nothing(boss, draft.get_absolute_url(), reverse("circulars:of_committee", args=[cast.committee.slug]))
