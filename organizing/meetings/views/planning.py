"""Pages for organizers: schedule, check and send, move, change, cancel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.base import languages
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.meetings import commands, forms, register, rehearsals
from organizing.meetings.models import Meeting
from organizing.meetings.plans import Scope, When, Words

CALLERS = doors.member(Power.CALL_MEETING)


def _any(request: doors.MemberRequest, slug: str) -> Meeting:
    """A meeting or a draft of this committee."""
    return get_object_or_404(Meeting.objects.hosted(request.membership).select_related("committee"), slug=slug)


def _status(*bound: Any) -> int:
    return 422 if any(each is not None and each.is_bound and not each.is_valid() for each in bound) else 200


# -- Writing it down ----------------------------------------------------------------------------------------------------


@CALLERS
@require_http_methods(["GET", "POST"])
def new(request: doors.MemberRequest) -> HttpResponse:
    return _write(request, None)


@CALLERS
@require_http_methods(["GET", "POST"])
def edit(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """A draft as a whole; of a meeting that members know of only the words (its time and place are moved)."""
    return _write(request, _any(request, slug))


def _write(request: doors.MemberRequest, meeting: Meeting | None) -> HttpResponse:
    """The form with its agenda. The buttons of the agenda draw it again with all that was typed; nothing is judged or kept."""
    do, committee = request.POST.get("do", ""), request.membership.committee
    rows = forms.rearranged(forms.typed_rows(request.POST), do) if request.method == "POST" else forms.agenda_rows(meeting)
    form: Any
    if rows is not None:
        typed = forms.typed(forms.form_for(meeting, committee, request.POST)) if request.method == "POST" else None
        form = forms.form_for(meeting, committee, initial=typed or forms.written(meeting, committee))
        agenda = forms.AgendaForm(initial=rows, prefix=forms.PREFIX)
        return _draw(request, meeting, form, agenda, touched=forms.touched(rows, do))
    form = forms.form_for(meeting, committee, request.POST, only_save=do == "save")
    agenda = forms.AgendaForm(request.POST, prefix=forms.PREFIX)
    if form.is_valid() & agenda.is_valid():
        try:
            written = _keep(request, meeting, form, agenda)
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            if written.is_draft and do != "save":
                return redirect("meetings:check", committee.slug, written.slug)
            messages.success(request, _("The draft is saved. Nobody was told.") if written.is_draft else _("Saved. Nobody was told."))
            return redirect("meetings:of_committee", committee.slug) if written.is_draft else redirect(written)
    return _draw(request, meeting, form, agenda)


def _keep(request: doors.MemberRequest, meeting: Meeting | None, form: Any, agenda: Any) -> Meeting:
    by, at = request.membership, timezone.now()
    if meeting is None:
        return commands.draft(form.plan(agenda.points), by=by, at=at, form_key=form.cleaned_data["form_key"])
    if meeting.is_draft:
        return commands.save(meeting, form.plan(agenda.points), by=by, at=at)
    words, said = form.words(agenda.points), {"seen": form.cleaned_data["seen"], "by": by, "at": at}
    if form.which is not Scope.ONE:
        commands.edit_series(meeting, words, scope=form.which, **said)
        return meeting
    return commands.edit(meeting, words, **said)


def _draw(request: doors.MemberRequest, meeting: Meeting | None, form: Any, agenda: Any, touched: int | None = None) -> HttpResponse:
    context = {"meeting": meeting, "committee": request.membership.committee, "form": form, "agenda": agenda, "touched": touched}
    return render(request, "meetings/plan.html", context, status=_status(form, agenda))


@CALLERS
@require_POST
def copy(request: doors.MemberRequest, slug: str) -> HttpResponse:
    made = commands.copy(_any(request, slug), by=request.membership, at=timezone.now())
    messages.success(request, _("This is a copy. Choose its date."))
    return redirect("meetings:edit", request.membership.committee.slug, made.slug)


@CALLERS
@require_POST
def discard(request: doors.MemberRequest, slug: str) -> HttpResponse:
    meeting = _any(request, slug)
    try:
        commands.discard(meeting, by=request.membership)
    except Refused as no:
        messages.error(request, str(no))
        return redirect(meeting)
    messages.success(request, _("The draft is gone."))
    return redirect("meetings:of_committee", request.membership.committee.slug)


# -- Sending it ------------------------------------------------------------------------------------------------------------


@CALLERS
@require_http_methods(["GET", "POST"])
def check(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who gets it and what they see, before it is sent."""
    meeting = _any(request, slug)
    if not meeting.is_draft:
        return redirect(meeting)
    refused = ""
    if request.method == "POST":
        try:
            called = commands.call(meeting, by=request.membership, at=timezone.now())
        except Refused as no:
            now = _any(request, slug)
            if not now.is_draft:
                return redirect(now)
            refused = str(no)
        else:
            messages.success(request, _("The meeting is called. Below you see the notices arrive."))
            return redirect(called)
    words = Words.of(meeting)
    context = {
        "meeting": meeting,
        "committee": request.membership.committee,
        "when": When.of(meeting),
        "words": words,
        "repeats": meeting.series.rhythm.words(meeting.day) if meeting.series and meeting.day else "",
        "spoken": languages.names(meeting.languages),
        "shown": rehearsals.calling(meeting, by=request.membership, at=timezone.now()),
        "links": register.links(meeting, request.membership, at=timezone.now()),
        "refused": refused,
    }
    return render(request, "meetings/check.html", context, status=422 if refused else 200)


