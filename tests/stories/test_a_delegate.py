"""A committee sends a delegate: proposed by one organizer, agreed by another, taken up and reported by the delegate, read by a member, and
seen by those who organize where the delegate sits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.roles import Role
from tests import make
from tests.mail_sink import MailSink
from tests.organizing.forum.talking import known
from tests.stories.people import agrees_as_the_second, deliver, finds_nothing, follows_a_notice, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
TEXT = "Speak for a common day of action. Agree to no date before you asked us."


def proposes(page: Page, cast: make.Cast) -> None:
    """An organizer, who reads first what is missing."""
    slug = cast.committee.slug
    page.goto(reverse("mandates:of_committee", args=[slug]))
    page.get_by_role("link", name="Send a delegate").click()
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Who goes?").fill(cast.ben.handle)
    page.get_by_label("Who takes over").fill(cast.mo.handle)
    page.get_by_label("What may they say").fill(TEXT)
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("Another organizer has to agree.")).to_be_visible()


def reports(page: Page) -> None:
    """The delegate, from the notice on."""
    follows_a_notice(page, "You are a delegate")
    page.get_by_role("link", name="Write a report").click()
    page.locator("[name=title]").fill("What was said in June")
    page.locator("[name=text]").fill("They want a common day. I said that we decide in two weeks.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What was said in June")


def sits_there(page: Page, cast: make.Cast, wider: Committee) -> None:
    """The delegate, who found nothing there before."""
    slug = cast.committee.slug
    finds_nothing(page, reverse("membership:committee", args=[wider.slug]))
    page.goto(reverse("mandates:of_committee", args=[slug]))
    page.get_by_role("link", name=cast.ben.handle).click()
    page.get_by_label("Your name there").fill("Coventry speaks")
    page.get_by_role("button", name="Take the seat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(wider.name)


def hands_it_back(page: Page, cast: make.Cast) -> None:
    slug = cast.committee.slug
    page.goto(reverse("mandates:of_committee", args=[slug]))
    page.get_by_role("link", name=cast.ben.handle).click()
    page.get_by_text("Hand the mandate back").click()
    page.get_by_role("button", name="Hand it back").click()
    expect(page.get_by_text(re.compile("no longer named"))).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_a_delegate_is_sent_reports_sits_there_and_hands_it_back(
    browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int
) -> None:
    cast = make.cast()
    tie = make.affiliated(cast.committee)
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days")
    known(make.reloaded(cast.ben))
    intake = make.reloaded(make.organizer_of(tie.wider))
    ada, other, ben, mo, wide, boss = (
        window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, second, cast.ben, cast.mo, intake, cast.boss)
    )
    slug = cast.committee.slug
    proposes(ada, cast)
    deliver()
    assert TEXT not in mails(mail_sink, cast.ben)[-1].text
    follows_a_notice(ben, "proposed as a delegate")
    expect(ben.get_by_text(TEXT)).to_be_visible()
    agrees_as_the_second(other)
    JointAct.objects.update(happens_at=timezone.now() - timedelta(seconds=1))
    jointly.carry_out(timezone.now())
    deliver()
    reports(ben)
    mo.goto(reverse("membership:committee", args=[slug]))
    mo.get_by_role("link", name=cast.ben.handle, exact=True).first.click()
    mo.get_by_role("link", name="What was said in June").click()
    expect(mo.get_by_text("They want a common day.")).to_be_visible()
    sits_there(ben, cast, tie.wider)
    deliver()
    follows_a_notice(wide, "A delegate sits in your committee now")
    expect(wide.get_by_text("Coventry speaks")).to_be_visible()
    expect(wide.get_by_text(TEXT)).to_be_visible()
    finds_nothing(boss, reverse("mandates:of_committee", args=[slug]))
    hands_it_back(ben, cast)
    finds_nothing(ben, reverse("membership:committee", args=[tie.wider.slug]))
    deliver()
    follows_a_notice(mo, "You are a delegate")
    expect(mo.get_by_role("heading", level=1)).to_contain_text(cast.mo.handle)
