"""What the mail server would not take, in real browsers and over real SMTP: the admin sees what kind, how many and why, sends it
again, and it arrives. And founders: the admin sees that they wait, and whether anybody is there to answer them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership import commands as membership
from committees.people import commands as people
from committees.people.models import Contact
from organizing.meetings import commands as meetings
from tests import make
from tests.mail_sink import Fault, MailSink
from tests.organizing.meetings.cast import plan
from tests.stories.pages import assert_clean
from tests.stories.people import deliver, finds_nothing, mails, mails_to, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WAYS = pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
PARTS = {"letters": "Notices that did not go out", "errands": "Codes and warnings that did not go out", "founders": "Founders who wait for an answer"}


def goes_to(page: Page, part: str, *, waiting: str) -> None:
    """From the entrance of all admins' pages, which says how many wait."""
    page.goto(reverse("home:keeping"))
    line = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=PARTS[part], exact=True))
    expect(line).to_contain_text(waiting)
    line.get_by_role("link").click()


@WAYS
def test_a_notice_is_sent_again_and_arrives(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    deliver()
    before = len(mails(mail_sink, cast.ben))
    mail_sink.fault(Fault.FULL, recipient=Contact.objects.get(person=cast.ben.person).address)
    now = timezone.now()
    meeting = meetings.call(meetings.draft(plan(day=now.date() + timedelta(days=7)), by=cast.ada, at=now), by=cast.ada, at=now)
    deliver()
    assert len(mails(mail_sink, cast.ben)) == before
    first, second = (window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width) for _ in range(2))
    for keeper in (first, second):
        goes_to(keeper, "letters", waiting="1 waits")
        row = keeper.get_by_role("listitem").filter(has=keeper.get_by_role("heading", name="A meeting is called"))
        expect(row).to_contain_text("The mailbox is full.")
        for never in (cast.committee.name, "Dock four", meeting.subject):
            expect(keeper.locator("main")).not_to_contain_text(never)
    if scripts:
        assert_clean(first, first.url)
    finds_nothing(window(browser, live_server, cast.ada, scripts=scripts), reverse("notices:dead_letters"))

    mail_sink.heal()
    first.get_by_role("button", name="Try again").click()
    expect(first.get_by_text("1 mail is tried again.")).to_be_visible()
    expect(first.get_by_role("heading", name="Everything went out")).to_be_visible()
    second.get_by_role("button", name="Try again").click()
    expect(second.get_by_text("Nothing is left to try again.")).to_be_visible()
    deliver()
    assert len(mails(mail_sink, cast.ben)) == before + 1
    goes_to(first, "letters", waiting="Nothing waits")


@WAYS
def test_a_code_is_sent_again_while_it_is_of_use(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    worker = make.person(email="worker@mail.example")
    mail_sink.fault(Fault.FULL, times=1)
    phone = window_of(browser, live_server, None, scripts=scripts, width=390)
    phone.goto(reverse("account_request_login_code"))
    phone.get_by_label("Your email address").fill("worker@mail.example")
    phone.get_by_role("button", name="Send me a code").click()
    expect(phone.locator("input[name=code]")).to_be_visible()
    deliver()
    assert not mails_to(mail_sink, worker)

    keeper = window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width)
    goes_to(keeper, "errands", waiting="1 waits")
    row = keeper.get_by_role("listitem").filter(has=keeper.get_by_role("heading", name="Code to sign in"))
    expect(row).to_contain_text("The mailbox is full.")
    expect(keeper.locator("main")).not_to_contain_text("mail.example")
    keeper.get_by_role("button", name="Try those again that are still of use").click()
    expect(keeper.get_by_text("1 mail is tried again.")).to_be_visible()
    deliver()
    (mail,) = mails_to(mail_sink, worker)
    code = re.search(r"\b[A-Z0-9]{3,4}-[A-Z0-9]{3,4}\b", mail.text)
    assert code
    phone.locator("input[name=code]").fill(code.group())
    phone.locator("main form button").first.click()
    expect(phone).to_have_url(f"{live_server.url}{reverse('home:today')}")


@WAYS
def test_founders_wait_and_somebody_is_there_or_nobody_is(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    """Numbers of the committee that answers them; nothing of who founds what, and where."""
    alliance = make.alliance()
    founder, site, now = make.person(), make.workplace(name="North dock", employer="Acme Freight"), timezone.now()
    begun = membership.start_committee(site, name="Dockers of the north", languages=["en"], by=founder, at=now)
    begun = membership.save_answers(begun, by=founder, shift="Day shift", handle="Crane two", why="", attested_version=1)
    membership.apply(begun, by=founder, at=now)
    keeper = window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width)
    goes_to(keeper, "founders", waiting="1 waits")
    line = keeper.get_by_role("listitem").filter(has=keeper.get_by_role("heading", name=alliance.name))
    expect(line).to_contain_text("1 application waits. The oldest came today.")
    expect(line).to_contain_text("It has organizers")
    for never in ("Dockers", "North dock", "Acme", "Crane two", "Intake"):
        expect(keeper.locator("main")).not_to_contain_text(never)
    finds_nothing(window(browser, live_server, make.organizer_of(alliance), scripts=scripts), reverse("answering:overview"))

    intake = make.organizer_of(alliance).person
    assert intake is not None
    people.disable(intake, reason="taken_over", by=make.person(is_platform_admin=True), at=now)
    keeper.reload()
    expect(line).to_contain_text("No organizers any more")
