"""One question per page, from the public card of a committee to the application that is sent."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.base.errors import Refused
from committees.bodies.models import Committee, Visibility
from committees.directory import queries as sites
from committees.directory.models import Workplace
from committees.membership import commands as membership
from committees.membership import doors, forms, histories, queries
from committees.membership.applications import Application, ApplicationEvent, State
from committees.membership.models import Membership
from committees.people.requests import PersonRequest

#: The steps in order, with the form of each. A step without questions is left out.
STEPS: dict[str, type[django_forms.Form]] = {
    "shift": forms.ShiftForm,
    "name": forms.HandleForm,
    "why": forms.WhyForm,
    "questions": forms.QuestionsForm,
    "promise": forms.PromiseForm,
}


def steps_of(application: Application) -> list[str]:
    return [step for step in STEPS if step != "questions" or application.answers]


def own_application(request: PersonRequest, slug: str) -> Application:
    """The person's own application, or 404."""
    own = Application.objects.of(request.user).select_related("committee__policy", "committee__workplace__employer", "decided_by")
    return get_object_or_404(own, slug=slug)


@doors.public(because="a listed committee says of itself what the public may know; a hidden one answers as if there were none")
@require_GET
def card(request: HttpRequest, committee_slug: str) -> HttpResponse:
    """What everyone may know of a committee, and how one joins it."""
    committees = Committee.objects.visible_to(request.user).select_related("workplace__employer", "policy")  # type: ignore[arg-type]
    committee = committees.filter(slug=committee_slug).first()
    if committee is None:  # it may have become part of another one
        return redirect("bodies:card", get_object_or_404(committees, pk__in=queries.became_of(committee_slug)).slug)
    person = request.user if request.user.is_authenticated else None
    context = {
        "committee": committee,
        "charter": queries.charter(committee),
        "band": queries.size_band(committee) if not committee.is_forming else None,
        "member": Membership.objects.of(person).filter(committee=committee).first() if person else None,
        "applied": Application.objects.of(person).open().filter(committee=committee).first() if person else None,
        "unlisted": committee.visibility == Visibility.LINK,
    }
    return render(request, "membership/card.html", context)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def begin(request: PersonRequest, committee_slug: str) -> HttpResponse:
    """Where "Join" leads, after signing up where need be: what will be asked. Only the button on it begins anything."""
    committees = Committee.objects.visible_to(request.user).select_related("policy", "workplace__employer")
    committee = get_object_or_404(committees, slug=committee_slug)
    if request.method == "POST":
        try:
            application = membership.begin(committee, by=request.user, at=timezone.now())
            return redirect("membership:move", application.slug) if "moved" in request.POST else redirect(next_step(application))
        except Refused as no:
            return render(request, "membership/refused.html", {"why": str(no), "back": reverse("bodies:card", args=[committee.slug])}, status=422)
    if Membership.objects.of(request.user).filter(committee=committee).exists():
        return redirect(committee)
    if begun := Application.objects.of(request.user).open().filter(committee=committee).first():
        return redirect(begun)
    context = {
        "committee": committee,
        "charter": queries.charter(committee),
        "back": reverse("bodies:card", args=[committee.slug]),
        "may_move": histories.moves_from(request.user, to=committee.pk),
    }
    return render(request, "membership/begin.html", context)


def next_step(application: Application, after: str | None = None) -> str:
    """The first step without an answer, else the page on which answers are checked."""
    if not application.is_open or application.is_waiting:
        return application.get_absolute_url()
    missing = {
        "shift": not application.shift,
        "name": not application.handle,
        "why": False,
        "questions": not application.all_questions_answered,
        "promise": not application.attested_version,
    }
    steps = steps_of(application)
    if after in steps and after == "name" and not application.why and missing["promise"]:
        return reverse("membership:step", args=[application.slug, "why"])
    for step in steps:
        if missing[step]:
            return reverse("membership:step", args=[application.slug, step])
    return reverse("membership:check", args=[application.slug])


def _may_answer(application: Application, step: str) -> bool:
    """Before it is sent, everything; while it waits, only the name, which another may have got meanwhile."""
    return application.state == State.STARTED or (step == "name" and application.is_waiting)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def step(request: PersonRequest, slug: str, step: str) -> HttpResponse:
    """One question. What was answered is kept at once, so that one can go on later, on another phone."""
    application = own_application(request, slug)
    if step not in steps_of(application):
        raise Http404
    if not _may_answer(application, step):
        return redirect(application)
    form = STEPS[step](request.POST or None, application=application)  # type: ignore[call-arg]
    if form.is_valid():
        try:
            application = membership.save_answers(application, by=request.user, **form.answers())  # type: ignore[attr-defined]
            return redirect("membership:mine" if "later" in request.POST else next_step(application, after=step))
        except Refused as no:
            form.add_error(no.field, str(no))
    order = steps_of(application)
    context = {
        "application": application,
        "form": form,
        "step": step,
        "number": order.index(step) + 1,
        "steps": len(order) + 1,
        "done": range(order.index(step) + 1),
        "left": range(len(order) - order.index(step)),
        "back": _back(application, step),
        "charter": queries.charter(application.committee),
    }
    return render(request, "membership/step.html", context, status=422 if form.errors else 200)


