"""Push in a browser, from the button to the line on the screen: what the worker shows, where it leads, and how long it goes on.

A headless browser has no push service of its own. Its subscription is one of a push service that the test plays, with keys of which the
test holds the private half: what arrives there is opened, and given to the browser's worker as the browser's own service would give it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, Worker, expect
from pytest_django.live_server_helper import LiveServer

from committees.notices.models import PushDevice
from committees.people.models import Session
from tests import make
from tests.push_service import Browser as Subscription
from tests.push_service import PushService
from tests.stories.people import deliver, window_of
from tests.stories.test_no_network import is_signed_out_elsewhere, left, nothing_is_left, signs_out, with_worker

pytestmark = pytest.mark.django_db(transaction=True)

#: Instead of the windows that a press opens: a list of them.
_WATCH = """() => { self.seen = []; self.clients.openWindow = async url => { self.seen.push({ opened: url }); }; }"""
_CLICK = """async path => {
  const event = new Event('notificationclick'), done = [];
  event.notification = { close() { self.seen.push('closed'); }, data: path };
  event.waitUntil = what => done.push(what);
  self.dispatchEvent(event); await Promise.all(done); return self.seen.splice(0);
}"""
_CHANGED = """async () => {
  const asked = [], real = self.fetch;
  self.fetch = async (url, how) => { asked.push([url, how.method, String(how.body)]); };
  const event = new Event('pushsubscriptionchange'), done = [];
  event.oldSubscription = { endpoint: 'https://old.example/1', options: {}, toJSON: () => ({ keys: { auth: 'known' } }) };
  event.newSubscription = { toJSON: () => ({ endpoint: 'https://new.example/2', keys: { p256dh: 'point', auth: 'secret' } }) };
  event.waitUntil = what => done.push(what);
  self.dispatchEvent(event); await Promise.all(done); self.fetch = real; return asked;
}"""
#: What a browser with a push service does, in the page and (below) in its worker: it has a subscription until it gives it up.
_SUBSCRIBES = """given => {
  const raw = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0)).buffer;
  const has = () => localStorage.getItem('subscribed');
  const make = key => ({
    endpoint: given.endpoint, options: { applicationServerKey: key }, getKey: name => raw(given[name]),
    unsubscribe: async () => { localStorage.removeItem('subscribed'); return true; },
  });
  PushManager.prototype.subscribe = async ({ applicationServerKey: key }) => { localStorage.setItem('subscribed', '1'); self.key = key; return make(key); };
  PushManager.prototype.getSubscription = async () => has() ? make(self.key ?? new Uint8Array().buffer) : null;
}"""
#: What stands on the screen, once it is what these titles say, or after ten seconds: one that replaces another takes a while.
_SHOWN = """async titles => {
  let all, ends = Date.now() + 10000;
  do {
    const found = await (await navigator.serviceWorker.ready).getNotifications();
    all = found.map(({ title, tag, lang, dir, data }) => ({ title, tag, lang, dir, data }));
    if (all.map(each => each.title).sort().join('|') === titles) break;
    await new Promise(done => setTimeout(done, 50));
  } while (Date.now() < ends);
  return all;
}"""


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    running = PushService()
    settings.PUSH_TEST_ORIGIN = running.origin
    yield running
    running.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Page:
    page = window_of(browser, live_server, make.person(), width=390)
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    return with_worker(page)


def worker_of(page: Page) -> Worker:
    answers = page.evaluate("navigator.serviceWorker.controller.scriptURL")
    found = next(each for each in reversed(page.context.service_workers) if each.url == answers)
    found.evaluate(_WATCH)
    return found


@pytest.fixture
def worker(page: Page) -> Worker:
    return worker_of(page)


class Delivers:
    """Gives the browser's worker what its push service would: the data of a push message."""

    def __init__(self, page: Page) -> None:
        self.found: dict[str, dict[str, Any]] = {}
        self.page, self.line = page, page.context.new_cdp_session(page)
        self.line.on(
            "ServiceWorker.workerRegistrationUpdated", lambda said: self.found.update({each["registrationId"]: each for each in said["registrations"]})
        )
        self.line.send("ServiceWorker.enable")

    def __call__(self, data: str, *titles: str) -> list[dict[str, Any]]:
        """And what stands on the screen then: what these titles say, or it fails."""
        registration = self._registration()
        origin = "/".join(self.page.url.split("/")[:3])
        self.line.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": data})
        shown: list[dict[str, Any]] = self.page.evaluate(_SHOWN, "|".join(sorted(titles)))
        assert sorted(each["title"] for each in shown) == sorted(titles)
        return shown

    def _registration(self) -> str:
        """The browser says which there are when it comes to it."""
        ends = time.monotonic() + 30
        while not (there := [number for number, each in self.found.items() if not each["isDeleted"]]):
            assert time.monotonic() < ends, f"the browser knows no worker: {self.found}"
            self.page.wait_for_timeout(20)
        return there[-1]


