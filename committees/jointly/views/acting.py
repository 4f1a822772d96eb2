"""What two organizers propose, agree to and carry out; what members object; and the charter that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import keyset
from committees.base.errors import Refused
from committees.jointly import commands as jointly
from committees.jointly import forms, listing, queries, register
from committees.jointly import groups as side_by_side
from committees.jointly.commands import deeds
from committees.jointly.models import Introduction, JointAct, State
from committees.membership import commands as membership
from committees.membership import doors
from committees.membership import queries as members
from committees.membership.models import Membership
from committees.membership.roles import Power, Role


@doors.member(Power.SEE_LOG)
@require_GET
def acts(request: doors.MemberRequest) -> HttpResponse:
    """What is proposed, what can be objected to, and what became of the rest."""
    member = request.membership
    rows = queries.of_committee(member)
    page = keyset.page(rows.over(), request, order=("-proposed_at", "-pk"))
    _said(page.items)
    organizes = Power.AGREE in member.powers
    context = {
        "committee": member.committee,
        "member": member,
        "waiting": _said(list(rows.open().order_by("proposed_at", "pk"))),
        "page": page,
        "introductions": queries.introductions(member) if organizes and member.committee.workplace_id else [],
        "groups": organizes and not member.committee.workplace_id and side_by_side.side_by_side(member.committee).exists(),
    }
    return render(request, "jointly/acts.html", context)


def _said(found: list[JointAct]) -> list[JointAct]:
    register.bring(found)
    for each in found:
        each.sentence = deeds.sentence(each)  # type: ignore[attr-defined]
    return found


def _standpoint(request: doors.MemberRequest, slug: str, at: datetime) -> queries.Standpoint:
    found = queries.act(request.membership, slug, at)
    if found is None:
        raise Http404
    return found


@doors.member(Power.SEE_LOG)
@require_http_methods(["GET", "POST"])
def act(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One act: who wants what and why, who agreed, until when one can object, and what one may do."""
    by, at = request.membership, timezone.now()
    seen = _standpoint(request, slug, at)
    pressed = request.POST.get("act", "")
    form = forms.ObjectionForm(request.POST if pressed == "object" else None)
    refused = ""
    try:
        if pressed == "object" and seen.is_inside and form.is_valid():
            jointly.object_to(seen.act, reason=form.cleaned_data["reason"], by=by, at=at)
            messages.success(request, _("Your objection counts. Nobody is told that it was you."))
            return redirect(request.path)
        if pressed == "drop" and seen.may_drop:
            jointly.drop(seen.act, by=by, at=at)
            messages.success(request, _("Dropped."))
            return redirect("jointly:acts", by.committee.slug)
    except Refused as no:
        refused = str(no)
        seen = _standpoint(request, slug, at)
    context = {"committee": by.committee, "member": by, "seen": seen, "sentence": deeds.sentence(seen.act), "form": form, "refused": refused}
    context["shown"] = register.shown(seen.act, inside=seen.is_inside, asked=Power.AGREE in by.powers)
    return render(request, "jointly/act.html", context, status=422 if refused or form.errors else 200)


