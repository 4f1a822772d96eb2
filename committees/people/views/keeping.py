"""Closing an account: for those who keep the service running. They find one only by what its owner gave them."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.people import commands, forms, queries
from committees.people.models import Person
from committees.people.requests import PersonRequest

#: Look-ups in an hour: enough for somebody who helps people, too few to try a list of addresses.
LOOK_UPS, HOUR = 20, 3600


def _may_look_up(keeper: Person) -> bool:
    """Each of the hour's places can be taken once; the cache answers only one of many who take it at once."""
    return any(cache.add(f"limit:account-look-up:{keeper.pk}:{n}", 1, HOUR) for n in range(LOOK_UPS))


@doors.platform_admin
@doors.recent
@require_http_methods(["GET", "POST"])
def find(request: PersonRequest) -> HttpResponse:
    """One account, by its sign-in name or by an address, exactly as its owner has it. Nothing is listed or completed."""
    form = forms.FindAccountForm(request.POST or None)
    if form.is_valid():
        if not _may_look_up(request.user):
            form.add_error("said", _("You have looked up %(n)s accounts in this hour. Wait an hour and go on then.") % {"n": LOOK_UPS})
        elif found := queries.account_of(form.cleaned_data["said"], keeper=request.user):
            return redirect("accounts:account", found.slug)
        else:
            form.add_error("said", _("No account has exactly this name or address."))
    return render(request, "people/keep_find.html", {"form": form}, status=422 if form.errors else 200)


@doors.platform_admin
@doors.recent
@require_http_methods(["GET", "POST"])
def account(request: PersonRequest, slug: str) -> HttpResponse:
    """Its sign-in name, the month in which it began, whether it is closed. Nothing else: not what it belongs to, not where it is reached."""
    found = get_object_or_404(Person.objects.kept_by(request.user), slug=slug)
    is_closed = found.disabled_on is not None
    form = forms.DisableForm(request.POST if request.method == "POST" and not is_closed else None)
    if request.method == "POST" and (is_closed or form.is_valid()):
        try:
            if is_closed:
                commands.enable(found, by=request.user, at=timezone.now())
            else:
                commands.disable(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("The account is open again.") if is_closed else _("The account is closed, and every device is signed out."))
        return redirect("accounts:account", found.slug)
    context = {"account": found, "is_closed": is_closed, "is_mine": found.pk == request.user.pk, "form": form}
    return render(request, "people/keep_account.html", context, status=422 if form.errors else 200)
