"""Two who change the same things in the same moment: one of them is asked to stand back, and takes a second run."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

#: Where PostgreSQL ended one of two transactions that waited for each other (deadlock_detected), or one that read what another changed.
STOOD_BACK = frozenset({"40P01", "40001"})
TIMES = 2

logger = logging.getLogger(__name__)


class OnceMore:
    """A view whose transaction the database ended, so that another's could go on, is run again: by then the other is done, and whoever
    pressed the button is told what is so now, as whoever came a moment later.

    What the ended transaction did is undone, notices among it, and what the view did before it comes with a key or finds itself done.
    A request that brings files is not run again, for they have been read. After TIMES the error stands.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django asks this when a view has raised."""
        found, error = request.resolver_match, exception
        for _time in range(TIMES):
            if found is None or request.FILES or connection.in_atomic_block or not has_stood_back(error):
                return None
            logger.warning("a view stood back for another and is run once more: %s", found.view_name)
            try:
                response: HttpResponse = found.func(request, *found.args, **found.kwargs)
            except OperationalError as again:
                error = again
            else:
                return response
        return None


def has_stood_back(error: BaseException | None) -> bool:
    """Whether the database ended this so that somebody else could go on."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) in STOOD_BACK
