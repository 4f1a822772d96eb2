"""The site on a port, for tests that need one: pytest-django's, but files are served as on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """`live_server.url`. Django's own handler for files looks in static/ and knows no hashed names; WhiteNoise does."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda application: application
    server.start()
    yield server
    server.stop()
