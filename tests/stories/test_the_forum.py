"""A conversation across sites, seen from both sides in real browsers: one begins, somebody elsewhere answers, notices arrive,
what was read is marked by itself, and a draft is still there when the browser was closed."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.models import Membership
from committees.notices.management.commands.dispatch import turn
from organizing.forum import commands as forum
from organizing.forum.models import Board, Draft, Post, ReadMark, Topic
from tests import make
from tests.mail_sink import MailSink
from tests.organizing.forum.talking import let_through

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def deliver() -> None:
    while any(turn(sweep=True).values()):
        pass


def window(browser: Browser, server: LiveServer, who: Membership, *, scripts: bool = True) -> Page:
    """A fresh browser in which somebody is signed in."""
    assert who.person is not None
    context = browser.new_context(locale="en-GB", java_script_enabled=scripts)
    cookie = make.client(who.person).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context.new_page()


def member_of_a_site(handle: str) -> Membership:
    """At a site of their own whose committee belongs to the alliance."""
    here = make.committee()
    make.affiliated(here)
    return make.member(here, handle=handle)


def written_by(who: Membership) -> Post:
    return Post.objects.filter(membership=who).latest("pk")


def test_two_sites_talk(browser: Browser, live_server: LiveServer, mail_sink: MailSink) -> None:
    one, other = member_of_a_site("Dock four, nights"), member_of_a_site("Ramp, twilight")
    at_one, at_other = window(browser, live_server, one), window(browser, live_server, other)
    deliver()  # that their committees belong together now
    before = len(mail_sink.to(address(one)))

    topic = begin(at_one, live_server)
    at_other.goto(live_server.url + topic.get_absolute_url())
    expect(at_other.get_by_role("heading", level=1)).not_to_contain_text("Overtime")
    let_through(written_by(one))

    leave_an_answer_half_written(at_other, live_server)
    assert ReadMark.objects.filter(person=other.person, position=1).exists()
    assert Draft.objects.get().person_id == other.person_id
    at_other = window(browser, live_server, other)
    go_on_with_the_answer(at_other, live_server, topic)
    deliver()
    assert len(mail_sink.to(address(one))) == before, "what waits is told to nobody"
    let_through(written_by(other))
    deliver()

    (mail,) = mail_sink.to(address(one))[before:]
    assert "letter" not in mail.text
    assert "Overtime" not in mail.text
    read_the_answer(at_one, live_server, topic, by=other)


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


def address(who: Membership) -> str:
    from committees.people.models import Contact

    assert who.person is not None
    found = Contact.objects.get(person=who.person).address
    return str(found)


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
