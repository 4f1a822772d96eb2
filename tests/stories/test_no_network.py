"""Where there is no network: a page that says so, what was typed stays, and a browser keeps nothing else; after signing out, nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from committees.base import context as frame
from committees.people.models import Person, Session
from tests import make
from tests.stories.pages import WIDTHS, assert_clean, english_leftovers, watch
from tests.stories.people import comes_true, window, window_of

pytestmark = pytest.mark.django_db(transaction=True)

#: Every entry of every cache; and the workers there are. Empty is what a visitor's browser holds.
_LEFT = """async () => {
  const left = (await navigator.serviceWorker.getRegistrations()).map(each => each.scope);
  for (const name of await caches.keys()) left.push(name, ...(await (await caches.open(name)).keys()).map(entry => entry.url));
  return left;
}"""
_READY = """() => new Promise(async done => {
  const script = document.querySelector('script[data-worker]').dataset.worker;
  const look = async () => {
    const active = (await navigator.serviceWorker.getRegistration())?.active;
    const there = active?.scriptURL.endsWith(script) && active.state === 'activated';
    there && navigator.serviceWorker.controller?.scriptURL.endsWith(script) ? done() : setTimeout(look, 20);
  };
  look();
})"""


def left(page: Page) -> list[str]:
    """All that the browser keeps of the site by itself."""
    found: list[str] = page.evaluate(_LEFT)
    return found


def with_worker(page: Page, where: str = "/more/") -> Page:
    """On a page of theirs, once the worker of its language and colours is there and has nothing more to do: a browser that is told of the
    network while it is still starting one may never answer."""
    page.goto(where)
    page.evaluate(_READY)
    return page


def nothing_is_left(page: Page, url: str) -> None:
    """Asked from a page that registers nothing."""
    page.goto(f"{url}{reverse('home:safety')}")
    assert left(page) == []


def test_without_a_network_a_page_says_so_and_leads_back(browser: Browser, live_server: LiveServer) -> None:
    page = with_worker(window_of(browser, live_server, make.person(), width=390))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script("addEventListener('securitypolicyviolation', broken => console.error('policy: ' + broken.violatedDirective))")
    page.context.set_offline(True)
    page.goto("/today/?from=calendar")
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    assert page.url == f"{live_server.url}/today/?from=calendar"
    drawn = page.evaluate("document.fonts.ready.then(() => [...document.fonts].filter(each => each.status === 'loaded').map(each => each.family))")
    assert {name.strip('"') for name in drawn} == {"Sofia Sans Extra Condensed", "Source Sans 3"}
    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).minHeight") != "0px"
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    assert said == []
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page).to_have_title("Today – Rank & File")
    assert page.url == f"{live_server.url}/today/?from=calendar"


def test_a_form_that_could_not_be_sent_stays_with_what_was_typed(browser: Browser, live_server: LiveServer) -> None:
    page = with_worker(window_of(browser, live_server, make.person()), reverse("directory:propose"))
    page.locator("[name=employer]").fill("Typed on a bad line")
    other = page.context.new_page()
    other.goto(f"{live_server.url}{reverse('directory:search')}")
    page.context.set_offline(True)
    for _ in range(2):
        page.locator("main form button").last.click()
        expect(page.get_by_role("alert")).to_contain_text("No network: no answer came.")
        expect(page.locator("[name=employer]")).to_have_value("Typed on a bad line")
        expect(page.get_by_role("alert")).to_have_count(1)
        expect(other.get_by_role("alert")).to_have_count(0)
    page.context.set_offline(False)
    page.locator("main form button").last.click()
    expect(page.locator("[name=employer]")).to_have_value("Typed on a bad line")
    expect(page.locator(".errorsum")).to_be_visible()


def test_near_me_says_that_no_answer_came(browser: Browser, live_server: LiveServer) -> None:
    """A phone knows where it is also where there is no network."""
    page = window_of(browser, live_server, make.person(), width=390)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 52.4413579, "longitude": -1.4987654})
    with_worker(page, reverse("directory:search"))
    page.context.set_offline(True)
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_role("alert")).to_contain_text("No network: no answer came.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workplaces near you")


def test_no_page_of_members_no_answer_and_nothing_that_was_sent_is_kept(browser: Browser, live_server: LiveServer) -> None:
    committee = make.committee()
    ada = make.organizer_of(committee)
    page = with_worker(window(browser, live_server, ada))
    for where in (committee.get_absolute_url(), reverse("alliance:ties", args=[committee.slug]), reverse("notices:inbox"), "/today/", "/committees/none/"):
        page.goto(where)
    page.goto(reverse("directory:propose"))
    page.locator("[name=employer]").fill("Sent")
    page.locator("main form button").last.click()
    page.evaluate("fetch('/today/').then(answer => answer.text())")
    page.evaluate(f"fetch('{reverse('directory:search')}?q=amazon', {{headers: {{'HX-Request': 'true'}}}}).then(answer => answer.text())")
    page.context.set_offline(True)
    page.goto(committee.get_absolute_url())
    worker, cache, *entries = left(page)
    assert worker == f"{live_server.url}/"
    assert cache.startswith("offline-")
    pages = [entry for entry in entries if not entry.startswith(f"{live_server.url}{settings.STATIC_URL}")]
    assert pages == [f"{live_server.url}{reverse('base:offline')}"]
    assert len(entries) < 10
    kept = page.evaluate(f"caches.match('{reverse('base:offline')}').then(answer => answer.text())")
    assert committee.name not in kept
    assert ada.handle not in kept
    assert "csrf" not in kept


def test_a_visitors_browser_keeps_nothing(browser: Browser, live_server: LiveServer) -> None:
    page = window_of(browser, live_server, None)
    for where in ("/", reverse("directory:search"), reverse("account_login"), reverse("base:offline")):
        page.goto(where)
    nothing_is_left(page, live_server.url)


def signs_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    page.locator("main form button").click()


def signs_out_everywhere(page: Page) -> None:
    page.goto(reverse("people:devices"))
    page.locator(f'form[action="{reverse("people:sign_out_everywhere")}"] button').click()


def hides(page: Page) -> None:
    page.goto(reverse("people:hide"))
    page.locator("main form button").last.click()


def erases(page: Page) -> None:
    page.goto(reverse("people:erase"))
    page.locator("main form input[type=checkbox]").check(force=True)
    page.locator("main form button").last.click()


def ends_this_device(page: Page) -> None:
    page.goto(reverse("people:devices"))
    page.locator(f'main a[href^="{reverse("people:devices")}"]').first.click()
    page.locator("button[value=end]").click()


def leaves_quickly(page: Page) -> None:
    page.get_by_role("button", name="Quick exit").click()
    page.wait_for_url(settings.NEUTRAL_EXIT_URL)


def leaves_quickly_without_script(page: Page) -> None:
    page.locator("form[data-quick-exit]").evaluate("form => form.submit()")  # as where the page's script did not run


def is_signed_out_elsewhere(page: Page) -> None:
    Session.objects.all().delete()
    page.goto("/today/")


WAYS = (signs_out, signs_out_everywhere, hides, erases, ends_this_device, leaves_quickly, leaves_quickly_without_script, is_signed_out_elsewhere)


@pytest.mark.parametrize("goes", WAYS, ids=lambda way: way.__name__)
def test_whoever_goes_leaves_nothing_behind(browser: Browser, live_server: LiveServer, goes: Callable[[Page], None]) -> None:
    page = window_of(browser, live_server, make.person())
    page.context.route(f"{settings.NEUTRAL_EXIT_URL}**", lambda route: route.fulfill(status=200, body="<h1>Neutral</h1>", content_type="text/html"))
    with_worker(page)
    assert left(page)
    goes(page)
    page.wait_for_load_state()
    page.wait_for_function("!document.querySelector('script[data-worker]')")
    nothing_is_left(page, live_server.url)
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/today/")


def test_another_language_or_other_colours_replace_the_page(browser: Browser, live_server: LiveServer) -> None:
    person = make.person()
    page = with_worker(window_of(browser, live_server, person))
    before = left(page)[1]
    Person.objects.filter(pk=person.pk).update(language="es")
    with_worker(page)
    page.context.add_cookies([{"name": frame.theme_cookie(), "value": "dark", "url": live_server.url}])
    with_worker(page)
    comes_true(page, "caches.keys().then(names => names.length === 1)")
    assert left(page)[1] != before
    page.context.set_offline(True)
    page.goto("/today/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_update_replaces_what_was_kept(browser: Browser, live_server: LiveServer) -> None:
    page = with_worker(window_of(browser, live_server, make.person()))
    page.evaluate("caches.open('offline-of-last-year').then(cache => cache.put('/more/', new Response('old')))")
    page.evaluate("navigator.serviceWorker.getRegistration().then(each => each.unregister())")
    with_worker(page)
    comes_true(page, "caches.keys().then(names => names.length === 1)")
    assert "offline-of-last-year" not in left(page)


def test_a_worker_that_finds_nobody_signed_in_takes_itself_away(browser: Browser, live_server: LiveServer) -> None:
    """For browsers that do not know how to be told: they ask for the script again within a day."""
    page = with_worker(window_of(browser, live_server, make.person()))
    page.context.clear_cookies()
    page.evaluate("navigator.serviceWorker.register('/worker.js?v=later', {scope: '/'}).catch(() => {})")
    comes_true(page, "navigator.serviceWorker.getRegistrations().then(all => all.length === 0)")
    nothing_is_left(page, live_server.url)


def test_the_page_is_clean_and_in_the_readers_language(page: Page, live_server: LiveServer) -> None:
    assert min(WIDTHS) == 320
    assert_clean(page, f"{live_server.url}{reverse('base:offline')}")


def test_the_page_from_right_to_left_with_longer_words(browser: Browser, live_server: LiveServer, invented_languages: tuple[str, str]) -> None:
    for language in invented_languages:
        context = browser.new_context()
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        page = context.new_page()
        watcher = watch(page)
        page.goto(f"{live_server.url}{reverse('base:offline')}")
        watcher.assert_clean()
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        if language == "en-xa":
            assert english_leftovers(page) == []
