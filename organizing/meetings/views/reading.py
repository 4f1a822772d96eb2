"""Pages that every member reads: lists, one meeting, the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.base import dates
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from committees.people.requests import PersonRequest
from organizing.meetings import commands, forms, queries, register
from organizing.meetings.answers import OFFERED
from organizing.meetings.models import Choice, Meeting


def _refuse(form: Any, no: Refused) -> None:
    field = no.field if no.field in form.fields else None
    form.add_error(field, str(no))


def _status(*bound: Any) -> int:
    return 422 if any(each.is_bound and not each.is_valid() for each in bound) else 200


# -- The way in from a calendar ------------------------------------------------------------------------------------------


@doors.signed_in
@require_GET
def go(request: PersonRequest, slug: str) -> HttpResponse:
    """Where a calendar's entry leads: an address that names no committee, to the meeting of whoever belongs to one."""
    meeting = Meeting.objects.visible_to_person(request.user).filter(slug=slug).select_related("committee").first()
    if meeting is None:
        raise Http404
    return redirect(meeting)


# -- Lists --------------------------------------------------------------------------------------------------------------


@doors.signed_in
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """What comes, in all of this person's committees."""
    page = queries.COMING.page(request, person=request.user, at=timezone.now())
    return render(request, "meetings/list.html", {"page": page, "calling": queries.may_call_in(request.user), "zone": dates.zone_label()})


@doors.signed_in
@require_GET
def past(request: PersonRequest) -> HttpResponse:
    page = queries.OVER.page(request, person=request.user, at=timezone.now())
    return render(request, "meetings/past.html", {"page": page})


@doors.member()
@require_GET
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """What comes in one committee; for organizers also what they have not sent yet."""
    member = request.membership
    page = queries.COMING_HERE.page(request, member=member, at=timezone.now())
    drafts = queries.drafts(member) if Power.CALL_MEETING in member.powers else []
    may_call = Power.CALL_MEETING in member.powers
    invitations = queries.invitations(member, timezone.now()) if may_call else []
    context = {"committee": member.committee, "page": page, "drafts": drafts, "invitations": invitations, "may_call": may_call}
    context["is_full_member"] = Power.SEE_PLACE in member.powers
    return render(request, "meetings/of_committee.html", context)


@doors.member()
@require_GET
def past_of_committee(request: doors.MemberRequest) -> HttpResponse:
    page = queries.OVER_HERE.page(request, member=request.membership, at=timezone.now())
    return render(request, "meetings/past.html", {"committee": request.membership.committee, "page": page})


# -- One meeting ----------------------------------------------------------------------------------------------------------


def _called(request: doors.MemberRequest, slug: str) -> Meeting:
    found = queries.one(request.membership, slug)
    if found is None:
        raise Http404
    return found


def _page(request: doors.MemberRequest, meeting: Meeting, form: forms.AnswerForm | None = None) -> HttpResponse:
    seen = queries.standpoint(meeting, request.membership, at=timezone.now())
    if form is None and seen.may_answer:
        asked = request.GET.get("answer", "")
        said = dict(seen.answer or {"choice": asked if asked in OFFERED else ""})
        if said["choice"] == Choice.WAITING:
            said["choice"] = Choice.YES
        form = forms.AnswerForm(meeting=meeting, initial=said)
    reports = queries.reports(meeting, request.membership) if Power.SEE_DELIVERY in request.membership.powers else []
    context = {"committee": request.membership.committee, "meeting": meeting, "seen": seen, "form": form, "reports": reports}
    context["links"] = register.links(meeting, request.membership, at=seen.at)
    context["errands"] = register.errands(meeting, request.membership, at=seen.at)
    under = register.under_points(meeting, request.membership, at=seen.at)
    context["agenda"] = [{**point, "under": under.get(point["key"], [])} for point in seen.agenda]
    context["parts"] = register.parts(meeting, request.membership, at=seen.at)
    return render(request, "meetings/meeting.html", context, status=_status(form) if form else 200)


@doors.member()
@require_GET
def meeting(request: doors.MemberRequest, slug: str) -> HttpResponse:
    return _page(request, _called(request, slug))


@doors.member(Power.ANSWER_MEETINGS)
@require_POST
def answer(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _called(request, slug)
    form = forms.AnswerForm(request.POST, meeting=found)
    if form.is_valid():
        try:
            given = commands.answer(found, by=request.membership, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            _refuse(form, no)
        else:
            if given.choice == Choice.WAITING:
                messages.info(request, _("All places are taken. You wait for one, and are told when you get it."))
            else:
                messages.success(request, _("Your answer is saved. You can change it until the meeting."))
            return redirect(found)
    return _page(request, found, form)


@doors.member(Power.SEE_ANSWERS)
@require_GET
def answers(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who comes and what they need, for organizers."""
    found = _called(request, slug)
    groups, needs = queries.answers(found, request.membership)
    return render(request, "meetings/answers.html", {"committee": request.membership.committee, "meeting": found, "groups": groups, "needs": needs})
