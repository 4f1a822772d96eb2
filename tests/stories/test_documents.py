"""A document at a point of the agenda: hung there by an organizer, read by a member, found by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Plan, Point, Where, Words
from tests import make
from tests.organizing.papers.files import document, photo, secrets_in
from tests.stories.people import finds_nothing, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WAYS = pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 320)], ids=["with scripts", "without scripts, on a phone"])


def planned(cast: make.Cast) -> Meeting:
    cache.clear()
    starts = timezone.now() + timedelta(days=3)
    words = Words(subject="The rota", languages=("en",), agenda=(Point("Night shifts", 20), Point("Whom we trust", 10, visibility="organizers")))
    plan = Plan(words, "UTC", 60, starts.date(), starts.time().replace(second=0, microsecond=0), Where())
    return meetings.draft(plan, by=cast.ada, at=timezone.now())


def adds(page: Page, name: str, kind: str, content: bytes, *, to: str, called: str = "") -> None:
    page.get_by_label("The file").set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))
    page.get_by_label("Point of the agenda").select_option(label=to)
    page.get_by_label("What members read").fill(called)
    page.get_by_role("button", name="Add it").click()


@WAYS
def test_it_is_hung_on_a_draft_and_members_find_it_on_the_page_of_the_meeting(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    cast = make.cast()
    draft = planned(cast)
    ada, ben, manager = (
        window(browser, live_server, cast.ada, scripts=scripts, width=width),
        window(browser, live_server, cast.ben, scripts=scripts, width=width),
        window_of(browser, live_server, make.person(), scripts=scripts, width=width),
    )
    ada.goto(f"/committees/{cast.committee.slug}/meetings/{draft.slug}/check/")
    ada.get_by_role("link", name="Documents", exact=True).click()
    adds(ada, "plan.docx", "application/zip", b"PK\x03\x04", to="1. Night shifts", called="The plan")
    expect(ada.get_by_text("Save it as a PDF and send that.").last).to_be_visible()
    expect(ada.get_by_label("What members read")).to_have_value("The plan")
    adds(ada, "gate_yard.jpg", "image/jpeg", photo(), to="1. Night shifts")
    adds(ada, "names.pdf", "application/pdf", document(), to="2. Whom we trust", called="Whom we asked")
    expect(ada.get_by_role("link", name="Whom we asked", exact=True)).to_be_visible()
    ada.get_by_role("link", name="The meeting", exact=True).click()
    ada.get_by_role("button", name="Call the meeting and tell everyone").click()
    expect(ada.get_by_role("heading", name="The rota")).to_be_visible()
    ben.goto(draft.get_absolute_url())
    expect(ben.get_by_text("Whom we asked")).to_have_count(0)
    link = ben.get_by_role("link", name="gate yard")
    address = link.get_attribute("href") or ""
    read = ben.request.get(address)
    assert (read.status, read.headers["content-type"], secrets_in(read.body())) == (200, "image/jpeg", [])
    finds_nothing(manager, address)
    ada.get_by_role("link", name="Documents", exact=True).click()
    ada.get_by_role("button", name=re.compile("Take away ?: ?gate yard")).click()
    expect(ada.get_by_text("The document is taken away, for everybody.")).to_be_visible()
    finds_nothing(ben, address)
