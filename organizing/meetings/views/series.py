"""Pages of meetings that repeat: choosing the rhythm, and a series as its members see it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from organizing.meetings import commands, forms, queries, repeating
from organizing.meetings.models import Choice, Meeting, Series
from organizing.meetings.rhythms import Rhythm

#: So many dates are shown before a series begins.
SHOWN = 8


@doors.member(Power.CALL_MEETING)
@require_http_methods(["GET", "POST"])
def repeat(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """How a meeting repeats: the form, the dates that follow from it, then it is done."""
    by, at, do = request.membership, timezone.now(), request.POST.get("do", "")
    meeting = get_object_or_404(Meeting.objects.hosted(by).select_related("committee", "series"), slug=slug)
    start = meeting.wall_start
    if start is None or not (meeting.is_draft or (meeting.is_scheduled and meeting.series_id is None)):
        return redirect("meetings:edit" if meeting.is_draft else "meetings:meeting", by.committee.slug, meeting.slug)
    form = repeating.RepeatForm(request.POST if do in ("check", "confirm") else None, initial=repeating.chosen(meeting), first=start.date())
    dates: list[Any] = []
    try:
        if do == "stop":
            commands.repeat_no_more(meeting, by=by)
            messages.success(request, _("It takes place once."))
            return redirect("meetings:check", by.committee.slug, meeting.slug)
        if form.is_bound and form.is_valid():
            form.rhythm.must_fit(start, meeting.zone)
            dates = _dates(form.rhythm, meeting)
            if do == "confirm":
                return _repeated(request, meeting, commands.repeat(meeting, form.rhythm, by=by, at=at))
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
    context = {"meeting": meeting, "committee": by.committee, "form": form, "dates": dates, "rhythm": form.rhythm.words(start.date()) if dates else ""}
    return render(request, "meetings/repeat.html", context, status=422 if form.errors else 200)


def _dates(rhythm: Rhythm, meeting: Meeting) -> list[Any]:
    start = meeting.wall_start
    assert start is not None
    return list(islice(rhythm.from_(start, meeting.zone), SHOWN))


def _repeated(request: doors.MemberRequest, meeting: Meeting, series: Series) -> HttpResponse:
    if meeting.is_draft:
        messages.success(request, _("It repeats. Nobody is told before you call it."))
        return redirect("meetings:check", request.membership.committee.slug, meeting.slug)
    messages.success(request, _("It repeats from now on. Everyone is told."))
    return redirect(series)


@doors.member()
@require_http_methods(["GET", "POST"])
def series(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """A series: its rhythm, and the meetings that are to come. Members can answer for all of them at once."""
    member, at = request.membership, timezone.now()
    found = get_object_or_404(Series.objects.visible_to(member).select_related("committee"), slug=slug)
    coming = queries.of_series(found, member, at)
    may_answer = Power.ANSWER_MEETINGS in member.powers and any(each.is_scheduled for each in coming)
    form = forms.AnswerAllForm(request.POST if request.method == "POST" else None) if may_answer else None
    if form is not None and form.is_valid():
        answered = commands.answer_all(found, choice=form.cleaned_data["choice"], by=member, at=at)
        if form.cleaned_data["choice"] == Choice.YES and any(each.choice == Choice.WAITING for each in answered):
            messages.success(request, _("Your answer is saved. Where there is no place left you wait for one."))
        else:
            messages.success(request, _("Your answer is saved for all dates."))
        return redirect(found)
    context = {
        "series": found,
        "committee": member.committee,
        "coming": coming,
        "form": form,
        "may_call": Power.CALL_MEETING in member.powers,
        "next": next((each for each in coming if each.is_scheduled and each.starts_at and each.starts_at > at), None),
    }
    return render(request, "meetings/series.html", context, status=422 if form is not None and form.errors else 200)
