"""Two entries of one workplace, or of one employer, become one: the other is looked for, both are shown, one is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.directory import commands as directory
from committees.directory import queries
from committees.directory.forms.keeping import FindEmployerForm, FindForm
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
    form: type[FindForm]
    likely: Callable[[Any, str, Person], list[Any]]  # what is perhaps the same as this one: by what was looked for, if anything was
    merge: Callable[..., Entry]
    became: Callable[[str, Person], Entry]  # into what the one with this address was merged
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
    form=FindForm,
    likely=_likely_sites,
    merge=directory.merge,
    became=queries.led_on,
    done=gettext_lazy("The two are one now. The other address leads here."),
    template="directory/merge_workplaces.html",
    card="directory/_fact.html",
    route="keeping:merge",
    page="keeping:workplace",
)
EMPLOYERS = Kind(
    entries=_employers,
    stays=_employers,
    form=FindEmployerForm,
    likely=_likely_employers,
    merge=directory.merge_employers,
    became=lambda slug, person: queries.employer_led_on(slug, _employers(person)),
    done=gettext_lazy("The two are one now. The other address leads here."),
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
    entry = kind.entries(request.user).filter(slug=slug).first()
    if entry is None:
        return _led_on(request, kind, slug)
    chosen = (request.POST.get("into") or request.GET.get("into") or "").replace("\x00", "")
    other = kind.stays(request.user).filter(slug=chosen).exclude(slug=slug).first() if chosen else None
    problem = ""
    if other is None:
        problem = _without_other(request, is_chosen=chosen not in ("", slug))
    elif request.method == "POST":
        try:
            kept = kind.merge(entry, into=other, by=request.user, at=timezone.now())
        except Refused as no:
            problem = str(no)
        else:
            messages.success(request, str(kind.done))
            return redirect(kind.page, kept.slug)
    form = kind.form(request.GET)
    likely = [] if other else kind.likely(entry, form.asked, request.user)
    context = {"kind": kind, "entry": entry, "other": other, "problem": problem, "form": form, "asked": form.asked, "likely": likely}
    return render(request, kind.template, context, status=422 if problem else 200)


def _without_other(request: PersonRequest, *, is_chosen: bool) -> str:
    """Why nothing is merged where only one of the two is there. Whoever has chosen none yet, and asks for nothing, is told nothing."""
    if is_chosen:
        return _("The entry you chose is not there any more. Somebody else may have merged it.")
    return _("Choose the other entry first.") if request.method == "POST" else ""


def _led_on(request: PersonRequest, kind: Kind, slug: str) -> HttpResponse:
    """The entry has gone: to the one it has become, and whoever wanted to merge it is told that somebody else was faster."""
    kept = kind.became(slug, request.user)
    if request.method == "POST":
        messages.error(request, _("One of the two is not there any more. Somebody else has merged them."))
    return redirect(kind.page, kept.slug)
