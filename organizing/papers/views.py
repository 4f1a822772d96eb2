"""Pages of documents: reading one, and for the host's organizers hanging, changing and taking away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base.errors import Refused
from committees.base.uploads import takes_files
from committees.membership import doors
from committees.membership.roles import Power
from organizing.meetings.models import Meeting
from organizing.papers import commands, forms, queries, rules
from organizing.papers.cleaning import LARGEST
from organizing.papers.models import Kind, Paper

ORGANIZERS = doors.member(Power.CALL_MEETING)
PICTURES = (Kind.JPEG, Kind.PNG)


@doors.member()
@require_GET
def read(request: doors.MemberRequest, slug: str, paper: str) -> HttpResponse:
    """The document, for whoever sees its point at this moment. Pictures are shown, everything else is saved: nothing of it runs here."""
    found = queries.readable(request.membership, slug, paper)
    if found is None:
        raise Http404
    kind, shown = Kind(found.kind), found.kind in PICTURES
    response = HttpResponse(queries.content(found), content_type=rules.SENT_AS[kind][0])
    names = f"filename=\"{rules.plain_file_name(found)}\"; filename*=UTF-8''{quote(rules.file_name(found))}"
    response.headers["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; {names}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _meeting(request: doors.MemberRequest, slug: str) -> Meeting:
    found = queries.hosted(request.membership, slug)
    if found is None:
        raise Http404
    return found


def _paper(request: doors.MemberRequest, meeting: Meeting, slug: str) -> Paper:
    found = queries.kept(meeting, request.membership).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _refuse(form: Any, no: Refused) -> None:
    form.add_error(no.field if no.field in form.fields else None, str(no))


@ORGANIZERS
@takes_files(largest=LARGEST)
@require_http_methods(["GET", "POST"])
def keep(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """All documents of a meeting, and the form for one more."""
    meeting = _meeting(request, slug)
    points = queries.points(meeting, request.membership)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.AttachForm(*sent, points=points, initial={"point": request.GET.get("point", "")})
    if request.method == "POST" and form.is_valid():
        try:
            _attach(request, form)
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("The document is there, made anew without who wrote it, where and when. Nobody was told."))
            return redirect("papers:keep", request.membership.committee.slug, slug)
    papers = list(queries.kept(meeting, request.membership))
    context = {"committee": request.membership.committee, "meeting": meeting, "papers": papers, "points": points, "form": form}
    used = {"used": queries.bytes_of(meeting.committee_id), "most": rules.MOST_OF_A_COMMITTEE}
    return render(request, "papers/keep.html", context | used, status=422 if form.errors else 200)


def _attach(request: doors.MemberRequest, form: forms.AttachForm) -> None:
    data = form.cleaned_data
    file = commands.cleaned(data["file"].read())
    commands.attach(data["point"], file, name=data["name"], by=request.membership, at=timezone.now(), form_key=data["form_key"])


@ORGANIZERS
@require_http_methods(["GET", "POST"])
def change(request: doors.MemberRequest, slug: str, paper: str) -> HttpResponse:
    """Another name, or another point."""
    meeting = _meeting(request, slug)
    found = _paper(request, meeting, paper)
    points = queries.points(meeting, request.membership)
    initial = {"name": found.name, "point": found.point.key if found.point else ""}
    form = forms.ChangeForm(request.POST if request.method == "POST" else None, points=points, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change(found, **form.cleaned_data, by=request.membership)
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("Saved. Nobody was told."))
            return redirect("papers:keep", request.membership.committee.slug, slug)
    context = {"committee": request.membership.committee, "meeting": meeting, "paper": found, "form": form}
    return render(request, "papers/change.html", context, status=422 if form.errors else 200)


@ORGANIZERS
@require_POST
def remove(request: doors.MemberRequest, slug: str, paper: str) -> HttpResponse:
    meeting = _meeting(request, slug)
    commands.remove(_paper(request, meeting, paper), by=request.membership, at=timezone.now())
    messages.success(request, _("The document is taken away, for everybody."))
    return redirect("papers:keep", request.membership.committee.slug, slug)
