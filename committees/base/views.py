"""The frame's own pages: language, colours, quick exit, errors, and the developers' page of parts.

The three forms of the frame stand on every page, the cached public ones and the error pages too, so they carry no token.
Instead they refuse what a browser says came from another site; nothing they do needs more.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from committees.base import choices, context, doors
from committees.base import offline as kept_offline
from committees.base.showroom import showroom

YEAR = 365 * 24 * 3600


def _from_elsewhere(request: HttpRequest) -> bool:
    """The browser itself says that another site sent this form."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site")


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form stood on, if it is one of ours."""
    where = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(where, allowed_hosts=None) and where.startswith("/")
    return redirect(where if ours else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


@doors.public(because="a reader chooses a language before signing in")
@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and not _from_elsewhere(request):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        choices.language_chosen(request, language)
    return response


@doors.public(because="a reader chooses light or dark before signing in")
@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    theme = request.POST.get("theme", "")
    if _from_elsewhere(request):
        return response
    if theme in context.THEMES:
        _remember(response, context.theme_cookie(), theme)
    else:
        response.delete_cookie(context.theme_cookie())
    return response


@doors.public(because="whoever is on a page may leave it at once, signed in or not")
@csrf_exempt
@require_POST
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Ends the session and clears what the browser kept. Never asks, never refuses: a form that stood open all night works too."""
    response = redirect("base:left")
    if not _from_elsewhere(request):
        with suppress(DatabaseError):  # whoever must leave, leaves: without a database the session opens nothing either
            logout(request)
        response.delete_cookie(settings.SESSION_COOKIE_NAME)
        response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


@doors.public(because="it says nothing: a blank page on the way to a neutral site")
@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """A page of ours in between, because `form-action 'self'` forbids a form to lead anywhere else."""
    response = render(request, "_ui/left.html", {"neutral_url": settings.NEUTRAL_EXIT_URL})
    response.headers["Refresh"] = f"0; url={settings.NEUTRAL_EXIT_URL}"
    return doors.private(response)


@doors.signed_in
@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """Where the last tab of the phone's bar leads: all that the wide bar shows in its menus."""
    return render(request, "_ui/more.html")


@doors.public(because="it says nothing of anybody: what a browser shows where there is no network")
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page that the worker keeps: the same for everybody who reads this language in these colours."""
    return doors.private(HttpResponse(kept_offline.kept(_theme(request)).page))


@doors.public(because="a browser in which nobody is signed in any more gets a worker that takes itself away")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root, for it answers for the whole site. A browser asks for it anew once a day."""
    signed_in = request.user.is_authenticated
    script = kept_offline.kept(_theme(request)).script if signed_in else kept_offline.worker_that_goes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=86400" if signed_in else "no-store"
    return response


@doors.public(because="made up examples; absent in production")
def components(request: HttpRequest) -> HttpResponse:
    """Every part with its states, drawn by the real templates."""
    if settings.PRODUCTION:
        raise Http404
    return render(request, "_ui/components.html", showroom())


def _theme(request: HttpRequest) -> str:
    theme: str = context.site(request)["frame"]["theme"]
    return theme


# -- Errors. The first two and 404 know who is reading; a broken request or server can rely on nothing. ------------------


def _bare(template: str, status: int) -> HttpResponse:
    with translation.override(translation.get_language() or settings.LANGUAGE_CODE):
        return doors.private(HttpResponse(render_to_string(template, {"frame": context.shell()}), status=status))


def _frame(request: HttpRequest, template: str, status: int, **more: Any) -> HttpResponse:
    """The page never repeats the address that was asked for, so that a hidden page and no page look the same."""
    return doors.private(render(request, template, {"frame": {**context.shell(), "theme": _theme(request)}, **more}, status=status))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    request.resolver_match = None  # the bar marks no page as current: which pattern matched is nobody's business
    return _frame(request, "404.html", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _frame(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _frame(request, "403_csrf.html", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _bare("400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    return _bare("500.html", 500)
