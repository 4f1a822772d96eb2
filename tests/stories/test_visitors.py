"""A meeting that is open to everybody, and one that votes to let visitors in at the door."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizing.live import commands as live
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting, Reveal
from organizing.meetings.plans import Plan, Where, Words
from tests import make
from tests.stories.people import finds_nothing, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WAYS = pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 320)], ids=["with scripts", "without scripts, on a phone"])


def called(cast: make.Cast, server: LiveServer, *, minutes: float, link_shown: Reveal) -> Meeting:
    """Its link leads to a page of this very server, for there is no other."""
    cache.clear()
    starts = timezone.now() + timedelta(minutes=minutes)
    words = Words(subject="The rota", languages=("en",), link_shown=link_shown, place_shown=Reveal.ON_YES)
    where = Where(held="both", place="The canteen", link=f"{server.url}{reverse('home:how')}")
    plan = Plan(words, "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0), where)
    before = timezone.now() - timedelta(days=1)
    return meetings.call(meetings.draft(plan, by=cast.ada, at=before), by=cast.ada, at=before)


def registers(page: Page, name: str) -> None:
    page.get_by_label("How should the organizers call you?").fill("a")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Choose a name with at least three letters.").first).to_be_visible()
    page.get_by_label("How should the organizers call you?").fill(name)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", name="You are registered")).to_be_visible()


@WAYS
def test_it_is_opened_somebody_registers_and_takes_it_back(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    cast = make.cast()
    meeting = called(cast, live_server, minutes=5000, link_shown=Reveal.ON_YES)
    ada, vera, nobody, ben = (
        window(browser, live_server, cast.ada, scripts=scripts, width=width),
        window_of(browser, live_server, make.person(), scripts=scripts, width=width),
        window_of(browser, live_server, None, scripts=scripts, width=width),
        window(browser, live_server, cast.ben, scripts=scripts, width=width),
    )
    ada.goto(meeting.get_absolute_url())
    ada.get_by_role("link", name="Visitors", exact=True).click()
    ada.get_by_label("What outsiders should know").fill("Come and hear what we plan.")
    ada.get_by_role("button", name="Open it to the public").click()
    expect(ada.get_by_text("Nobody has registered yet.")).to_be_visible()
    nobody.goto(reverse("visitors:announced"))
    nobody.get_by_role("link", name="The rota").click()
    expect(nobody.get_by_text("Come and hear what we plan.")).to_be_visible()
    expect(nobody.locator("main").get_by_role("link", name="Create an account")).to_be_visible()
    vera.goto(nobody.url)
    expect(vera.get_by_text("The canteen")).to_have_count(0)
    registers(vera, "Night worker")
    expect(vera.get_by_text("The canteen")).to_be_visible()
    ben.goto(meeting.get_absolute_url())
    expect(ben.get_by_text("Say nothing that must stay among you.")).to_be_visible()
    finds_nothing(ben, reverse("visitors:keep", args=[cast.committee.slug, meeting.slug]))
    ada.reload()
    expect(ada.get_by_text("Night worker", exact=True)).to_be_visible()
    vera.get_by_role("button", name="I don’t come after all").click()
    expect(vera.get_by_text("The canteen")).to_have_count(0)
    ada.reload()
    expect(ada.get_by_text("Does not come after all")).to_be_visible()


@WAYS
def test_the_meeting_votes_and_a_steward_lets_a_visitor_in(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    cast = make.cast()
    meeting = called(cast, live_server, minutes=5, link_shown=Reveal.AT_DOOR)
    live.open_meeting(meeting, by=cast.ada, at=timezone.now())
    ada, vera = (
        window(browser, live_server, cast.ada, scripts=scripts, width=width),
        window_of(browser, live_server, make.person(), scripts=scripts, width=width),
    )
    ada.goto(reverse("live:desk", args=[cast.committee.slug, meeting.slug]))
    ada.get_by_role("button", name="The meeting voted to let visitors in").click()
    expect(ada.get_by_text("No visitor waits.")).to_be_visible()
    vera.goto(ada.locator("#desk a[href^='/open/']").get_attribute("href") or "")
    registers(vera, "Night worker")
    vera.get_by_role("button", name="Ask to be let in").click()
    expect(vera.get_by_text("You wait at the door.")).to_be_visible()
    if not scripts:
        ada.get_by_role("link", name="Show what is new").click()
    expect(ada.locator("#desk")).to_contain_text("Night worker", timeout=10_000)
    ada.get_by_role("button", name="Let in").click()
    expect(ada.get_by_text("No visitor waits.")).to_be_visible()
    if not scripts:
        vera.get_by_role("link", name="Show what is new").click()
    expect(vera.get_by_text("You are let in.")).to_be_visible(timeout=10_000)
    vera.get_by_role("link", name="Go to the meeting").click()
    expect(vera).to_have_url(re.compile(re.escape(reverse("home:how"))))
