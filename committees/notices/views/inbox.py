"""What has arrived for a person."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.base import doors
from committees.notices import commands, queries, registry
from committees.notices.views.requests import PersonsRequest


@doors.signed_in
@require_http_methods(["GET"])
def inbox(request: PersonsRequest) -> HttpResponse:
    """Everything of the last fourteen days, newest first. Looking changes nothing."""
    committees = registry.committees_of(request.user)
    page = queries.inbox(request, request.user, committees)
    items = queries.items(page.items, request.user, committees)
    return render(request, "notices/inbox.html", {"page": page, "items": items, "unseen": any(not item.seen for item in items)})


@doors.signed_in
@require_POST
def mark_seen(request: PersonsRequest) -> HttpResponse:
    """Mark everything as read. Only the reader ever sees these marks."""
    commands.mark_seen(by=request.user)
    messages.success(request, _("Everything is marked as read."))
    return redirect("notices:inbox")


@doors.signed_in
@require_http_methods(["GET"])
def go(request: PersonsRequest, slug: str) -> HttpResponse:
    """Where the link of a mail leads: on to what the notice is about. The page there asks again who may see it."""
    where = queries.destination(request.user, slug)
    if where is None:
        raise Http404
    return redirect(where)
