"""The reviewers' queue and one application of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.base import languages
from committees.base.errors import Refused
from committees.membership import commands as membership
from committees.membership import doors, forms, histories, queries, register
from committees.membership.applications import Application, Check
from committees.membership.models import Membership
from committees.people.requests import PersonRequest


@doors.signed_in
@require_GET
def queue(request: PersonRequest) -> HttpResponse:
    """What waits for me, the oldest first. For someone who reviews nowhere, there is no such page."""
    if not queries.is_reviewer(request.user):
        raise Http404
    page = queries.QUEUE.page(request, person=request.user, at=timezone.now())
    return render(request, "membership/queue.html", {"page": page, "total": queries.waiting_for(request.user)})


type Act = Callable[[Application, Membership, dict[str, Any]], object]


def _ask(application: Application, by: Membership, said: dict[str, Any]) -> None:
    """In the language of the reviewer's screen."""
    written = get_language() or "en"
    membership.ask(application, said["text"], phrase=said["phrase"], language=written, by=by, at=timezone.now(), form_key=said["form_key"])


def _reads(application: Application) -> str:
    """The language in which the applicant reads the site, where it is another than the reviewer's."""
    theirs = application.person.language if application.person else ""
    return languages.name(theirs) if theirs and theirs != get_language() else ""


#: What the buttons of a case do: the form of each, the command, and what is said when it is done.
ACTS: dict[str, tuple[type[django_forms.Form], Act, object]] = {
    "ask": (forms.QuestionForm, _ask, lambda: _("Your question is sent.")),
    "note": (
        forms.NoteForm,
        lambda a, by, data: membership.note(a, str(data["text"]), by=by, at=timezone.now(), form_key=data["form_key"]),
        lambda: _("Your note is kept."),
    ),
    "check": (
        forms.CheckForm,
        lambda a, by, data: membership.add_check(a, data["kind"], by=by, at=timezone.now()),
        lambda: _("Your check is kept."),
    ),
    "admit": (
        forms.AdmitForm,
        lambda a, by, data: membership.admit(a, by=by, at=timezone.now(), text=str(data["text"])),
        lambda: _("Accepted. They are told now."),
    ),
    "decline": (
        forms.DeclineForm,
        lambda a, by, data: membership.decline(a, data["code"], by=by, at=timezone.now(), text=str(data["text"])),
        lambda: _("Declined. They are told now."),
    ),
    "recuse": (django_forms.Form, lambda a, by, data: membership.recuse(a, by=by, at=timezone.now()), lambda: _("You stay out of it. Others answer.")),
    "spam": (django_forms.Form, lambda a, by, data: membership.mark_spam(a, by=by, at=timezone.now()), lambda: _("Put aside as spam.")),
}
#: After these the case is over for this reviewer.
ENDS = frozenset({"admit", "decline", "recuse", "spam"})


@doors.signed_in
@require_http_methods(["GET", "POST"])
def case(request: PersonRequest, slug: str) -> HttpResponse:
    """One application with all that helps to answer it. Each button posts here with its own name."""
    found = queries.case(request.user, slug)
    if found is None:
        raise Http404
    application, by = found
    act = request.POST.get("act", "")
    bound: dict[str, django_forms.Form] = {name: form(auto_id=f"{name}_%s") for name, (form, _act, _done) in ACTS.items()}
    status = 200
    if act in ACTS:
        form_class, command, done = ACTS[act]
        form = bound[act] = form_class(request.POST, auto_id=f"{act}_%s")
        status = 422
        if form.is_valid():
            try:
                command(application, by, form.cleaned_data)
                messages.success(request, done())  # type: ignore[operator]
                return redirect(register.queue_name()) if act in ENDS else redirect("membership:case", slug)
            except Refused as no:
                form.add_error(None, str(no))
                application.refresh_from_db()
    checks = list(application.checks.that_count().select_related("by"))
    context = {
        "application": application,
        "by": by,
        "before": queries.before(application),
        "removed": queries.removed_with_an_address_of(application),
        "history": histories.history(application, histories.move(application)),
        "said": queries.conversation(application, with_notes=True),
        "events": application.events.all(),
        "checks": checks,
        "mine": any(check.by_id == by.pk for check in checks),
        "invited": any(check.kind == Check.Kind.INVITED for check in checks),
        "needed": queries.checks_needed(application),
        "reads": _reads(application),
        "forms": bound,
        "act": act or request.GET.get("act", ""),  # from the queue one comes to the form that is wanted
        "refused": bound.get(act) if status == 422 else None,
    }
    return render(request, "membership/case.html", context, status=status)
