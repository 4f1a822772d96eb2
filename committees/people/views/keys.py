"""Passkeys and the second step."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.recovery_codes.internal.flows import auto_generate_recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.people import commands, forms, queries
from committees.people.requests import PersonRequest
from committees.people.views.wrapped import as_question, behind


def _guarded(view: doors.View) -> doors.View:
    return doors.signed_in(doors.recent(view))


app_on = behind(_guarded, totp.activate_totp)
app_off = behind(_guarded, totp.deactivate_totp)
spare_codes = behind(_guarded, spare.view_recovery_codes)
new_spare_codes = behind(_guarded, spare.generate_recovery_codes)


@doors.signed_in
@require_http_methods(["GET"])
def passkeys(request: PersonRequest) -> HttpResponse:
    return render(request, "people/passkeys.html", {"passkeys": queries.passkeys(request.user)})


@doors.signed_in
@doors.recent
@require_http_methods(["GET", "POST"])
def add_passkey(request: PersonRequest) -> HttpResponse:
    """The browser makes a passkey that can sign in by itself, and names it."""
    form = forms.AddPasskeyForm(request.POST or None, user=request.user)
    if form.is_valid():
        commands.add_passkey(request.user, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"])
        messages.success(request, _("The passkey is added. You can sign in with it from now on."))
        where = request.GET.get("next", "")
        return redirect(where if where.startswith("/") and get_adapter().is_safe_url(where) else "people:passkeys")
    question = as_question(auth.begin_registration(request.user, passwordless=True))
    return render(request, "people/passkey_add.html", {"form": form, "question": question}, status=422 if form.errors else 200)


def _passkey(request: PersonRequest, name: str) -> Authenticator:
    try:
        return queries.passkeys(request.user)[name]
    except KeyError:
        raise Http404 from None


@doors.signed_in
@doors.recent
@require_http_methods(["GET", "POST"])
def passkey(request: PersonRequest, name: str) -> HttpResponse:
    """Rename a passkey or remove it."""
    row, problem = _passkey(request, name), ""
    if request.POST.get("action") == "remove":
        try:
            commands.remove_passkey(row, by=request.user)
            return redirect("people:passkeys")
        except Refused as no:
            problem = str(no)
    form = forms.PasskeyNameForm(request.POST if "name" in request.POST else None, initial={"name": row.wrap().name})
    if form.is_valid():
        commands.rename_passkey(row, name=form.cleaned_data["name"], by=request.user)
        return redirect("people:passkeys")
    context = {"form": form, "problem": problem}
    return render(request, "people/passkey.html", context, status=422 if form.errors or problem else 200)


@doors.signed_in
@require_http_methods(["GET"])
def second_step(request: PersonRequest) -> HttpResponse:
    ways = queries.ways(request.user)
    return render(request, "mfa/index.html", {"ways": ways, "on": ways.app or request.user.second_step})


@doors.signed_in
@doors.recent
@require_http_methods(["GET", "POST"])
def passkey_always(request: PersonRequest) -> HttpResponse:
    """Whether a passkey is asked for after a password or a code too. Turning it on makes spare codes."""
    form = forms.SecondStepAlwaysForm(request.POST or None, initial={"always": request.user.second_step})
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_second_step(request.user, on=form.cleaned_data["always"])
            made = auto_generate_recovery_codes(request) if form.cleaned_data["always"] else None
            return redirect("mfa_view_recovery_codes" if made else "mfa_index")
        except Refused as no:
            form.add_error(None, str(no))
    return render(request, "mfa/always.html", {"form": form}, status=422 if form.errors else 200)
