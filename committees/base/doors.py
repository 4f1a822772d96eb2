"""Every view has a door, and a view without one stays shut.

`public` and `signed_in` are here; rooms above add their own on the same footing (membership.doors.member). A door marks
the view it guards with `view.door`; the middleware refuses a view without the mark, and the matrix test reads it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

type View = Callable[..., HttpResponse]

RECENT_SECONDS = 300
#: All that a browser's forms and links send. Libraries answer PUT as they answer POST; nobody needs it, so nobody has it.
METHODS = ("GET", "HEAD", "POST")


def mark(view: View, door: str, *, because: str = "") -> View:
    """Name the door of a view. Doors of other rooms call this; a view is never marked without a check behind it."""
    view.door = door  # type: ignore[attr-defined]
    view.because = because  # type: ignore[attr-defined]
    return view


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The one answer that an anonymous person gets for every inner path, existing or not."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


def public(*, because: str) -> Callable[[View], View]:
    """Anyone may come in; `because` says why nothing here is secret."""

    def door(view: View) -> View:
        return mark(view, "public", because=because)

    return door


def signed_in(view: View) -> View:
    """Anyone with an account; others are asked to sign in first. Answers are never stored by a browser."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return private(view(request, *args, **kwargs))

    return mark(guarded, "signed_in")


def platform_admin(view: View) -> View:
    """People who keep the service running. For all others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if not request.user.is_platform_admin:
            raise Http404
        return private(view(request, *args, **kwargs))

    return mark(guarded, "platform_admin")


def recent(view: View) -> View:
    """Placed under another door: asks to sign in again unless that was within RECENT_SECONDS."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        records = request.session.get("account_authentication_methods", [])
        if not any(time.time() - record.get("at", 0) < RECENT_SECONDS for record in records):
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    guarded.needs_recent_sign_in = True  # type: ignore[attr-defined]
    return guarded


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of an inner page stays in a cache, a history or a search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


class ClosedByDefault:
    """Refuses every view that has no door, and every method that no page sends. Static files are served before this."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if not getattr(view, "door", None):
            raise ImproperlyConfigured(f"{view.__module__}.{getattr(view, '__qualname__', view)} has no door")
        return None if request.method in METHODS else HttpResponseNotAllowed(METHODS)
