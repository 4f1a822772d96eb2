"""An organizer is away and a member covers for them; and a committee lets those who keep the service look at a part of it: seen by
those who ask, by those who agree, by members, and by an admin before, while and after."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.roles import Role
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import agrees_as_the_second, deliver, finds_nothing, follows_a_notice, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WIDTHS = pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])


@WIDTHS
def test_a_member_covers_for_an_organizer_who_is_away(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days")
    ada, ben, other, mo, boss = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, cast.ben, second, cast.mo, cast.boss))
    new_meeting = reverse("meetings:new", args=[cast.committee.slug])
    today = timezone.localdate()
    ada.goto(reverse("jointly:away", args=[cast.committee.slug]))
    ada.get_by_role("link", name="I will be away").click()
    ada.locator("[name=name]").fill("Nobody of that name")
    ada.locator("[name=first]").fill(today.isoformat())
    ada.locator("[name=last]").fill((today + timedelta(days=10)).isoformat())
    ada.get_by_role("button", name="Ask them").click()
    expect(ada.get_by_role("alert")).to_be_visible()
    ada.locator("[name=name]").fill(cast.ben.handle)
    ada.get_by_role("button", name="Ask them").click()
    deliver()
    follows_a_notice(ben, "cover")
    ben.get_by_role("button", name="Yes, I cover").click()
    finds_nothing(ben, new_meeting)  # not before a second one has agreed
    deliver()
    agrees_as_the_second(other)
    JointAct.objects.update(happens_at=timezone.now() - timedelta(seconds=1))  # three days later
    jointly.carry_out(timezone.now())
    ben.goto(new_meeting)
    expect(ben.get_by_role("heading", level=1)).to_be_visible()
    mo.goto(reverse("jointly:away", args=[cast.committee.slug]))
    expect(mo.get_by_text(f"{cast.ben.handle} covers for {cast.ada.handle}").first).to_be_visible()
    finds_nothing(boss, reverse("jointly:away", args=[cast.committee.slug]))


@WIDTHS
def test_those_who_keep_the_service_see_what_a_committee_lets_them(
    browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int
) -> None:
    cast = make.cast()
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days")
    ada, other, ben = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, second, cast.ben))
    admin = window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width)
    admin.goto(reverse("support:keeping"))
    expect(admin.get_by_text("No committee asks for help now")).to_be_visible()
    ada.goto(reverse("support:of_committee", args=[cast.committee.slug]))
    ada.get_by_role("link", name="Ask for help").click()
    ada.get_by_label("Settings and rules").check(force=True)
    ada.get_by_label("Why?").fill("New people cannot find how to join.")
    ada.get_by_role("button", name="Propose it").click()
    deliver()
    agrees_as_the_second(other)
    admin.goto(reverse("support:keeping"))
    admin.get_by_role("link", name=re.compile("Settings and rules")).first.click()
    expect(admin.get_by_text(cast.committee.name).first).to_be_visible()
    seen = admin.url.replace(live_server.url, "")
    ben.goto(reverse("support:of_committee", args=[cast.committee.slug]))
    expect(ben.get_by_text("Admin 1").first).to_be_visible()
    ada.goto(reverse("support:of_committee", args=[cast.committee.slug]))
    ada.get_by_role("button", name="End it now").click()
    expect(ada.get_by_text("They see nothing any more")).to_be_visible()
    finds_nothing(admin, seen)
