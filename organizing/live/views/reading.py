"""The page for phones and the screen for the room, and the parts of both that are asked for again and again.

Those parts are asked for every few seconds where scripts run. The address says what the page shows already (`seen`); while that is
still so the answer is empty (204), for one query or two, so that a room full of phones costs little.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from committees.membership import doors
from committees.membership.models import Membership
from organizing.live import forms, queries, rules
from organizing.live.models import Gathering
from organizing.live.queries import Standpoint
from organizing.meetings import register as meetings
from organizing.meetings.models import Meeting


def there[T](row: T | None) -> T:
    """A row that was asked for by name; where there is none, no such page."""
    if row is None:
        raise Http404
    return row


def found(member: Membership, slug: str) -> Gathering:
    """The meeting with that name, where it was opened; else as if there were none."""
    return there(queries.one(member, slug))


def _shown(request: doors.MemberRequest, seen: Standpoint) -> dict[str, Any]:
    """What the page for phones shows and asks for anew: what hangs on the points of its agenda too."""
    member = request.membership
    under = meetings.under_points(seen.meeting, member, at=seen.at) if seen.is_open else {}
    points = [(point, under.get(str(point.key), [])) for point in seen.agenda.points]
    return {"live": seen, "meeting": seen.meeting, "committee": member.committee, "points": points}


def draw(request: doors.MemberRequest, gathering: Gathering, *, code: forms.CodeForm | None = None, status: int = 200) -> HttpResponse:
    """The page for phones, with a form that was refused."""
    seen = queries.standpoint(gathering, request.membership, timezone.now())
    context = {**_shown(request, seen), "code": code or forms.CodeForm(), "limit": forms.LimitForm(now=gathering.limit)}
    return render(request, "live/live.html", context, status=status)


@doors.member()
@require_GET
def page(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """The meeting as it goes on. Where it was not opened one is led to the page of the meeting."""
    gathering = queries.one(request.membership, slug)
    if gathering is None:
        meeting = get_object_or_404(Meeting.objects.visible_to(request.membership).called(), slug=slug)
        return redirect(meeting.url_in(request.membership.committee.slug))
    return draw(request, gathering)


def is_page(request: doors.MemberRequest) -> bool:
    """Whether a part is opened by itself, as if it were a page: then one is led to the page that it is a part of."""
    return "HX-Request" not in request.headers


def _fresh(request: doors.MemberRequest, gathering: Gathering) -> bool:
    return request.GET.get("seen") == queries.mark_now(gathering, timezone.now())


@doors.member()
@require_GET
def now(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who is here and who speaks, if that is no longer what the page shows."""
    gathering = found(request.membership, slug)
    if is_page(request):
        return redirect("live:page", request.membership.committee.slug, slug)
    if _fresh(request, gathering):
        return HttpResponse(status=204)
    return render(request, "live/_now.html", _shown(request, queries.standpoint(gathering, request.membership, timezone.now())))


def _on_wall(request: doors.MemberRequest, gathering: Gathering, template: str) -> HttpResponse:
    seen = queries.standpoint(gathering, request.membership, timezone.now(), for_room=True)
    return render(request, template, {"live": seen, "meeting": seen.meeting, "committee": request.membership.committee})


def _for_screen(request: doors.MemberRequest, slug: str) -> Gathering:
    """For whoever may put the code up; for all others there is no such page."""
    gathering, member = found(request.membership, slug), request.membership
    if not rules.sees_code(gathering.meeting, member, queries.duties_of(gathering, member)):
        raise Http404
    return gathering


@doors.member()
@require_GET
def screen(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """What is put up in the room, in big letters."""
    return _on_wall(request, _for_screen(request, slug), "live/screen.html")


@doors.member()
@require_GET
def screen_now(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering = _for_screen(request, slug)
    if is_page(request):
        return redirect("live:screen", request.membership.committee.slug, slug)
    if _fresh(request, gathering):
        return HttpResponse(status=204)
    return _on_wall(request, gathering, "live/_screen.html")
