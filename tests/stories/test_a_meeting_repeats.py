"""An organizer calls a meeting that repeats; a member answers for all dates; one date is moved, then all later ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Meeting, Series
from tests import make
from tests.organizing.meetings import cast
from tests.stories.people import window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_a_meeting_repeats(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    committee = make.committee()
    ada, ben = make.organizer_of(committee), make.member(committee)
    day = (timezone.now() + timedelta(days=6)).date()
    draft = meetings.draft(cast.plan(day=day), by=ada, at=timezone.now())
    page = window(browser, live_server, ada, scripts=scripts, width=width)
    page.goto(cast.address("check", draft))
    page.get_by_role("link", name="Let it repeat").click()
    page.get_by_label("Every week on").check()
    page.get_by_label("After a number of times").check()
    page.get_by_label("How many times?").fill("5")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name="The dates")).to_be_visible()
    assert page.locator("ol.rows li").count() == 5
    page.get_by_role("button", name="Let it repeat", exact=True).click()
    page.get_by_role("button", name="Call the meeting and tell everyone").click()
    expect(page.get_by_role("link", name="Every week on")).to_be_visible()
    assert Meeting.objects.scheduled().count() == 5

    member = window(browser, live_server, ben, scripts=scripts, width=width)
    member.goto(Series.objects.get().get_absolute_url())
    member.get_by_label("Yes").check()
    member.get_by_role("button", name="Save my answer").click()
    expect(member.get_by_text("Your answer is saved for all dates.")).to_be_visible()
    assert Answer.objects.filter(choice="yes").count() == 5

    page.get_by_role("link", name="Every week on").click()
    page.locator(".meet a.row-link").nth(2).click()
    page.get_by_role("link", name="Move it").click()
    page.get_by_label("Starts").fill("17:30")
    page.get_by_label("This one and all later ones").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This one and all later ones")).to_be_visible()
    page.get_by_role("button", name="Move it and tell everyone").click()
    expect(page.get_by_text("The meeting is moved.")).to_be_visible()
    assert [each.clock.strftime("%H:%M") for each in Meeting.objects.scheduled().order_by("starts_at") if each.clock] == ["19:00"] * 2 + ["17:30"] * 3
