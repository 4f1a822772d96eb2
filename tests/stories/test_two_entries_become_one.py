"""Two entries of one workplace, and then of one employer, become one, in real browsers: the admin looks at both, a second admin who
is late is told so, and the workers come by the old address to their committee as before."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.directory.models import Employer, Workplace
from tests import make
from tests.stories.pages import assert_clean
from tests.stories.people import finds_nothing, window, window_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]
WAYS = pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["with scripts", "without scripts, on a phone"])
LATE = "One of the two is not there any more. Somebody else has merged them."


def looks_for(page: Page, list_of: str, words: str, *, entry: str) -> None:
    """From the entrance of all admins' pages to one entry, and on to where the other one is looked for."""
    page.goto(reverse("home:keeping"))
    page.get_by_role("link", name=list_of).click()
    searches(page, words)
    page.get_by_role("link", name=entry, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(entry)
    page.get_by_role("link", name="Look for the other entry").click()


def searches(page: Page, words: str) -> None:
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("button", name="Find").click()


def chooses(page: Page, entry: str) -> None:
    named = page.get_by_role("heading", name=entry, exact=True)
    page.get_by_role("listitem").filter(has=named).get_by_role("link", name="This one").click()
    expect(page.get_by_role("region", name="This entry stays")).to_contain_text(entry)


@WAYS
def test_two_workplaces(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    gone = make.workplace(employer="Acme Freight", name="North dock", code="LDS1", city="Leeds", address="4 Canal Row")
    kept = make.workplace(employer="Acme Freight", name="Dock by the canal", code="LDSN", city="Leeds")
    committee = make.committee(site=gone)
    ben = make.member(committee)
    worker = window_of(browser, live_server, None, scripts=scripts, width=390)
    worker.goto(gone.get_absolute_url())
    first, second = (window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width) for _ in range(2))
    for keeper in (first, second):
        looks_for(keeper, "All workplaces", "LDS1", entry="Acme Freight LDS1")
        chooses(keeper, "Acme Freight LDSN")
        expect(keeper.get_by_role("region", name="This entry goes")).to_contain_text("Acme Freight LDS1")
        expect(keeper.get_by_text("This cannot be taken back.")).to_be_visible()
    if scripts:
        assert_clean(first, first.url, never=("Acme", "LDS"))
    for outsider in (window(browser, live_server, make.organizer_of(committee), scripts=scripts), window(browser, live_server, ben, scripts=scripts)):
        finds_nothing(outsider, *(reverse(f"keeping:{name}", args=[gone.slug]) for name in ("workplace", "merge")))

    first.get_by_role("button", name="Merge them").click()
    expect(first.get_by_text("The two are one now. The other address leads here.")).to_be_visible()
    expect(first.get_by_role("heading", level=1)).to_have_text("Acme Freight LDSN")
    expect(first.get_by_label("Street address")).to_have_value("4 Canal Row")
    second.get_by_role("button", name="Merge them").click()
    expect(second.get_by_text(LATE)).to_be_visible()
    expect(second.get_by_role("heading", level=1)).to_have_text("Acme Freight LDSN")
    assert not Workplace.objects.filter(pk=gone.pk).exists()

    worker.reload()
    expect(worker).to_have_url(f"{live_server.url}{kept.get_absolute_url()}")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Acme Freight LDSN")
    expect(worker.locator(".pagehead")).to_contain_text("LDS1")
    worker.get_by_role("region", name="Committee").get_by_role("link").first.click()
    expect(worker.get_by_role("heading", level=1)).to_have_text("Committee at Acme Freight LDSN")
    member = window(browser, live_server, ben, scripts=scripts, width=390)
    member.goto(committee.get_absolute_url())
    expect(member.get_by_role("heading", level=1)).to_contain_text(committee.name)


@WAYS
def test_two_employers(browser: Browser, live_server: LiveServer, scripts: bool, width: int) -> None:
    """Both have the same workplace: that is merged first, then the employers are."""
    gone, kept = (make.workplace(employer=name, name="North dock", code="LDS1", city="Leeds") for name in ("Acme Freight", "Acme Logistics"))
    make.workplace(employer="Acme Freight", name="South dock", code="LDS2", city="Leeds")
    former = reverse("alliance:employer", args=[gone.employer.slug])
    committee = make.committee(site=gone)
    first, second = (window_of(browser, live_server, make.person(is_platform_admin=True), scripts=scripts, width=width) for _ in range(2))
    looks_for(first, "All employers", "acme", entry="Acme Freight")
    searches(first, "logist")
    chooses(first, "Acme Logistics")
    both = first.url
    first.get_by_role("button", name="Merge them").click()
    expect(first.get_by_role("alert")).to_contain_text("Both employers have this workplace: LDS1. Merge the workplaces first.")
    assert Employer.objects.filter(pk=gone.employer_id).exists()

    first.goto(reverse("keeping:merge", args=[gone.slug]))
    searches(first, "LDS1")
    chooses(first, "Acme Logistics LDS1")
    first.get_by_role("button", name="Merge them").click()
    expect(first.get_by_text("The two are one now. The other address leads here.")).to_be_visible()
    outsider = window(browser, live_server, make.organizer_of(committee), scripts=scripts)
    finds_nothing(outsider, both, reverse("keeping:employers"), reverse("keeping:employer", args=[kept.employer.slug]))
    for keeper in (first, second):
        keeper.goto(both)
    first.get_by_role("button", name="Merge them").click()
    expect(first.get_by_text("The two are one now. The other address leads here.")).to_be_visible()
    expect(first.get_by_label("Other names")).to_have_value("Acme Freight")
    second.get_by_role("button", name="Merge them").click()
    expect(second.get_by_text(LATE)).to_be_visible()
    expect(second.get_by_role("heading", level=1)).to_have_text("Acme Logistics")

    worker = window_of(browser, live_server, None, scripts=scripts, width=390)
    worker.goto(f"{reverse('directory:search')}?q=acme+freight+lds2")
    worker.get_by_role("link", name="Acme Logistics LDS2").first.click()
    expect(worker.get_by_role("heading", level=1)).to_have_text("Acme Logistics LDS2")
    worker.goto(gone.get_absolute_url())
    expect(worker.get_by_role("heading", level=1)).to_have_text("Acme Logistics LDS1")
    worker.goto(former)
    expect(worker).to_have_url(f"{live_server.url}{reverse('alliance:employer', args=[kept.employer.slug])}")
    expect(worker.get_by_role("region", name="Committee")).to_be_visible()
