"""Several acts in the same moment, as several workers would give them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

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
