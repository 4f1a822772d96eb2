"""Somebody who applies at another site says from which committee they come."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership import doors, forms, histories
from committees.membership.applications import State
from committees.membership.moves import Leaving
from committees.membership.views.joining import next_step, own_application
from committees.people.requests import PersonRequest


@doors.signed_in
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, slug: str) -> HttpResponse:
    """From which committee, what of it may be shown, when one leaves it. Only before the application is sent."""
    application = own_application(request, slug)
    mine = histories.moves_from(request.user, to=application.committee_id)
    said = histories.move(application)
    if application.state != State.STARTED or not (mine or said):
        return redirect(next_step(application))
    form = forms.MoveForm(request.POST if request.method == "POST" else None, memberships=[member for member, _found in mine], move=said)
    try:
        if "nowhere" in request.POST:
            membership.come_from_nowhere(application, by=request.user)
            return redirect(next_step(application))
        if form.is_valid():
            chosen = form.cleaned_data
            words = {"shown": chosen["shown"], "leaving": Leaving(chosen["leaving"])}
            membership.come_from(application, chosen["came_from"], **words, by=request.user, at=timezone.now())
            return redirect(next_step(application))
    except Refused as no:
        form.add_error(None, str(no))
    context = {"application": application, "form": form, "carried": [(member, found) for member, found in mine if found]}
    return render(request, "membership/move.html", context, status=422 if form.errors and "nowhere" not in request.POST else 200)
