"""Several acts in the same moment, as several workers would give them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from committees.base.errors import Refused


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Each act in a thread with a connection of its own, all let go at the same moment. Refusals are answers too."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except (Refused, PermissionDenied) as no:
            return no
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def stop_halfway(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str], seconds: float = 2) -> None:
    """Whoever comes to one of these functions waits until another has come to the other one, so that each holds what it holds; but
    no longer than `seconds`, for one may rightly wait for the other before it comes there."""
    both = threading.Barrier(len(places))

    def stopped(then: Callable[..., Any]) -> Callable[..., Any]:
        def wait_first(*args: Any, **more: Any) -> Any:
            with suppress(threading.BrokenBarrierError):
                both.wait(timeout=seconds)
            return then(*args, **more)

        return wait_first

    for room, name in places:
        monkeypatch.setattr(room, name, stopped(getattr(room, name)))
