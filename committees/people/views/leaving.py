"""Hiding in a panic, taking everything along, and erasing the account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.people import commands, exporting, forms, queries, registry
from committees.people.requests import PersonRequest


@doors.signed_in
@require_http_methods(["GET", "POST"])
def hide(request: PersonRequest) -> HttpResponse:
    """Panic: one POST, nothing asked, gone. The way back is the code on paper."""
    if request.method == "POST":
        commands.hide(request.user, at=timezone.now())
        request.session.flush()
        response = redirect("base:left")
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response
    return render(request, "people/hide.html", {"ways": queries.ways(request.user)})


@doors.signed_in
@doors.recent
@require_http_methods(["GET", "POST"])
def export(request: PersonRequest) -> HttpResponse:
    """A ZIP with everything that is theirs, made on the spot and kept nowhere."""
    if request.method == "POST":
        response = HttpResponse(exporting.zip_of(request.user), content_type="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="my-data-{timezone.now().date().isoformat()}.zip"'
        return response
    return render(request, "people/export.html")


@doors.signed_in
@doors.recent
@require_http_methods(["GET", "POST"])
def erase(request: PersonRequest) -> HttpResponse:
    """Says what happens, room by room, and does it once the box is ticked."""
    form = forms.EraseForm(request.POST or None)
    if form.is_valid():
        commands.erase(request.user, by=request.user, at=timezone.now())
        request.session.flush()
        messages.success(request, _("Your account is erased."))
        response = redirect("/")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
    says = [line for part in registry.erasures().values() for line in part.says(request.user)]
    return render(request, "people/erase.html", {"form": form, "says": says}, status=422 if form.errors else 200)
