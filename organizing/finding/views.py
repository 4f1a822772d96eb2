"""Pages of polls: all of a committee's, one of them with one's answer, and for organizers proposing, adding, taking and ending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import keyset
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from organizing.finding import commands, forms, queries, rules
from organizing.finding.models import Poll
from organizing.meetings.forms import typed

MEMBERS, CALLERS = doors.member(Power.SEE_PLACE), doors.member(Power.CALL_MEETING)


def _one(request: doors.MemberRequest, slug: str) -> Poll:
    return get_object_or_404(queries.of_committee(request.membership).select_related("committee", "meeting", "taken"), slug=slug)


def _refuse(form: Any, no: Refused) -> None:
    form.add_error(no.field if no.field in form.fields else None, str(no))


# -- Reading and answering -----------------------------------------------------------------------------------------------------


@MEMBERS
@require_GET
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """What is being looked for, and was."""
    member = request.membership
    page = keyset.page(queries.of_committee(member), request, order=queries.NEWEST)
    context = {"committee": member.committee, "page": page, "now": timezone.now(), "may_call": Power.CALL_MEETING in member.powers}
    return render(request, "finding/of_committee.html", context)


def _page(request: doors.MemberRequest, found: Poll, *, data: Any = None, refused: str = "") -> HttpResponse:
    seen = queries.standpoint(found, request.membership, at=timezone.now())
    form = forms.AnswerForm(data, times=seen.times) if seen.may_answer else None
    if refused and form:
        form.is_valid()
        form.add_error(None, refused)
    context = {"committee": request.membership.committee, "poll": found, "seen": seen, "form": form, "shown": seen.best if seen.sees_names else seen.times}
    return render(request, "finding/poll.html", context, status=422 if form and form.errors else 200)


@MEMBERS
@require_GET
def poll(request: doors.MemberRequest, slug: str) -> HttpResponse:
    return _page(request, _one(request, slug))


@MEMBERS
@require_POST
def answer(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found, at = _one(request, slug), timezone.now()
    form = forms.AnswerForm(request.POST, times=queries.standpoint(found, request.membership, at=at).times)
    if not form.is_valid() and found.is_answerable(at):
        return _page(request, found, data=request.POST)
    try:
        commands.answer(found, form.cleaned_data, by=request.membership, at=at)
    except Refused as no:
        found = _one(request, slug)
        if found.is_answerable(at):
            return _page(request, found, data=request.POST, refused=str(no))
        messages.error(request, str(no))
    else:
        messages.success(request, _("Your answer is saved. You can change it until answering ends."))
    return redirect(found)


@doors.member(Power.SEE_ANSWERS)
@require_GET
def answers(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who said what about each time, for organizers."""
    found = _one(request, slug)
    context = {"committee": request.membership.committee, "poll": found, "times": queries.names(found, request.membership), "kept_days": commands.ANSWER_DAYS}
    return render(request, "finding/answers.html", context)


# -- Organizing -------------------------------------------------------------------------------------------------------------------


@CALLERS
@require_http_methods(["GET", "POST"])
def new(request: doors.MemberRequest) -> HttpResponse:
    """The form with its lines. The button that adds one draws it again with all that was typed; nothing is judged or kept."""
    committee = request.membership.committee
    if request.method != "POST":
        return _draw(request, forms.ProposeForm(committee=committee), forms.TimesForm(initial=[{}] * forms.LINES, prefix=forms.PREFIX))
    form = forms.ProposeForm(request.POST, committee=committee)
    if request.POST.get("do") == "add":
        lines = [*forms.typed_lines(request.POST), {}][: rules.MOST]
        again = forms.ProposeForm(committee=committee, initial=typed(form))
        return _draw(request, again, forms.TimesForm(initial=lines, prefix=forms.PREFIX))
    times = forms.TimesForm(request.POST, prefix=forms.PREFIX)
    if form.is_valid() & times.is_valid():
        try:
            made = _propose(request, form, times)
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("The members are asked. You see below what they answer."))
            return redirect(made)
    return _draw(request, form, times)


def _propose(request: doors.MemberRequest, form: forms.ProposeForm, times: Any) -> Poll:
    data = form.cleaned_data
    found = times.times(data["zone"], data["minutes"])
    act = {"question": data["question"], "form_key": data["form_key"], "by": request.membership, "at": timezone.now()}
    return commands.propose(data["subject"], found, ends_at=form.ends_at, **act)


def _draw(request: doors.MemberRequest, form: forms.ProposeForm, times: Any) -> HttpResponse:
    wrong = any(each.is_bound and not each.is_valid() for each in (form, times))
    context = {"committee": request.membership.committee, "form": form, "times": times, "full": len(times.forms) >= rules.MOST}
    return render(request, "finding/propose.html", context, status=422 if wrong else 200)


@CALLERS
@require_http_methods(["GET", "POST"])
def add(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found, at = _one(request, slug), timezone.now()
    if not found.is_answerable(at):
        return redirect(found)
    form = forms.AddForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            commands.add_time(found, **form.cleaned_data, by=request.membership, at=at)
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("The time is added. Whoever has answered is asked about it."))
            return redirect(found)
    context = {"committee": request.membership.committee, "poll": found, "form": form}
    return render(request, "finding/add.html", context, status=422 if form.errors else 200)


@CALLERS
@require_POST
def take(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One button, which leads to the form of the meeting."""
    found, form = _one(request, slug), forms.TakeForm(request.POST)
    slot = found.slots.filter(slug=form.cleaned_data["slot"]).first() if form.is_valid() else None
    if slot is None:
        messages.error(request, _("Choose one of the times."))
        return redirect(found)
    try:
        draft = commands.take(slot, by=request.membership, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
        return redirect(found)
    messages.success(request, _("The time is filled in. Nobody is told before you have checked and sent it."))
    return redirect("meetings:edit", request.membership.committee.slug, draft.slug)


@CALLERS
@require_http_methods(["GET", "POST"])
def end(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Ends it without a time, or takes it back."""
    found = _one(request, slug)
    if request.method != "POST" and not found.is_open:
        return redirect(found)
    form = forms.EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = commands.withdraw if form.cleaned_data["how"] == "withdraw" else commands.close
        try:
            act(found, by=request.membership, at=timezone.now())
        except Refused as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("It has ended. Whoever had answered is told."))
        return redirect(found)
    context = {"committee": request.membership.committee, "poll": found, "form": form}
    return render(request, "finding/end.html", context, status=422 if form.errors else 200)
