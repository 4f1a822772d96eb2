"""The pages of a committee that leaves and of one that comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.base import keyset
from committees.base.errors import Refused
from committees.base.uploads import takes_files
from committees.directory.models import Workplace
from committees.membership import doors
from committees.membership.roles import Power
from committees.notices.views.requests import PersonsRequest
from committees.resettling import chest, forms, queries, rules
from committees.resettling import commands as resettling


@doors.member()
@require_safe
def leaving(request: doors.MemberRequest) -> HttpResponse:
    """What leaves, one's own code, and for the two organizers the file with the words that open it."""
    member = request.membership
    found = queries.departure(member, timezone.now())
    if found is None:
        raise Http404
    return render(request, "resettling/leaving.html", {"committee": member.committee, "departure": found})


@doors.member(Power.CLOSE_COMMITTEE)
@doors.recent
@require_POST
def take(request: doors.MemberRequest) -> HttpResponse:
    """The file, as the committee is now."""
    member, at = request.membership, timezone.now()
    found = queries.departure(member, at)
    if found is None or not found.passphrase:
        raise Http404
    content = chest.sealed(resettling.pack(found.act, by=member, at=at), found.passphrase)
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="committee-{at:%Y-%m-%d}.age"'
    return response


@doors.signed_in
@takes_files(largest=chest.LARGEST)
@require_http_methods(["GET", "POST"])
def bring(request: PersonsRequest, workplace_slug: str) -> HttpResponse:
    """Bring a committee from another server to the workplace where one works."""
    workplace = get_object_or_404(Workplace.objects.visible_to(request.user).select_related("employer__industry"), slug=workplace_slug)
    form = forms.BringForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = resettling.bring(
                chest.unsealed(said["file"].read(), rules.tidy(said["passphrase"])),
                said["code"],
                workplace=workplace,
                note=said["note"],
                by=request.user,
                at=timezone.now(),
                form_key=said["form_key"],
            )
            return redirect(made)
        except Refused as no:
            form.add_error(no.field, str(no))
    return render(request, "resettling/bring.html", {"workplace": workplace, "form": form}, status=422 if form.errors else 200)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def arrival(request: PersonsRequest, slug: str) -> HttpResponse:
    """How far the committee is that one has brought."""
    found = get_object_or_404(queries.of_person(request.user), slug=slug)
    refused = ""
    if request.method == "POST":
        try:
            resettling.take_back(found, by=request.user, at=timezone.now())
            messages.success(request, _("Taken back. The file is erased."))
            return redirect("resettling:arrival", found.slug)
        except Refused as no:
            refused = str(no)
    return render(request, "resettling/arrival.html", {"arrival": found, "refused": refused}, status=422 if refused else 200)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def place(request: PersonsRequest) -> HttpResponse:
    """Take one's place in a committee that came from another server."""
    form = forms.PlaceForm(request.POST or None)
    if form.is_valid():
        try:
            member = resettling.take_place(form.cleaned_data["code"], by=request.user, at=timezone.now())
            messages.success(request, _("This is your place. You are called %(handle)s here, as you were.") % {"handle": member.handle})
            return redirect(member.committee)
        except Refused as no:
            form.add_error(no.field, str(no))
    return render(request, "resettling/place.html", {"form": form}, status=422 if form.errors else 200)


@doors.member(Power.AFFILIATE)
@require_safe
def coming(request: doors.MemberRequest) -> HttpResponse:
    """Committees that somebody wants to bring, for the organizers who answer."""
    member = request.membership
    page = keyset.page(queries.to_answer(member), request, order=("-asked_at", "-pk"))
    return render(request, "resettling/coming.html", {"committee": member.committee, "page": page})


@doors.member(Power.AFFILIATE)
@doors.recent
@require_http_methods(["GET", "POST"])
def answer(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One of them: what its file says, who brings it, and the answer."""
    member, at = request.membership, timezone.now()
    found = get_object_or_404(queries.to_answer(member), slug=slug)
    pressed = request.POST.get("act", "")
    form = forms.DeclineForm(request.POST if pressed == "decline" else None)
    refused = ""
    try:
        if pressed == "accept":
            resettling.accept(found, by=member, at=at)
            messages.success(request, _("Accepted. It is unpacked within a few minutes."))
            return redirect("resettling:coming", member.committee.slug)
        if pressed == "decline" and form.is_valid():
            resettling.decline(found, reason=form.cleaned_data["reason"], by=member, at=at)
            messages.success(request, _("Declined. Whoever brought it is told why."))
            return redirect("resettling:coming", member.committee.slug)
    except Refused as no:
        refused = str(no)
    context = {"committee": member.committee, "arrival": found, "form": form, "refused": refused}
    return render(request, "resettling/answer.html", context, status=422 if refused or form.errors else 200)
