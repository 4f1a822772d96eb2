"""Opening and ending a meeting, being here, asking to speak, and leading it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.live import commands, forms, queries
from organizing.live.models import Gathering
from organizing.live.views.reading import draw, found, there
from organizing.meetings.models import Meeting

COMERS, CALLERS = doors.member(Power.ANSWER_MEETINGS), doors.member(Power.CALL_MEETING)
#: How often somebody may type a code within five minutes: nobody comes in by trying.
TRIES, WITHIN = 8, 5 * 60


def may_try(member: Membership) -> bool:
    return any(cache.add(f"limit:meeting-code:{member.pk}:{n}", 1, WITHIN) for n in range(TRIES))


def back(request: doors.MemberRequest, slug: str) -> HttpResponse:
    return redirect("live:page", request.membership.committee.slug, slug)


def _done(request: doors.MemberRequest, slug: str, act: Callable[[], Any], said: str = "") -> HttpResponse:
    """One command, its words or why it was refused, and the page again. What is not theirs to do is as if it were not there."""
    try:
        act()
    except Refused as no:
        messages.error(request, str(no))
    except PermissionDenied:
        raise Http404 from None
    else:
        if said:
            messages.success(request, said)
    return back(request, slug)


# -- Opening and ending ---------------------------------------------------------------------------------------------------------


@CALLERS
@require_POST
def open_meeting(request: doors.MemberRequest, slug: str) -> HttpResponse:
    by = request.membership
    meeting = get_object_or_404(Meeting.objects.hosted(by).called().select_related("committee"), slug=slug)
    try:
        commands.open_meeting(meeting, by=by, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
        return redirect(meeting)
    return back(request, slug)


@CALLERS
@require_POST
def end(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering = found(request.membership, slug)
    return _done(request, slug, lambda: commands.end(gathering, by=request.membership, at=timezone.now()), _("The meeting is ended."))


# -- Being here -----------------------------------------------------------------------------------------------------------------


@COMERS
@require_POST
def come(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering, form = found(request.membership, slug), forms.CodeForm(request.POST)
    if form.is_valid():
        try:
            _come(gathering, form.cleaned_data["code"], by=request.membership)
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            messages.success(request, _("You are here. When you go, say so on this page."))
            return back(request, slug)
    return draw(request, gathering, code=form, status=422)


def _come(gathering: Gathering, code: str, *, by: Membership) -> None:
    if not may_try(by):
        raise Refused(_("That was too often. Wait five minutes, or ask an organizer to tick your name."), field="code")
    commands.come(gathering, code, by=by, at=timezone.now())


@COMERS
@require_POST
def leave(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering = found(request.membership, slug)
    said = _("You have left. To come back, type the code again.")
    return _done(request, slug, lambda: commands.leave(gathering, by=request.membership, at=timezone.now()), said)


# -- Speaking -------------------------------------------------------------------------------------------------------------------


@COMERS
@require_POST
def ask(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering, is_point = found(request.membership, slug), request.POST.get("kind") == "point"
    return _done(request, slug, lambda: commands.ask(gathering, is_point=is_point, by=request.membership, at=timezone.now()))


@COMERS
@require_POST
def withdraw(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering = found(request.membership, slug)
    return _done(request, slug, lambda: commands.withdraw(gathering, by=request.membership, at=timezone.now()))


@COMERS
@require_POST
def lead(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One button of whoever leads the meeting."""
    gathering, by, at = found(request.membership, slug), request.membership, timezone.now()
    turn = request.POST.get("turn", "")
    acts: dict[str, Callable[[], Any]] = {
        "next": lambda: commands.call_next(gathering, seen=turn, by=by, at=at),
        "done": lambda: commands.finish(gathering, by=by, at=at),
        "drop": lambda: commands.drop(there(queries.turn(gathering, turn)), by=by, at=at),
        "agenda": lambda: commands.turn_to(gathering, forms.key(request.POST.get("point")), seen=forms.key(request.POST.get("seen")), by=by, at=at),
        "open": lambda: commands.take_speakers(gathering, takes=True, by=by, at=at),
        "close": lambda: commands.take_speakers(gathering, takes=False, by=by, at=at),
    }
    act = acts.get(request.POST.get("act", ""))
    return _done(request, slug, act) if act else back(request, slug)


@COMERS
@require_POST
def limit(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """For how long one speaks."""
    gathering = found(request.membership, slug)
    form = forms.LimitForm(request.POST, now=gathering.limit)
    if not form.is_valid():
        messages.error(request, _("Choose one of the times."))
        return back(request, slug)
    minutes = form.cleaned_data["minutes"]
    return _done(request, slug, lambda: commands.set_limit(gathering, minutes, by=request.membership, at=timezone.now()))
