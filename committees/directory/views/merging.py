"""Two entries of one workplace, or of one employer, become one: the other is looked for, both are shown, one is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import queries
from committees.directory.forms.keeping import FindForm
from committees.directory.models import Employer, Workplace
from committees.people.models import Person
from committees.people.requests import PersonRequest

type Entry = Workplace | Employer

#: Entries that are shown as perhaps the same.
LIKELY = 8


@dataclass(frozen=True)
class Kind:
    """What differs between the kinds of entries that can be there twice."""

    entries: Callable[[Person], QuerySet[Any]]  # those that may go
    stays: Callable[[Person], QuerySet[Any]]  # those into which another may go
    likely: Callable[[Any, str, Person], list[Any]]  # what is perhaps the same as this one: by what was looked for, if anything was
    merge: Callable[..., Entry]
    done: Promise
    template: str
    card: str  # a template that tells what is known of an `entry`
    route: str
    page: str  # the route to the page of one entry


def _sites(person: Person) -> QuerySet[Any]:
    return Workplace.objects.visible_to(person).with_names()


def _known_sites(person: Person) -> QuerySet[Any]:
    return Workplace.objects.visible_to(person).known().with_names()


def _likely_sites(site: Workplace, asked: str, person: Person) -> list[Any]:
    """Those that were looked for; else those of the same words, else of the same employer."""
    words = asked or " ".join(part for part in (site.employer.name, site.city) if part)
    found = [other for other in queries.search(words, LIKELY + 1, person=person) if other.pk != site.pk and not other.is_proposed]
    return found[:LIKELY] if found or asked else [other for other in queries.sister_sites(site, person=person, limit=LIKELY) if not other.is_proposed]


def _employers(person: Person) -> QuerySet[Any]:
    return Employer.objects.visible_to(person).annotate(n=Count("workplaces")).prefetch_related("aliases")


def _likely_employers(employer: Employer, asked: str, person: Person) -> list[Any]:
    return list(_employers(person).called(asked or employer.name).exclude(pk=employer.pk).order_by("name_key")[:LIKELY])  # type: ignore[attr-defined]


SITES = Kind(
    entries=_sites,
    stays=_known_sites,
    likely=_likely_sites,
    merge=directory.merge,
    done=gettext_lazy("The two are one now. The other address leads here."),
    template="directory/merge_workplaces.html",
    card="directory/_fact.html",
    route="keeping:merge",
    page="keeping:workplace",
)
EMPLOYERS = Kind(
    entries=_employers,
    stays=_employers,
    likely=_likely_employers,
    merge=directory.merge_employers,
    done=gettext_lazy("The two are one now."),
    template="directory/merge_employers.html",
    card="directory/_employer_fact.html",
    route="keeping:merge_employers",
    page="keeping:employer",
)


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def workplaces(request: PersonRequest, workplace_slug: str) -> HttpResponse:
    """The same place is there twice."""
    return _merge(request, SITES, workplace_slug)


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def employers(request: PersonRequest, slug: str) -> HttpResponse:
    """The same employer is there twice."""
    return _merge(request, EMPLOYERS, slug)


def _merge(request: PersonRequest, kind: Kind, slug: str) -> HttpResponse:
    """First the other entry is looked for, then both are shown, then one is left."""
    entry = get_object_or_404(kind.entries(request.user), slug=slug)
    chosen = request.POST.get("into") or request.GET.get("into")
    other = kind.stays(request.user).filter(slug=chosen.replace("\x00", "")).exclude(pk=entry.pk).first() if chosen else None
    problem = ""
    if request.method == "POST":
        if other is None:
            problem = _("Choose the other entry first. Nothing was merged.")
        else:
            try:
                kept = kind.merge(entry, into=other, by=request.user, at=timezone.now())
            except Refused as no:
                problem = str(no)
            else:
                messages.success(request, str(kind.done))
                return redirect(kind.page, kept.slug)
    form = FindForm(request.GET)
    likely = [] if other else kind.likely(entry, form.asked, request.user)
    context = {"kind": kind, "entry": entry, "other": other, "problem": problem, "form": form, "asked": form.asked, "likely": likely}
    return render(request, kind.template, context, status=422 if problem else 200)
