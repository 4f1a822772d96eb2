"""Asking once more who it is, before something that matters: the password, a passkey, the app, or a code sent."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.people import codes, fields, forms, queries
from committees.people.models import Contact
from committees.people.requests import PersonRequest
from committees.people.rules import Ways
from committees.people.views.wrapped import as_question

PURPOSE = "again"


class AppAgainForm(ReauthenticateForm):
    code = fields.CodeField(label=_("Code from your app, or a spare code"), error_messages={"required": _("Enter a code.")})


def _where(request: PersonRequest) -> str:
    where = request.GET.get("next", "")
    return where if where.startswith("/") and get_adapter().is_safe_url(where) else "/"


@doors.signed_in
@require_http_methods(["GET", "POST"])
def again(request: PersonRequest) -> HttpResponse:
    ways = queries.ways(request.user)
    if not (ways.any or ways.app):  # a new account whose owner has chosen nothing yet
        record_authentication(request, request.user, method="nothing_chosen_yet")
        return redirect(_where(request))
    answer = request.POST.get("way", "")
    shown = _forms(request, ways, answer)
    if request.method == "POST":
        try:
            if answer == "send":
                return _send(request)
            if answer in shown and shown[answer].is_valid() and _accepted(request, answer, shown[answer]):
                return redirect(_where(request))
        except (Refused, ValidationError) as no:
            words = no.messages[0] if isinstance(no, ValidationError) else str(no)
            shown.get(answer, shown[min(shown)]).add_error(None, words)
    return _page(request, ways, shown)


def _forms(request: PersonRequest, ways: Ways, answer: str) -> dict[str, django_forms.Form]:
    """One small form for each way this person has; the one that was posted holds what was typed."""

    def data(way: str) -> Any:
        return request.POST if answer == way else None

    shown: dict[str, django_forms.Form] = {}
    if ways.password:
        shown["password"] = forms.AgainForm(data("password"))
    if ways.passkeys:
        shown["passkey"] = forms.PasskeyAgainForm(user=request.user, data=data("passkey"))
    if ways.app:
        shown["app"] = AppAgainForm(user=request.user, data=data("app"), prefix="app")
    if codes.pending(request, PURPOSE):
        shown["code"] = forms.CodeForm(data("code"), prefix="sent")
    return shown


def _accepted(request: PersonRequest, way: str, form: Any) -> bool:
    """True when it is really them. Every way counts attempts."""
    person = request.user
    if way == "password":
        found = get_adapter().authenticate(request, username=person.sign_in_name, password=form.cleaned_data["password"])
        if found is None or found.pk != person.pk:
            form.add_error("password", get_adapter().error_messages["enter_current_password"])
            return False
        record_authentication(request, person, method="password", reauthenticated=True)
    elif way == "code":
        contact = codes.check(request, PURPOSE, form.cleaned_data["code"])
        if contact.person_id != person.pk:
            raise Refused(codes.WRONG)
        record_authentication(request, person, method="code", reauthenticated=True)
    else:
        form.save()
    return True


def _send(request: PersonRequest) -> HttpResponse:
    contact = Contact.objects.visible_to(request.user).order_by("-primary", "pk").first()
    if contact is not None:
        codes.send(request, contact, purpose=PURPOSE, kind="confirm_code")
    return redirect(f"{request.path}?{urlencode({'next': _where(request)})}")


def _page(request: PersonRequest, ways: Ways, shown: dict[str, django_forms.Form]) -> HttpResponse:
    refused = any(form.is_bound and form.errors for form in shown.values())
    context = {
        "shown": shown,
        "forms": list(shown.values()),
        "by_code": ways.contacts > 0,
        "question": as_question(passkeys.begin_authentication(request.user)) if ways.passkeys else None,
        "next": _where(request),
    }
    return render(request, "account/again.html", context, status=422 if refused else 200)
