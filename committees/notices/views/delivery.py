"""How a notice goes out, for whoever sent it; what could not be sent, for admins."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from committees.base import doors, keyset
from committees.notices import commands, queries, returns
from committees.notices.models import Notice
from committees.notices.views.requests import PersonsRequest


def _watched(request: PersonsRequest, slug: str) -> Notice:
    """A notice that this person may watch; for all others there is none."""
    notice = queries.watched(request.user, slug)
    if notice is None:
        raise Http404
    return notice


def _say(request: PersonsRequest, tried: int) -> None:
    """How many are tried again; none, if somebody else was faster or it is of no use any more."""
    if tried:
        messages.success(request, ngettext("%(n)s mail is tried again.", "%(n)s mails are tried again.", tried) % {"n": tried})
    else:
        messages.info(request, _("Nothing is left to try again. Somebody else may have done it, or it is of no use any more."))


@doors.signed_in
@require_http_methods(["GET"])
def report(request: PersonsRequest, slug: str) -> HttpResponse:
    """How many it reached, by channel and language; alone for htmx, on a page of its own otherwise."""
    context = {"report": queries.delivery_report(_watched(request, slug))}
    return render(request, "notices/_report.html" if request.htmx else "notices/report.html", context)


@doors.signed_in
@require_POST
def again(request: PersonsRequest, slug: str) -> HttpResponse:
    """Whoever watches a notice has what could not be sent tried once more."""
    notice = _watched(request, slug)
    _say(request, commands.again(notice, by=request.user, at=timezone.now()))
    return redirect("notices:report", slug)


@doors.platform_admin
@require_http_methods(["GET"])
def dead_letters(request: PersonsRequest) -> HttpResponse:
    """What could not be sent, what came back, and why. Neither to whom nor what it said."""
    page = keyset.page(queries.with_dead_letters(), request, order=("-posted_at", "-slug"))
    context = {"page": page, "letters": queries.dead_letters(page.items), "errands": queries.dead_errands(), "back": returns.came_back()}
    return render(request, "notices/dead_letters.html", context)


@doors.platform_admin
@require_POST
def revive(request: PersonsRequest, slug: str) -> HttpResponse:
    """One more try for one notice. Whoever comes after somebody else is told so."""
    notice = queries.with_dead_letters().filter(slug=slug).first()
    tried = commands.again(notice, by=request.user, at=timezone.now()) if notice else 0
    _say(request, tried)
    return redirect("notices:dead_letters")


@doors.platform_admin
@require_POST
def revive_errands(request: PersonsRequest) -> HttpResponse:
    """One more try for the account mails that are still of use."""
    _say(request, commands.send_again(by=request.user, at=timezone.now()))
    return redirect("notices:dead_letters")
