"""A committee goes to another server: two organizers take the file, somebody brings it where it goes to, the alliance there lets it
come, and a member finds their name and what they wrote; seen from every side in real browsers."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.bodies.models import Committee
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.roles import Role
from committees.resettling import commands as resettling
from committees.resettling.models import Arrival
from organizing.forum import commands as forum
from organizing.forum.models import Board
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import agrees_as_the_second, deliver, finds_nothing, follows_a_notice, mails, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def proposes_to_go(page: Page, slug: str) -> None:
    page.goto(reverse("membership:settings", args=[slug]))
    page.get_by_role("link", name="How that goes").click()
    page.get_by_label("Why?").fill("This server closes at the end of the year.")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("Another organizer has to agree.")).to_be_visible()


def takes_the_file(page: Page, to: Path) -> tuple[str, str]:
    """From the notice that it is done. Returns the words and the organizer's own code."""
    follows_a_notice(page, "proposed is done")
    page.get_by_role("link", name="Your code for the other server").click()
    code, words = page.locator(".receipt").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the file").click()
    download.value.save_as(to)
    return words, code


def reads_their_code(page: Page, slug: str) -> str:
    page.goto(reverse("membership:committee", args=[slug]))
    page.get_by_role("link", name="Your code", exact=True).click()
    expect(page.get_by_role("button", name="Take the file")).to_have_count(0)
    return page.locator(".receipt").inner_text()


def brings_it(page: Page, file: Path, words: str, code: str) -> None:
    page.get_by_role("link", name="Bring it from another server").click()
    page.get_by_label("The file of your committee").set_input_files(file)
    page.get_by_label("The words that open it").fill("acorn amber")
    page.get_by_label("Your own code").fill(code)
    page.get_by_label(re.compile("How can the organizers")).fill("We met in May.")
    page.get_by_role("button", name="Ask to let it come").click()
    expect(page.get_by_role("alert")).to_contain_text("These words do not open this file")
    expect(page.get_by_label("Your own code")).to_have_value(code)
    page.get_by_label("The file of your committee").set_input_files(file)
    page.get_by_label("The words that open it").fill(words)
    page.get_by_role("button", name="Ask to let it come").click()
    expect(page.get_by_text("Waits for an answer")).to_be_visible()


def lets_it_come(page: Page) -> None:
    follows_a_notice(page, "wants to come")
    page.locator("main a.row-link").first.click()
    expect(page.get_by_text("We met in May.")).to_be_visible()
    page.get_by_role("button", name="Let it come").click()
    expect(page.get_by_text("It is unpacked within a few minutes")).to_be_visible()


def takes_their_place(page: Page, code: str) -> None:
    page.goto(reverse("bodies:list"))
    page.get_by_role("link", name="I have a code from another server").click()
    page.get_by_label("Your code").fill(code.lower())
    page.get_by_role("button", name="Take my place").click()
    expect(page.get_by_text("This is your place.")).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
def test_a_committee_goes_and_its_members_find_their_places(
    browser: Browser, live_server: LiveServer, mail_sink: MailSink, tmp_path: Path, *, scripts: bool, width: int
) -> None:
    cast = make.cast()
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days")
    board = Board.objects.get(committee=cast.committee, audience="committee")
    forum.start(board, title="Heaters in hall B", text="Since Monday.", language="en", by=make.reloaded(second), at=timezone.now())
    site, judge = make.workplace(name="Where it goes to"), make.organizer_of(make.alliance())
    ada, other, outsider, alliance = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ada, second, cast.boss, judge))
    slug = cast.committee.slug
    proposes_to_go(ada, slug)
    deliver()
    agrees_as_the_second(other)
    JointAct.objects.update(happens_at=timezone.now() - timedelta(seconds=1))  # three days later
    jointly.carry_out(timezone.now())
    deliver()
    words, code = takes_the_file(ada, tmp_path / "committee.age")
    theirs = reads_their_code(window(browser, live_server, cast.ben, scripts=scripts, width=width), slug)
    finds_nothing(outsider, reverse("resettling:leaving", args=[slug]))

    bringer = window_of(browser, live_server, make.person(), scripts=scripts, width=width)
    bringer.goto(reverse("membership:start", args=[site.slug]))
    brings_it(bringer, tmp_path / "committee.age", words, code)
    waiting = bringer.url
    deliver()
    assert cast.committee.name not in mails(mail_sink, judge)[-1].text
    lets_it_come(alliance)
    resettling.unpack_accepted(timezone.now())  # within a minute
    bringer.goto(waiting)
    bringer.get_by_role("link", name="Go to the committee").click()
    here = Committee.objects.get(pk=Arrival.objects.get().committee_id)
    expect(bringer.get_by_role("heading", level=1)).to_have_text(here.name)

    came = window_of(browser, live_server, make.person(), scripts=scripts, width=width)
    takes_their_place(came, theirs)
    came.goto(reverse("forum:of_committee", args=[here.slug]))
    came.get_by_role("link", name="Heaters in hall B").click()
    expect(came.get_by_text("Since Monday.")).to_be_visible()
    expect(came.get_by_text("Former member")).to_be_visible()  # who wrote it has not come yet
    finds_nothing(outsider, reverse("forum:of_committee", args=[here.slug]), waiting)