def test_from_the_button_to_the_line_on_the_screen(page: Page, service: PushService) -> None:
    """Everything is real but the browser's own push service: the button, the form, the row, the outbox, the message, its seal, the worker."""
    subscription = service.browser("phone")
    page.add_init_script(f"({_SUBSCRIBES})({json.dumps(subscription.given)})")
    page.goto(reverse("notices:preferences"))
    page.get_by_role("button", name="Allow push on this device").click()
    expect(page.get_by_text("This device gets push now.")).to_be_visible()
    expect(page.get_by_text("This one")).to_be_visible()
    page.get_by_role("button", name="Send me a test").click()
    deliver()
    [taken] = service.to(subscription)
    said = subscription.open(taken.body).decode()
    [shown] = Delivers(page)(said, "There is something new for you")
    assert (shown["title"], shown["lang"], shown["dir"]) == ("There is something new for you", "en", "ltr")
    assert shown["data"].startswith("/notices/go/")
    worker = worker_of(page)
    [_closed, opened] = worker.evaluate(_CLICK, shown["data"])
    page.goto(opened["opened"])
    expect(page.locator("h1")).to_be_visible()
    page.goto(reverse("notices:preferences"))
    page.locator("form[data-push-stop] button").click()
    expect(page.get_by_text("That device gets no push any more.")).to_be_visible()
    assert not PushDevice.objects.exists()
    assert page.evaluate("localStorage.length") == 0, "the browser gave its subscription up"


def test_the_worker_replaces_what_is_about_the_same_thing(page: Page) -> None:
    delivers = Delivers(page)
    says = {"title": "A meeting is called", "path": "/notices/go/x/", "tag": "abc", "lang": "en", "dir": "ltr"}
    delivers(json.dumps(says), "A meeting is called")
    [shown] = delivers(json.dumps(says | {"title": "A meeting is cancelled"}), "A meeting is cancelled")
    assert shown["tag"] == "abc"
    assert len(delivers(json.dumps(says | {"tag": "other"}), "A meeting is called", "A meeting is cancelled")) == 2


def test_what_is_none_of_ours_shows_the_sites_name_alone(page: Page) -> None:
    [shown] = Delivers(page)("not ours", "localhost")
    assert (shown["title"], shown["data"]) == ("localhost", "/")


@pytest.mark.parametrize(
    ("path", "opens"), [("/notices/go/x/", "/notices/go/x/"), ("https://evil.example/", None), ("//evil.example/", None), ("javascript:alert(1)", None)]
)
def test_a_press_leads_to_a_page_of_this_site_and_nowhere_else(worker: Worker, live_server: LiveServer, path: str, opens: str | None) -> None:
    found: list[Any] = worker.evaluate(_CLICK, path)
    assert found == ["closed", *([{"opened": f"{live_server.url}{opens}"}] if opens else [])]


