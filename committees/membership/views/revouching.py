"""Members for whom somebody has to vouch anew: their own page, and the organizers' list of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base import keyset
from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership import doors, forms, queries
from committees.membership.roles import Power


@doors.member()
@require_http_methods(["GET", "POST"])
def vouched(request: doors.MemberRequest) -> HttpResponse:
    """What a member can do for whom somebody has to vouch anew: type the code that another one gave them."""
    me = request.membership
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if membership.vouch_again(me, form.cleaned_data["code"], by=me, at=timezone.now()):
                messages.success(request, _("Done. Thank you."))
                return redirect(me.committee)
            form.add_error("code", _("We don’t know this code, or it was used before. Check each letter."))
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
    context = {"committee": me.committee, "member": me, "form": form}
    return render(request, "membership/vouched.html", context, status=422 if form.errors else 200)


@doors.member(Power.SEE_ROSTER)
@doors.recent
@require_http_methods(["GET", "POST"])
def in_question(request: doors.MemberRequest) -> HttpResponse:
    """For whom somebody has to vouch anew, and who had vouched for them; a reviewer who talked with one of them says so here."""
    me = request.membership
    rows = queries.in_question(me.committee_id)
    form = forms.ConfirmForm(request.POST) if request.method == "POST" else None
    refused = ""
    if form is not None:
        other = rows.select_related("committee").filter(slug=form.cleaned_data["who"]).first() if form.is_valid() else None
        try:
            if other is None:
                raise Refused(_("This has already been done."))
            membership.confirm_anew(other, by=me, at=timezone.now())
            messages.success(request, _("Done. Thank you."))
            return redirect("membership:in_question", me.committee.slug)
        except Refused as no:
            refused = str(no)
    page = keyset.page(rows, request, order=("revouch_since", "pk"), size=50)
    context = {"committee": me.committee, "member": me, "page": page, "refused": refused}
    return render(request, "membership/in_question.html", context, status=422 if refused else 200)
