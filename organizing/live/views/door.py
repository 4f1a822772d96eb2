"""The door of an online meeting: the page where a member waits, the way on, and the desk of those who let in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from organizing.live import commands, queries, register, rules
from organizing.live.commands.door import fingerprint
from organizing.live.models import Gathering
from organizing.live.queries import Waiting
from organizing.live.views.keeping import keeps
from organizing.live.views.reading import found, is_page, there

COMERS = doors.member(Power.ANSWER_MEETINGS)


def _browser(request: doors.MemberRequest) -> str:
    """The key of the session in use: the page that leads on is of one browser alone."""
    key = request.session.session_key
    if key is None:
        raise Http404
    return key


def _waiting(request: doors.MemberRequest, gathering: Gathering) -> Waiting:
    return queries.waits(gathering, request.membership, fingerprint(_browser(request)), timezone.now())


@COMERS
@require_http_methods(["GET", "POST"])
def door(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Ask to be let in, and wait."""
    gathering, refused = found(request.membership, slug), ""
    if request.method == "POST":
        try:
            commands.knock(gathering, _browser(request), by=request.membership, at=timezone.now())
            return redirect("live:door", request.membership.committee.slug, slug)
        except Refused as no:
            refused = str(no)
    context = {"door": _waiting(request, gathering), "meeting": gathering.meeting, "committee": request.membership.committee, "refused": refused}
    return render(request, "live/door.html", context, status=422 if refused else 200)


@COMERS
@require_GET
def door_now(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering = found(request.membership, slug)
    if is_page(request):
        return redirect("live:door", request.membership.committee.slug, slug)
    waiting = _waiting(request, gathering)
    if request.GET.get("seen") == waiting.mark:
        return HttpResponse(status=204)
    return render(request, "live/_door.html", {"door": waiting, "meeting": gathering.meeting, "committee": request.membership.committee})


@COMERS
@require_GET
def through(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """On to the meeting's link, for whoever was let in, in the browser in which they asked, while it goes on."""
    gathering = found(request.membership, slug)
    if not _waiting(request, gathering).may_go or not gathering.meeting.link:
        return redirect("live:door", request.membership.committee.slug, slug)
    answer = redirect(str(gathering.meeting.link))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


# -- The desk -------------------------------------------------------------------------------------------------------------------


@COMERS
@require_http_methods(["GET", "POST"])
def desk(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who waits, and letting them in."""
    gathering = keeps(request, slug)
    if request.method == "POST":
        let_in = request.POST.get("act") == "let_in"
        knock = there(queries.knock(gathering, request.POST.get("knock", "")))
        try:
            commands.answer(knock, let_in=let_in, by=request.membership, at=timezone.now())
        except Refused as no:
            messages.error(request, str(no))
        return redirect("live:desk", request.membership.committee.slug, slug)
    return render(request, "live/desk.html", _desk(request, gathering))


@COMERS
@require_GET
def desk_now(request: doors.MemberRequest, slug: str) -> HttpResponse:
    gathering = keeps(request, slug)
    if is_page(request):
        return redirect("live:desk", request.membership.committee.slug, slug)
    context = _desk(request, gathering)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "live/_desk.html", context)


def _desk(request: doors.MemberRequest, gathering: Gathering) -> dict[str, object]:
    waiting, more = queries.at_the_door(gathering)
    parts = register.desk(gathering, request.membership, at=timezone.now())
    return {
        "parts": parts,
        "waiting": waiting,
        "more": more,
        "mark": "+".join([queries.door_mark(waiting, more), *(part.context["mark"] for part in parts)]),
        "is_open": rules.is_open(gathering, timezone.now()),
        "meeting": gathering.meeting,
        "committee": request.membership.committee,
        "needs_door": rules.has_door(gathering.meeting),
    }
