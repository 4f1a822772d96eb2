"""The page on which an organizer sets how the committee is called and how one joins."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base.errors import Refused
from committees.bodies.models import Scope
from committees.membership import commands as membership
from committees.membership import doors, forms
from committees.membership.roles import Power


@doors.member(Power.KEEP_SETTINGS)
@require_http_methods(["GET", "POST"])
def settings(request: doors.MemberRequest) -> HttpResponse:
    """What is set now, to be changed. Whatever is changed stands in the log."""
    by = request.membership
    form = forms.SettingsForm(request.POST or None, committee=by.committee)
    if form.is_valid():
        try:
            membership.settle(by.committee, form.settings, by=by, at=timezone.now())
            messages.success(request, _("Saved. It counts from now on, and stands in the log."))
            return redirect("membership:settings", by.committee.slug)
        except Refused as no:
            form.add_error(no.field, str(no))
    may_close = Power.CLOSE_COMMITTEE in by.powers and by.committee.scope != Scope.ALLIANCE
    context = {"committee": by.committee, "form": form, "may_close": may_close}
    return render(request, "membership/settings.html", context, status=422 if form.errors else 200)
