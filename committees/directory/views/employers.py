"""Employers as those who keep the directory see them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committees.base import doors, keyset
from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import queries
from committees.directory.forms.keeping import EmployerForm, FindEmployerForm
from committees.directory.models import Employer
from committees.people.requests import PersonRequest

PAGE = 20


@doors.platform_admin
@require_safe
def employers(request: PersonRequest) -> HttpResponse:
    """By name: all, or those that are called what was typed."""
    form = FindEmployerForm(request.GET)
    found = Employer.objects.visible_to(request.user).called(form.asked).annotate(n=Count("workplaces")).prefetch_related("aliases")
    page = keyset.page(found, request, order=("name_key",), size=PAGE)
    return render(request, "directory/keep_employers.html", {"form": form, "asked": form.asked, "page": page})


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def employer(request: PersonRequest, slug: str) -> HttpResponse:
    """What is known of one employer, to be mended."""
    employers = Employer.objects.visible_to(request.user).prefetch_related("aliases")
    found = employers.filter(slug=slug).first()
    if found is None:
        return redirect("keeping:employer", queries.employer_led_on(slug, employers).slug)
    form = EmployerForm(request.POST or None, employer=found)
    if form.is_valid():
        try:
            directory.edit_employer(found, by=request.user, **form.cleaned_data)
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Saved. People see it from now on."))
            return redirect("keeping:employer", found.slug)
    context = {"form": form, "entry": found, "merge": "keeping:merge_employers"}
    return render(request, "directory/keep_employer.html", context, status=422 if form.errors else 200)
