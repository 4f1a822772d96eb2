"""Pages of those who receive visitors: the host's organizers, and the stewards of its door."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from organizing.live.views.keeping import keeps
from organizing.meetings.models import Meeting
from organizing.visitors import commands, forms, queries
from organizing.visitors.models import Opening, Visit

ORGANIZERS = doors.member(Power.CALL_MEETING)
COMERS = doors.member(Power.ANSWER_MEETINGS)


def _meeting(request: doors.MemberRequest, slug: str) -> Meeting:
    found = queries.of_committee(request.membership, slug)
    if found is None:
        raise Http404
    return found


def _opening(request: doors.MemberRequest, slug: str) -> Opening:
    found = queries.of_meeting(_meeting(request, slug))
    if found is None:
        raise Http404
    return found


def _named(opening: Opening, slug: str) -> Visit:
    found = queries.visit(opening, slug)
    if found is None:
        raise Http404
    return found


@ORGANIZERS
@require_http_methods(["GET", "POST"])
def keep(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Open a meeting to the public, and see who registered."""
    meeting = _meeting(request, slug)
    opening = queries.of_meeting(meeting)
    said = {"words": opening.words, "room": opening.room} if opening else {}
    form = forms.OpeningForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            commands.open_up(meeting, **form.cleaned_data, by=request.membership, at=timezone.now())
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Saved."))
            return redirect("visitors:keep", request.membership.committee.slug, slug)
    context: dict[str, Any] = {"committee": request.membership.committee, "meeting": meeting, "opening": opening, "form": form}
    if opening is not None:
        context |= {"page": queries.REGISTERED.page(request, opening=opening.pk), "address": f"{settings.SITE_URL}{opening.get_absolute_url()}"}
    return render(request, "visitors/keep.html", context, status=422 if form.errors else 200)


@ORGANIZERS
@require_POST
def close(request: doors.MemberRequest, slug: str) -> HttpResponse:
    commands.close(_opening(request, slug), by=request.membership, at=timezone.now())
    messages.success(request, _("Nobody else can register now."))
    return redirect("visitors:keep", request.membership.committee.slug, slug)


@ORGANIZERS
@require_POST
def turn_away(request: doors.MemberRequest, slug: str) -> HttpResponse:
    visit = _named(_opening(request, slug), request.POST.get("visit", ""))
    commands.turn_away(visit, by=request.membership, at=timezone.now())
    messages.success(request, _("They do not come, and cannot register again."))
    return redirect("visitors:keep", request.membership.committee.slug, slug)


# -- The door -------------------------------------------------------------------------------------------------------------------


@COMERS
@require_POST
def voted(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """A steward writes down that the meeting voted to let visitors in."""
    gathering = keeps(request, slug)
    try:
        commands.voted(gathering, by=request.membership, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
    return redirect("live:desk", request.membership.committee.slug, slug)


@COMERS
@require_POST
def answer(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """A steward lets a visitor in, or does not."""
    gathering = keeps(request, slug)
    opening = queries.of_meeting(gathering.meeting)
    if opening is None:
        raise Http404
    visit = _named(opening, request.POST.get("visit", ""))
    try:
        commands.answer(visit, gathering, let_in=request.POST.get("act") == "let_in", by=request.membership, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
    return redirect("live:desk", request.membership.committee.slug, slug)
