"""A wider committee writes to the members of all that belong to it: one organizer proposes, a second one reads and agrees, a member of a
site below reads it in their own committee, and nobody who does not belong finds it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizing.circulars.models import Circular
from tests import make
from tests.mail_sink import MailSink
from tests.organizing.circulars.wide import tree
from tests.stories.people import deliver, finds_nothing, follows_a_notice, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def proposes(page: Page, slug: str) -> None:
    """The choice comes first; what is missing is said and nothing typed is lost."""
    page.goto(reverse("membership:committee", args=[slug]))
    page.get_by_role("link", name="Write to all members").click()
    page.get_by_label("The members of all committees that belong here").check(force=True)
    page.get_by_label("What is it about?").fill("Breaks at every site")
    page.get_by_role("button", name="Check and send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("The members of all committees that belong here")).to_be_checked()
    page.get_by_label("Your message").fill("We ask for **thirty** minutes.")
    page.get_by_role("button", name="Check and send").click()
    expect(page.get_by_text("fewer than 10 people")).to_be_visible()
    page.get_by_role("button", name="Propose to send it").click()
    expect(page.get_by_text("Another organizer has to agree.")).to_be_visible()
    expect(page.get_by_role("link", name="Agree", exact=True)).to_have_count(0)


def agrees(page: Page) -> None:
    follows_a_notice(page, "asks you to agree")
    expect(page.locator("strong", has_text="thirty")).to_be_visible()
    page.get_by_role("link", name="Agree", exact=True).click()
    expect(page.locator("strong", has_text="thirty")).to_be_visible()
    page.get_by_role("button", name="Yes, I agree").click()
    page.get_by_role("link", name="Go to the message").click()
    expect(page.get_by_role("heading", name="Breaks at every site")).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_it_takes_two_and_comes_to_every_site(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    wide = tree()
    uma, vik, sam, otto = (window(browser, live_server, who, scripts=scripts, width=width) for who in (wide.uma, wide.vik, wide.sam, wide.otto))
    proposes(uma, wide.top.slug)
    draft = Circular.objects.select_related("committee").get()
    inside = reverse("circulars:circular", args=[wide.site.slug, draft.slug])
    finds_nothing(sam, inside)
    deliver()
    agrees(vik)
    deliver()
    arrived = mails(mail_sink, wide.sam)[-1]
    for word in ("thirty", "Breaks", wide.top.name):
        assert word not in arrived.subject + arrived.text, "a mail says nothing unless its reader wants it to"
    follows_a_notice(sam, "A message from a wider committee")
    expect(sam).to_have_url(re.compile(re.escape(inside)))
    expect(sam.get_by_text("To which your committee belongs")).to_be_visible()
    expect(sam.locator("strong", has_text="thirty")).to_be_visible()
    expect(sam.get_by_text(wide.uma.handle)).to_have_count(0)
    finds_nothing(otto, reverse("circulars:anywhere", args=[draft.slug]), reverse("circulars:circular", args=[wide.otto.committee.slug, draft.slug]))
    uma.goto(draft.get_absolute_url())
    expect(uma.get_by_text("fewer than 10 people")).to_be_visible()
    finds_nothing(window(browser, live_server, make.member(make.committee()), scripts=scripts, width=width), draft.get_absolute_url())