@CALLERS
@require_POST
def send_test(request: doors.MemberRequest, slug: str) -> HttpResponse:
    meeting = _any(request, slug)
    try:
        commands.send_test(meeting, by=request.membership, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
        return redirect(meeting)
    messages.success(request, _("A test is on its way to you, and to nobody else."))
    return redirect("meetings:check", request.membership.committee.slug, meeting.slug)


@CALLERS
@require_http_methods(["GET", "POST"])
def move(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Another time or place: the form, then what people will be told, then it is done."""
    meeting = _any(request, slug)
    if not meeting.is_scheduled:
        return redirect(meeting)
    do = request.POST.get("do", "")
    form = forms.MoveForm(request.POST if request.method == "POST" and do != "back" else None, initial=forms.moved_from(meeting, request.POST))
    form.ask_which(meeting)
    context: dict[str, Any] = {"meeting": meeting, "committee": request.membership.committee, "form": form}
    if form.is_bound and form.is_valid():
        act = {"why": form.cleaned_data["why"], "seen": form.cleaned_data["seen"], "by": request.membership, "at": timezone.now()}
        try:
            if do == "confirm":
                moved = _move(meeting, form, act)
                messages.success(request, _("The meeting is moved. Below you see the notices arrive."))
                return redirect(moved)
            return render(request, "meetings/move_check.html", {**context, **_as_moved(meeting, form, act)})
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
    return render(request, "meetings/move.html", context, status=_status(form))


def _move(meeting: Meeting, form: forms.MoveForm, act: dict[str, Any]) -> Meeting:
    if form.which is Scope.ONE:
        return commands.move(meeting, form.when, form.where, **act)
    return commands.move_series(meeting, form.when, form.where, scope=form.which, **act)


def _as_moved(meeting: Meeting, form: forms.MoveForm, act: dict[str, Any]) -> dict[str, Any]:
    """What people would read, about the first meeting that is meant."""
    first = commands.first_of(meeting, form.which, act["at"])
    when = commands.shifted(meeting, first, form.when)
    seen = act["seen"] if first.pk == meeting.pk else None
    shown = rehearsals.moving(first, when, form.where, **{**act, "seen": seen}, following=form.which is not Scope.ONE)
    return {"when": when, "shown": shown, "first": first, "which": form.which}


@CALLERS
@require_http_methods(["GET", "POST"])
def cancel(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """The reason, and what people will be told; one button that does it."""
    meeting = _any(request, slug)
    if not meeting.is_scheduled:
        return redirect(meeting)
    form = forms.CancelForm(request.POST if request.method == "POST" else None, initial={"scope": request.GET.get("scope", Scope.ONE)})
    form.ask_which(meeting)
    if form.is_valid():
        try:
            cancelled = _cancel(meeting, form, request.membership)
            messages.success(request, _("The meeting is cancelled. Below you see the notices arrive."))
            return redirect(cancelled)
        except Refused as no:
            form.add_error(None, str(no))
    shown = rehearsals.cancelling(
        meeting, following=form["scope"].value() != Scope.ONE if "scope" in form.fields else False, by=request.membership, at=timezone.now()
    )
    context = {"meeting": meeting, "committee": request.membership.committee, "form": form, "shown": shown}
    return render(request, "meetings/cancel.html", context, status=_status(form))


def _cancel(meeting: Meeting, form: forms.CancelForm, by: Membership) -> Meeting:
    why, at = form.cleaned_data["why"], timezone.now()
    if form.which is Scope.ONE:
        return commands.cancel(meeting, why=why, by=by, at=at)
    return commands.cancel_series(meeting, scope=form.which, why=why, by=by, at=at)
