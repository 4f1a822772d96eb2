"""What members answer to the clock: waking a committee that rests."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.membership import commands as membership
from committees.membership import doors
from committees.membership.roles import Power


@doors.member(Power.WAKE)
@require_POST
def wake(request: doors.MemberRequest) -> HttpResponse:
    """The button on the page of a committee that rests."""
    committee = request.membership.committee
    if membership.wake(committee, by=request.membership, at=timezone.now()):
        messages.success(request, _("Your committee is awake. Call a meeting, or write to the others."))
    return redirect(committee)
