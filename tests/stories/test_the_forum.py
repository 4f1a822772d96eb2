"""A conversation across sites, seen from both sides in real browsers: one begins, somebody elsewhere answers, notices arrive,
what was read is marked by itself, and a draft is still there when the browser was closed."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.models import Membership
from organizing.forum import commands as forum
from organizing.forum.models import Board, Draft, ReadMark, Topic
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import deliver, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def member_of_a_site(handle: str) -> Membership:
    """At a site of their own whose committee belongs to the alliance."""
    here = make.committee()
    make.affiliated(here)
    return make.member(here, handle=handle)


def test_two_sites_talk(browser: Browser, live_server: LiveServer, mail_sink: MailSink) -> None:
    one, other = member_of_a_site("Dock four, nights"), member_of_a_site("Ramp, twilight")
    at_keeper = window(browser, live_server, make.reloaded(make.organizer_of(make.alliance())))
    at_one, at_other = window(browser, live_server, one), window(browser, live_server, other)
    deliver()  # that their committees belong together now
    before = len(mails(mail_sink, one))

    topic = begin(at_one, live_server)
    at_other.goto(live_server.url + topic.get_absolute_url())
    expect(at_other.get_by_role("heading", level=1)).not_to_contain_text("Overtime")
    look_at_it(at_keeper, "They said 60 hours.")

    leave_an_answer_half_written(at_other, live_server)
    assert ReadMark.objects.filter(person=other.person, position=1).exists()
    assert Draft.objects.get().person_id == other.person_id
    at_other = window(browser, live_server, other)
    go_on_with_the_answer(at_other, live_server, topic)
    deliver()
    assert len(mails(mail_sink, one)) == before + 1, "what waits is told to nobody"
    look_at_it(at_keeper, "We got a letter")
    deliver()

    mail = mails(mail_sink, one)[-1]
    assert "letter" not in mail.text
    assert "Overtime" not in mail.text
    read_the_answer(at_one, live_server, topic, by=other)


def look_at_it(page: Page, words: str) -> None:
    """A moderator of the wider committee finds it in the queue, and shows it by one key."""
    page.goto(reverse("moderation:queue"))
    expect(page.locator("[data-case]")).to_have_count(1)
    expect(page.locator("[data-case]")).to_contain_text(words)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_text("Shown. Its author is told.")).to_be_visible()


def begin(page: Page, server: LiveServer) -> Topic:
    """Begins a topic for all sites, looks at it first; it waits for a moderator."""
    page.goto(server.url + reverse("forum:front"))
    page.get_by_role("link", name="All sites together").first.click()
    page.get_by_role("link", name="Begin a topic").click()
    page.get_by_label("What is it about?").fill("Overtime hours")
    page.get_by_label("Text").fill("They said **60 hours**.")
    expect(page.get_by_text("Members of all committees that belong to")).to_be_visible()
    page.get_by_role("button", name="See how it looks").click()
    expect(page.locator(".sheet strong", has_text="60 hours")).to_be_visible()
    page.get_by_role("button", name="Begin the topic").click()
    expect(page.get_by_text("Only you can see this until somebody has looked at it.")).to_be_visible()
    return Topic.objects.get()


def leave_an_answer_half_written(page: Page, server: LiveServer) -> None:
    page.goto(server.url + reverse("forum:unread"))
    page.get_by_role("link", name="Overtime hours").click()
    expect(page.get_by_role("button", name="I have read up to here")).to_be_hidden()
    page.get_by_label("Your reply").press_sequentially("We got a letter")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    page.context.close()


def go_on_with_the_answer(page: Page, server: LiveServer, topic: Topic) -> None:
    page.goto(server.url + topic.get_absolute_url())
    expect(page.get_by_label("Your reply")).to_have_value("We got a letter")
    page.get_by_role("link", name="Reply").first.click()
    expect(page.get_by_text("You answer post 1.")).to_be_visible()
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Waiting for a moderator")).to_be_visible()


def read_the_answer(page: Page, server: LiveServer, topic: Topic, *, by: Membership) -> None:
    """From the inbox to the very post; with the author's site, never the name of their committee."""
    page.goto(server.url + reverse("notices:inbox"))
    page.get_by_role("link", name=re.compile("Somebody answered you in the forum")).click()
    expect(page).to_have_url(f"{server.url}{topic.get_absolute_url()}#p2")
    answer = page.locator("#p2")
    expect(answer).to_contain_text("We got a letter")
    expect(answer).to_contain_text("Ramp, twilight")
    assert by.committee.workplace is not None
    expect(answer).to_contain_text(by.committee.workplace.code)
    expect(answer).not_to_contain_text(by.committee.name)


def test_without_scripts_nothing_is_missing(browser: Browser, live_server: LiveServer) -> None:
    cast = make.cast()
    topic = forum.start(
        Board.objects.filter(committee=cast.committee).order_by("pk")[0], title="Heaters", text="Off.", language="en", by=cast.ada, at=timezone.now()
    )
    page = window(browser, live_server, cast.ben, scripts=False)
    page.goto(live_server.url + topic.get_absolute_url())
    page.get_by_role("button", name="I have read up to here").click()
    assert ReadMark.objects.get(person=cast.ben.person).position == 1
    page.goto(live_server.url + topic.get_absolute_url())
    page.get_by_role("link", name="Quote").click()
    page.get_by_label("Your reply").fill(page.get_by_label("Your reply").input_value() + "Here too")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("status").filter(has_text="Your draft is kept")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value(re.compile("Here too"))
    page.get_by_role("button", name="See how it looks").click()
    expect(page.locator(".sheet blockquote")).to_contain_text("Off.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_text("Waiting for a moderator")).to_be_visible()
