"""Every page is complete in another language whose words are longer, and people's own words stand apart from ours."""

from __future__ import annotations

import pytest
from babel import Locale
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.safety import world as worlds
from tests.stories.crawling import Browsers, given, pages
from tests.stories.pages import bare_words, english_leftovers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.slow]

#: Shown in English only, to developers.
UNTRANSLATED = {"base:components"}


def not_ours() -> tuple[str, ...]:
    """What stands in English on a page in an invented language and is not a text of ours: people's words, and Babel's."""
    english = Locale("en")
    ends = (" committee", " Ltd", " and overtime", " hall, back door", " pin", " is why we decided so", " is what I saw", " at our place", " is why", "")
    phrases = [f"{word}{end}" for word in given() for end in ends]
    names = [*english.days["format"]["wide"].values(), *english.months["format"]["wide"].values(), *english.languages.values()]
    return ("London", "Who is your lead?", *phrases, *names)


def test_every_page_speaks_the_readers_language(browser: Browser, live_server: LiveServer, invented_languages: tuple[str, str]) -> None:
    world, faults = worlds.build(), []
    language, _mirrored = invented_languages
    with Browsers(browser, world, live_server, language) as browsers:
        for route, url, reader in pages(world):
            if route.name in UNTRANSLATED:
                continue
            page = browsers.of(reader).page
            page.goto(live_server.url + url)
            for width in (320, 1280):  # its words are 40 % longer
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"):
                    faults.append(f"{route.name} as {reader} scrolls sideways at {width} px")
            if left := english_leftovers(page, allowed=not_ours()):
                faults.append(f"{route.name} as {reader} says in English: {left}")
            if bare := bare_words(page, given()):
                faults.append(f"{route.name} as {reader} leaves people's words bare: {bare}")
    assert not faults, "\n".join(faults)
