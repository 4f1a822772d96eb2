"""What members answer to the clock: waking a committee that rests, staying, and saying again that they are no manager."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership import doors, forms, queries
from committees.membership.commands.inactivity import LAPSES_AFTER
from committees.membership.roles import Power, Standing


@doors.member(Power.WAKE)
@require_POST
def wake(request: doors.MemberRequest) -> HttpResponse:
    """The button on the page of a committee that rests."""
    committee = request.membership.committee
    if membership.wake(committee, by=request.membership, at=timezone.now()):
        messages.success(request, _("Your committee is awake. Call a meeting, or write to the others."))
    return redirect(committee)


@doors.member()
@require_http_methods(["GET", "POST"])
def stay(request: doors.MemberRequest) -> HttpResponse:
    """Say that one still belongs. For somebody inactive: come back."""
    me = request.membership
    if request.method == "POST":
        back = membership.stay(me, by=me, at=timezone.now())
        messages.success(request, _("You are back.") if back else _("Thank you. You still belong."))
        return redirect(me.committee)
    ends = me.changed_at + LAPSES_AFTER if me.standing == Standing.INACTIVE else None
    return render(request, "membership/stay.html", {"committee": me.committee, "member": me, "ends": ends})


@doors.member(Power.STEP_ASIDE)
@require_http_methods(["GET", "POST"])
def attest(request: doors.MemberRequest) -> HttpResponse:
    """Say again what the charter asks of everybody, or step aside."""
    me = request.membership
    form = forms.AttestForm(request.POST or None)
    refused = ""
    if form.is_valid():
        try:
            membership.attest(me, form.cleaned_data["version"], by=me, at=timezone.now())
            messages.success(request, _("Thank you. You are asked again in a year."))
            return redirect(me.committee)
        except Refused as no:
            refused = str(no)
    wrong = request.method == "POST"
    context = {
        "committee": me.committee,
        "member": me,
        "charter": queries.charter(me.committee),
        "refused": refused or (wrong and _("Read the words and answer.")),
    }
    return render(request, "membership/attest.html", context, status=422 if wrong else 200)
