"""Inviting other committees to a meeting, and answering for one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from organizing.meetings import commands, forms, queries
from organizing.meetings.models import Guest, Meeting

CALLERS = doors.member(Power.CALL_MEETING)


@CALLERS
@require_http_methods(["GET", "POST"])
def guests(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Which committees are invited to a meeting of ours; invite more, take an invitation back."""
    by, at = request.membership, timezone.now()
    meeting = get_object_or_404(Meeting.objects.hosted(by).called().select_related("committee"), slug=slug)
    others = queries.could_be_invited(meeting, by)
    form = forms.InviteForm(request.POST if request.POST.get("act") == "invite" else None, committees=others)
    refused = ""
    try:
        if form.is_valid():
            commands.invite(meeting, form.cleaned_data["committees"], by=by, at=at)
            messages.success(request, _("Invited. Their organizers answer; you are told."))
            return redirect("meetings:guests", by.committee.slug, slug)
        if request.POST.get("act") == "withdraw":
            guest = get_object_or_404(Guest.objects.visible_to(by).filter(meeting=meeting), slug=request.POST.get("guest", ""))
            commands.withdraw_invitation(guest, by=by, at=at)
            messages.success(request, _("Taken back."))
            return redirect("meetings:guests", by.committee.slug, slug)
    except Refused as no:
        refused = str(no)
    context = {"meeting": meeting, "committee": by.committee, "guests": queries.guests(meeting), "others": others, "form": form, "refused": refused}
    return render(request, "meetings/guests.html", context, status=422 if refused or form.errors else 200)


@CALLERS
@require_http_methods(["GET", "POST"])
def invitation(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Another committee invites ours: what it is about, and our answer. The place is shown to those who come, after a yes."""
    by, at = request.membership, timezone.now()
    guest = queries.invitation(by, slug)
    if guest is None:
        raise Http404
    acts = {"accept": commands.accept_invitation, "decline": commands.decline_invitation}
    refused = ""
    if act := acts.get(request.POST.get("act", "")):
        try:
            act(guest, by=by, at=at)
            messages.success(request, _("Answered. The other organizers are told."))
            return redirect("meetings:of_committee", by.committee.slug)
        except Refused as no:
            refused = str(no)
            guest = queries.invitation(by, slug) or guest
    context = {"guest": guest, "meeting": guest.meeting, "committee": by.committee, "refused": refused}
    return render(request, "meetings/invitation.html", context, status=422 if refused else 200)
