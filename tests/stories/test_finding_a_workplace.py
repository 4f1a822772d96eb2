"""Someone looks for the place where they work: with scripts the list follows the typing, without them the form does it all."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from committees.directory import commands as directory
from committees.directory import places
from committees.directory.imports.run import Import
from committees.directory.models import Workplace
from tests import make
from tests.stories.pages import watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


@pytest.fixture(autouse=True)
def own_list(transactional_db: None) -> None:
    assert all(answer.verdict == "new" for answer in Import(places.DATA / "workplaces.csv"))


@pytest.fixture
def plain(browser: Browser) -> Page:
    """A phone without scripts, used by its keys alone."""
    return browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()


def heading(page: Page) -> str:
    return page.locator("#r-h").inner_text()


def test_the_list_follows_the_typing(page: Page, live_server: LiveServer) -> None:
    watcher = watch(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "q=" in request.url else None)
    page.goto(f"{live_server.url}/workplaces/")
    page.locator("#id_q").press_sequentially("covntry", delay=40)
    expect(page.locator("#r-h")).to_contain_text("Did you mean one of these?")
    expect(page.locator("#results mark").first).to_have_text("Coventry")
    assert len(asked) < 4, "it waits for a pause in the typing"
    expect(page.locator("#id_q")).to_be_focused()
    assert "q=covntry" in page.url, "whoever comes back to this page finds it as they left it"
    watcher.assert_clean()
    page.locator("#results .row-link", has_text="Amazon BHX4").click()
    expect(page.locator("h1")).to_have_text("Amazon BHX4")
    page.go_back()
    expect(page.locator("#results .row-link").first).to_contain_text("BHX4")


def test_an_older_answer_never_stands_over_a_newer_one(page: Page, live_server: LiveServer) -> None:
    slow: list[Route] = []
    page.route(re.compile("q=amazon"), lambda route: slow.append(route))  # noqa: PLW0108 - a method of a list takes no marks of Playwright
    page.goto(f"{live_server.url}/workplaces/")
    with page.expect_request(re.compile("q=amazon")):
        page.locator("#id_q").fill("amazon")
    page.locator("#id_q").fill("golcuk")
    expect(page.locator("#results .row-link").first).to_contain_text("Gölcük")
    assert slow, "the first answer is still on its way"
    for route in slow:
        route.fulfill(status=200, content_type="text/html", body='<h2 id="r-h">Too late</h2>')
    time.sleep(0.5)
    assert "golcuk" in heading(page)
    expect(page.locator("#results .row-link").first).to_contain_text("Gölcük")


def test_by_keys_alone_without_scripts(plain: Page, live_server: LiveServer) -> None:
    plain.goto(f"{live_server.url}/workplaces/")
    reach(plain, "#id_q")
    plain.keyboard.type("hospital coventry")
    plain.keyboard.press("Enter")
    expect(plain.locator("#r-h")).to_contain_text("1 workplace matches")
    expect(plain.locator("#id_q")).to_have_value("hospital coventry")
    reach(plain, "#results .row-link")
    plain.keyboard.press("Enter")
    expect(plain.locator("h1")).to_contain_text("University Hospital Coventry")


def test_near_me_asks_the_phone_and_sends_a_kilometre(browser: Browser, live_server: LiveServer) -> None:
    site = Workplace.objects.get(code="BHX4")
    Workplace.objects.filter(pk=site.pk).update(latitude="52.43700", longitude="-1.49400")
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, geolocation={"latitude": 52.4413579, "longitude": -1.4987654}, permissions=["geolocation"]
    )
    page = context.new_page()
    watcher = watch(page)
    page.goto(f"{live_server.url}/workplaces/")
    with page.expect_request("**/workplaces/near/") as sent:
        page.get_by_role("button", name="Near me").click()
    assert sent.value.post_data == "latitude=52.44&longitude=-1.50"
    expect(page.locator("h1")).to_have_text("Workplaces near you")
    expect(page.locator(".hit").first).to_contain_text("BHX4")
    expect(page.locator(".hit").first).to_contain_text("km away")
    assert not context.cookies()
    watcher.assert_clean()


def test_a_phone_that_does_not_say_where_it_is_is_told_what_else_helps(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 800}, permissions=[]).new_page()
    page.goto(f"{live_server.url}/workplaces/")
    expect(page.get_by_text("Type your town instead.")).to_be_hidden()
    page.evaluate("() => { navigator.geolocation.getCurrentPosition = (yes, no) => no({ code: 1 }); }")
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_text("Type your town instead.")).to_be_visible()


def test_without_scripts_there_is_no_button_that_does_nothing(plain: Page, live_server: LiveServer) -> None:
    plain.goto(f"{live_server.url}/workplaces/")
    expect(plain.get_by_text("Near me", exact=True)).to_be_hidden()


def test_nothing_found_leads_on(plain: Page, live_server: LiveServer) -> None:
    plain.goto(f"{live_server.url}/workplaces/?q=zzqxw")
    assert "No workplace matches" in heading(plain)
    plain.get_by_role("link", name="Add a workplace").click()
    assert "next=" in plain.url, "adding one needs an account, and leads back here"
    assert "zzqxw" in plain.url


def reach(page: Page, selector: str) -> None:
    """Tab to it, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(":focus").count() and page.locator(":focus").first.evaluate("(e, s) => e.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the Tab key")


def test_whoever_keeps_the_directory_finds_what_waits(context: BrowserContext, live_server: LiveServer) -> None:
    """A member adds a workplace; a platform admin comes to it from any page and lists it."""
    directory.propose(by=make.person(), employer="Acme Ltd", name="North yard", city="Leeds", country="GB", kind="depot")
    keeper = make.person()
    type(keeper).objects.filter(pk=keeper.pk).update(is_platform_admin=True)
    cookie = make.client(keeper).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/workplaces/")
    page.locator("summary", has_text="Account").click()
    page.get_by_role("link", name="Keep the service running").click()
    page.get_by_role("link", name="Workplaces to check").click()
    expect(page.locator("h2 .row-link")).to_have_text("Acme Ltd North yard")
    page.get_by_role("button", name=re.compile("^Put it on the list")).click()
    expect(page.locator(".empty")).to_contain_text("Nothing waits")
    assert Workplace.objects.get(name="North yard").state == "listed"
