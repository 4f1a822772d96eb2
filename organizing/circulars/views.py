"""Pages of messages: what was sent, one of them, and for organizers writing, checking and sending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import keyset, languages
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from organizing.circulars import commands, forms, queries, rehearsals, rules
from organizing.circulars.models import Circular

SENDERS = doors.member(Power.SEND_MESSAGE)


def _one(request: doors.MemberRequest, slug: str) -> Circular:
    return get_object_or_404(Circular.objects.visible_to(request.membership).select_related("committee", "by"), slug=slug)


def _share(request: doors.MemberRequest) -> dict[str, Any]:
    """How many messages may leave, and how many still may: it stands beside what sends one."""
    return {"left": queries.left(request.membership.committee_id, timezone.now()), "most": rules.MOST, "hours": rules.HOURS}


# -- Reading ----------------------------------------------------------------------------------------------------------------


@doors.member()
@require_GET
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """What was sent; for organizers also how it arrived, and what they have begun."""
    member = request.membership
    page = keyset.page(queries.of_committee(member), request, order=queries.NEWEST)
    may_send = Power.SEND_MESSAGE in member.powers
    reports = queries.reports(page) if Power.SEE_DELIVERY in member.powers else {}
    for circular in page:
        circular.report = reports.get(circular.pk)
    context = {"committee": member.committee, "page": page, "drafts": queries.drafts(member) if may_send else [], "may_send": may_send}
    return render(request, "circulars/of_committee.html", context)


@doors.member()
@require_GET
def circular(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _one(request, slug)
    if found.is_draft:
        return redirect("circulars:check", request.membership.committee.slug, found.slug)
    may_watch = Power.SEE_DELIVERY in request.membership.powers
    context = {
        "committee": request.membership.committee,
        "circular": found,
        "may_watch": may_watch,
        "reports": queries.reports([found]).values() if may_watch else [],
        "kept_days": commands.KEPT_DAYS,
        "may_flag": Power.FLAG in request.membership.powers,
        "is_mine": found.by_id == request.membership.pk,
        "rule": queries.broken_rule(found) if found.is_hidden else None,
    }
    return render(request, "circulars/circular.html", context)


# -- Writing ----------------------------------------------------------------------------------------------------------------


@SENDERS
@require_http_methods(["GET", "POST"])
def new(request: doors.MemberRequest) -> HttpResponse:
    return _write(request, None)


@SENDERS
@require_http_methods(["GET", "POST"])
def edit(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _one(request, slug)
    return _write(request, found) if found.is_draft or request.method == "POST" else redirect(found)


def _write(request: doors.MemberRequest, found: Circular | None) -> HttpResponse:
    committee, by = request.membership.committee, request.membership
    form, now = forms.WriteForm(request.POST if request.method == "POST" else None, committee=committee, circular=found), None
    if form.is_valid():
        act = {**form.cleaned_data, "by": by, "at": timezone.now()}
        try:
            written = commands.save(found, **act) if found else commands.draft(**act)
        except commands.Overtaken as no:
            now = no.circular
            found = now if now.is_draft else None
            form = form.anew(found)
            form.full_clean()
            form.add_error(None, str(no))
        except Refused as no:
            form.add_error(None, str(no))
        else:
            if not written.is_draft:
                messages.info(request, _("This message was sent already."))
                return redirect(written)
            if "later" not in request.POST:
                return redirect("circulars:check", committee.slug, written.slug)
            messages.success(request, _("The draft is saved. Nobody was told."))
            return redirect("circulars:of_committee", committee.slug)
    context = {"committee": committee, "circular": found, "form": form, "now": now, **_share(request)}
    return render(request, "circulars/write.html", context, status=422 if form.errors else 200)


@SENDERS
@require_POST
def discard(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _one(request, slug)
    try:
        commands.discard(found, by=request.membership)
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The draft is gone."))
    return redirect("circulars:of_committee", request.membership.committee.slug)


# -- Sending ----------------------------------------------------------------------------------------------------------------


@SENDERS
@require_http_methods(["GET", "POST"])
@doors.recent
def check(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """The message as it will stand, who gets it and what they see; one button that sends it."""
    found = _one(request, slug)
    if not found.is_draft:
        return redirect(found)
    form, refused = forms.SendForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            sent = commands.send(found, **form.cleaned_data, by=request.membership, at=timezone.now())
        except Refused as no:
            found = _one(request, slug)
            if not found.is_draft:
                return redirect(found)
            refused = str(no)
        else:
            messages.success(request, _("The message is sent. Below you see the notices arrive."))
            return redirect(sent)
    elif form.is_bound:
        refused = _("Nothing was sent. Read the message again, then press the button.")
    context = {
        "committee": request.membership.committee,
        "circular": found,
        "seen": found.changed_at.isoformat(),
        "language": languages.name(found.language),
        "shown": rehearsals.sending(found, by=request.membership, at=timezone.now()),
        "refused": refused,
        **_share(request),
    }
    return render(request, "circulars/check.html", context, status=422 if refused else 200)


@SENDERS
@require_POST
def send_test(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _one(request, slug)
    try:
        commands.send_test(found, by=request.membership, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
        return redirect(found)
    messages.success(request, _("A test is on its way to you, and to nobody else."))
    return redirect("circulars:check", request.membership.committee.slug, found.slug)
