"""Every page is clean in a browser: valid, accessible, of the right size, asking nobody else for anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.safety import world as worlds
from tests.stories.crawling import Browsers, given, pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.slow]


def test_every_page_is_clean(browser: Browser, live_server: LiveServer) -> None:
    world, faults = worlds.build(), []
    never = (*given(), *(person.sign_in_name for person in world.people.values() if person is not None))
    with Browsers(browser, world, live_server) as browsers:
        for route, url, reader in pages(world):
            watcher = browsers.of(reader)
            watcher.open(live_server.url + url)
            try:
                # A title that names a person, a site or a committee stands in the history and in the list of windows.
                watcher.assert_clean(never=() if route.door == "public" else never)
            except AssertionError as fault:
                faults.append(f"{route.name} as {reader}: {fault}")
    assert not faults, "\n\n".join(faults)
