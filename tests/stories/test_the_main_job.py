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

from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.people.models import Person
from organizing.meetings.models import Meeting
from tests import make
from tests.mail_sink import MailSink, Received
from tests.stories.people import deliver

ADDRESS = "worker@mail.example"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def code_in(mail: Received) -> str:
    found = re.search(r"\b([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\b", mail.text)
    assert found, mail.text
    return found.group(1)


class Someone:
    """A person at their own browser."""

    def __init__(self, browser: Browser, server: LiveServer, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.url = server.url

    def signed_in(self, person: Person) -> Someone:
        cookie = make.client(person).cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        return self

    def goes_to(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def goes_on(self) -> None:
        """Presses the one main button of a page that asks one thing."""
        self.page.locator("main form button").first.click()

    def presses(self, words: str) -> Page:
        self.page.get_by_role("button", name=words, exact=True).click()
        return self.page


def opens_an_account(worker: Someone, committee: Committee, mail_sink: MailSink) -> Person:
    """On a phone that speaks Spanish, on the way to the committee of the workplace."""
    assert committee.workplace is not None
    page = worker.goes_to(f"/workplaces/?q={committee.workplace.code}")
    page.get_by_role("link", name=re.compile(re.escape(committee.workplace.code))).first.click()
    card = reverse("bodies:card", args=[committee.slug])
    worker.goes_to(card).locator("aside a.btn--accent").click()
    page.locator("input[value=email]").check(force=True)
    worker.goes_on()
    page.locator("input[name=address]").fill(ADDRESS)
    worker.goes_on()
    expect(page.locator("input[name=code]")).to_be_visible()
    deliver()
    page.locator("input[name=code]").fill(code_in(mail_sink.to(ADDRESS)[-1]))
    worker.goes_on()
    expect(page.locator("select[name=time_zone]")).to_have_value("America/Mexico_City")
    worker.goes_on()
    page.locator("input[value=code]").check(force=True)
    worker.goes_on()
    page.locator("button[value=done]").click()
    expect(page.locator(".receipt")).to_have_count(0)
    person = Person.objects.present().order_by("-pk").first()
    assert person is not None
    assert (person.language, person.time_zone) == ("es", "America/Mexico_City")
    return person


def applies(worker: Someone, committee: Committee) -> None:
    """One question at a time, and all answers once more before they are sent."""
    page = worker.goes_to(reverse("membership:begin", args=[committee.slug]))
    page.locator("main form button").last.click()
    page.locator("input[name=shift]").first.check(force=True)
    worker.goes_on()
    page.locator("input[name=handle]").fill("Cinta seis, noches")
    worker.goes_on()
    page.locator("textarea[name=why]").fill("Somos tres en el turno.")
    worker.goes_on()
    expect(page.locator("blockquote")).to_contain_text("No contrato, despido")  # in the worker's own language
    page.locator("input[name=promise]").check(force=True)
    worker.goes_on()
    expect(page.locator("main")).to_contain_text("Cinta seis, noches")
    page.locator("main form button").last.click()
    expect(page.locator(".donebox h1")).to_be_visible()


def is_accepted(reviewer: Someone) -> None:
    reviewer.goes_to(reverse("membership:queue")).get_by_role("link", name=re.compile("Open")).first.click()
    reviewer.page.get_by_text("Talked with them").first.click()
    reviewer.presses("Keep my check")
    reviewer.presses("Accept this application")
    expect(reviewer.page.get_by_text("Accepted. They are told now.")).to_be_visible()


def calls_a_meeting(organizer: Someone, committee: Committee) -> None:
    """Having seen who gets it and what they read."""
    plan = organizer.goes_to(reverse("meetings:new", args=[committee.slug]))
    plan.get_by_label("Subject", exact=True).fill("Peak season hours")
    plan.get_by_label("Date").fill((timezone.now() + timedelta(days=3)).date().isoformat())
    plan.get_by_label("Starts").fill("19:00")
    plan.get_by_label("Link", exact=False).first.fill("https://meet.example.org/secret-room")
    organizer.presses("Check and send")
    expect(plan.get_by_role("heading", name="Check the meeting, then send")).to_be_visible()
    organizer.presses("Call the meeting and tell everyone")
    expect(plan.get_by_text("The meeting is called.", exact=False)).to_be_visible()


def moves_it(organizer: Someone, meeting: Meeting) -> None:
    page = organizer.goes_to(reverse("meetings:move", args=[meeting.committee.slug, meeting.slug]))
    page.get_by_label("Starts").fill("20:30")
    organizer.presses("Go on")
    organizer.presses("Move it and tell everyone")
    expect(page.get_by_text("The meeting is moved.", exact=False)).to_be_visible()


def cancels_it(organizer: Someone, meeting: Meeting) -> None:
    organizer.goes_to(reverse("meetings:cancel", args=[meeting.committee.slug, meeting.slug]))
    organizer.presses("Cancel it and tell everyone")
    expect(organizer.page.get_by_text("The meeting is cancelled.", exact=False)).to_be_visible()


def test_a_worker_joins_an_organizer_calls_a_meeting_and_the_notices_arrive(browser: Browser, live_server: LiveServer, mail_sink: MailSink) -> None:
    committee = make.committee(probation_days=0)
    organizer = make.organizer_of(committee)
    assert organizer.person is not None
    worker = Someone(browser, live_server, locale="es-MX", timezone_id="America/Mexico_City", viewport={"width": 390, "height": 800})
    reviewer = Someone(browser, live_server).signed_in(organizer.person)

    person = opens_an_account(worker, committee, mail_sink)
    applies(worker, committee)
    deliver()
    says_nothing_of(mail_sink.to(address_of(organizer.person))[-1], committee.name)

    is_accepted(reviewer)
    deliver()
    answer = says_nothing_of(mail_sink.to(ADDRESS)[-1], committee.name)
    assert answer.subject == "Hay algo nuevo para ti"
    expect(worker.goes_to(committee.get_absolute_url()).locator("h1")).to_contain_text(committee.name)

    calls_a_meeting(reviewer, committee)
    deliver()
    called = says_nothing_of(mail_sink.to(ADDRESS)[-1], committee.name, "secret-room", "Peak season hours")
    assert called.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    today = worker.goes_to("/today/")
    expect(today.locator("main")).to_contain_text("Peak season hours")
    today.locator("button[name=choice][value=yes]").first.click()
    expect(today.locator("main")).to_contain_text("cambiarla")
    meeting = Meeting.objects.select_related("committee").get()
    assert meeting.answers.get().choice == "yes"

    before = len(mail_sink.to(ADDRESS))
    for change in (moves_it, cancels_it):
        change(reviewer, meeting)
        deliver()
    assert len(mail_sink.to(ADDRESS)) == before + 2
    assert Membership.objects.get(person=person).standing == "member"


def says_nothing_of(mail: Received, *secrets: str) -> Received:
    for secret in secrets:
        assert secret not in mail.subject + mail.text
    return mail


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
