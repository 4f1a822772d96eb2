"""Every page there is, read from the URL resolver, opened in a browser by somebody whom it lets in.

The world and its people are those of the matrix (tests/safety), and the matrix says who is let in.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.safety import world as worlds
from tests.safety.asking import ask, signed_in
from tests.safety.routes import Route, routes
from tests.safety.table import rows
from tests.safety.words import WORDS
from tests.stories.pages import Watcher

#: Who opens an inner page, in this order; public pages are opened by nobody in particular.
READERS = ("organizer", "member", "applicant", "registered", "admin")
#: Pages of ours that are no pages: a blank one on the way out.
BLANK = {"base:left"}


def given() -> tuple[str, ...]:
    """All words that the world's people wrote or chose."""
    return tuple(word for words in WORDS.given.values() for word in words.values())


def pages(world: worlds.World) -> Iterator[tuple[Route, str, str]]:
    """The pages, each with its address and somebody who may read it."""
    clients = {reader: signed_in(world.people[reader]) for reader in ("anonymous", *READERS)}
    cells = {row.route: row.cells for row in rows() if row.method == "GET"}
    found = 0
    for route in routes():
        readers = ("anonymous", *READERS) if route.door == "public" else READERS
        reader = next((each for each in readers if cells.get(route.name, {}).get(each) == "200"), None)
        if reader is None or route.name in BLANK:
            continue
        url = world.url(route)
        answer = ask(clients[reader], "GET", url).response
        assert answer.status_code == 200, f"{route.name} answers {answer.status_code} to {reader}"
        if answer.headers["Content-Type"].startswith("text/html"):
            found += 1
            yield route, url, reader
    assert found > 60, "next to no page was opened: the test would prove nothing"


class Browsers:
    """A browser with one window for each reader, signed in once, that asks for a language."""

    def __init__(self, browser: Browser, world: worlds.World, live_server: LiveServer, language: str = "en") -> None:
        self._browser, self._world, self._server, self._language = browser, world, live_server, language
        self._open: dict[str, Watcher] = {}

    def of(self, reader: str) -> Watcher:
        if reader not in self._open:
            context = self._browser.new_context(viewport={"width": 390, "height": 800})
            context.add_cookies([{"name": name, "value": value, "url": self._server.url} for name, value in self._cookies(reader).items()])
            self._open[reader] = Watcher(context.new_page())
        return self._open[reader]

    def _cookies(self, reader: str) -> dict[str, str]:
        cookies = {settings.LANGUAGE_COOKIE_NAME: self._language}
        person = self._world.people[reader]
        if person is not None:
            type(person).objects.visible_to(person).update(language=self._language)
            cookies[settings.SESSION_COOKIE_NAME] = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        return cookies
