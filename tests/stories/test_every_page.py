"""Every page in a browser: valid, accessible, of the right size, asking nobody else for anything, and all of it translated.

It is opened once, in an invented language whose words are 40 % longer than the English ones: what does not overflow there
overflows nowhere, and what was not put through translation shows.
"""

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
    ends = (
        " committee",
        " Ltd",
        " and overtime",
        " hall, back door",
        " pin",
        " is why we decided so",
        " is why we need this",
        " is what I saw",
        " at our place",
        " is where I am stuck",
        " **for** all of us",
        " is why",
        "",
    )
    phrases = [f"{word}{end}" for word in given() for end in ends]
    months = [*english.months["format"]["wide"].values(), *english.months["format"]["abbreviated"].values()]
    names = [*english.days["format"]["wide"].values(), *months, *english.languages.values()]
    return ("London", "UTC", "Who is your lead?", *phrases, *names)


def test_every_page_is_clean_and_speaks_the_readers_language(browser: Browser, live_server: LiveServer, invented_languages: tuple[str, str]) -> None:
    world, faults = worlds.build(), []
    never = (*given(), *(person.sign_in_name for person in world.people.values() if person is not None))
    browsers = Browsers(browser, world, live_server, invented_languages[0])
    for route, url, reader in pages(world):
        watcher = browsers.of(reader)
        watcher.open(live_server.url + url)
        try:
            # A title that names a person, a site or a committee stands in the history and in the list of windows.
            watcher.assert_clean(never=() if route.door == "public" else never)
        except AssertionError as fault:
            faults.append(f"{route.name} as {reader}: {fault}")
        if route.name not in UNTRANSLATED and (left := english_leftovers(watcher.page, allowed=not_ours())):
            faults.append(f"{route.name} as {reader} says in English: {left}")
        if bare := bare_words(watcher.page, given()):
            faults.append(f"{route.name} as {reader} leaves people's words bare: {bare}")
    assert not faults, "\n\n".join(faults)
