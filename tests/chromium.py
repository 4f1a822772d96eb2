"""A real Chromium for the story tests, which talks to nobody but this machine (tools/chromium.py)."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tools import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


class Profiles:
    """The browser, as far as stories need it: `new_context` gives a profile that knows nothing of anybody.

    To open the first window of a profile costs Chromium more than to load six pages. So each keeps an empty one, and is used
    again, for the same options, by later tests: after each test its other windows are closed, and what they stored is erased.
    Only fetched files stay, of which pages are none.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = defaultdict(list)
        self._used: list[tuple[str, BrowserContext]] = []
        self._kept: dict[BrowserContext, Page] = {}

    def new_context(self, **options: Any) -> BrowserContext:
        options = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}} | options
        key = repr(sorted(options.items()))
        if self._free[key]:
            profile = self._free[key].pop()
        else:
            profile = self._browser.new_context(**options)
            self._kept[profile] = profile.new_page()
        self._used.append((key, profile))
        return profile

    def take_back(self) -> None:
        """Called after each test."""
        from playwright.sync_api import Error

        used, self._used = self._used, []
        for key, profile in used:
            try:
                self._clean(profile)
            except Error:  # the test has closed it, or something in it hangs
                self._kept.pop(profile)
                with suppress(Error):
                    profile.close()
            else:
                self._free[key].append(profile)

    def _clean(self, profile: BrowserContext) -> None:
        kept, origins = self._kept[profile], set()
        for page in profile.pages:
            origins.add("{0.scheme}://{0.netloc}".format(urlsplit(page.url)))
            if page is not kept:
                page.close()
        profile.unroute_all()
        profile.set_offline(False)
        profile.clear_permissions()  # what one test allows an address, or denies it thereby, stays else in the next one's way
        profile.set_geolocation(None)
        profile.clear_cookies()
        session = profile.new_cdp_session(kept)
        for origin in origins - {"about://"}:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        session.detach()


_profiles: Profiles | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Before the server and its database are emptied, so that no page asks them for anything any more."""
    if _profiles is not None:
        _profiles.take_back()


@pytest.fixture(scope="session")
def browser() -> Iterator[Profiles]:
    """One Chromium per test process. No Chromium is a failure, never a skip."""
    from playwright.sync_api import sync_playwright

    global _profiles
    path = chromium.find()
    assert path, "No Chromium was found. `python -m tools.chromium` installs one; CHROMIUM=… names one."
    # Playwright runs an event loop in this thread, and Django then takes every query for one inside async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        _profiles = Profiles(started)
        yield _profiles
        _profiles = None
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    """A fresh browser profile."""
    return browser.new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
