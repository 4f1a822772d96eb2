"""The frame in a real browser: the page of parts, the error pages, quick exit with and without script."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from committees.people import commands as people
from committees.people.models import Person
from tests.stories.pages import assert_clean, english_leftovers, watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> Person:
    made, _paper = people.create(at=timezone.now())
    return made


def sign_in(context: BrowserContext, live_server: LiveServer, client: Any, person: Person) -> None:
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def test_what_is_not_there_is_clean(page: Page, live_server: LiveServer, context: BrowserContext, client: Any, person: Person) -> None:
    sign_in(context, live_server, client, person)
    assert_clean(page, f"{live_server.url}/committees/no-such-committee/", status=404)


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_quick_exit_leaves_nothing_behind(browser: Browser, live_server: LiveServer, client: Any, person: Person, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    referrers: list[str | None] = []

    def neutral(route: Route) -> None:
        referrers.append(route.request.headers.get("referer"))
        route.fulfill(status=200, body="<h1>Neutral</h1>", content_type="text/html")

    context.route(f"{settings.NEUTRAL_EXIT_URL}**", neutral)
    sign_in(context, live_server, client, person)
    page = context.new_page()
    page.goto(f"{live_server.url}/dev/components/")
    page.goto(f"{live_server.url}/more/")
    page.get_by_role("button", name="Quick exit").click()
    page.wait_for_url(settings.NEUTRAL_EXIT_URL)
    assert referrers == [None]
    assert context.cookies(live_server.url) == []
    page.go_back()
    assert "/more/" not in page.url or "Sign out" not in page.content()
    if scripts:
        assert not page.url.endswith("/more/"), "the page was taken out of the history"


def test_language_and_colours_without_script(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/dev/components/")
    page.locator("summary", has_text="EN").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator("button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url == f"{live_server.url}/dev/components/"


def test_menus_close_when_someone_goes_elsewhere(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/dev/components/")
    menu = page.locator("details.menu").first
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        menu.locator("summary").click()
        expect(menu).to_have_attribute("open", "")
        leave()
        expect(menu).not_to_have_attribute("open", "")


def test_the_list_of_errors_has_the_focus(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/dev/components/")
    expect(page.locator(".errorsum")).to_be_focused()
    page.locator(".errorsum a").first.click()
    expect(page.locator("#id_refused-email")).to_be_focused()


def test_a_long_text_counts_down(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/dev/components/")
    page.locator("#id_empty-message").fill("Hello")
    expect(page.locator("#id_empty-message_count")).to_have_text("Letters left: 495")


def test_from_right_to_left_with_longer_words(browser: Browser, live_server: LiveServer, invented_languages: tuple[str, str]) -> None:
    for language in invented_languages:
        context = browser.new_context()
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        page = context.new_page()
        watcher = watch(page)
        page.goto(f"{live_server.url}/nothing-here/", wait_until="load")
        watcher.assert_clean(status=watcher.answer.status if watcher.answer else 0)
        if language == "en-xa":
            assert english_leftovers(page) == []


def test_the_page_check_finds_what_it_must(page: Page, live_server: LiveServer) -> None:
    """A check that cannot fail is worth nothing: each fault put into a clean page is reported."""
    page.goto(f"{live_server.url}/dev/components/")
    clean = page.content()
    faults = {
        '<p class="nowrap">' + "wide " * 200 + "</p>": "scrolls sideways",
        '<button class="x" type="button">x</button>': "too small",
        '<input id="lonely">': "html:",
        '<div role="checkbox">no name, no state</div>': "axe",
        '<img src="https://elsewhere.example/x.png" alt="x">': "asked another site",
    }
    page.route("**/faulty/", lambda route: route.fulfill(status=200, body=clean.replace("</main>", "".join(faults) + "</main>"), content_type="text/html"))
    page.route("**/elsewhere.example/**", lambda route: route.fulfill(status=200, body="", content_type="image/png"))
    with pytest.raises(AssertionError) as found:
        assert_clean(page, f"{live_server.url}/faulty/")
    for words in faults.values():
        assert words in str(found.value)
