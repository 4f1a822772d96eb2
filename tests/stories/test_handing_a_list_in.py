"""An admin hands a list of workplaces in with the browser: looks at its columns, at what it would do, and lets it be taken in."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.directory.models import Workplace
from tests import make
from tests.stories.pages import watch

pytestmark = [pytest.mark.story, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

ROWS = [
    ["Firma", "Standort", "Ort", "Land", "Kontakt"],
    ["Acme GmbH", "Werk Nord", "Bremen", "DE", "x"],
    ["Acme GmbH", "Werk Süd", "Ulm", "DE", ""],
    ["Acme GmbH", "WERK NORD", "bremen", "Germany", ""],
    ["", "Niemands Werk", "Ulm", "DE", "=HYPERLINK(1)"],
]


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    path = tmp_path / "betriebe.csv"
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter=";").writerows(ROWS)
    return path


def signed_in(context: BrowserContext, server: LiveServer) -> Page:
    cookie = make.client(make.person(is_platform_admin=True)).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context.new_page()


def hand_in(page: Page, server: LiveServer, file: Path) -> None:
    """From the entrance of all admins' pages."""
    page.goto(f"{server.url}/keeping/")
    page.get_by_role("link", name="Lists of workplaces").click()
    page.get_by_label("The list").set_input_files(file)
    page.get_by_role("button", name="Hand the list in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns are")


def test_from_the_file_to_the_rows_to_mend(context: BrowserContext, live_server: LiveServer, a_file: Path, worker: Any, tmp_path: Path) -> None:
    """With scripts the pages follow the worker by themselves."""
    page = signed_in(context, live_server)
    watcher = watch(page)
    hand_in(page, live_server, a_file)
    expect(page.get_by_label("Employer", exact=True).locator("option:checked")).to_have_text("Firma")
    expect(page.get_by_label("Other names of the site").locator("option:checked")).to_have_text("No such column")
    page.get_by_label("Other names of the site").select_option("Kontakt")
    watcher.assert_clean(never=("Acme", "betriebe"))
    page.get_by_role("button", name="Look what it would do").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("This is what the list would do", timeout=60_000)
    expect(page.locator("dl.answers")).to_contain_text(re.compile(r"Cannot be used\s*1\s*New\s*2\s*Changed\s*0\s*Twice in the list\s*1"))
    expect(page.get_by_text("Acme GmbH · Werk Süd · Ulm")).to_be_visible()
    watcher.assert_clean(never=("Acme", "betriebe"))
    assert not Workplace.objects.exists()

    page.get_by_role("button", name="Take the list in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The list is taken in", timeout=60_000)
    assert set(Workplace.objects.values_list("name", "country")) == {("Werk Nord", "DE"), ("Werk Süd", "DE")}
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows that cannot be used").click()
    download.value.save_as(tmp_path / "mend.csv")
    with (tmp_path / "mend.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["Row", "Why", *ROWS[0]], ["5", "no employer", "", "Niemands Werk", "Ulm", "DE", "'=HYPERLINK(1)"]]

    hand_in(page, live_server, a_file)  # once more: nothing changes
    page.get_by_role("button", name="Look what it would do").click()
    expect(page.locator("dl.answers")).to_contain_text(re.compile(r"New\s*0\s*Changed\s*0\s*Twice in the list\s*1\s*Known already\s*2"), timeout=60_000)


def test_without_scripts_one_looks_again_oneself(browser: Browser, live_server: LiveServer, a_file: Path, transactional_db: None) -> None:
    """No worker is there at first: the page says how far it is, and a link asks again."""
    from committees.directory import commands as directory
    from committees.directory.models import WorkplaceList

    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = signed_in(context, live_server)
    hand_in(page, live_server, a_file)
    page.get_by_role("button", name="Look what it would do").click()
    for stage, words, after in (
        ("checking", "The list is being read", "This is what the list would do"),
        ("taking", "The list is being taken in", "The list is taken in"),
    ):
        expect(page.get_by_role("heading", level=1)).to_have_text(words)
        assert WorkplaceList.objects.get().stage == stage
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        directory.work(WorkplaceList.objects.get().pk)
        page.get_by_role("link", name="See how far it is now").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(after)
        if stage == "checking":
            page.get_by_role("button", name="Take the list in").click()
    assert Workplace.objects.count() == 2