def _back(application: Application, step: str) -> str:
    """The question before; the card of the committee before the first; the application itself once it is sent."""
    if application.is_waiting:
        return application.get_absolute_url()
    order = steps_of(application)
    number = order.index(step)
    return reverse("membership:step", args=[application.slug, order[number - 1]]) if number else application.committee_card()


@doors.signed_in
@require_http_methods(["GET", "POST"])
def check(request: PersonRequest, slug: str) -> HttpResponse:
    """All answers on one page, each with a way back to it; then they are sent."""
    application = own_application(request, slug)
    if application.state != State.STARTED:
        return redirect(application)
    refused, gone = "", False
    if request.method == "POST":
        try:
            membership.apply(application, by=request.user, at=timezone.now(), without_invitation="without" in request.POST)
            return redirect(application)
        except Refused as no:
            refused, gone = str(no), isinstance(no, membership.InvitationGone)
    elif not application.is_complete:
        return redirect(next_step(application))
    said = histories.move(application)
    context = {
        "application": application,
        "move": said,
        "history": histories.history(application, said),
        "may_move": said is not None or histories.moves_from(request.user, to=application.committee_id),
        "charter": queries.charter(application.committee),
        "refused": refused,
        "gone": gone,
        "may_go_without": application.committee.visibility == Visibility.LISTED,
        "steps": len(steps_of(application)) + 1,
    }
    return render(request, "membership/check.html", context, status=422 if refused else 200)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def application(request: PersonRequest, slug: str) -> HttpResponse:
    """Where my application stands, what was said, and what I can do: write to the reviewers, or type a code."""
    mine = own_application(request, slug)
    if mine.state == State.STARTED:
        return redirect(next_step(mine))
    typed = request.POST if request.method == "POST" else None
    coding = "code" in (typed or {})
    writing, code = forms.MessageForm(None if coding else typed), forms.CodeForm(typed if coding else None, auto_id="code_%s")
    form, act = (code, _type_code) if coding else (writing, _write)
    if form.is_valid():
        try:
            if act(mine, form.cleaned_data, request):
                return redirect(mine)
            form.add_error("code", _("We don’t know this code, or it was used before. Check each letter."))
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, str(no))
    said, events = histories.move(mine), list(mine.events.all())
    context = {
        "application": mine,
        "needless": any(each.state == State.WITHDRAWN and each.part == ApplicationEvent.Part.PLATFORM for each in events),
        "move": said,
        "history": histories.history(mine, said),
        "form": writing,
        "code": code,
        "said": queries.conversation(mine, with_notes=False),
        "events": events,
        "checks": mine.checks.count(),
        "again": queries.may_apply_from(mine.committee, request.user),
    }
    return render(request, "membership/application.html", context, status=422 if form.errors else 200)


def _write(mine: Application, typed: dict[str, Any], request: PersonRequest) -> bool:
    membership.reply(mine, **typed, language=get_language() or "en", by=request.user, at=timezone.now())
    return True


def _type_code(mine: Application, typed: dict[str, Any], request: PersonRequest) -> bool:
    if not membership.use_code(mine, typed["code"], by=request.user, at=timezone.now()):
        return False
    messages.success(request, _("Thank you. The organizers see that a member knows you."))
    return True


@doors.signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, slug: str) -> HttpResponse:
    """Asked once, on a page of its own."""
    mine = own_application(request, slug)
    refused = ""
    if request.method == "POST":
        try:
            membership.withdraw(mine, by=request.user, at=timezone.now())
            return redirect("membership:mine")
        except Refused as no:
            refused = str(no)
    return render(request, "membership/withdraw.html", {"application": mine, "refused": refused}, status=422 if refused else 200)


@doors.signed_in
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """All my applications, the newest first."""
    applications = Application.objects.of(request.user).select_related("committee__workplace__employer").order_by("-started_at", "-pk")
    return render(request, "membership/mine.html", {"applications": applications[:50]})


@doors.signed_in
@require_http_methods(["GET", "POST"])
def start(request: PersonRequest, workplace_slug: str) -> HttpResponse:
    """Start the committee of a workplace that has none. Where one exists meanwhile, the page leads to it."""
    workplace = Workplace.objects.visible_to(request.user).select_related("employer").filter(slug=workplace_slug).first()
    if workplace is None:
        return redirect("membership:start", sites.led_on(workplace_slug, request.user).slug)
    existing = queries.at_sites([workplace.pk], request.user).get(workplace.pk)
    if existing:
        return redirect("bodies:card", existing.committee.slug)
    initial = {"name": _("%(site)s rank-and-file committee") % {"site": workplace.title}, "languages": [get_language()]}
    form = forms.StartForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            begun = membership.start_committee(workplace, **form.cleaned_data, by=request.user, at=timezone.now())
            return redirect(next_step(begun))
        except Refused as no:
            form.add_error(None, str(no))
    return render(
        request, "membership/start.html", {"form": form, "workplace": workplace, "near": queries.near(workplace)[:5]}, status=422 if form.errors else 200
    )
