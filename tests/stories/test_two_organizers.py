"""One organizer proposes somebody for an office, a second one agrees from the notice, a member reads why and objects, and after
three days it happens or does not: seen from every side in real browsers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.roles import Role
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import deliver, finds_nothing, follows_a_notice, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WHY = "She has kept our list of meetings."


def proposes_a_moderator(page: Page) -> None:
    """On a member's page; what is missing is said first."""
    page.get_by_role("link", name="Propose for a role").click()
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Moderator").check(force=True)
    page.get_by_label("6 months").check(force=True)
    page.get_by_label("Why?").fill(WHY)
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("Another organizer has to agree.")).to_be_visible()
    expect(page.get_by_role("link", name="Agree", exact=True)).to_have_count(0)


def agrees(page: Page) -> None:
    follows_a_notice(page, "asks you to agree")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dock four, nights becomes Moderator for 6 months")
    page.get_by_role("link", name="Agree", exact=True).click()
    expect(page.get_by_text(WHY)).to_be_visible()
    page.get_by_role("button", name="Yes, I agree").click()
    expect(page.get_by_text("Members can object")).to_be_visible()


def objects(page: Page) -> None:
    follows_a_notice(page, "you can object")
    page.get_by_text("Object", exact=True).first.click()
    page.get_by_label("Why do you object?").fill("Nobody asked the night shift.")
    page.get_by_role("button", name="Object").click()
    expect(page.get_by_text("You have objected.")).to_be_visible()


def hands_it_back(page: Page) -> None:
    follows_a_notice(page, "You were given a role")
    expect(page.get_by_text("Moderator", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Hand back")).click()
    page.get_by_role("button", name="Hand it back").click()
    expect(page.get_by_text("You no longer hold this role.")).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_an_office_takes_two_and_nobodys_objection_is_named(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days")
    for number in range(4):
        make.member(cast.committee, handle=f"Dock {number}, days")
    first, other, member, ben, outsider = (
        window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, second, cast.mo, cast.ben, cast.boss)
    )
    first.goto(reverse("membership:member", args=[cast.committee.slug, cast.ben.slug]))
    proposes_a_moderator(first)
    deliver()
    assert WHY not in mails(mail_sink, second)[-1].text
    agrees(other)
    deliver()
    objects(member)
    other.reload()
    expect(other.get_by_text("Nobody asked the night shift.")).to_be_visible()
    expect(other.get_by_text(cast.mo.handle)).to_have_count(0)
    finds_nothing(outsider, JointAct.objects.get().url_in(cast.committee.slug), reverse("jointly:acts", args=[cast.committee.slug]))
    JointAct.objects.update(happens_at=timezone.now() - timedelta(seconds=1))  # three days later
    jointly.carry_out(timezone.now())
    deliver()
    hands_it_back(ben)
