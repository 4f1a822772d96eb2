"""Whom a committee sends and who is sent to it; one mandate, with what its delegate may do about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.base import keyset
from committees.base.errors import Refused
from committees.mandates import commands as mandates
from committees.mandates import forms, queries, register, rules
from committees.mandates.models import Mandate, State
from committees.membership import doors, standing_in
from committees.membership.models import Membership
from committees.membership.roles import REMOVABLE, Power

#: So many that are over stand on the list of one's own.
MOST_BEFORE = 30


@doors.member(Power.SEE_LOG)
@require_GET
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """Whom the committee sends, and who is sent to it by others."""
    by, at = request.membership, timezone.now()
    own = queries.given_by(by)
    now = list(own.open().order_by("wider__name", "asked_at", "pk"))
    is_wide = by.committee.workplace_id is None
    context = {
        "committee": by.committee,
        "member": by,
        "now": _with_overdue(now, at),
        "before": list(own.filter(state=State.ENDED).order_by("-ended_at", "-pk")[:MOST_BEFORE]),
        "page": keyset.page(queries.sent_to(by), request, order=("committee__name", "pk")) if is_wide else None,
        "is_wide": is_wide,
        "may_send": Power.GIVE_ROLE in by.powers and bool(queries.places(by)),
        "may_read": Power.AFFILIATE in by.powers,
    }
    return render(request, "mandates/of_committee.html", context)


def _with_overdue(found: list[Mandate], at: Any) -> list[Mandate]:
    for each in found:
        each.late = each.overdue_since(at)  # type: ignore[attr-defined]
    return found


@doors.member(Power.GIVE_ROLE)
@doors.recent
@require_http_methods(["GET", "POST"])
def new(request: doors.MemberRequest) -> HttpResponse:
    """Propose whom the committee sends. `?who=` names a member of the list, `?renew=` a mandate that is to be renewed."""
    by = request.membership
    asked = Membership.objects.visible_to(by).filter(slug=request.GET.get("who", "")).exclude(pk=by.pk).first()
    places = queries.places(by)
    before = queries.given_by(by).running(timezone.now()).exclude(delegate=by).filter(slug=request.GET.get("renew", "")).first()
    initial = _as_before(before) if before else {"delegate": asked.handle} if asked else {}
    form = forms.SendForm(request.POST or None, places=places, initial=initial)
    if form.is_valid():
        try:
            act = _propose(form, by)
            messages.success(request, _("Proposed. Whoever can agree is told."))
            return redirect(act.url_in(by.committee.slug))
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
    context = {"committee": by.committee, "form": form, "places": places, "before": before}
    return render(request, "mandates/new.html", context, status=422 if form.errors else 200)


def _as_before(mandate: Mandate) -> dict[str, Any]:
    """What stands in the form of a renewal before anything is changed."""
    same = {"wider": mandate.wider.slug, "text": mandate.text, "months": mandate.months, "every": mandate.every}
    return same | {"delegate": mandate.delegate.handle, "alternate": mandate.alternate.handle if mandate.alternate else ""}


def _propose(form: forms.SendForm, by: Membership) -> Any:
    said = dict(form.cleaned_data)
    members: dict[str, Membership | None] = {}
    for field in ("delegate", "alternate"):
        name = said.pop(field)
        try:
            members[field] = standing_in.full_member_named(by, name) if name else None
        except Refused as no:
            raise Refused(str(no), field=field) from None
    delegate = members["delegate"]
    assert delegate is not None  # the form asks for it
    return mandates.propose(said.pop("wider"), delegate=delegate, alternate=members["alternate"], by=by, at=timezone.now(), **said)


def _read(by: Membership, slug: str) -> Mandate:
    """A mandate of which this member reads more than a line."""
    found = queries.one(by, slug)
    if found is None or not rules.reads_all(by, found):
        raise Http404
    return found


@doors.member(Power.SEE_LOG)
@require_http_methods(["GET", "POST"])
def mandate(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One mandate: what may be said, who would take over, what was reported and what is due. The delegate hands it back here, and takes
    the seat."""
    by, at = request.membership, timezone.now()
    found = _read(by, slug)
    pressed = request.POST.get("act", "")
    form = forms.SeatForm(request.POST if pressed == "seat" else None)
    refused = ""
    try:
        if pressed == "back" and rules.may_hand_back(by, found):
            mandates.hand_back(found, by=by, at=at)
            messages.success(request, _("You are no longer named in it. The organizers are told, and you are not asked why."))
            return redirect("mandates:of_committee", by.committee.slug)
        if pressed == "seat" and found.delegate_id == by.pk and Power.TAKE_SEAT in by.powers and form.is_valid():
            seat = mandates.take_seat(found, handle=form.cleaned_data["handle"], by=by, at=at)
            messages.success(request, _("You sit there now."))
            return redirect(seat.committee)
    except Refused as no:
        if pressed == "seat":
            form.add_error(no.field if no.field in form.fields else None, str(no))
        else:
            refused = str(no)
            found = _read(by, slug)
    return render(request, "mandates/mandate.html", _shown(found, by, form, refused, at), status=422 if refused or form.errors else 200)


def _shown(found: Mandate, by: Membership, form: forms.SeatForm, refused: str, at: Any) -> dict[str, Any]:
    inside = found.committee_id == by.committee_id
    mine = inside and found.delegate_id == by.pk
    runs = found.is_running and found.ends_at is not None and found.ends_at > at
    place = queries.own_place(by.person, found) if mine and runs else None
    may_end, renewals = inside and runs and not mine and Power.GIVE_ROLE in by.powers, queries.renewals_of(found, by)
    return {
        "committee": by.committee,
        "member": by,
        "mandate": found,
        "form": form,
        "refused": refused,
        "is_inside": inside,
        "is_mine": mine,
        "runs": runs,
        "overdue": found.overdue_since(at),
        "reports": register.reports(found, by) if inside else [],
        "write": register.write(found, by) if mine and runs else "",
        "may_hand_back": inside and rules.may_hand_back(by, found),
        "may_end": may_end,
        "may_renew": may_end and not any(each.is_proposed for each in renewals),
        "renewals": renewals,
        "by_another": place is not None and not found.is_seated and queries.sits_by_another(place, found),
        "place": place if place is not None and place.standing in REMOVABLE else None,
        "may_sit": mine and runs and Power.TAKE_SEAT in by.powers and (place is None or place.standing not in REMOVABLE),
    }


@doors.member(Power.GIVE_ROLE)
@doors.recent
@require_http_methods(["GET", "POST"])
def end(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """Propose that a mandate of one's own committee ends before its time."""
    by = request.membership
    found = _read(by, slug)
    if found.committee_id != by.committee_id:
        raise Http404
    form = forms.EndForm(request.POST or None)
    if form.is_valid():
        try:
            act = mandates.propose_end(found, by=by, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Proposed. Whoever can agree is told."))
            return redirect(act.url_in(by.committee.slug))
        except Refused as no:
            form.add_error(None, str(no))
    return render(request, "mandates/end.html", {"committee": by.committee, "mandate": found, "form": form}, status=422 if form.errors else 200)
