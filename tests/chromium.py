"""A real Chromium for the story tests, which talks to nobody but this machine (tools/chromium.py)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tools import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium per test process. No Chromium is a failure, never a skip."""
    from playwright.sync_api import sync_playwright

    path = chromium.find()
    assert path, "No Chromium was found. `python -m tools.chromium` installs one; CHROMIUM=… names one."
    # Playwright runs an event loop in this thread, and Django then takes every query for one inside async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile."""
    profile = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    yield profile
    profile.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
