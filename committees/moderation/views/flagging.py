"""Flagging something, and taking it up without a flag."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.base import doors
from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.moderation import commands as moderation
from committees.moderation import forms, queries, registry, rulebook
from committees.moderation.models import FlagReason
from committees.moderation.registry import Matter
from committees.people.requests import PersonRequest


def _what(request: PersonRequest, matter_name: str, slug: str) -> tuple[Matter, Any, Membership | None]:
    """What is flagged, as far as the person may read it, and under which membership they do, if any."""
    matter = registry.find(matter_name)
    row = queries.found(request.user, matter, slug) if matter else None
    if matter is None or row is None:
        raise Http404
    return matter, row, queries.flagging(request.user, matter, row)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def flag(request: PersonRequest, matter: str, slug: str) -> HttpResponse:
    """Say what is wrong with something that I can read. Nobody learns that it was me."""
    kind, row, by = _what(request, matter, slug)
    form = forms.FlagForm(request.POST or None)
    if by is not None and form.is_valid():
        try:
            moderation.flag(
                row,
                reason=FlagReason(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"],
                by=by,
                at=timezone.now(),
                form_key=form.cleaned_data["form_key"],
            )
            messages.success(request, _("Thank you. A moderator looks at it."))
            return redirect(kind.url(row))
        except Refused as no:
            form.add_error(None, str(no))
    author = kind.author(row)
    context = {
        "form": form,
        "matter": kind,
        "row_slug": slug,
        "excerpt": kind.excerpt(row),
        "language": kind.language(row),
        "back": kind.url(row),
        "flagged": queries.has_flagged(request.user, kind, row),
        "own": author is not None and author.person_id == request.user.pk,
        "outside": by is None,
        "may_take_up": by is not None and Power.MODERATE in by.powers and by.committee_id == kind.committee(row),
        "rules": rulebook.rules(),
    }
    return render(request, "moderation/flag.html", context, status=422 if form.errors else 200)


@doors.signed_in
@require_POST
def take_up(request: PersonRequest, matter: str, slug: str) -> HttpResponse:
    """A moderator looks at something that nobody has flagged."""
    _kind, row, by = _what(request, matter, slug)
    if by is None:
        raise Http404
    try:
        return redirect(moderation.take_up(row, by=by, at=timezone.now()))
    except PermissionDenied:
        raise Http404 from None
