"""Workplaces as those who keep the directory see them: what waits, what is known, what is there twice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
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
#: Entries that are shown as perhaps the same.
LIKELY = 8


def _site(request: PersonRequest, slug: str) -> Workplace:
    """The site of that address, or 404."""
    return get_object_or_404(Workplace.objects.visible_to(request.user).with_names(), slug=slug)


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
    site = get_object_or_404(Workplace.objects.visible_to(request.user).select_related("employer"), slug=workplace_slug)
    waits = verb in ("accept", "decline")
    try:
        _ANSWERS[verb](site, by=request.user)
    except Refused as no:
        messages.error(request, str(no))
    return redirect("directory:proposals") if waits else redirect("keeping:workplace", site.slug)


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
    site = _site(request, workplace_slug)
    form = SiteForm(request.POST or None, site=site)
    if form.is_valid():
        try:
            directory.edit(site, by=request.user, **{name: form.cleaned_data[name] for name in form.changed_data})
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Saved. People see it from now on."))
            return redirect("keeping:workplace", site.slug)
    return render(request, "directory/keep_workplace.html", {"form": form, "site": site}, status=422 if form.errors else 200)


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, workplace_slug: str) -> HttpResponse:
    """The same place is there twice: first the other entry is looked for, then both are shown, then one is left."""
    site = _site(request, workplace_slug)
    chosen = request.POST.get("into") or request.GET.get("into")
    others = Workplace.objects.visible_to(request.user).known().with_names()
    other = others.filter(slug=chosen.replace("\x00", "")).exclude(pk=site.pk).first() if chosen else None
    problem = ""
    if request.method == "POST":
        if other is None:
            problem = _("Choose the other entry first. Nothing was merged.")
        else:
            try:
                kept = directory.merge(site, into=other, by=request.user, at=timezone.now())
            except Refused as no:
                problem = str(no)
            else:
                messages.success(request, _("The two are one now. The other address leads here."))
                return redirect("keeping:workplace", kept.slug)
    form = FindForm(request.GET)
    context = {"site": site, "other": other, "form": form, "problem": problem, "asked": form.asked, "likely": _likely(request, site, form.asked)}
    return render(request, "directory/merge.html", context, status=422 if problem else 200)


def _likely(request: PersonRequest, site: Workplace, asked: str) -> list[Workplace]:
    """Entries that are perhaps the same: those that were looked for; else those of the same words, else of the same employer."""
    words = asked or " ".join(part for part in (site.employer.name, site.city) if part)
    found = [other for other in queries.search(words, LIKELY + 1, person=request.user) if other.pk != site.pk and not other.is_proposed]
    return found[:LIKELY] if found or asked else [other for other in queries.sister_sites(site, person=request.user, limit=LIKELY) if not other.is_proposed]