def test_a_browser_whose_address_changed_says_so(worker: Worker) -> None:
    [[url, method, body]] = worker.evaluate(_CHANGED)
    assert (url, method) == (reverse("notices:push_renew"), "POST")
    assert body == "before=https%3A%2F%2Fold.example%2F1&secret=known&endpoint=https%3A%2F%2Fnew.example%2F2&p256dh=point&auth=secret"


# -- How long -----------------------------------------------------------------------------------------------------------------


def subscribed(page: Page, service: PushService) -> Subscription:
    """A browser that gets push: in its pages, and in whatever worker it gets from now on."""
    subscription = service.browser("phone")
    page.add_init_script(f"({_SUBSCRIBES})({json.dumps(subscription.given)})")
    give_to_workers(page, subscription)
    page.goto(reverse("notices:preferences"))
    page.get_by_role("button", name="Allow push on this device").click()
    expect(page.get_by_text("This one")).to_be_visible()
    return subscription


def give_to_workers(page: Page, subscription: Subscription) -> None:
    """A worker's script begins by what a browser with a push service would have brought."""
    has = f"PushManager.prototype.getSubscription = async () => ({{ endpoint: {json.dumps(subscription.endpoint)}, unsubscribe: async () => true }});\n"

    def answer(route: Any) -> None:
        real = route.fetch()
        route.fulfill(response=real, body=has + real.text())

    page.context.route("**/worker.js*", answer)


def looks_for_another_worker(page: Page, address: str) -> None:
    page.evaluate("address => navigator.serviceWorker.register(address, {scope: '/'}).catch(() => {})", address)


def keeps(page: Page, what: list[str]) -> None:
    """Soon the browser keeps this of the site, and nothing else."""
    for _ in range(100):
        if left(page) == what:
            return
        page.wait_for_timeout(50)
    assert left(page) == what


def test_a_session_that_waited_too_long_leaves_the_worker_for_push_alone(page: Page, live_server: LiveServer, service: PushService) -> None:
    subscribed(page, service)
    Session.objects.update(ends_on=timezone.now().date() - timedelta(days=1))
    page.goto("/today/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert f"{live_server.url}/" in left(page), "nobody was signed out here"
    assert not [each for each in page.context.cookies() if each["name"] == configured.SESSION_COOKIE_NAME]
    looks_for_another_worker(page, "/worker.js?v=tomorrow")
    keeps(page, [f"{live_server.url}/"])  # it stays, and keeps nothing
    says = {"title": "There is something new for you", "path": "/notices/go/x/", "tag": "a", "lang": "en", "dir": "ltr"}
    [shown] = Delivers(page)(json.dumps(says), says["title"])
    assert shown["title"] == "There is something new for you"
    Session.objects.all().delete()  # signed out everywhere, on another device
    looks_for_another_worker(page, "/worker.js?v=the-day-after")
    keeps(page, [])
    nothing_is_left(page, live_server.url)


@pytest.mark.parametrize("goes", [signs_out, is_signed_out_elsewhere], ids=lambda way: way.__name__)
def test_whoever_signs_out_gets_no_push_there_and_the_browser_keeps_nothing(page: Page, live_server: LiveServer, service: PushService, goes: Any) -> None:
    subscribed(page, service)
    goes(page)
    page.wait_for_load_state()
    assert not PushDevice.objects.exists()
    nothing_is_left(page, live_server.url)


def test_the_button_is_there_with_scripts_and_words_without(browser: Browser, live_server: LiveServer) -> None:
    person = make.person()
    for scripts in (True, False):
        page = window_of(browser, live_server, person, width=390, scripts=scripts)
        page.goto(reverse("notices:preferences"))
        words = page.get_by_text("JavaScript must be on")
        assert words.is_hidden() == scripts
        assert scripts or page.get_by_role("button", name="Allow push on this device").count() == 0
