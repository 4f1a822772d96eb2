"""Who is away and who covers for them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.base import clock, keyset
from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly import forms
from committees.membership import commands as membership
from committees.membership import doors, standing_in
from committees.membership import rules as may
from committees.membership.covers import Cover
from committees.membership.roles import Power


@doors.member(Power.SEE_LOG)
@require_GET
def away(request: doors.MemberRequest) -> HttpResponse:
    """Who covers for whom and until when, now, later and before."""
    by, at = request.membership, timezone.now()
    rows = Cover.objects.visible_to(by).select_related("committee", "absent", "member")
    waiting = list(rows.not_over(at).order_by("begins_at", "pk"))
    page = keyset.page(rows.exclude(pk__in=[each.pk for each in waiting]), request, order=("-asked_at", "-pk"))
    context = {"committee": by.committee, "member": by, "waiting": waiting, "page": page, "offices": may.coverable(by)}
    return render(request, "jointly/away.html", context)


@doors.member(Power.ARRANGE_COVER)
@doors.recent
@require_http_methods(["GET", "POST"])
def cover_new(request: doors.MemberRequest) -> HttpResponse:
    """Say from when to when one is away, and ask somebody to cover."""
    by, at = request.membership, timezone.now()
    offices = may.coverable(by)
    if not offices:
        raise Http404
    today = clock.wall(at, by.committee.zone).date()
    form = forms.CoverForm(request.POST or None, roles=offices, initial={"first": today})
    if form.is_valid():
        said = form.cleaned_data
        try:
            asked = standing_in.full_member_named(by, said.pop("name"))
            made = jointly.ask_cover(asked, **said, by=by, at=at)
            messages.success(request, _("They are asked. You are told what they answer."))
            return redirect(made)
        except Refused as no:
            form.add_error(no.field, str(no))
    return render(request, "jointly/cover_new.html", {"committee": by.committee, "form": form}, status=422 if form.errors else 200)


@doors.member(Power.SEE_LOG)
@require_http_methods(["GET", "POST"])
def cover(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One of them: whoever is asked answers, either of the two ends it."""
    by, at = request.membership, timezone.now()
    one = get_object_or_404(Cover.objects.visible_to(by).select_related("committee", "absent__committee", "member__committee"), slug=slug)
    pressed = request.POST.get("act", "")
    refused = ""
    try:
        if pressed == "accept" and one.member_id == by.pk:
            jointly.accept_cover(one, by=by, at=at)
            messages.success(request, _("Thank you. They are told."))
            return redirect(one)
        if pressed == "decline" and one.member_id == by.pk:
            membership.decline_cover(one, by=by, at=at)
            messages.success(request, _("They are told, and not asked why."))
            return redirect("jointly:away", by.committee.slug)
        if pressed == "end" and by.pk in (one.absent_id, one.member_id):
            jointly.end_cover(one, by=by, at=at)
            messages.success(request, _("Ended. Both of you are told."))
            return redirect("jointly:away", by.committee.slug)
    except Refused as no:
        refused = str(no)
        one.refresh_from_db()
    act = one.acts.visible_to(by).order_by("-pk").first()
    mine = by.pk in (one.absent_id, one.member_id)
    context = {
        "committee": by.committee,
        "member": by,
        "cover": one,
        "act": act,
        "refused": refused,
        "may_answer": one.is_asked and one.member_id == by.pk and at < one.ends_at,
        "may_end": mine and one in Cover.objects.visible_to(by).not_over(at) and not (one.is_asked and one.member_id == by.pk),
        "takes_two": one.is_asked and not standing_in.gives_nothing(one.member, one.role, at),
        "runs": one.is_arranged and one.begins_at <= at < one.ends_at,
    }
    return render(request, "jointly/cover.html", context, status=422 if refused else 200)
