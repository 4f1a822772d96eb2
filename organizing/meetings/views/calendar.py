"""Meetings in a calendar: one file, or an address of one's own."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from committees.membership import doors
from committees.people.requests import PersonRequest
from organizing.meetings import calendars, commands, forms, queries
from organizing.meetings.models import CalendarFeed

CONTENT_TYPE = "text/calendar; charset=utf-8"


def _url_of(request: HttpRequest) -> calendars.UrlOf:
    return lambda meeting: request.build_absolute_uri(reverse("meetings:go", args=[meeting.slug]))


@doors.member()
@require_GET
def ics(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One meeting for a calendar. Behind the login and not stored; the file says as little as its reader wants."""
    found = queries.one(request.membership, slug)
    if found is None:
        raise Http404
    body = calendars.ics([found], titles=getattr(found, "titles", CalendarFeed.Titles.NEUTRAL), url_of=_url_of(request))
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return HttpResponse(body, content_type=CONTENT_TYPE, headers=headers)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def address(request: PersonRequest) -> HttpResponse:
    """A person's calendar address: make one, end it, say how discreet it is."""
    kept = CalendarFeed.objects.visible_to(request.user).first()
    form = forms.TitlesForm(request.POST if request.POST.get("do") == "titles" else None, initial={"titles": queries.titles_of(request.user)})
    context: dict[str, Any] = {"form": form, "feed": kept}
    match request.POST.get("do"):
        case "make":
            token = commands.subscribe_calendar(by=request.user, at=timezone.now())
            # Shown in this answer and never again: what is kept cannot be turned back into it.
            context |= {
                "address": request.build_absolute_uri(reverse("meetings:feed", args=[token])),
                "feed": CalendarFeed.objects.visible_to(request.user).first(),
            }
        case "end":
            commands.revoke_calendar(by=request.user)
            messages.success(request, _("The address is dead. A calendar that uses it gets nothing any more."))
            return redirect("meetings:calendar")
        case "titles" if form.is_valid():
            commands.set_titles(form.cleaned_data["titles"], by=request.user)
            messages.success(request, _("Saved. Your calendar changes when it next asks."))
            return redirect("meetings:calendar")
    return render(request, "meetings/calendar.html", context, status=422 if form.errors else 200)


@doors.public(because="the address itself is a secret that only its owner was shown; a wrong one is not found")
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever holds the address. Asked of the database each time: it is empty for a committee one has left,
    and gone when there is none left. A calendar program may keep it, but must ask each time whether it is still true."""
    found = queries.feed_of(token)
    if found is None:
        raise Http404
    with translation.override(found.person.language):
        body = calendars.ics(queries.feed(found.person, timezone.now()), titles=found.titles, url_of=_url_of(request), with_series=True)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if etag in (request.headers.get("If-None-Match") or "").replace("W/", "").replace(" ", "").split(","):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=CONTENT_TYPE)
    for name, value in {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow"}.items():
        response.headers[name] = value
    return response
