"""Where a committee sees whom it belongs to, asks, answers and parts; and where anybody finds the committees there are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.alliance import commands as alliance
from committees.alliance import forms, queries
from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.bodies.models import Scope
from committees.membership import commands as membership
from committees.membership import doors
from committees.membership.models import Membership
from committees.membership.roles import Power


@doors.member()
@require_GET
def ties(request: doors.MemberRequest) -> HttpResponse:
    """Whom the committee belongs to and who belongs to it; for organizers also what waits and what was."""
    member = request.membership
    context = {
        "committee": member.committee,
        "member": member,
        "ties": queries.ties(member),
        "past": queries.past(member),
        "siblings": list(queries.siblings(member)),
        "may_ask": Power.AFFILIATE in member.powers,
        "is_widest": member.committee.scope == Scope.ALLIANCE,
    }
    return render(request, "alliance/ties.html", context)


@doors.member(Power.AFFILIATE)
@require_http_methods(["GET", "POST"])
def ask(request: doors.MemberRequest) -> HttpResponse:
    """Ask a wider committee."""
    member = request.membership
    candidates = queries.candidates(member, asked_too=request.method == "POST")
    form = forms.AskForm(request.POST or None, candidates=candidates)
    if form.is_valid():
        try:
            tie = alliance.ask(form.cleaned_data["wider"], why=form.cleaned_data["why"], by=member, at=timezone.now(), form_key=form.cleaned_data["form_key"])
            messages.success(request, _("Sent. Their organizers answer; you are told."))
            return redirect(tie.url_in(member.committee.slug))
        except Refused as no:
            form.add_error(None, str(no))
    context = {"committee": member.committee, "member": member, "form": form, "candidates": candidates}
    return render(request, "alliance/ask.html", context, status=422 if form.errors else 200)


@doors.member(Power.AFFILIATE)
@require_http_methods(["GET", "POST"])
def tie(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One request or tie, with what this side may do about it."""
    by, at = request.membership, timezone.now()
    found = queries.tie(by, slug)
    if found is None:
        raise Http404
    act = request.POST.get("act", "")
    answering = act in ("decline", "end")
    form = forms.ReasonForm(request.POST if answering else None)
    refused = ""
    try:
        if _done(found, act, form, by=by, at=at):
            messages.success(request, _said(act))
            return redirect("alliance:ties", by.committee.slug)
    except Refused as no:
        refused = str(no)
        found = queries.tie(by, slug) or found
    context = {
        "committee": by.committee,
        "member": by,
        "tie": found,
        "other": found.wider if found.committee_id == by.committee_id else found.committee,
        "mine_asked": found.committee_id == by.committee_id,
        "form": form,
        "refused": refused,
    }
    return render(request, "alliance/tie.html", context, status=422 if refused or form.errors else 200)


def _said(act: str) -> str:
    return {
        "accept": _("You belong together now. Their organizers are told."),
        "decline": _("Declined. Their organizers are told why."),
        "withdraw": _("Your request is taken back."),
        "end": _("You have parted. Their organizers are told why."),
    }[act]


def _done(found: Affiliation, act: str, form: forms.ReasonForm, *, by: Membership, at: Any) -> bool:
    """Whether one of the page's buttons was pressed and did what it says."""
    wider_side = found.wider_id == by.committee_id
    if act == "accept" and wider_side:
        alliance.accept(found, by=by, at=at)
    elif act == "decline" and wider_side and form.is_valid():
        alliance.decline(found, form.cleaned_data["reason"], by=by, at=at)
    elif act == "withdraw" and not wider_side:
        alliance.withdraw(found, by=by, at=at)
    elif act == "end" and form.is_valid():
        alliance.end(found, form.cleaned_data["reason"], by=by, at=at)
    else:
        return False
    return True


@doors.member(Power.AFFILIATE)
@require_http_methods(["GET", "POST"])
def start(request: doors.MemberRequest) -> HttpResponse:
    """Start a wider committee for the employer, the industry, the country or the region of one's own."""
    member = request.membership
    sent = request.method == "POST"
    regions = queries.startable_regions(member.committee, started_too=sent)
    choices = queries.startable(member.committee, regions, started_too=sent)
    form = forms.StartForm(request.POST or None, choices=choices, regions=regions)
    if form.is_valid():
        try:
            said = form.cleaned_data
            scope = Scope(said["scope"])
            begun = membership.start_wider(scope, name=said["name"], region=said["region"], by=member, at=timezone.now(), form_key=said["form_key"])
            return redirect(begun)
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
    context = {"committee": member.committee, "member": member, "form": form, "choices": choices}
    return render(request, "alliance/start.html", context, status=422 if form.errors else 200)
