"""Minutes: written beside the agenda, approved by another organizer, read by members; what is to do is told, handed back, given on and done."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.roles import Role
from organizing.minutes.models import Item
from tests import make
from tests.mail_sink import MailSink
from tests.organizing.minutes.conftest import held, soon
from tests.stories.people import deliver, finds_nothing, follows_a_notice, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def writes(page: Page, meeting: str, handle: str) -> None:
    """A name that nobody uses is said on its line, and nothing typed is lost."""
    page.goto(meeting)
    page.get_by_role("link", name="Minutes of the meeting").click()
    page.get_by_role("button", name="Write the minutes").click()
    page.get_by_label("Heat on the dock").fill("It was **38 degrees**.")
    page.get_by_label("Decisions").fill("The doors stay open.")
    page.locator("#id_todo-0-what").fill("Ring the plumber")
    page.locator("#id_todo-0-who").fill("Nobody at all")
    page.locator("#id_todo-0-due").fill(soon().isoformat())
    page.get_by_role("button", name="Save and read it").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody uses this name here.")
    expect(page.get_by_label("Heat on the dock")).to_have_value("It was **38 degrees**.")
    page.locator("#id_todo-0-who").fill(handle)
    page.get_by_role("button", name="Save and read it").click()
    expect(page.locator("strong", has_text="38 degrees")).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_from_the_meeting_to_what_somebody_does(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    dora = make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,)))
    meeting = held(cast.ada, hours=2)
    page = reverse("minutes:of_meeting", args=[cast.committee.slug, meeting.slug])
    ada, second, ben, boss = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, dora, cast.ben, cast.boss))
    writes(ada, meeting.get_absolute_url(), cast.ben.handle)
    expect(ada.get_by_role("button", name="Approve the minutes")).to_have_count(0)
    second.goto(reverse("home:today"))
    second.get_by_role("link", name=re.compile("Approve the minutes of 1 meeting")).click()
    second.get_by_role("link", name="Peak season hours").click()
    second.get_by_role("button", name="Approve the minutes").click()
    expect(second.locator("main")).to_contain_text("Version 1")
    deliver()
    said = " ".join(mail.subject + mail.text for mail in mails(mail_sink, cast.ben))
    assert "degrees" not in said
    assert "plumber" not in said
    follows_a_notice(ben, "Minutes of a meeting")
    expect(ben.locator("strong", has_text="38 degrees")).to_be_visible()
    ben.goto(reverse("home:today"))
    ben.get_by_role("link", name="Ring the plumber").click()
    ben.get_by_role("button", name=re.compile("I cannot do it")).click()
    second.goto(reverse("home:today"))
    second.get_by_role("link", name=re.compile("Find somebody for 1 thing")).click()
    second.get_by_role("link", name=re.compile("Give it to somebody")).click()
    second.get_by_label("Who does it?").fill(dora.handle)
    second.get_by_role("button", name="Save").click()
    second.get_by_role("button", name=re.compile("Done")).click()
    expect(second.locator("main")).to_contain_text("Nothing is open")
    assert Item.objects.get().state == "done"
    finds_nothing(boss, page, reverse("minutes:items", args=[cast.committee.slug]))
