"""Every page there is, read from the URL resolver: clean in a browser, complete in another language, mirrored without a tear.

The world and its people are those of the matrix (tests/safety). A page is looked at once, as whoever is first let in.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from babel import Locale
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests.safety import world as worlds
from tests.safety.asking import ask, signed_in
from tests.safety.routes import Route, routes
from tests.safety.words import WORDS
from tests.stories.pages import Watcher, bare_words, english_leftovers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

#: Who is asked to open an inner page, in this order; public pages are opened by nobody in particular.
READERS = ("organizer", "member", "applicant", "registered", "admin")
#: Shown in English only, to developers.
UNTRANSLATED = {"base:components"}
#: Pages of ours that are no pages: a blank one on the way out.
BLANK = {"base:left"}


def given() -> tuple[str, ...]:
    """All words that the world's people wrote or chose."""
    return tuple(word for words in WORDS.given.values() for word in words.values())


def not_ours() -> tuple[str, ...]:
    """What stands in English on a page in an invented language and is not a text of ours: people's words, and Babel's."""
    english = Locale("en")
    phrases = [f"{word}{rest}" for word in given() for rest in (" committee", " Ltd", " and overtime", " hall, back door", " pin", " is why", "")]
    names = [*english.days["format"]["wide"].values(), *english.months["format"]["wide"].values(), *english.languages.values()]
    return ("London", "Who is your lead?", *phrases, *names)


def openings(world: worlds.World) -> Iterator[tuple[Route, str, str]]:
    """The pages, each with its address and somebody who may read it."""
    for route in routes():
        if route.name in BLANK:
            continue
        url = world.url(route)
        for reader in ("anonymous", *READERS) if route.door == "public" else READERS:
            answer = ask(signed_in(world.people[reader]), "GET", url)
            if answer.cell == "200":
                if answer.response.headers["Content-Type"].startswith("text/html"):
                    yield route, url, reader
                break


def browser_of(browser: Browser, world: worlds.World, reader: str, live_server: LiveServer, language: str = "en") -> BrowserContext:
    """A browser in which that reader is signed in, and which asks for the language."""
    person = world.people[reader]
    context = browser.new_context(viewport={"width": 390, "height": 800})
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if person is not None:
        type(person).objects.visible_to(person).update(language=language)
        cookies[settings.SESSION_COOKIE_NAME] = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    return context


def test_every_page_is_clean(browser: Browser, live_server: LiveServer) -> None:
    world, faults = worlds.build(), []
    for route, url, reader in list(openings(world)):
        context = browser_of(browser, world, reader, live_server)
        page = context.new_page()
        watcher = Watcher(page)
        page.goto(live_server.url + url)
        try:
            # A title that names a person, a site or a committee stands in the history and in the list of windows.
            watcher.assert_clean(never=() if route.door == "public" else given())
        except AssertionError as fault:
            faults.append(f"{route.name} as {reader}: {fault}")
        context.close()
    assert not faults, "\n\n".join(faults)


def test_every_page_speaks_the_readers_language(browser: Browser, live_server: LiveServer, invented_languages: tuple[str, str]) -> None:
    world, faults = worlds.build(), []
    language, _mirrored = invented_languages
    for route, url, reader in list(openings(world)):
        if route.name in UNTRANSLATED:
            continue
        context = browser_of(browser, world, reader, live_server, language)
        page = context.new_page()
        page.goto(live_server.url + url)
        for width in (320, 1280):  # its words are 40 % longer
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"):
                faults.append(f"{route.name} as {reader} scrolls sideways at {width} px")
        if left := english_leftovers(page, allowed=not_ours()):
            faults.append(f"{route.name} as {reader} says in English: {left}")
        if bare := bare_words(page, given()):
            faults.append(f"{route.name} as {reader} leaves people's words bare: {bare}")
        context.close()
    assert not faults, "\n".join(faults)
