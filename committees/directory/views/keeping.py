"""Workplaces as those who keep the directory see them: what waits, what is known."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.base import doors, keyset
from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import queries
from committees.directory.forms.keeping import FindForm, SiteForm
from committees.directory.models import Workplace
from committees.people.requests import PersonRequest

PAGE = 20


@doors.platform_admin
@require_safe
def proposals(request: PersonRequest) -> HttpResponse:
    """What waits for an answer, the oldest first. Nobody is shown who added it."""
    waiting = Workplace.objects.visible_to(request.user).proposed().with_names()
    return render(request, "directory/proposals.html", {"page": keyset.page(waiting, request, order=("pk",), size=PAGE)})


@doors.platform_admin
@require_POST
def answer(request: PersonRequest, workplace_slug: str, verb: str) -> HttpResponse:
    """List a proposed site, remove it, mark a listed one as closed, or open a closed one again."""
    site = Workplace.objects.visible_to(request.user).select_related("employer").filter(slug=workplace_slug).first()
    waits = verb in ("accept", "decline")
    if site is None and not waits:
        return _led_on(request, workplace_slug)
    try:
        if site is None:
            raise Refused(_("This proposal has already been answered."))
        _ANSWERS[verb](site, by=request.user)
    except Refused as no:
        messages.error(request, str(no))
    return redirect("directory:proposals") if waits else redirect("keeping:workplace", workplace_slug)


_ANSWERS: dict[str, Any] = {"accept": directory.accept, "decline": directory.decline, "close": directory.close, "reopen": directory.reopen}


@doors.platform_admin
@require_safe
def workplaces(request: PersonRequest) -> HttpResponse:
    """All of them by town, or those that answer what was typed."""
    form = FindForm(request.GET)
    asked = form.asked
    if asked:
        return render(request, "directory/keep_workplaces.html", {"form": form, "asked": asked, "sites": queries.search(asked, PAGE, person=request.user)})
    sites = Workplace.objects.visible_to(request.user).with_names()
    page = keyset.page(sites, request, order=("place_key", "pk"), size=PAGE)
    return render(request, "directory/keep_workplaces.html", {"form": form, "asked": "", "sites": page.items, "page": page})


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def workplace(request: PersonRequest, workplace_slug: str) -> HttpResponse:
    """What is known of one workplace, to be mended."""
    site = Workplace.objects.visible_to(request.user).with_names().filter(slug=workplace_slug).first()
    if site is None:
        return _led_on(request, workplace_slug)
    form = SiteForm(request.POST or None, site=site)
    if form.is_valid():
        try:
            directory.edit(site, by=request.user, **{name: form.cleaned_data[name] for name in form.changed_data})
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Saved. People see it from now on."))
            return redirect("keeping:workplace", site.slug)
    context = {"form": form, "entry": site, "merge": "keeping:merge"}
    return render(request, "directory/keep_workplace.html", context, status=422 if form.errors else 200)


def _led_on(request: PersonRequest, slug: str) -> HttpResponse:
    """To the workplace into which the one of that address was merged. Whoever wanted to change it is told so."""
    kept = queries.led_on(slug, request.user)
    if request.method == "POST":
        messages.error(request, _("This workplace is not there any more. Somebody has merged it with another one."))
    return redirect("keeping:workplace", kept.slug)
