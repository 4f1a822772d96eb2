"""The session's stamp, the language before we know who asks, and the person's own language and zone afterwards."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from committees.people import commands
from committees.people.sessions import SessionStore, ended_by_waiting

type Answer = Callable[[HttpRequest], HttpResponse]


class Sessions(SessionMiddleware):
    """Django's, and a fresh stamp in the cookie every ten minutes of use. Using a session writes nothing.

    Where the cookie names a session that has ended, the browser is told to forget what it kept while it was signed in. One that gets push and was
    only left alone for too long keeps its worker: that forgets by itself what it kept for members (static/js/worker.js).
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        session = request.session
        ended = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if ended is not None and not ended.value and not ended_by_waiting(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            response.headers.setdefault("Clear-Site-Data", '"storage"')
        if settings.SESSION_COOKIE_NAME in response.cookies or not isinstance(session, SessionStore) or session.is_empty():
            return response
        if fresh := session.restamped():
            response.set_cookie(
                settings.SESSION_COOKIE_NAME,
                fresh,
                max_age=settings.SESSION_COOKIE_AGE,
                path=settings.SESSION_COOKIE_PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


class Language:
    """Speaks the language of the cookie, else what the browser asks for; PersonalSettings corrects it for a member."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class PersonalSettings:
    """A member reads in their own language and time zone, whatever the browser says; the day of their visit is noted."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not person.is_authenticated:
            timezone.deactivate()
            return self.get_response(request)
        if translation.check_for_language(person.language):
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        commands.seen(person, on=timezone.now().date())
        with timezone.override(ZoneInfo(person.time_zone)):
            return self.get_response(request)
