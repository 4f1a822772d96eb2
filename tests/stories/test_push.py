"""Push in a browser: the worker shows what comes, and leads where it says; the page works without scripts as it says.

No push service is asked: what one would bring is given to the worker as its browser gives it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Worker
from pytest_django.live_server_helper import LiveServer

from tests import make
from tests.stories.people import window_of
from tests.stories.test_no_network import with_worker

pytestmark = pytest.mark.django_db(transaction=True)

#: Instead of the screen, and of windows: a list of what was shown and opened.
_WATCH = """() => {
  self.seen = [];
  self.registration.showNotification = async (title, how) => { self.seen.push({ title, ...how }); };
  self.clients.openWindow = async url => { self.seen.push({ opened: url }); };
}"""
_PUSH = """async text => {
  const event = new PushEvent('push', { data: text });
  const done = []; event.waitUntil = what => done.push(what);
  self.dispatchEvent(event); await Promise.all(done); return self.seen.splice(0);
}"""
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
  event.oldSubscription = { endpoint: 'https://old.example/1', options: {} };
  event.newSubscription = { toJSON: () => ({ endpoint: 'https://new.example/2', keys: { p256dh: 'point', auth: 'secret' } }) };
  event.waitUntil = what => done.push(what);
  self.dispatchEvent(event); await Promise.all(done); self.fetch = real; return asked;
}"""


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Page:
    return with_worker(window_of(browser, live_server, make.person(), width=390))


@pytest.fixture
def worker(page: Page) -> Worker:
    answers = page.evaluate("navigator.serviceWorker.controller.scriptURL")
    found = next(each for each in reversed(page.context.service_workers) if each.url == answers)
    found.evaluate(_WATCH)
    return found


def test_the_worker_shows_one_line_and_replaces_what_is_about_the_same_thing(worker: Worker) -> None:
    says = {"title": "There is something new for you", "path": "/notices/go/x/", "tag": "abc", "lang": "en", "dir": "ltr"}
    [shown] = worker.evaluate(_PUSH, json.dumps(says))
    assert shown == {"title": says["title"], "tag": "abc", "lang": "en", "dir": "ltr", "data": "/notices/go/x/"}


def test_what_is_none_of_ours_shows_the_sites_name_alone(worker: Worker) -> None:
    [shown] = worker.evaluate(_PUSH, "not ours")
    assert shown["title"] == "localhost"


@pytest.mark.parametrize(
    ("path", "opens"), [("/notices/go/x/", "/notices/go/x/"), ("https://evil.example/", None), ("//evil.example/", None), ("javascript:alert(1)", None)]
)
def test_a_press_leads_to_a_page_of_this_site_and_nowhere_else(worker: Worker, live_server: LiveServer, path: str, opens: str | None) -> None:
    found: list[Any] = worker.evaluate(_CLICK, path)
    assert found == ["closed", *([{"opened": f"{live_server.url}{opens}"}] if opens else [])]


def test_a_browser_whose_address_changed_says_so(worker: Worker) -> None:
    [[url, method, body]] = worker.evaluate(_CHANGED)
    assert (url, method) == (reverse("notices:push_renew"), "POST")
    assert body == "before=https%3A%2F%2Fold.example%2F1&endpoint=https%3A%2F%2Fnew.example%2F2&p256dh=point&auth=secret"


def test_the_button_is_there_with_scripts_and_words_without(browser: Browser, live_server: LiveServer) -> None:
    person = make.person()
    for scripts in (True, False):
        page = window_of(browser, live_server, person, width=390, scripts=scripts)
        page.goto(reverse("notices:preferences"))
        words = page.get_by_text("JavaScript must be on")
        assert words.is_hidden() == scripts
        assert scripts or page.get_by_role("button", name="Allow push on this device").count() == 0
