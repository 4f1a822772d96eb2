"""Employers as those who keep the directory see them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committees.base import doors, keyset
from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory.forms.keeping import EmployerForm, FindForm
from committees.directory.models import Employer
from committees.people.requests import PersonRequest

PAGE = 20
LIKELY = 8


@doors.platform_admin
@require_safe
def employers(request: PersonRequest) -> HttpResponse:
    """By name: all, or those that are called what was typed."""
    form = FindForm(request.GET)
    found = Employer.objects.visible_to(request.user).called(form.asked).annotate(n=Count("workplaces")).prefetch_related("aliases")
    return render(request, "directory/employers.html", {"form": form, "asked": form.asked, "page": keyset.page(found, request, order=("name_key",), size=PAGE)})


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def employer(request: PersonRequest, slug: str) -> HttpResponse:
    """What is known of one employer, to be mended."""
    found = get_object_or_404(Employer.objects.visible_to(request.user).prefetch_related("aliases"), slug=slug)
    form = EmployerForm(request.POST or None, employer=found)
    if form.is_valid():
        try:
            directory.edit_employer(found, by=request.user, **form.cleaned_data)
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Saved. People see it from now on."))
            return redirect("keeping:employer", found.slug)
    return render(request, "directory/employer.html", {"form": form, "employer": found}, status=422 if form.errors else 200)


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, slug: str) -> HttpResponse:
    """The same employer is there twice: first the other entry is looked for, then both are shown, then one is left."""
    rows = Employer.objects.visible_to(request.user).annotate(n=Count("workplaces")).prefetch_related("aliases")
    found = get_object_or_404(rows, slug=slug)
    chosen = request.POST.get("into") or request.GET.get("into")
    other = rows.filter(slug=chosen.replace("\x00", "")).exclude(pk=found.pk).first() if chosen else None
    problem = ""
    if request.method == "POST":
        if other is None:
            problem = _("Choose the other entry first. Nothing was merged.")
        else:
            try:
                kept = directory.merge_employers(found, into=other, by=request.user, at=timezone.now())
            except Refused as no:
                problem = str(no)
            else:
                messages.success(request, _("The two are one now."))
                return redirect("keeping:employer", kept.slug)
    form = FindForm(request.GET)
    likely = rows.called(form.asked or found.name).exclude(pk=found.pk).order_by("name_key")[:LIKELY]
    context = {"employer": found, "other": other, "form": form, "problem": problem, "asked": form.asked, "likely": likely}
    return render(request, "directory/merge_employers.html", context, status=422 if problem else 200)
