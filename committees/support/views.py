"""What a committee lets those who keep the service see: their pages, which only read, and the list that its members read."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.base import keyset
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from committees.people.requests import PersonRequest
from committees.support import commands as support
from committees.support import queries, register
from committees.support.models import Grant


@doors.platform_admin
@doors.recent
@require_GET
def keeping(request: PersonRequest) -> HttpResponse:
    """The committees that asked for help and let those who keep the service look; no other one."""
    grants = list(queries.open_to(request.user, timezone.now()))
    for each in grants:
        each.shown = register.granted(each.parts)  # type: ignore[attr-defined]
    return render(request, "support/keeping.html", {"grants": grants})


@doors.platform_admin
@doors.recent
@require_GET
def part(request: PersonRequest, slug: str, part: str, item: str = "") -> HttpResponse:
    """One page of a part that was granted. That it was opened is written down before it is shown."""
    at = timezone.now()
    grant = get_object_or_404(queries.open_to(request.user, at), slug=slug)
    found = next(iter(register.granted({part} & set(grant.parts))), None)
    shown = found.show(grant, item, request) if found else None
    if found is None or shown is None:
        raise Http404
    try:
        support.look(grant, part, by=request.user, at=at)
    except PermissionDenied as ended:  # in this moment
        raise Http404 from ended
    return render(request, "support/part.html", {"grant": grant, "part": found, "item": item, "shown": shown})


@doors.member(Power.SEE_LOG)
@require_http_methods(["GET", "POST"])
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """What is granted now, which organizers end with one tap, and every page that was ever opened."""
    by, at = request.membership, timezone.now()
    refused = ""
    if request.method == "POST":
        grant = get_object_or_404(Grant.objects.visible_to(by).given(), slug=request.POST.get("grant", ""))
        try:
            support.end(grant, by=by, at=at)
            messages.success(request, _("Ended. They see nothing any more."))
            return redirect(request.path)
        except Refused as no:
            refused = str(no)
    page = keyset.page(queries.looks(by), request, order=("-at", "-pk"), size=50)
    names = {each.key: each.label for each in register.parts()}
    for look in page:
        look.part_name = names.get(look.part, "")
    running = queries.running_in(by, at)
    for each in running:
        each.shown = register.named(each.parts)  # type: ignore[attr-defined]
    context = {"committee": by.committee, "member": by, "running": running, "page": page, "refused": refused}
    return render(request, "support/of_committee.html", context, status=422 if refused else 200)
