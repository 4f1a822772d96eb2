"""How a person wants to be told, and stopping mails by their link."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from committees.base import doors
from committees.base.errors import Refused
from committees.notices import chosen, commands, registry, stops
from committees.notices.forms import PreferencesForm
from committees.notices.push import devices
from committees.notices.views.requests import PersonsRequest
from committees.people.models import Contact


@doors.signed_in
@require_http_methods(["GET", "POST"])
def preferences(request: PersonsRequest) -> HttpResponse:
    """One page for everything that a person is sent."""
    form = PreferencesForm(request.POST or None, chosen=chosen.chosen_by(request.user), committees=registry.committees_of(request.user))
    if form.is_valid():
        commands.choose(form.wishes(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("notices:preferences")
    contacts = Contact.objects.visible_to(request.user).order_by("channel", "pk")
    context = {"form": form, "contacts": contacts, "samples": chosen.samples(), "push": devices.shown_to(request.user, here=request.session.digest)}
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)


@doors.signed_in
@require_POST
def test(request: PersonsRequest) -> HttpResponse:
    """Send myself a test notice."""
    try:
        commands.send_test(by=request.user, at=timezone.now())
    except Refused as no:
        messages.warning(request, str(no))
    else:
        messages.success(request, _("A test notice is on its way to you."))
    return redirect("notices:preferences")


@csrf_exempt
@doors.public(because="the sealed token stops one list of mails for one person, and shows nothing")
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribing from one list (RFC 8058). Only POST changes anything: mail scanners follow links."""
    found = stops.living(token)
    if found is None:
        raise Http404
    group = next((each for each in registry.groups() if each.name == found.group), None)
    context = {"label": group.label if group else "", "digests": found.group == registry.DIGESTS, "done": False, "resumed": False}
    if request.method == "POST":
        if request.POST.get("action") == "resume":
            commands.resume(found.person_id, committee_id=found.committee_id, group=found.group)
            context["resumed"] = True
        else:
            commands.stop(found.person_id, committee_id=found.committee_id, group=found.group)
            context["done"] = True
    return doors.private(render(request, "notices/stop.html", context))