@doors.member(Power.AGREE)
@doors.recent
@require_http_methods(["GET", "POST"])
def agree(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """The second organizer, who has just shown that it is them, reads once more what will happen and agrees."""
    by, at = request.membership, timezone.now()
    seen = _standpoint(request, slug, at)
    if not seen.may_agree:
        return redirect(seen.act.url_in(by.committee.slug))
    refused = ""
    if request.method == "POST":
        try:
            done = jointly.agree(seen.act, by=by, at=at)
            if done.state == State.OVERTAKEN:
                messages.warning(request, _("You agreed. But what has happened since it was proposed made it impossible: nothing was done."))
            else:
                messages.success(request, _("You agreed."))
            return redirect(seen.act.url_in(by.committee.slug))
        except Refused as no:
            refused = str(no)
    context = {
        "committee": by.committee,
        "seen": seen,
        "sentence": deeds.sentence(seen.act),
        "refused": refused,
        "shown": register.shown(seen.act, inside=seen.is_inside, asked=True),
    }
    return render(request, "jointly/agree.html", context, status=422 if refused else 200)


def _other(request: doors.MemberRequest, slug: str) -> Membership:
    """Another member of the organizer's committee."""
    by = request.membership
    rows = Membership.objects.visible_to(by).filter(committee_id=by.committee_id).exclude(pk=by.pk)
    return get_object_or_404(rows.select_related("committee").with_running_roles(), slug=slug)


@doors.member(Power.GIVE_ROLE)
@doors.recent
@require_http_methods(["GET", "POST"])
def role(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Propose that a member holds a role."""
    return _role(request, _other(request, slug), ending=False)


@doors.member(Power.GIVE_ROLE)
@doors.recent
@require_http_methods(["GET", "POST"])
def end(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Propose that a member no longer holds a role."""
    return _role(request, _other(request, slug), ending=True)


def _role(request: doors.MemberRequest, other: Membership, *, ending: bool) -> HttpResponse:
    by, at = request.membership, timezone.now()
    form = forms.RoleForm(request.POST or None, member=other, ending=ending)
    if form.is_valid():
        said: dict[str, Any] = {"reason": form.cleaned_data["reason"], "by": by, "at": at, "form_key": form.cleaned_data["form_key"]}
        try:
            if ending:
                made = jointly.propose_end(other, form.cleaned_data["role"], **said)
            else:
                made = jointly.propose_role(other, form.cleaned_data["role"], months=form.cleaned_data["months"], **said)
            return _proposed(request, made)
        except Refused as no:
            form.add_error(no.field, str(no))
    context = {"committee": by.committee, "other": other, "form": form, "ending": ending}
    return render(request, "jointly/role.html", context, status=422 if form.errors else 200)


@doors.member(Power.VOLUNTEER)
@doors.recent
@require_http_methods(["GET", "POST"])
def volunteer(request: doors.MemberRequest) -> HttpResponse:
    """Offer to organize a committee in which nobody does any more."""
    form = forms.VolunteerForm(request.POST or None)
    return _propose(request, form, lambda said: jointly.volunteer(**form.cleaned_data, **said), "jointly/volunteer.html")


@doors.member(Power.REMOVE_MEMBER)
@doors.recent
@require_http_methods(["GET", "POST"])
def remove(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Propose that a member goes."""
    by, other = request.membership, _other(request, slug)
    if found := queries.open_removal(other, by):
        return redirect(found.url_in(by.committee.slug))
    form = forms.RemovalForm(request.POST or None)
    return _propose(request, form, lambda said: jointly.propose_removal(other, **form.cleaned_data, **said), "jointly/remove.html", other=other)


@doors.member(Power.CLOSE_COMMITTEE)
@doors.recent
@require_http_methods(["GET", "POST"])
def close(request: doors.MemberRequest) -> HttpResponse:
    """Propose that the committee closes."""
    form = forms.ReasonForm(request.POST or None)
    return _propose(request, form, lambda said: jointly.propose_closing(**form.cleaned_data, **said), "jointly/close.html")


@doors.member(Power.CLOSE_COMMITTEE)
@doors.recent
@require_http_methods(["GET", "POST"])
def leave(request: doors.MemberRequest) -> HttpResponse:
    """Propose that the committee takes all that it has to another server."""
    form = forms.ReasonForm(request.POST or None)
    return _propose(request, form, lambda said: jointly.propose_leaving(**form.cleaned_data, **said), "jointly/leave.html")


@doors.member(Power.GRANT_SUPPORT)
@doors.recent
@require_http_methods(["GET", "POST"])
def support(request: doors.MemberRequest) -> HttpResponse:
    """Propose to let those who keep the service look at parts of the committee."""
    form = forms.SupportForm(request.POST or None)
    return _propose(request, form, lambda said: jointly.propose_support(**form.cleaned_data, **said), "jointly/support.html")


@doors.member(Power.AFFILIATE)
@require_http_methods(["GET", "POST"])
def groups(request: doors.MemberRequest) -> HttpResponse:
    """Which of the committees that this one looks after are at one workplace. Only its organizers see that there are two."""
    by, at = request.membership, timezone.now()
    refused = ""
    if request.method == "POST":
        pair = list(
            side_by_side.side_by_side(by.committee).filter(slug__in=[request.POST.get("one", ""), request.POST.get("other", "")]).select_related("workplace")
        )
        try:
            if len(pair) != 2:
                raise Refused(_("One of the two committees is no longer there."))
            jointly.introduce(*pair, by=by, at=at)
            messages.success(request, _("The organizers of both groups are told."))
            return redirect(request.path)
        except Refused as no:
            refused = str(no)
    page = keyset.page(
        side_by_side.side_by_side(by.committee).select_related("workplace__employer"), request, order=("workplace__employer__name", "workplace__city", "pk")
    )
    side_by_side.with_others(page.items)
    context = {"committee": by.committee, "member": by, "page": page, "refused": refused}
    return render(request, "jointly/groups.html", context, status=422 if refused else 200)


@doors.member(Power.CLOSE_COMMITTEE)
@doors.recent
@require_http_methods(["GET", "POST"])
def unite(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Propose that two groups at one workplace become one committee."""
    by = request.membership
    pairs = Introduction.objects.visible_to(by).standing().exclude(wider=by.committee_id).select_related("first", "second", "wider")
    pair = get_object_or_404(pairs, slug=slug)
    form = forms.ReasonForm(request.POST or None)
    facts = {"other": pair.other_than(by.committee_id), "stays": side_by_side.that_stays(pair)}
    return _propose(request, form, lambda said: jointly.propose_uniting(pair, **form.cleaned_data, **said), "jointly/unite.html", **facts)


@doors.member(Power.EXPORT_MEMBERS)
@doors.recent
@require_http_methods(["GET", "POST"])
def export(request: doors.MemberRequest) -> HttpResponse:
    """Propose to take the list of members out."""
    form = forms.ReasonForm(request.POST or None)
    return _propose(request, form, lambda said: jointly.propose_export(**form.cleaned_data, **said), "jointly/export.html")


@doors.member(Power.EXPORT_MEMBERS)
@doors.recent
@require_POST
def fetch(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """The list of members as it is now, as a table that any spreadsheet opens. Names here, never an address."""
    by, at = request.membership, timezone.now()
    seen = _standpoint(request, slug, at)
    if not seen.may_fetch:
        raise Http404
    return listing.as_csv(jointly.fetch(seen.act, by=by, at=at))


def _propose(request: doors.MemberRequest, form: Form, propose: Callable[[dict[str, Any]], JointAct], template: str, **facts: Any) -> HttpResponse:
    """The page on which one thing is proposed. `propose` gets by whom and when, and may refuse."""
    by = request.membership
    if form.is_valid():
        try:
            return _proposed(request, propose({"by": by, "at": timezone.now()}))
        except Refused as no:
            form.add_error(no.field, str(no))
    return render(request, template, {"committee": by.committee, "form": form, **facts}, status=422 if form.errors else 200)


def _proposed(request: doors.MemberRequest, made: JointAct) -> HttpResponse:
    messages.success(request, _("Proposed. Whoever can agree is told."))
    return redirect(made.url_in(request.membership.committee.slug))


@doors.member(Power.CHANGE_CHARTER)
@doors.recent
@require_http_methods(["GET", "POST"])
def charter_new(request: doors.MemberRequest) -> HttpResponse:
    """Propose a new charter."""
    by = request.membership
    form = forms.CharterForm(request.POST or None, committee=by.committee, charter=members.charter(by.committee))
    if form.is_valid():
        try:
            said = form.cleaned_data
            return _proposed(request, jointly.propose_charter(form.words, reason=said["reason"], by=by, at=timezone.now(), form_key=said["form_key"]))
        except Refused as no:
            form.add_error(None, str(no))
    return render(request, "jointly/charter_new.html", {"committee": by.committee, "form": form}, status=422 if form.errors else 200)


@doors.member()
@require_GET
def charter(request: doors.MemberRequest) -> HttpResponse:
    """What the committee is for, who may join and how it decides; and what it said before."""
    member = request.membership
    versions = queries.charters(member.committee)
    asked = request.GET.get("version", "")
    shown = next((each for each in versions if str(each.version) == asked), None)
    if asked and shown is None:
        raise Http404
    context = {"committee": member.committee, "member": member, "versions": versions, "shown": shown or next(iter(versions), None)}
    return render(request, "jointly/charter.html", context)


@doors.member(Power.LEAVE)
@require_http_methods(["GET", "POST"])
def resign(request: doors.MemberRequest, role: str) -> HttpResponse:
    """Hand one's own office back."""
    by = request.membership
    held = next((each for each in by.roles if each == role), None)
    if held is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            membership.resign(by, Role(held), by=by, at=timezone.now())
            messages.success(request, _("You no longer hold this role."))
            return redirect("membership:me", by.committee.slug)
        except Refused as no:
            refused = str(no)
    context = {"committee": by.committee, "role": held, "refused": refused}
    return render(request, "jointly/resign.html", context, status=422 if refused else 200)
