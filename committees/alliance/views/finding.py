"""What everybody may find: the committees that are listed, and an employer with its sites."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from committees.alliance import forms, queries
from committees.base import doors, keyset
from committees.directory import queries as directory
from committees.directory import registry
from committees.directory.models import Workplace


@doors.public(because="where workers have a listed committee is public; one that only its link leads to is left out")
@require_safe
def committees(request: HttpRequest) -> HttpResponse:
    """All listed committees, by name; by what is typed, how far they reach and the country."""
    form = forms.FindForm(request.GET, countries=queries.countries())
    asked = form.asked
    page = keyset.page(queries.listed(**asked), request, order=("name", "pk"))
    context = {"form": form, "asked": asked, "page": page}
    return _as_asked(request, render(request, "alliance/committees.html", context))


@doors.public(because="what is publicly known about an employer and its sites")
@require_safe
def employer(request: HttpRequest, employer_slug: str) -> HttpResponse:
    """An employer: its wider committee, the sites where workers have one, and all its sites by town."""
    found = queries.employers().filter(slug=employer_slug).first()
    if found is None:
        return redirect("alliance:employer", directory.employer_led_on(employer_slug, queries.employers()).slug, permanent=True)
    sites = Workplace.objects.visible_to(request.user).of(found.pk).with_names()
    page = keyset.page(sites, request, order=("place_key", "pk"))
    cards = registry.site_cards(page.items, request.user)
    for site in page:
        site.card = None if site.is_closed else cards.get(site.pk)
    context = {"employer": found, "page": page, "committees": list(queries.of_employer(found)), "wider": queries.wider_of(found)}
    return _as_asked(request, render(request, "alliance/employer.html", context))


def _as_asked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page that a signed-in person sees may hold what only they see: no browser keeps it."""
    return doors.private(response) if request.user.is_authenticated else response
