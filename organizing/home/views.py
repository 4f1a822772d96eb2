"""The front page, a person's day, and the pages that explain."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from committees.base import doors
from committees.bodies.models import Committee, Scope
from committees.guides import views as guides
from committees.people.commands.unused import TOLD_DAYS
from committees.people.requests import PersonRequest
from organizing.home import privacy as privacy_words
from organizing.home import queries, waiting

SHOWN_ON_FRONT = 8


@doors.public(because="the front page is for everyone")
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What this is and where to begin. Whoever is signed in goes on to their day."""
    if request.user.is_authenticated:
        return redirect("home:today")
    committees = Committee.objects.listed().filter(scope=Scope.WORKPLACE).select_related("workplace__employer").order_by("-founded_at", "-pk")
    return render(request, "home/front.html", {"committees": committees[:SHOWN_ON_FRONT]})


@doors.signed_in
@require_GET
def today(request: PersonRequest) -> HttpResponse:
    """The next meeting, what needs this person, what is new, and what comes."""
    return render(request, "home/today.html", {"now": timezone.now(), "today": queries.today_of(request.user, at=timezone.now())})


@doors.platform_admin
@require_GET
def keeping(request: PersonRequest) -> HttpResponse:
    """The one entrance to what platform admins do: what waits for them, and where it is done."""
    return render(request, "home/keeping.html", {"parts": waiting.parts()})


@doors.public(because="how committees work is public")
@require_GET
def how(request: HttpRequest) -> HttpResponse:
    return guides.shown(request, "how")


@doors.public(because="safety advice is for everyone")
@require_GET
def safety(request: HttpRequest) -> HttpResponse:
    return guides.shown(request, "safety")


@doors.public(because="what is kept is public")
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The retention table, as the nightly job reads it."""
    return render(request, "home/privacy.html", {"lines": privacy_words.lines(), "told_days": TOLD_DAYS})


@doors.public(because="it says how the site is made usable")
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")


@doors.public(because="a load balancer asks whether this process serves; it learns nothing else")
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """200 where a query is answered. 503 where the database is away (base.middleware answers for it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
