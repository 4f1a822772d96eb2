"""Who is here, ticked by whoever keeps the list; and who has which duty."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from committees.base import keyset
from committees.base.errors import Refused
from committees.base.text import skeleton
from committees.membership import doors
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.live import commands, forms, queries, rules
from organizing.live.models import Gathering
from organizing.live.views.reading import found, there

COMERS, CALLERS = doors.member(Power.ANSWER_MEETINGS), doors.member(Power.CALL_MEETING)
SIZE = 50


def keeps(request: doors.MemberRequest, slug: str) -> Gathering:
    """For organizers and stewards; for all others there is no such page."""
    gathering, member = found(request.membership, slug), request.membership
    if not rules.keeps_door(gathering.meeting, member, queries.duties_of(gathering, member)):
        raise Http404
    return gathering


@COMERS
@require_http_methods(["GET", "POST"])
def present(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who is here, for organizers and stewards; ticked, they have left."""
    return _list(request, keeps(request, slug), here=True)


@CALLERS
@doors.recent
@require_http_methods(["GET", "POST"])
def tick(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who is not here yet, for organizers who have signed in again, as with the list of members; ticked, they are here."""
    gathering = found(request.membership, slug)
    if not rules.organizes(gathering.meeting, request.membership):
        raise Http404
    return _list(request, gathering, here=False)


def _list(request: doors.MemberRequest, gathering: Gathering, *, here: bool) -> HttpResponse:
    refused = ""
    if request.method == "POST":
        try:
            messages.success(request, _ticked(request, gathering, here=here))
            return redirect(request.get_full_path())
        except Refused as no:
            refused = str(no)
    search = forms.SearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    member = request.membership
    page = keyset.page(queries.named(gathering, words=words, here=here), request, order=queries.BY_NAME, size=SIZE)
    context = {
        "quorum": queries.quorum(gathering),
        "is_open": rules.is_open(gathering, timezone.now()),
        "organizes": rules.organizes(gathering.meeting, member),
        "meeting": gathering.meeting,
        "committee": member.committee,
        "page": page,
        "here": here,
        "words": words,
        "search": search,
        "ticked": request.POST.getlist("who"),
        "refused": refused,
    }
    return render(request, "live/present.html", context, status=422 if refused else 200)


def _ticked(request: doors.MemberRequest, gathering: Gathering, *, here: bool) -> str:
    members = queries.chosen(gathering, request.POST.getlist("who"), here=here)
    if not members:
        raise Refused(_("Tick at least one name."))
    by, at = request.membership, timezone.now()
    if here:
        number = commands.mark_left(gathering, members, by=by, at=at)
        return ngettext("%(n)s person has left.", "%(n)s people have left.", number) % {"n": number}
    number = commands.tick(gathering, members, by=by, at=at)
    return ngettext("%(n)s person is here.", "%(n)s people are here.", number) % {"n": number}


@CALLERS
@require_http_methods(["GET", "POST"])
def duties(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Who leads the meeting and who keeps its door, besides the organizers."""
    by, at = request.membership, timezone.now()
    gathering = found(by, slug)
    if not rules.organizes(gathering.meeting, by):
        raise Http404
    form = forms.DutyForm(request.POST if request.POST.get("act") == "give" else None)
    refused = ""
    try:
        if request.POST.get("act") == "take":
            duty = there(queries.duty(gathering, request.POST.get("duty", "")))
            commands.take_duty(duty, by=by, at=at)
            return redirect("live:duties", by.committee.slug, slug)
        if form.is_valid():
            commands.give_duty(gathering, _named(gathering, form.cleaned_data["handle"]), form.cleaned_data["kind"], by=by, at=at)
            return redirect("live:duties", by.committee.slug, slug)
    except Refused as no:
        if form.is_bound:
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            refused = str(no)
    context: dict[str, Any] = {"meeting": gathering.meeting, "committee": by.committee, "form": form, "duties": queries.duties(gathering), "refused": refused}
    return render(request, "live/duties.html", context, status=422 if form.errors or refused else 200)


def _named(gathering: Gathering, handle: str) -> Membership:
    """The member whom one means, by a name that looks like theirs."""
    member = queries.by_handle(gathering, skeleton(handle))
    if member is None:
        raise Refused(_("Nobody in your committee has this name. Look at the list of members."), field="handle")
    return member
