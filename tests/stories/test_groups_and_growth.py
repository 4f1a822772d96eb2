"""Two groups at one workplace that only the alliance can see become one committee; how a committee grows, for its organizers alone;
and a committee that closes."""

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
from committees.membership.models import Membership
from committees.membership.roles import Role
from organizing.growth import commands as growth
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import agrees_as_the_second, deliver, finds_nothing, follows_a_notice, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WIDTHS = pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])


def three_days_later() -> None:
    JointAct.objects.filter(happens_at__isnull=False).update(happens_at=timezone.now() - timedelta(seconds=1))
    jointly.carry_out(timezone.now())
    deliver()


def proposes(page: Page) -> None:
    page.get_by_label("Why?").fill("Together we are more than twice as many.")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("Another organizer has to agree.")).to_be_visible()


@WIDTHS
def test_two_groups_become_one(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    one = make.committee(listed=False)
    two = make.committee(site=one.workplace)
    seconds = [make.member(each, roles=(Role.ORGANIZER,), handle=f"Second of {n}") for n, each in enumerate((one, two))]
    member = make.member(two, handle="Dock four, nights")
    firsts = [make.organizer_of(each) for each in (one, two)]
    judge = make.organizer_of(make.alliance())
    outsider = window(browser, live_server, make.organizer_of(make.committee()), scripts=scripts, width=width)

    alliance = window(browser, live_server, judge, scripts=scripts, width=width)
    alliance.goto(reverse("jointly:acts", args=[judge.committee.slug]))
    alliance.get_by_role("link", name="Groups at one workplace").click()
    alliance.get_by_role("button", name=re.compile("Bring them together")).first.click()
    expect(alliance.get_by_text("Brought together", exact=True).first).to_be_visible()
    deliver()
    for first, second in zip(firsts, seconds, strict=True):
        page = window(browser, live_server, first, scripts=scripts, width=width)
        follows_a_notice(page, "another group at your workplace")
        page.get_by_role("link", name=re.compile("[Bb]ecome one")).first.click()
        proposes(page)
        deliver()
        agrees_as_the_second(window(browser, live_server, second, scripts=scripts, width=width))
    finds_nothing(outsider, reverse("jointly:groups", args=[judge.committee.slug]), reverse("jointly:acts", args=[two.slug]))
    three_days_later()
    stays = Committee.objects.exclude(life="dissolved").get(pk__in=(one.pk, two.pk))
    ben = window(browser, live_server, member, scripts=scripts, width=width)
    ben.goto(reverse("membership:committee", args=[two.slug]))
    expect(ben.get_by_role("heading", level=1)).to_have_text(stays.name)
    expect(ben.get_by_text("Dock four, nights").first).to_be_visible()


@WIDTHS
def test_organizers_see_how_it_grows_and_nobody_sees_a_person(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    here = make.committee()
    for number in range(24):
        make.member(here, handle=f"Dock {number}, nights")
    Committee.objects.filter(pk=here.pk).update(founded_at=timezone.now() - timedelta(days=40))
    growth.record_weeks(timezone.now())
    growth.take_pictures(timezone.now())
    organizer, member = make.organizer_of(here), Membership.objects.get(committee=here, handle="Dock 3, nights")
    page = window(browser, live_server, organizer, scripts=scripts, width=width)
    page.goto(reverse("membership:committee", args=[here.slug]))
    page.get_by_role("link", name="How the committee grows, week by week").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How the committee grows")
    expect(page.locator("main svg[role=img]").first).to_be_visible()
    page.get_by_text("See these numbers as a table").first.click()
    expect(page.locator("main table").first).to_be_visible()
    expect(page.locator("main", has_text="Dock 3")).to_have_count(0)
    finds_nothing(window(browser, live_server, member, scripts=scripts, width=width), reverse("growth:growth", args=[here.slug]))


@WIDTHS
def test_a_committee_closes(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days")
    ada, other, ben = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, second, cast.ben))
    ada.goto(reverse("membership:settings", args=[cast.committee.slug]))
    ada.get_by_role("link", name="What happens then").click()
    proposes(ada)
    deliver()
    agrees_as_the_second(other)
    deliver()
    follows_a_notice(ben, "you can object")
    expect(ben.get_by_role("heading", level=1)).to_have_text("The committee is closed")
    three_days_later()
    finds_nothing(ben, reverse("membership:committee", args=[cast.committee.slug]))
    ben.goto(reverse("notices:inbox"))
    expect(ben.get_by_text(re.compile("closed")).first).to_be_visible()
