"""A member moves to another site: they apply there like everybody else, bring along that they were confirmed before, and leave the
old committee when they are accepted; seen by the mover, the reviewer there and the organizer they come from."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.applications import Application, Check
from committees.membership.models import Membership
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import answers_and_sends, deliver, finds_nothing, follows_a_notice, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def applies_from_elsewhere(page: Page, slug: str) -> None:
    page.goto(reverse("membership:begin", args=[slug]))
    page.get_by_role("button", name="I have moved here from another site").click()
    page.get_by_label(re.compile("Show the people who check applications")).check(force=True)
    page.get_by_role("button", name="Continue").click()
    answers_and_sends(page, "New at the gate")


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_a_member_moves_with_what_was_confirmed(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    old, new = make.committee(probation_days=0), make.committee(probation_days=0)
    mover = make.admitted(make.application(old))
    vouched = Check.objects.filter(application__person=mover.person).first()
    assert vouched is not None
    page, reviewer, former = (
        window(browser, live_server, who, scripts=scripts, width=width) for who in (mover, make.organizer_of(new), make.organizer_of(old))
    )
    applies_from_elsewhere(page, new.slug)
    deliver()
    sent = Application.objects.get(committee=new)
    follows_a_notice(reviewer, "wants to join")
    expect(reviewer.get_by_text(old.name).first).to_be_visible()
    expect(reviewer.locator("main", has_text=vouched.by.handle if vouched.by else "-")).to_have_count(0)  # never who vouched there
    finds_nothing(former, reviewer.url.replace(live_server.url, ""))
    make.admitted(sent)
    deliver()
    assert Membership.objects.filter(committee=new, person=mover.person, standing="member").exists()
    finds_nothing(page, reverse("membership:committee", args=[old.slug]))
    page.goto(reverse("membership:committee", args=[new.slug]))
    expect(page.get_by_text("New at the gate").first).to_be_visible()
