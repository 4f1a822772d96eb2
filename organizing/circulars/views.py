"""Pages of messages: what was sent, one of them, and for organizers writing, checking and sending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.alliance import rules as ties
from committees.base import keyset, languages
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from committees.people.requests import PersonRequest
from organizing.circulars import commands, forms, queries, rehearsals, rules
from organizing.circulars.models import Circular, Reach

SENDERS = doors.member(Power.SEND_MESSAGE)


def _one(request: doors.MemberRequest, slug: str) -> Circular:
    return get_object_or_404(Circular.objects.visible_to(request.membership).select_related("committee", "by"), slug=slug)


def _ours(request: doors.MemberRequest, slug: str) -> Circular:
    """One that this committee itself writes: what comes from a wider one is read here, and nothing else is done with it."""
    ours = Circular.objects.visible_to(request.membership).filter(committee_id=request.membership.committee_id)
    return get_object_or_404(ours.select_related("committee", "by"), slug=slug)


def _share(request: doors.MemberRequest, *reaches: Reach) -> dict[str, Any]:
    """How many messages may leave, and how many still may: it stands beside what sends one."""
    at, committee = timezone.now(), request.membership.committee
    return {"shares": [(reach, queries.left(committee.pk, reach, at)) for reach in reaches], "most": rules.MOST, "hours": rules.HOURS}


# -- Reading ----------------------------------------------------------------------------------------------------------------


@doors.member()
@require_GET
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """What was sent here, and from wider committees to this one; for organizers also how it arrived, and what they have begun."""
    member = request.membership
    page = keyset.page(queries.of_committee(member), request, order=queries.NEWEST)
    may_send = Power.SEND_MESSAGE in member.powers
    may_watch = Power.SEE_DELIVERY in member.powers
    reports = queries.reports(page, committee_id=member.committee_id) if may_watch else {}
    ways = queries.ways(page, committee_id=member.committee_id) if may_watch else {}
    for circular in page:
        circular.report, circular.way = reports.get(circular.pk), ways.get(circular.pk)
    drafts = queries.drafts(member) if may_send else []
    waiting = queries.proposed(drafts) if any(draft.goes_further for draft in drafts) else {}
    for draft in drafts:
        draft.act = waiting.get(draft.pk)  # type: ignore[attr-defined]
    context = {"committee": member.committee, "page": page, "drafts": drafts, "may_send": may_send}
    return render(request, "circulars/of_committee.html", context)


@doors.member()
@require_GET
def circular(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _one(request, slug)
    if found.is_draft:
        return redirect("circulars:check", request.membership.committee.slug, found.slug)
    member = request.membership
    is_ours = found.committee_id == member.committee_id
    may_watch = is_ours and Power.SEE_DELIVERY in member.powers
    context = {
        "committee": member.committee,
        "circular": found,
        "is_ours": is_ours,
        "may_watch": may_watch,
        "reports": queries.reports([found], committee_id=member.committee_id).values() if may_watch else [],
        "way": queries.ways([found], committee_id=member.committee_id).get(found.pk) if may_watch else None,
        "kept_days": commands.KEPT_DAYS,
        "may_flag": Power.FLAG in member.powers,
        "is_mine": found.by.person_id is not None and found.by.person_id == member.person_id,
        "rule": queries.broken_rule(found) if found.is_hidden else None,
    }
    return render(request, "circulars/circular.html", context)


@doors.signed_in
@require_GET
def anywhere(request: PersonRequest, slug: str) -> HttpResponse:
    """Leads each reader of what a wider committee wrote to its page in a committee of theirs."""
    where = queries.place(request.user, slug)
    if where is None:
        raise Http404
    return redirect(where)


# -- Writing ----------------------------------------------------------------------------------------------------------------


@SENDERS
@require_http_methods(["GET", "POST"])
def new(request: doors.MemberRequest) -> HttpResponse:
    return _write(request, None)


@SENDERS
@require_http_methods(["GET", "POST"])
def edit(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _ours(request, slug)
    if request.method != "POST" and (not found.is_draft or queries.proposed([found])):
        return redirect("circulars:circular", request.membership.committee.slug, found.slug)  # which leads on from a draft
    return _write(request, found)


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
    context = {"committee": committee, "circular": found, "form": form, "now": now}
    context |= _share(request, *(Reach if ties.is_wide(committee) else [Reach.OWN]))
    return render(request, "circulars/write.html", context, status=422 if form.errors else 200)


@SENDERS
@require_POST
def discard(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _ours(request, slug)
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
    """The message as it will stand, who gets it and what they see; one button that sends it, or asks a second organizer."""
    found, by = _ours(request, slug), request.membership
    if not found.is_draft:
        return redirect(found)
    form, refused = forms.SendForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            return _sent(request, found, form.cleaned_data["seen"])
        except Refused as no:
            found = _ours(request, slug)
            if not found.is_draft:
                return redirect(found)
            refused = str(no)
    elif form.is_bound:
        refused = _("Nothing was sent. Read the message again, then press the button.")
    act = queries.proposed([found]).get(found.pk) if found.goes_further else None
    if act and refused:
        return redirect(act.url_in(by.committee.slug))
    context: dict[str, Any] = {"committee": by.committee, "circular": found, "act": act, "seen": found.changed_at.isoformat(), "refused": refused}
    context |= {"act_url": act.url_in(by.committee.slug)} if act else {}
    context |= {"language": languages.name(found.language), **_share(request, Reach(found.reach))}
    context["left"] = context["shares"][0][1]
    context["shown"] = rehearsals.proposing(found, by=by) if found.goes_further else rehearsals.sending(found, by=by, at=timezone.now())
    return render(request, "circulars/check.html", context, status=422 if refused else 200)


def _sent(request: doors.MemberRequest, found: Circular, seen: datetime) -> HttpResponse:
    """Sends a message to one's own members, or asks a second organizer about one that goes further."""
    by, at = request.membership, timezone.now()
    if found.goes_further:
        act = commands.propose(found, seen=seen, by=by, at=at)
        messages.success(request, _("Proposed. Whoever can agree is told."))
        return redirect(act.url_in(by.committee.slug))
    sent = commands.send(found, seen=seen, by=by, at=at)
    messages.success(request, _("The message is sent. Below you see the notices arrive."))
    return redirect(sent)


@SENDERS
@require_POST
def send_test(request: doors.MemberRequest, slug: str) -> HttpResponse:
    found = _ours(request, slug)
    try:
        commands.send_test(found, by=request.membership, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
        return redirect(found)
    messages.success(request, _("A test is on its way to you, and to nobody else."))
    return redirect("circulars:check", request.membership.committee.slug, found.slug)
