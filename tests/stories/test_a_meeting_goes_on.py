"""A meeting from the moment it is opened: the code on the screen, who is here, who speaks, a door, and its end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizing.live.models import Gathering
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting, Reveal
from organizing.meetings.plans import Plan, Where, Words
from tests import make
from tests.stories.people import finds_nothing, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def about_to_begin(cast: make.Cast, server: LiveServer) -> Meeting:
    """A meeting whose link is given at the door alone; it leads to a page of this very server, for there is no other."""
    cache.clear()
    starts = timezone.now() + timedelta(minutes=5)
    words = Words(subject="The rota", languages=("en",), link_shown=Reveal.AT_DOOR)
    where = Where(held="both", place="The canteen", link=f"{server.url}{reverse('home:how')}")
    plan = Plan(words, "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0), where)
    before = timezone.now() - timedelta(days=1)
    return meetings.call(meetings.draft(plan, by=cast.ada, at=before), by=cast.ada, at=before)


def opens(page: Page, meeting: Meeting) -> None:
    page.goto(meeting.get_absolute_url())
    page.get_by_role("button", name="Open the meeting").click()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()


def code_on(screen: Page) -> str:
    screen.reload()
    return re.sub(r"\s", "", screen.locator(".bigscreen__code").inner_text())


def comes(page: Page, meeting: Meeting, screen: Page) -> None:
    """Finds the meeting from its page; a wrong code is said beside the field; the one on the screen is right."""
    page.goto(meeting.get_absolute_url())
    page.get_by_role("link", name="Go to the meeting").click()
    page.get_by_label("The code on the screen").fill("12")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_text("This is not the code on the screen.").first).to_be_visible()
    expect(page.get_by_label("The code on the screen")).to_have_value("12")
    page.get_by_label("The code on the screen").fill(code_on(screen))
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_text("You are here.", exact=True)).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_it_is_opened_people_come_and_speak_and_it_is_ended(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    cast = make.cast()
    meeting = about_to_begin(cast, live_server)
    ada, ben, boss = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, cast.ben, cast.boss))
    screen = ada.context.new_page()
    opens(ada, meeting)
    ada.get_by_role("link", name="Put the code on the screen").click()
    screen.goto(ada.url)
    comes(ben, meeting, screen)
    ben.get_by_role("button", name="Ask to speak").click()
    expect(ben.get_by_text("That is you")).to_be_visible()
    if not scripts:
        screen.reload()
    expect(screen.locator(".bigscreen__list")).to_contain_text(cast.ben.handle, timeout=10_000)
    ada.get_by_role("link", name="The meeting now").click()
    ada.get_by_role("button", name="Call the next one").click()
    if not scripts:
        ben.get_by_role("link", name="Show what is new").click()
    expect(ben.locator("#now .h3")).to_have_text(cast.ben.handle, timeout=10_000)
    finds_nothing(boss, reverse("live:page", args=[cast.committee.slug, meeting.slug]))
    ada.get_by_role("button", name="End the meeting").click()
    expect(ada.get_by_text("This meeting is not open now.")).to_be_visible()
    ben.goto(meeting.get_absolute_url())
    expect(ben.get_by_text("1 person was there at the end.")).to_be_visible()
    assert Gathering.objects.get().people == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_member_is_let_in_at_the_door(browser: Browser, live_server: LiveServer, scripts: bool) -> None:
    cast = make.cast()
    meeting = about_to_begin(cast, live_server)
    ada, ben = (window(browser, live_server, who, scripts=scripts, width=390) for who in (cast.ada, cast.ben))
    opens(ada, meeting)
    ben.goto(meeting.get_absolute_url())
    assert "how" not in " ".join(ben.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")).split("/")
    ben.get_by_role("link", name="Go to the meeting").click()
    ben.get_by_role("link", name="Go to the door").click()
    ben.get_by_role("button", name="Ask to be let in").click()
    expect(ben.get_by_text("You are waiting to be let in.")).to_be_visible()
    ada.get_by_role("link", name="Who waits at the door").click()
    expect(ada.locator("#desk")).to_contain_text(cast.ben.handle)
    ada.get_by_role("button", name="Let in").click()
    expect(ada.get_by_text("Nobody waits.")).to_be_visible()
    if not scripts:
        ben.get_by_role("link", name="Show what is new").click()
    expect(ben.get_by_text("You are let in.")).to_be_visible(timeout=10_000)
    ben.get_by_role("link", name="Go in").click()
    expect(ben).to_have_url(re.compile(re.escape(reverse("home:how"))))
