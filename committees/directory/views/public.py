"""Pages of the directory for everybody: search, a workplace, adding one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from committees.base import doors, keyset
from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import finding, nearby, queries, registry
from committees.directory.forms.public import NearForm, ProposeForm, SearchForm
from committees.directory.models import Workplace
from committees.people import zones

if TYPE_CHECKING:
    from committees.people.models import Person

PAGE = 20


@doors.public(because="where people work is public; what is proposed is shown to its proposer only")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find a workplace. With nothing typed: all of them, by town. With scripts the results follow the typing."""
    form = SearchForm(request.GET, countries=queries.countries())
    asked = form.asked
    context = _results(request, **asked) if asked["q"] else _by_town(request, asked["kind"], asked["country"])
    context |= {"form": form, "asked": asked, "filters": len(asked["kind"]) + bool(asked["country"])}
    _put_cards(context["sites"], request)
    page = "directory/search.html#results" if request.headers.get("HX-Request") else "directory/search.html"
    return _as_asked(request, render(request, page, context))


@csrf_exempt  # it changes nothing, and a visitor's phone keeps no cookie of having looked
@doors.public(because="what is public about the sites around a place; where somebody is comes with the form and is kept nowhere")
@require_http_methods(["GET", "POST"])
def near(request: HttpRequest) -> HttpResponse:
    """The listed sites around the place that the reader's browser names when they ask for it. No address holds that place, and no
    browser or proxy keeps the answer."""
    form = NearForm(request.POST)
    if not form.is_valid():
        return redirect("directory:search")
    hits = {hit.id: hit.km for hit in nearby.around(**form.cleaned_data)}
    sites = queries.in_order(list(hits), person=request.user)
    for site in sites:
        site.km = round(hits[site.pk])  # type: ignore[attr-defined]
    _put_cards(sites, request)
    return doors.private(render(request, "directory/near.html", {"sites": sites, "found": None, "most": nearby.MOST, "furthest": nearby.CIRCLES[-1]}))


def _results(request: HttpRequest, *, q: str, kind: list[str], country: str) -> dict[str, Any]:
    found = finding.find(q, person=request.user, kinds=kind, country=country)
    pages = max(1, -(-len(found.ids) // PAGE))
    asked = request.GET.get("page", "1")
    number = min(pages, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    sites = queries.in_order(found.ids[(number - 1) * PAGE : number * PAGE], person=request.user)
    kept = request.GET.copy()
    kept.pop("page", None)
    return {"sites": sites, "found": found, "total": len(found.ids), "number": number, "pages": pages, "kept": kept.urlencode()}


def _by_town(request: HttpRequest, kinds: list[str], country: str) -> dict[str, Any]:
    sites = Workplace.objects.visible_to(request.user).matching(kinds=kinds, country=country).with_names()
    page = keyset.page(sites, request, order=("place_key", "pk"), size=PAGE)
    return {"sites": page.items, "page": page, "found": None}


@doors.public(because="what is publicly known about a workplace")
@require_safe
def workplace(request: HttpRequest, workplace_slug: str) -> HttpResponse:
    """One workplace: what is known of it, whether it has a committee, sister sites."""
    site = Workplace.objects.visible_to(request.user).with_names().filter(slug=workplace_slug).first()
    if site is None:  # merged into another: its address leads on for good
        return redirect(queries.led_on(workplace_slug, request.user), permanent=True)
    sisters = queries.sister_sites(site, person=request.user)
    _put_cards([site, *sisters], request)
    around = [] if site.is_closed else registry.around(site)
    return _as_asked(request, render(request, "directory/workplace.html", {"site": site, "sisters": sisters, "around": around}))


def _put_cards(sites: Sequence[Workplace], request: HttpRequest) -> None:
    """Give each site of a page its card, all of them at once."""
    cards = registry.site_cards(sites, request.user)
    for site in sites:
        site.card = None if site.is_closed else cards.get(site.pk)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Add a workplace. The likely same ones are shown first; what was typed stays."""
    person = _person(request)
    form = ProposeForm(request.POST or None, initial=_guessed(request, person))
    likely: list[Workplace] = []
    if form.is_valid():
        said = dict(form.cleaned_data)
        sure = said.pop("sure")
        likely = [] if sure else queries.likely_same(person=person, **{k: said[k] for k in ("employer", "name", "city", "code", "country")})
        if not likely:
            try:
                site = directory.propose(by=person, **said)
            except Refused as no:
                form.add_error(no.field, str(no))
            else:
                messages.success(request, _("Your workplace is added. Only you see it until it has been checked."))
                return redirect(site)
    return render(request, "directory/propose.html", {"form": form, "likely": likely}, status=422 if form.errors else 200)


def _person(request: HttpRequest) -> Person:
    """Who is asking; behind a door that lets only people in."""
    return cast("Person", request.user)


def _guessed(request: HttpRequest, person: Person) -> dict[str, str]:
    """What was looked for becomes the name, and the country is where the person's clock is: shown, and changed with one tap."""
    country = next((code for code, zone in zones.of_countries().items() if zone == person.time_zone), "")
    return {"name": request.GET.get("name", "")[:200].replace("\x00", ""), "country": country}


def _as_asked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page that a signed-in person sees may hold what only they see: no browser keeps it."""
    return doors.private(response) if request.user.is_authenticated else response
