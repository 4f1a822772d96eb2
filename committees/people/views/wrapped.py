"""allauth's own pages behind our doors: a refused form answers 422, and no browser keeps any of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from committees.base import doors
from committees.people.models import Person
from committees.people.queries import contact_behind


def behind(door: Callable[[doors.View], doors.View], view: doors.View) -> doors.View:
    """`view` of allauth, behind `door`."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            _finish(request, response)
        response.headers.pop("Expires", None)  # the clock of the server; no-store says enough
        return doors.private(response)

    return door(page)


def _finish(request: HttpRequest, response: TemplateResponse) -> None:
    """Status 422 where a form was refused; an address instead of its alias where the page names one."""
    context: dict[str, Any] = response.context_data or {}
    forms = [value for value in context.values() if isinstance(value, BaseForm)]
    context.pop("site", None)  # allauth puts the host's name where our frame looks for the site's
    if request.method == "POST" and any(form.is_bound and form.errors for form in forms):
        response.status_code = 422
    if "js_data" in context:
        context["question"] = as_question(context["js_data"]["request_options"])
    if alias := context.get("email"):
        contact = contact_behind(alias)
        context["sent_to"] = contact.address if contact else ""


def as_question(options: Any) -> str:
    """What a passkey is asked, for the page's script."""
    return json.dumps(options, default=dict)


def sign_in(request: HttpRequest, person: Person, *, method: str) -> None:
    """Sign somebody in who has just shown who they are by a way that is ours, and note for `doors.recent` that they did."""
    record_authentication(request, person, method=method)
    get_adapter().login(request, person)
