"""Invitations: what organizers make, print and revoke, and the page to which a link leads."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committees.base import keyset
from committees.base.errors import Refused
from committees.bodies.models import Visibility
from committees.membership import commands as membership
from committees.membership import doors, forms, queries
from committees.membership.applications import Application
from committees.membership.invitations import Invitation
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.membership.views.joining import next_step
from committees.people.requests import PersonRequest


@doors.member(Power.INVITE)
@require_safe
def invitations(request: doors.MemberRequest) -> HttpResponse:
    """All that the committee has made, the newest first."""
    rows = Invitation.objects.visible_to(request.membership).select_related("committee")
    page = keyset.page(rows, request, order=("-made_at", "-pk"))
    return render(request, "membership/invitations.html", {"committee": request.membership.committee, "member": request.membership, "page": page})


@doors.member(Power.INVITE)
@require_http_methods(["GET", "POST"])
def invite(request: doors.MemberRequest) -> HttpResponse:
    """Make an invitation: what it is for, how long, for how many."""
    committee = request.membership.committee
    form = forms.InviteForm(request.POST or None, committee=committee)
    if form.is_valid():
        try:
            return redirect(membership.invite(committee, **form.answers(), by=request.membership, at=timezone.now()))
        except Refused as no:
            form.add_error(no.field, str(no))
    return render(request, "membership/invite.html", {"committee": committee, "form": form}, status=422 if form.errors else 200)


def _own(request: doors.MemberRequest, slug: str) -> Invitation:
    rows = Invitation.objects.visible_to(request.membership).select_related("committee__workplace", "made_by", "revoked_by")
    return get_object_or_404(rows, slug=slug)


@doors.member(Power.INVITE)
@require_http_methods(["GET", "POST"])
def invitation(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One invitation with its link and what came of it. The one button on it revokes."""
    found = _own(request, slug)
    if request.method == "POST":
        membership.revoke_invitation(found, by=request.membership, at=timezone.now())
        messages.success(request, _("Stopped. The link leads nowhere from now on."))
        return redirect(found)
    context = {
        "committee": request.membership.committee,
        "member": request.membership,
        "invitation": found,
        "brought": queries.brought(found),
        "link": request.build_absolute_uri(found.path) if found.token else "",
        "qr": _qr(request.build_absolute_uri(found.path)) if found.is_open else "",
    }
    return render(request, "membership/invitation.html", context)


@doors.member(Power.INVITE)
@require_safe
def sheet(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """A page to print in each of the languages. It says nothing of who made it, nor what the organizers call it."""
    found = _own(request, slug)
    if not found.is_open:
        return redirect(found)
    link = request.build_absolute_uri(found.path)
    context = {"invitation": found, "committee": found.committee, "qr": _qr(link), "host": request.get_host(), "path": found.path.rstrip("/")}
    posters = [_poster(code, context) for code in found.languages if translation.check_for_language(code)]
    return render(request, "membership/sheet.html", {"committee": found.committee, "invitation": found, "posters": posters})


def _poster(language: str, context: dict[str, object]) -> SafeString:
    with translation.override(language):
        return render_to_string("membership/_poster.html", context | {"language": language, "rtl": translation.get_language_bidi()})


def _qr(link: str) -> SafeString:
    """The link as a picture, without inline style, that is still read where the paper is stained."""
    drawn: str = segno.make(link, micro=False, error="m").svg_inline(scale=6, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308  made here of squares; no text of anybody's is in it


# -- Where a link leads -----------------------------------------------------------------------------------------------------


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer for whatever leads nowhere: revoked, expired, used up, or letters that never were."""
    return doors.private(render(request, "membership/invitation_gone.html", status=404))


@doors.public(because="whoever holds the link was given it; any other answers like one that never was")
@require_safe
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """What everyone may know of the committee, also of one that only a link leads to, and how one joins it."""
    found = queries.invitation_behind(token, timezone.now())
    if found is None:
        return _gone(request)
    committee, person = found.committee, request.user if request.user.is_authenticated else None
    context = {
        "committee": committee,
        "charter": queries.charter(committee),
        "band": queries.size_band(committee) if not committee.is_forming else None,
        "member": Membership.objects.of(person).filter(committee=committee).first() if person else None,
        "applied": Application.objects.of(person).open().filter(committee=committee).first() if person else None,
        "unlisted": committee.visibility == Visibility.LINK,
        "invitation": found,
    }
    return doors.private(render(request, "membership/invited.html", context))


@doors.signed_in
@require_http_methods(["GET", "POST"])
def come(request: PersonRequest, token: str) -> HttpResponse:
    """Where "Join" leads from an invitation, after signing up where need be. The path carries it: nothing else has to."""
    found = queries.invitation_behind(token, timezone.now())
    if found is None:
        return _gone(request)
    committee = found.committee
    if request.method == "POST":
        try:
            return redirect(next_step(membership.begin(committee, by=request.user, at=timezone.now(), invitation=found)))
        except Refused as no:
            return render(request, "membership/refused.html", {"why": str(no), "back": found.path}, status=422)
    if Membership.objects.of(request.user).filter(committee=committee).exists():
        return redirect(committee)
    begun = Application.objects.of(request.user).open().filter(committee=committee).first()
    if begun and begun.is_waiting:
        return redirect(begun)
    context = {"committee": committee, "charter": queries.charter(committee), "back": found.path, "begun": begun}
    return render(request, "membership/begin.html", context)
