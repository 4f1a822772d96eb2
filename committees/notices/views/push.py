"""Which of a person's browsers are told by push."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from committees.base import doors
from committees.base.errors import Refused
from committees.notices.commands import devices
from committees.notices.devices import PushDevice
from committees.notices.views.requests import PersonsRequest
from committees.people.models import Person
from committees.people.sessions import SessionStore

_MOST = 1000


def _given(request: HttpRequest) -> dict[str, str]:
    """What the script sends of the browser's subscription."""
    return {name: request.POST.get(name, "")[: _MOST + 1] for name in ("endpoint", "p256dh", "auth")}


@doors.signed_in
@require_POST
def allow(request: PersonsRequest) -> HttpResponse:
    """The browser that this comes from is told from now on. The script fills the form; nobody types it."""
    try:
        devices.allow(by=request.user, session=request.session.digest, at=timezone.now(), **_given(request))
    except Refused as no:
        messages.warning(request, str(no))
    else:
        request.session["push"] = True
        messages.success(request, _("This device gets push now."))
    return redirect("notices:preferences")


@csrf_exempt  # a worker has no form. What stands in for its token is the address before with its secret, which only that browser knows
@doors.public(because="a browser whose session has ended by waiting gets push still; whoever does not know its address and secret finds nothing")
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Its push service gave the browser another address (pushsubscriptionchange)."""
    before, secret = (request.POST.get(name, "")[: _MOST + 1] for name in ("before", "secret"))
    try:
        renewed = devices.renew(before=before, secret=secret, **_given(request))
    except Refused:
        renewed = False
    if not renewed:
        raise Http404
    return doors.private(HttpResponse(status=204))


@csrf_exempt  # the address itself, which only that browser knows, is the token
@doors.public(because="a browser whose session has ended by waiting asks whether it gets push still; the address of another is nowhere to be found")
@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Whether this browser is still told: 204, or 410, and then it forgets its address (js/offline.js, js/worker.js)."""
    by = request.user if isinstance(request.user, Person) else None
    session = cast("SessionStore", request.session)
    if not devices.find(request.POST.get("endpoint", "")[: _MOST + 1], by=by, session=session.digest, at=timezone.now()):
        return doors.private(HttpResponse(status=410))
    if by is not None:
        session["push"] = True  # asked once in a session
    return doors.private(HttpResponse(status=204))


@doors.signed_in
@require_POST
def stop(request: PersonsRequest, slug: str) -> HttpResponse:
    """One browser, this or another, is told nothing any more. Works without scripts."""
    device = PushDevice.objects.visible_to(request.user).filter(slug=slug).first()
    if device is None:
        raise Http404
    devices.disallow(device, by=request.user)
    messages.success(request, _("That device gets no push any more."))
    return redirect("notices:preferences")
