"""An invitation from the printer to the first day: an organizer makes it and prints the sheet, a worker who was never here types
what stands on it, signs up, applies and is accepted. And what its link is for others, once it is revoked."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.membership.invitations import Invitation
from committees.membership.models import Membership
from tests import make
from tests.committees.membership.test_inviting import invited
from tests.mail_sink import MailSink
from tests.stories.pages import assert_clean
from tests.stories.people import answers_and_sends, deliver, goes_on, window, window_of
from tests.stories.test_the_main_job import code_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
ADDRESS = "never.here@mail.example"


def makes_an_invitation(page: Page, committee_slug: str) -> Invitation:
    """From the committee's page, by its links."""
    page.goto(reverse("membership:committee", args=[committee_slug]))
    page.get_by_role("link", name="A link to pass on, and a sheet to print").click()
    page.get_by_role("link", name="Make an invitation").click()
    page.get_by_label("What do you call it?").fill("Canteen, March")
    page.get_by_label("For how many people?").fill("3")
    page.get_by_text("To apply, and it counts as one check").click()
    page.locator("input[name=languages][value=es]").check(force=True)
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Canteen, March")
    return Invitation.objects.get()


def reads_the_sheet(page: Page) -> str:
    """What somebody types who has no camera: the letters on the Spanish sheet."""
    page.get_by_role("link", name="The sheet to print").click()
    sheet = page.locator("article.poster[lang=es]")
    expect(sheet).to_contain_text("¿Trabajas aquí?")
    return sheet.locator(".poster__link").inner_text().replace("\n", "")


def signs_up(page: Page, mail_sink: MailSink) -> None:
    page.locator("input[value=email]").check(force=True)
    goes_on(page)
    page.locator("input[name=address]").fill(ADDRESS)
    goes_on(page)
    expect(page.locator("input[name=code]")).to_be_visible()
    deliver()
    page.locator("input[name=code]").fill(code_in(mail_sink.to(ADDRESS)[-1]))
    goes_on(page)
    page.locator("select[name=time_zone]").select_option("Europe/London")
    goes_on(page)
    page.locator("input[value=code]").check(force=True)
    goes_on(page)
    page.locator("button[value=done]").click()


def applies(page: Page) -> None:
    page.get_by_role("button", name="Begin").click()
    answers_and_sends(page, "Gate nine, nights")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_worker_who_was_never_here_comes_by_a_sheet(browser: Browser, live_server: LiveServer, mail_sink: MailSink, scripts: bool) -> None:
    committee = make.committee(listed=False)
    committee.policy.checks_needed = 2
    committee.policy.save()
    ada, ben = make.organizer_of(committee), make.member(committee, roles=("moderator",))
    organizer = window(browser, live_server, ada, scripts=scripts)
    made = makes_an_invitation(organizer, committee.slug)
    typed = reads_the_sheet(organizer)
    assert typed == f"{live_server.url.partition('://')[2]}/i/{made.token}"

    worker = window_of(browser, live_server, None, scripts=scripts, width=390)
    worker.goto(f"http://{typed.replace(made.token, made.token.upper())}")
    expect(worker.get_by_role("heading", level=1)).to_contain_text(committee.workplace.title if committee.workplace else "")
    worker.get_by_role("link", name="Join this committee").click()
    signs_up(worker, mail_sink)
    applies(worker)

    reviewer = window(browser, live_server, ben, scripts=scripts)
    reviewer.goto(reverse("membership:queue"))
    reviewer.get_by_role("link", name=re.compile("Open")).first.click()
    expect(reviewer.locator("main")).to_contain_text("Came by an invitation: Canteen, March")
    expect(reviewer.get_by_role("button", name="Accept this application")).to_have_count(0)
    reviewer.locator("summary", has_text="I have checked them").click()
    reviewer.get_by_text("Talked with them").first.click()
    reviewer.get_by_role("button", name="Keep my check").click()
    reviewer.get_by_role("button", name="Accept this application").click()
    worker.goto(committee.get_absolute_url())
    expect(worker.locator("h1")).to_contain_text(committee.name)

    organizer.goto(made.get_absolute_url())
    expect(organizer.locator("main")).to_contain_text("1 of them is a member.")
    organizer.get_by_role("link", name="Show them in the list of members").click()
    expect(organizer.locator("ul.rows")).to_contain_text("Gate nine, nights")
    assert Membership.objects.filter(handle="Gate nine, nights", committee=committee).exists()


def test_an_outsider_with_a_revoked_link_learns_nothing(browser: Browser, live_server: LiveServer) -> None:
    committee = make.committee(listed=False)
    made = invited(make.reloaded(make.organizer_of(committee)))
    outsider, organizer = window_of(browser, live_server, None, width=390), window(browser, live_server, make.organizer_of(committee))
    outsider.goto(made.path)
    expect(outsider.get_by_role("link", name="Join this committee")).to_be_visible()
    organizer.goto(made.get_absolute_url())
    organizer.get_by_role("button", name="Stop this invitation").click()
    expect(organizer.get_by_text("Stopped. The link leads nowhere from now on.")).to_be_visible()
    answer = outsider.reload()
    assert answer is not None
    assert answer.status == 404
    expect(outsider.get_by_role("heading", level=1)).to_have_text("This invitation is not open")
    assert committee.workplace is not None
    for secret in (committee.name, committee.workplace.title, made.label):
        assert secret not in outsider.content()


def test_each_language_is_one_page_on_both_papers_and_always_light(browser: Browser, live_server: LiveServer, invented_languages: tuple[str, str]) -> None:
    """Also in a language whose words are 40 % longer, and from right to left; nothing else is printed, and it is not dark."""
    site = make.workplace(name="Fulfilment centre at the old airfield", employer="A company with a rather long name of its own")
    committee = make.committee(site=site)
    languages = ["en", "es", *invented_languages]
    made = invited(make.reloaded(make.organizer_of(committee)), languages=languages)
    page = window(browser, live_server, make.organizer_of(committee))
    address = reverse("membership:sheet", args=[committee.slug, made.slug])
    assert_clean(page, live_server.url + address, never=(committee.name,))
    page.emulate_media(media="print", color_scheme="dark")
    for shown in (".masthead", ".footer", ".posters__head"):
        expect(page.locator(shown).first).to_be_hidden()
    sheets = page.locator("article.poster")
    expect(sheets).to_have_count(len(languages))
    assert sheets.last.evaluate("e => [getComputedStyle(e).direction, getComputedStyle(e).color, getComputedStyle(e).backgroundColor]") == [
        "rtl",
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    for paper in ("A4", "Letter"):
        printed = page.pdf(format=paper, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == len(languages), paper
