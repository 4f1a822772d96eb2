"""Which of a person's browsers are told by push."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
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

_MOST = 1000


def _given(request: PersonsRequest) -> dict[str, str]:
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
        messages.success(request, _("This device gets push now."))
    return redirect("notices:preferences")


@csrf_exempt  # a worker has no form. What stands in for its token is the address before, which only that browser knows
@doors.signed_in
@require_POST
def renew(request: PersonsRequest) -> HttpResponse:
    """Its push service gave the browser another address (pushsubscriptionchange)."""
    before = request.POST.get("before", "")[: _MOST + 1]
    try:
        renewed = devices.renew(by=request.user, session=request.session.digest, before=before, at=timezone.now(), **_given(request))
    except Refused:
        renewed = False
    if not renewed:
        raise Http404
    return HttpResponse(status=204)


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
