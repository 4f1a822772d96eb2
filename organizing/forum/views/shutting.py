"""What pages that anyone may open do with those who may not read what is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from committees.base import doors
from organizing.forum.audiences import Reader
from organizing.forum.queries import reader_of


class NotForYou(Exception):
    """There is no such page for this reader. Whoever has not signed in is asked to, as on every inner path."""


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Below the public door: what is read after signing in is stored nowhere, and what is not for this reader is not there."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reader: Reader = reader_of(request.user)
        try:
            response = view(request, *args, reader=reader, **kwargs)
        except NotForYou:
            if reader is None:
                return doors.sign_in_first(request)
            raise Http404 from None
        return response if reader is None else doors.private(response)

    return shown
