"""A flag from both sides, in a real browser: a member flags, a moderator decides by keyboard, the one it is about is told and reads why."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.models import Membership
from committees.moderation.models import Review
from tests import make
from tests.committees.moderation import leaflets
from tests.committees.moderation.leaflets import Leaflet, state_of
from tests.mail_sink import MailSink
from tests.stories.people import deliver, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def flags_it(page: Page, leaflet: Leaflet, note: str) -> None:
    page.goto(reverse("moderation:flag", args=["leaflets.leaflet", leaflet.slug]))
    page.get_by_label("It threatens somebody").check(force=True)
    page.get_by_label("Anything the moderators should know").fill(note)
    page.get_by_role("button", name="Flag it").click()


def test_a_flag_is_decided_by_keyboard_and_its_author_reads_why(browser: Browser, live_server: LiveServer, mail_sink: MailSink) -> None:
    with leaflets.wall():
        cast = make.cast()
        first, second = leaflets.put_up(cast.ben, text="Meet at the gate at two."), leaflets.put_up(cast.ben, text="We know where the lead lives.")
        for leaflet in (first, second):
            flags_it(window(browser, live_server, cast.cleo, scripts=False, width=390), leaflet, "Read it.")
        deliver()
        moderator = window(browser, live_server, cast.mo)
        _keeps_the_first(moderator)
        assert state_of(first) == "visible"
        _takes_it_back(moderator)
        _hides_the_second(moderator)
        assert state_of(second) == "hidden"
        deliver()
        _is_told(window(browser, live_server, cast.ben), cast.ben, mail_sink)


def _keeps_the_first(page: Page) -> None:
    page.goto(reverse("moderation:queue"))
    expect(page.locator("[data-keys]")).to_be_visible()
    cases = page.locator("[data-case]")
    expect(cases).to_have_count(3)  # Dina's application is the oldest
    page.keyboard.press("j")
    expect(cases.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(cases.nth(1)).to_have_class(re.compile("case--current"))
    page.keyboard.press("a")
    expect(page.get_by_text("Kept as it is.")).to_be_visible()
    expect(cases).to_have_count(2)


def _takes_it_back(page: Page) -> None:
    page.keyboard.press("z")
    expect(page.get_by_text("Taken back. It waits again.")).to_be_visible()
    assert Review.objects.open().count() == 2
    page.goto(reverse("moderation:queue"))


def _hides_the_second(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile(r"\?act=hide$"))
    form = page.locator("form:has(input[value=hide])")
    form.get_by_label("Which rule does it break?").select_option("threats")
    form.get_by_label("Or in your own words").fill("It can be read as a threat, and that helps nobody.")
    form.get_by_label("Or in your own words").press("q")  # a letter of a text is no key
    expect(form.get_by_label("Or in your own words")).to_have_value(re.compile("nobody.q$"))
    form.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Hidden. Its author is told why.")).to_be_visible()


def _is_told(page: Page, member: Membership, mail_sink: MailSink) -> None:
    mail = mails(mail_sink, member)[-1]
    said = f"{mail.message['Subject']} {mail.text}"
    assert "threat" not in said
    assert "hidden" not in said.casefold()
    page.goto(reverse("moderation:mine"))
    page.get_by_role("link", name="Hidden").click()
    for words in ("We know where the lead lives.", "No threats, and no calls to hurt anybody", "It can be read as a threat, and that helps nobody."):
        expect(page.get_by_text(words)).to_be_visible()


def test_keys_are_switched_off_and_stay_off(browser: Browser, live_server: LiveServer) -> None:
    cast = make.cast()
    page = window(browser, live_server, cast.mo)
    page.goto(reverse("moderation:queue"))
    page.get_by_label("Keys on").uncheck(force=True)
    page.reload()
    expect(page.get_by_label("Keys on")).not_to_be_checked()
    page.keyboard.press("j")
    expect(page.locator(".case--current")).to_have_count(0)
    expect(page.locator("[data-case] kbd:visible")).to_have_count(0)
    page.get_by_label("Keys on").check(force=True)
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator(".case--current")).to_have_count(1)


def test_without_scripts_several_are_answered_together(browser: Browser, live_server: LiveServer) -> None:
    with leaflets.wall():
        cast = make.cast()
        rows = [leaflets.put_up(cast.ben) for _ in range(2)]
        for row in rows:
            flags_it(window(browser, live_server, cast.cleo, scripts=False), row, "")
        page = window(browser, live_server, cast.mo, scripts=False, width=390)
        page.goto(f"{reverse('moderation:queue')}?kind=flag")
        expect(page.locator("[data-keys]")).to_be_hidden()
        for box in page.locator("input[name=pick]").all():
            box.check(force=True)
        page.locator("#together").get_by_role("button", name=re.compile("Hide")).click()
        page.get_by_label("Which rule does it break?").select_option("junk")
        page.get_by_label("Ready-made words").select_option("junk-0")
        page.get_by_role("button", name="Yes, all of these").click()
        expect(page.get_by_text("2 are done.")).to_be_visible()
        assert [state_of(row) for row in rows] == ["hidden", "hidden"]
