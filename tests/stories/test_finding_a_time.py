"""An organizer asks which times suit the members, a member answers, and the best time becomes a meeting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from organizing.finding.models import Poll
from organizing.meetings.models import Meeting
from tests import make
from tests.stories.people import deliver, finds_nothing, follows_a_notice, window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_a_time_is_found(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    committee = make.committee()
    ada, ben, stranger = make.organizer_of(committee), make.member(committee), make.member(make.committee())
    days = [(timezone.now() + timedelta(days=n)).date().isoformat() for n in (6, 7)]
    page = window(browser, live_server, ada, scripts=scripts, width=width)
    page.goto(reverse("meetings:of_committee", args=[committee.slug]))
    page.get_by_role("link", name="Find a time").click()
    page.get_by_role("link", name="Propose times").click()
    page.get_by_label("What is the meeting about").fill("Heat in the sorting hall")
    for n, day in enumerate(days):
        page.locator(f"input[name=time-{n}-day]").fill(day)
        page.locator(f"input[name=time-{n}-clock]").fill("18:30")
    page.get_by_role("button", name="Ask the members").click()
    expect(page.get_by_text("The members are asked.")).to_be_visible()

    member = window(browser, live_server, ben, scripts=scripts, width=width)
    deliver()
    follows_a_notice(member, "Heat in the sorting hall")
    for field, word in zip(member.locator("#answer fieldset").all(), ("Does not work", "Works for me"), strict=True):
        field.get_by_text(word).click()
    member.get_by_role("button", name="Save my answer").click()
    expect(member.get_by_text("Your answer is saved.")).to_be_visible()
    finds_nothing(window(browser, live_server, stranger, scripts=scripts, width=width), Poll.objects.get().get_absolute_url())

    page.reload()
    page.get_by_role("button", name="Take this time").first.click()
    expect(page.get_by_text("The time is filled in.")).to_be_visible()
    assert Meeting.objects.get().day is not None
    assert str(Meeting.objects.get().day) == days[1], "the one that shuts nobody out stands first"
    page.get_by_role("button", name="Check and send").click()
    page.get_by_role("button", name="Call the meeting and tell everyone").click()
    expect(page.get_by_text("The meeting is called.")).to_be_visible()
    member.goto(Poll.objects.get().get_absolute_url())
    member.get_by_role("link", name="To the meeting").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Heat in the sorting hall")
