"""A worker who is stuck asks a person: seen by whoever asks, by the organizers who answer, and by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.asking import commands as asking
from committees.asking.models import Question
from committees.membership.roles import Role
from tests import make
from tests.mail_sink import MailSink
from tests.stories.people import deliver, finds_nothing, follows_a_notice, mails, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WIDTHS = pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
WORDS = "My roster shows two shifts at once."
ADVICE = "Come to the canteen at noon, we look at it together."


def asks(page: Page, whom: str) -> None:
    page.get_by_label(re.compile(whom)).check(force=True)
    page.get_by_role("button", name="Send my question").click()
    expect(page.get_by_role("alert")).to_be_visible()  # nothing is written yet
    page.get_by_label("Your question").fill(WORDS)
    page.get_by_role("button", name="Send my question").click()
    expect(page.get_by_text("You are told when somebody has answered").first).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()


@WIDTHS
def test_a_member_asks_and_two_organizers_answer_at_once(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Gate two, days")
    ben, ada, other, mo, boss = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ben, cast.ada, second, cast.mo, cast.boss))
    ben.goto(cast.committee.get_absolute_url())
    ben.get_by_role("link", name="Ask the organizers").click()
    expect(ben.get_by_text(f"They see your name there: {cast.ben.handle}.")).to_be_visible()
    asks(ben, "The organizers of Committee")
    deliver()
    ada.goto(reverse("home:today"))
    ada.get_by_role("link", name=re.compile("Answer 1 question")).click()
    ada.locator("main").get_by_role("link", name=re.compile("^Open")).click()
    expect(ada.get_by_role("heading", level=1)).to_have_text(cast.ben.handle)
    ada.get_by_role("button", name="I answer this").click()
    follows_a_notice(other, "A question waits")
    expect(other.get_by_text("Somebody is answering")).to_be_visible()
    other.get_by_label("Your answer").fill("Ask at gate two.")
    ada.get_by_label("Your answer").fill(ADVICE)
    ada.get_by_role("button", name="Send my answer").click()
    expect(ada.get_by_text("Whoever asked is told").first).to_be_visible()
    other.get_by_role("button", name="Send my answer").click()
    expect(other.get_by_text(ADVICE)).to_be_visible()
    expect(other.get_by_label("Your answer")).to_have_value("Ask at gate two.")
    other.get_by_role("button", name="Send my answer").click()
    deliver()
    follows_a_notice(ben, "Somebody has answered you")
    expect(ben.get_by_text(ADVICE)).to_be_visible()
    expect(ben.get_by_text("Gate two, days")).to_be_visible()
    ben.get_by_label("What do you want to say?").fill("Thank you both.")
    ben.get_by_role("button", name="Send it").click()
    ben.get_by_role("button", name="I need no more answer").click()
    expect(ben.get_by_text("You closed it.")).to_be_visible()
    case = Question.objects.select_related("answered_in").get().url_for_answering()
    for nobody in (mo, boss, ben):
        finds_nothing(nobody, case)
    said = "".join(
        f"{mail.message['subject']} {mail.message.get_body().get_content()}" for who in (cast.ben, cast.ada, second) for mail in mails(mail_sink, who)
    )
    assert said
    assert not any(word in said for word in (WORDS, ADVICE, cast.ben.handle, cast.committee.name))


@WIDTHS
def test_nobody_answers_and_it_is_passed_on_with_one_tap(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    intake = make.organizer_of(make.alliance())
    ben, above = (window(browser, live_server, who, scripts=scripts, width=width) for who in (cast.ben, intake))
    ben.goto(reverse("asking:ask"))
    asks(ben, "The organizers of Committee")
    Question.objects.update(waits_since=timezone.now() - timedelta(hours=97))
    asking.remind(timezone.now())
    asking.offer(timezone.now())
    deliver()
    follows_a_notice(ben, "Nobody has answered")
    ben.get_by_role("button", name="Pass it on").click()
    deliver()
    follows_a_notice(above, "A question waits")
    expect(above.get_by_text(WORDS)).to_be_visible()
    assert cast.ben.handle not in above.content()
    assert cast.committee.name not in above.content()
    above.get_by_label("Your answer").fill(ADVICE)
    above.get_by_role("button", name="Send my answer").click()
    deliver()
    follows_a_notice(ben, "Somebody has answered you")
    expect(ben.get_by_text(ADVICE)).to_be_visible()
    expect(ben.get_by_text("An organizer", exact=True)).to_be_visible()


@WIDTHS
def test_those_who_keep_the_service_see_a_number_and_words(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool, width: int) -> None:
    cast = make.cast()
    ben = window(browser, live_server, cast.ben, scripts=scripts, width=width)
    admin = window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width)
    ben.goto(reverse("home:how"))
    ben.get_by_role("link", name="This did not help? Ask a person").click()
    asks(ben, "Those who keep this service running")
    admin.goto(reverse("home:keeping"))
    admin.get_by_role("link", name="Questions").first.click()
    admin.locator("main").get_by_role("link", name=re.compile("^Open")).click()
    expect(admin.get_by_text(WORDS)).to_be_visible()
    for word in (cast.ben.handle, cast.committee.name, cast.ben.person.sign_in_name, cast.ben.person.slug):  # type: ignore[union-attr]
        assert word not in admin.content()
    admin.get_by_label("Your answer").fill(ADVICE)
    admin.get_by_role("button", name="Send my answer").click()
    deliver()
    follows_a_notice(ben, "Somebody has answered you")
    expect(ben.get_by_text("Those who keep the service", exact=True)).to_be_visible()
