"""A test that hangs ends its process, and is named: a run always comes to its end.

pytest-timeout fails a test by raising in it. Where that raising is itself held up (a pool that waits for its threads, a browser that never
answers while a test is cleared away), nothing would end the run. Then the process writes down where each of its threads stands and
ends; xdist reports the test as failed and goes on in a new process.
"""

from __future__ import annotations

import faulthandler
import os

import pytest

#: Seconds given to what clears up after pytest-timeout has raised.
MORE = 90
_out = -1


def pytest_configure() -> None:
    global _out
    _out = os.dup(2)  # before a test's own output is caught


def pytest_unconfigure() -> None:
    faulthandler.cancel_dump_traceback_later()
    os.close(_out)


def _allow(item: pytest.Item) -> None:
    own = item.get_closest_marker("timeout")
    seconds = own.args[0] if own is not None and own.args else item.config.getoption("timeout") or 0
    if seconds:
        faulthandler.dump_traceback_later(float(seconds) + MORE, exit=True, file=_out)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    _allow(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    _allow(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    _allow(item)


def pytest_runtest_logfinish() -> None:
    faulthandler.cancel_dump_traceback_later()
