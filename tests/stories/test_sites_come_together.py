"""Two committees come together under a wider one and meet, seen from every side in real browsers: one asks and is declined with
a reason, asks again and is let in; then it invites the other to a meeting, whose organizers answer before any member is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.alliance.models import Affiliation
from committees.bodies.models import Committee
from committees.membership.models import Membership
from organizing.meetings import commands as meetings
from organizing.meetings.models import Answer, Held, Meeting
from organizing.meetings.plans import Plan, Where, Words
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import deliver, mails, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def organizer(committee: Committee) -> Membership:
    return make.reloaded(make.organizer_of(committee))


def ties_of(committee: Committee) -> str:
    return reverse("alliance:ties", args=[committee.slug])


def ask(page: Page, committee: Committee, words: str) -> None:
    page.goto(ties_of(committee))
    page.get_by_role("link", name="Ask a wider committee").click()
    page.get_by_label(re.compile("Alliance")).check(force=True)
    page.get_by_label("A word to its organizers").fill(words)
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("Sent. Their organizers answer; you are told.")).to_be_visible()


def open_notice(page: Page, words: str) -> None:
    """The newest one of that kind in the inbox leads to what it is about."""
    page.goto(reverse("notices:inbox"))
    page.get_by_role("link", name=re.compile(words)).first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_committee_is_declined_asks_again_and_belongs(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool) -> None:
    wide, ours = make.alliance(), make.committee()
    asks, answers = organizer(ours), organizer(wide)
    ben = make.member(ours, handle="Dock four, nights")
    here = window(browser, live_server, asks, scripts=scripts, width=390)
    there = window(browser, live_server, answers, scripts=scripts)

    ask(here, ours, "We are two crews.")
    deliver()
    assert "two crews" not in mails(mail_sink, answers)[-1].text
    open_notice(there, "asks to belong to yours")
    expect(there.get_by_text("We are two crews.")).to_be_visible()
    there.get_by_role("button", name="Decline").click()
    expect(there.get_by_label("Why?")).to_have_attribute("aria-invalid", "true")
    there.get_by_label("Why?").fill("Hold your second meeting first.")
    there.get_by_role("button", name="Decline").click()
    deliver()
    open_notice(here, "wider committee declined")
    expect(here.get_by_text("Hold your second meeting first.")).to_be_visible()

    ask(here, ours, "We have held it.")
    there.goto(ties_of(wide))
    there.get_by_role("region", name="Waiting for your answer").get_by_role("link").click()
    there.get_by_role("button", name="Yes, together").click()
    deliver()
    assert Affiliation.objects.get(committee=ours, state="accepted").wider_id == wide.pk
    member = window(browser, live_server, ben, scripts=scripts, width=390)
    open_notice(member, "Your committee belongs to a wider one")
    expect(member.locator("main")).to_contain_text("Alliance")
    member.goto(reverse("forum:front"))
    member.locator("summary", has_text="Parts of the forum").click()
    expect(member.get_by_role("link", name="All sites together").first).to_be_visible()


def called_by(by: Membership) -> Meeting:
    day = timezone.now() + timedelta(days=5)
    plan = Plan(
        words=Words(subject="Overtime at both sites", languages=("en",)),
        zone="Europe/London",
        day=day.date(),
        clock=day.time().replace(second=0, microsecond=0),
        where=Where(held=Held.ONLINE, link="https://meet.example/both"),
    )
    return meetings.call(meetings.draft(plan, by=by, at=timezone.now()), by=by, at=timezone.now())


def test_another_committee_comes_to_a_meeting(browser: Browser, live_server: LiveServer, mail_sink: MailSink) -> None:
    host, guest = make.committee(), make.committee()
    for each in (host, guest):
        make.affiliated(each)
    theirs = make.member(guest, handle="Sortation, nights")
    meeting = called_by(organizer(host))
    deliver()
    before = len(mails(mail_sink, theirs))

    at_host = window(browser, live_server, organizer(host))
    at_host.goto(meeting.get_absolute_url())
    at_host.get_by_role("link", name="Invite other committees").click()
    at_host.get_by_label(guest.name).check(force=True)
    at_host.get_by_role("button", name="Invite them").click()
    expect(at_host.get_by_text("Invited. Their organizers answer; you are told.")).to_be_visible()
    deliver()
    assert len(mails(mail_sink, theirs)) == before, "no member is told before their organizers have answered"
    at_theirs = window(browser, live_server, theirs, width=390)
    address = reverse("meetings:meeting", args=[guest.slug, meeting.slug])
    at_theirs.goto(address)
    expect(at_theirs.locator("main")).not_to_contain_text("Overtime at both sites")

    at_guest = window(browser, live_server, organizer(guest), width=390)
    open_notice(at_guest, "Your committee is invited")
    at_guest.get_by_role("button", name="Yes, we come").click()
    expect(at_guest.get_by_text("Answered. The other organizers are told.")).to_be_visible()
    deliver()
    assert "Overtime" not in mails(mail_sink, theirs)[-1].text
    at_theirs.goto(address)
    at_theirs.get_by_label("Yes", exact=True).check(force=True)
    at_theirs.get_by_role("button", name="Save my answer").click()
    expect(at_theirs.locator("main")).to_contain_text("Overtime at both sites")
    assert Answer.objects.get(membership=theirs).choice == "yes"

    at_host.goto(reverse("meetings:guests", args=[host.slug, meeting.slug]))
    expect(at_host.locator("main")).to_contain_text(guest.name)
    at_host.goto(meeting.get_absolute_url())
    expect(at_host.locator("body")).not_to_contain_text("Sortation, nights")
