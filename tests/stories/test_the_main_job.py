"""The main job from start to end, in a real browser and with real mail: a worker joins, an organizer calls a meeting, the
notices arrive. Each person reads what they get in their own language."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.applications import Application
from committees.membership.models import Membership
from committees.notices.management.commands.dispatch import turn
from committees.people.models import Person
from organizing.meetings.models import Meeting
from tests import make
from tests.mail_sink import MailSink, Received

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def deliver() -> None:
    """What the dispatcher does on a server: everything that is due goes out."""
    while any(turn(sweep=True).values()):
        pass


def code_in(mail: Received) -> str:
    found = re.search(r"\b([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\b", mail.text)
    assert found, mail.text
    return found.group(1)


class Someone:
    """A person at their own browser."""

    def __init__(self, browser: Browser, server: LiveServer, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(locale=options.pop("locale", "en-GB"), **options)
        self.page: Page = self.context.new_page()
        self.url = server.url

    def signed_in(self, person: Person) -> Someone:
        cookie = make.client(person).cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        return self

    def goes_to(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def presses(self, words: str) -> Page:
        self.page.get_by_role("button", name=words, exact=True).click()
        return self.page


def test_a_worker_joins_an_organizer_calls_a_meeting_and_the_notices_arrive(browser: Browser, live_server: LiveServer, mail_sink: MailSink) -> None:
    committee = make.committee(probation_days=0)
    organizer = make.reloaded(make.organizer_of(committee))
    assert organizer.person is not None
    assert committee.workplace is not None

    # A worker on a phone that speaks Spanish opens an account, on the way to the committee of the workplace.
    worker = Someone(browser, live_server, locale="es-MX", timezone_id="America/Mexico_City", viewport={"width": 390, "height": 800})
    page = worker.goes_to(f"/workplaces/?q={committee.workplace.code}")
    page.get_by_role("link", name=re.compile(re.escape(committee.workplace.code))).first.click()
    page.goto(f"{live_server.url}{reverse('bodies:card', args=[committee.slug])}")
    page.locator("aside a.btn--accent").click()
    page.locator("input[value=email]").check(force=True)
    page.locator("main form button").first.click()
    page.locator("input[name=address]").fill("worker@mail.example")
    page.locator("main form button").first.click()
    expect(page.locator("input[name=code]")).to_be_visible()
    deliver()
    code_mail = mail_sink.to("worker@mail.example")[-1]
    page.locator("input[name=code]").fill(code_in(code_mail))
    page.locator("main form button").first.click()
    expect(page.locator("select[name=time_zone]")).to_have_value("America/Mexico_City")
    page.locator("main form button").first.click()
    page.locator("input[value=code]").check(force=True)
    page.locator("main form button").first.click()
    page.locator("button[value=done]").click()
    page.wait_for_url(f"**{reverse('bodies:card', args=[committee.slug])}")

    # They come back to the committee's card and apply, one question at a time.
    person = Person.objects.present().order_by("-pk").first()
    assert person is not None
    assert (person.language, person.time_zone) == ("es", "America/Mexico_City")
    page.locator("aside form button").click()
    page.locator("input[name=shift]").first.check(force=True)
    page.locator("main form button").first.click()
    page.locator("input[name=handle]").fill("Cinta seis, noches")
    page.locator("main form button").first.click()
    page.locator("textarea[name=why]").fill("Somos tres en el turno.")
    page.locator("main form button").first.click()
    page.locator("input[name=promise]").check(force=True)
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("Cinta seis, noches")
    page.locator("main form button").last.click()
    expect(page.locator(".donebox h1")).to_be_visible()
    application = Application.objects.get(person=person)
    assert application.state == "pending"

    # The organizer is told neutrally, checks and accepts.
    deliver()
    told = mail_sink.to(address_of(organizer.person))[-1]
    assert committee.name not in told.subject + told.text
    reviewer = Someone(browser, live_server).signed_in(organizer.person)
    page_of_case = reviewer.goes_to(reverse("membership:queue"))
    page_of_case.get_by_role("link", name=re.compile("Open")).first.click()
    reviewer.page.get_by_text("Talked with them").first.click()
    reviewer.presses("Keep my check")
    reviewer.presses("Accept this application")
    expect(reviewer.page.get_by_text("Accepted. They are told now.")).to_be_visible()

    # The worker is told by mail, in Spanish, and sees the committee.
    deliver()
    answer = mail_sink.to("worker@mail.example")[-1]
    assert answer.message["Content-Language"] in (None, "es")
    assert answer.subject == "Hay algo nuevo para ti"
    assert committee.name not in answer.subject + answer.text
    expect(worker.goes_to(committee.get_absolute_url()).locator("h1")).to_contain_text(committee.name)

    # The organizer calls a meeting, having seen who gets it and what they read.
    plan = reviewer.goes_to(reverse("meetings:new", args=[committee.slug]))
    plan.get_by_label("Subject", exact=True).fill("Peak season hours")
    plan.get_by_label("Date").fill((timezone.now() + timedelta(days=3)).date().isoformat())
    plan.get_by_label("Starts").fill("19:00")
    plan.get_by_label("Link", exact=False).first.fill("https://meet.example.org/secret-room")
    reviewer.presses("Check and send")
    expect(plan.get_by_role("heading", name="Check the meeting, then send")).to_be_visible()
    reviewer.presses("Call the meeting and tell everyone")
    expect(plan.get_by_text("The meeting is called.", exact=False)).to_be_visible()
    deliver()
    called = mail_sink.to("worker@mail.example")[-1]
    for secret in ("secret-room", "Peak season hours", committee.name):
        assert secret not in called.subject + called.text
    assert called.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    # The worker sees it first thing, at their own time, and says yes.
    today = worker.goes_to("/today/")
    expect(today.locator("main")).to_contain_text("Peak season hours")
    today.locator("button[name=choice][value=yes]").first.click()
    expect(today.locator("main")).to_contain_text("cambiarla")
    meeting = Meeting.objects.get()
    assert meeting.answers.get().choice == "yes"

    # It is moved: they hear of it again. It is cancelled: once more, and never the older news after the newer.
    before = len(mail_sink.to("worker@mail.example"))
    move = reviewer.goes_to(reverse("meetings:move", args=[committee.slug, meeting.slug]))
    move.get_by_label("Starts").fill("20:30")
    reviewer.presses("Go on")
    reviewer.presses("Move it and tell everyone")
    expect(move.get_by_text("The meeting is moved.", exact=False)).to_be_visible()
    deliver()
    assert len(mail_sink.to("worker@mail.example")) == before + 1
    reviewer.goes_to(reverse("meetings:cancel", args=[committee.slug, meeting.slug]))
    reviewer.presses("Cancel it and tell everyone")
    expect(reviewer.page.get_by_text("The meeting is cancelled.", exact=False)).to_be_visible()
    deliver()
    assert len(mail_sink.to("worker@mail.example")) == before + 2
    expect(worker.goes_to(meeting.get_absolute_url()).locator("main")).to_contain_text("cancel", ignore_case=True)
    assert Membership.objects.get(person=person).standing == "member"


def address_of(person: Person) -> str:
    from committees.people.queries import addresses

    return str(addresses([person.pk], "email")[person.pk].address)


def test_the_manager_and_the_outsider_learn_nothing(browser: Browser, live_server: LiveServer) -> None:
    committee = make.committee()
    member = make.member(committee)
    inside = [committee.get_absolute_url(), reverse("meetings:of_committee", args=[committee.slug]), reverse("membership:log", args=[committee.slug])]
    manager = Someone(browser, live_server).signed_in(make.person())
    outsider = Someone(browser, live_server)
    for path in inside:
        for who in (manager, outsider):
            body = who.goes_to(path).content()
            assert committee.name not in body
            assert member.handle not in body
    expect(manager.goes_to(inside[0]).get_by_role("heading", name="We can’t find this page")).to_be_visible()
    expect(manager.goes_to("/committees/22222222bbbb/inside/").get_by_role("heading", name="We can’t find this page")).to_be_visible()
    expect(outsider.goes_to(inside[0]).get_by_role("button", name="Sign in", exact=True)).to_be_visible()
