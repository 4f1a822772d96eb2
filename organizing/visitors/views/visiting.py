"""Pages for people of no committee: what is open to everybody, one meeting, registering for it, and its door."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.base import dates, doors
from committees.base.errors import Refused
from committees.people.models import Person
from committees.people.requests import PersonRequest
from organizing.live.commands.door import fingerprint
from organizing.visitors import commands, forms, queries
from organizing.visitors.models import Opening, Visit


def _opening(slug: str) -> Opening:
    found = queries.opening(slug, at=timezone.now())
    if found is None:
        raise Http404
    return found


def _visit(request: PersonRequest, slug: str) -> Visit:
    found = queries.visit_of(_opening(slug), request.user)
    if found is None:
        raise Http404
    return found


def _browser(request: HttpRequest) -> str:
    key = request.session.session_key if request.user.is_authenticated else None
    return fingerprint(key) if key else ""


def _page(request: HttpRequest, opening: Opening, form: forms.RegisterForm | None = None, *, refused: str = "") -> HttpResponse:
    person = request.user if isinstance(request.user, Person) else None
    seen = queries.standpoint(opening, person, browser=_browser(request), at=timezone.now())
    if form is None and person is not None and seen.takes and not seen.is_member and not seen.is_away:
        form = forms.RegisterForm(initial={"name": seen.visit.name if seen.visit else ""})
    context = {"seen": seen, "opening": opening, "meeting": opening.meeting, "form": form, "refused": refused}
    answer = render(request, "visitors/page.html", context, status=422 if refused or (form is not None and form.errors) else 200)
    return doors.private(answer)


@doors.public(because="what committees have opened to the public; nobody who comes is named")
@require_GET
def announced(request: HttpRequest) -> HttpResponse:
    """Meetings to which everybody may come."""
    page = queries.ANNOUNCED.page(request, at=timezone.now())
    return render(request, "visitors/announced.html", {"page": page, "zone": dates.zone_label()})


@doors.public(because="the organizers of a listed committee opened this meeting to the public; who comes and how to get there is not shown")
@require_GET
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One meeting, as visitors see it."""
    return _page(request, _opening(slug))


@doors.signed_in
@require_POST
def register(request: PersonRequest, slug: str) -> HttpResponse:
    opening, form = _opening(slug), forms.RegisterForm(request.POST)
    if form.is_valid():
        try:
            commands.register(opening, form.cleaned_data["name"], by=request.user, at=timezone.now())
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("You are registered. You can take it back until the meeting."))
            return redirect(opening)
    return _page(request, opening, form)


@doors.signed_in
@require_POST
def withdraw(request: PersonRequest, slug: str) -> HttpResponse:
    visit = _visit(request, slug)
    commands.withdraw(visit, by=request.user)
    messages.success(request, _("You no longer come."))
    return redirect(visit.opening)


@doors.signed_in
@require_POST
def knock(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask to be let in, and wait."""
    visit, key = _visit(request, slug), request.session.session_key
    if key is None:
        raise Http404
    try:
        commands.knock(visit, key, by=request.user, at=timezone.now())
    except Refused as no:
        return _page(request, visit.opening, refused=str(no))
    return redirect(visit.opening)


@doors.signed_in
@require_GET
def through(request: PersonRequest, slug: str) -> HttpResponse:
    """On to the meeting's link, for whoever was let in, in the browser in which they asked, while it goes on."""
    opening = _opening(slug)
    seen = queries.standpoint(opening, request.user, browser=_browser(request), at=timezone.now())
    if not seen.may_go or not opening.meeting.link:
        return redirect(opening)
    answer = redirect(str(opening.meeting.link))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
