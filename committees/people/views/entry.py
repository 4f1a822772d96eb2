"""Coming in: by password or code (allauth's pages in our words), by passkey, by the code on paper; and going out."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import doors
from committees.base.errors import Refused
from committees.people import commands, forms
from committees.people.adapter import NOT_SIGNED_IN
from committees.people.views.join import PAPER
from committees.people.views.wrapped import as_question, behind
from committees.people.views.wrapped import sign_in as let_in

_entry = doors.public(because="whoever wants in is not signed in yet; every answer is the same for known and unknown addresses")


def _afresh(view: doors.View) -> doors.View:
    """Whoever comes back to the beginning begins again: allauth would lead them on to the code they are tired of waiting for."""

    @wraps(view)
    def begun(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated and LOGIN_SESSION_KEY in request.session:
            clear_login(request)
        return view(request, *args, **kwargs)

    return begun


sign_in = behind(_entry, _afresh(account.login))
ask_for_code = behind(_entry, _afresh(account.request_login_code))
enter_code = behind(_entry, account.confirm_login_code)
forgotten = behind(_entry, account.password_reset)
forgotten_code = behind(_entry, account.confirm_password_reset_code)
forgotten_new = behind(_entry, account.complete_password_reset)
second_step = behind(_entry, mfa.authenticate)


@_entry
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session. Asks first only where somebody followed a link."""
    if request.method == "POST" or not request.user.is_authenticated:
        get_adapter().logout(request)
        response = redirect("/")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return doors.private(response)
    return doors.private(render(request, "account/sign_out.html"))


@_entry
@require_GET
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the browser asks a passkey to answer. The same for everybody: nobody has said yet who they are."""
    return doors.private(HttpResponse(as_question(passkeys.begin_authentication(user=None)), content_type="application/json"))


@_entry
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey's answer: signed in, or back to the page with the words that a wrong password gets."""
    if too_many := ratelimit.consume_or_429(request, app="allauth.mfa", action="webauthn_login"):
        return too_many
    form = forms.PasskeySignInForm(data=request.POST)
    if not form.is_valid():
        messages.error(request, NOT_SIGNED_IN)
        return redirect("account_login")
    authenticator = form.cleaned_data["credential"]
    login = Login(user=authenticator.user, redirect_url=_next(request))
    return doors.private(passkey_flows.perform_passwordless_login(request, authenticator, login))


def _next(request: HttpRequest) -> str | None:
    where = request.POST.get("next", "")
    return where if where.startswith("/") and get_adapter().is_safe_url(where) else None


@doors.public(because="the way back for somebody who lost phone and email; a code that nobody can guess is all it takes")
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """The code from the paper: signed in at once, without a second step, and with a new code to write down."""
    form = forms.PaperCodeForm(request.POST or None)
    if request.method == "POST" and (too_many := ratelimit.consume_or_429(request, app="allauth.account", action="reset_password_from_key")):
        return too_many
    if form.is_valid():
        try:
            person = commands.recover(form.cleaned_data["code"])
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            let_in(request, person, method="paper")
            request.session[PAPER] = commands.make_recovery_code(person, at=timezone.now())
            return redirect("people:paper")
    return doors.private(render(request, "account/recover.html", {"form": form}, status=422 if form.errors else 200))
