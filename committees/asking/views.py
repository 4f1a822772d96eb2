"""Asking a person, one's own questions, and the pages of those who answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from committees.asking import commands, forms, queries, rules
from committees.asking.models import Question, QuestionQuerySet
from committees.asking.rules import Answerer
from committees.base import keyset, languages
from committees.base.errors import Refused
from committees.membership import doors
from committees.membership.roles import Power
from committees.people.requests import PersonRequest

NEWEST = ("-changed_at", "-pk")
OLDEST = ("waits_since", "pk")


# -- Whoever asks ----------------------------------------------------------------------------------------------------------


@doors.signed_in
@require_http_methods(["GET", "POST"])
def ask(request: PersonRequest) -> HttpResponse:
    """Whom one asks, with who reads it and what they see; the language; the question."""
    asking = queries.Asking(request.user)
    form = forms.AskForm(request.POST if request.method == "POST" else None, asking=asking, to=request.GET.get("to", ""))
    if form.is_valid():
        try:
            made = commands.ask(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("Sent. You are told when somebody has answered."))
            return redirect(made)
    context = {"form": form, "choices": asking.choices, "open": queries.open_of(request.user)}
    return render(request, "asking/ask.html", context, status=422 if form.errors else 200)


@doors.signed_in
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """All that one has asked, what changed last first."""
    page = keyset.page(queries.of_person(request.user), request, order=NEWEST)
    return render(request, "asking/mine.html", {"page": page})


@doors.signed_in
@require_http_methods(["GET", "POST"])
def question(request: PersonRequest, slug: str) -> HttpResponse:
    """What one asked and what was answered; writing more, closing it, passing it on."""
    found, at = get_object_or_404(queries.of_person(request.user), slug=slug), timezone.now()
    act, refused = request.POST.get("act", "write"), ""
    form = forms.WriteForm(request.POST if request.method == "POST" and act == "write" else None, question=found)
    try:
        if request.method == "POST" and act == "close":
            commands.close(found, by=request.user, at=at)
            messages.success(request, _("Closed. You can write here again for 30 days."))
            return redirect(found)
        if request.method == "POST" and act == "pass_on":
            made = commands.pass_on(found, by=request.user, at=at)
            messages.success(request, _("Passed on. You are told when somebody has answered."))
            return redirect(made)
        if form.is_valid():
            commands.write(found, **form.cleaned_data, by=request.user, at=at)
            messages.success(request, _("Sent. You are told when somebody has answered."))
            return redirect(found)
    except Refused as no:
        if form.is_bound:
            form.add_error(None, str(no))
        else:
            refused = str(no)
        found = get_object_or_404(queries.of_person(request.user), slug=slug)
    context = {
        "question": found,
        "said": queries.said_to(found),
        "form": form,
        "may_write": rules.may_write(found, at),
        "may_pass_on": found.is_waiting and found.offered_at is not None and queries.passes_to(found, request.user) is not None,
        "refused": refused,
    }
    return render(request, "asking/question.html", context, status=422 if refused or form.errors else 200)


# -- Those who answer ------------------------------------------------------------------------------------------------------


def _listed(request: HttpRequest, rows: QuestionQuerySet, **context: Any) -> HttpResponse:
    """What waits, the oldest first; or all the rest, what changed last first."""
    rest = request.GET.get("which") == "rest"
    page = keyset.page(rows.not_waiting() if rest else rows.waiting(), request, order=NEWEST if rest else OLDEST)
    at = timezone.now()
    for each in page:
        each.taken = each.is_taken(at)
    return render(request, "asking/of_committee.html", {"page": page, "rest": rest, "here": request.path, **context})


@doors.member(Power.ANSWER_QUESTIONS)
@require_GET
def of_committee(request: doors.MemberRequest) -> HttpResponse:
    """What was asked of the organizers of this committee."""
    member = request.membership
    return _listed(request, queries.for_organizer(member), committee=member.committee, member=member)


@doors.platform_admin
@require_GET
def keeping(request: PersonRequest) -> HttpResponse:
    """What was asked of those who keep the service."""
    return _listed(request, queries.for_keeper(request.user))


@doors.member(Power.ANSWER_QUESTIONS)
@require_http_methods(["GET", "POST"])
def case(request: doors.MemberRequest, slug: str) -> HttpResponse:
    """One question to the organizers. For everybody else, and for whoever asked it, there is no such page."""
    member = request.membership
    rows = queries.for_organizer(member)
    return _answered(request, lambda: get_object_or_404(rows.all(), slug=slug), by=member, committee=member.committee, member=member)


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def kept(request: PersonRequest, slug: str) -> HttpResponse:
    """One question to those who keep the service."""
    rows = queries.for_keeper(request.user)
    return _answered(request, lambda: get_object_or_404(rows.all(), slug=slug), by=request.user)


def _answered(request: HttpRequest, read: Callable[[], Question], *, by: Answerer, **context: Any) -> HttpResponse:
    """The page of one question for whoever answers: what was said, and the buttons."""
    found, at = read(), timezone.now()
    act, refused = request.POST.get("act", "answer"), ""
    form = forms.AnswerForm(request.POST if request.method == "POST" and act == "answer" else None, question=found)
    try:
        if request.method == "POST" and (done := _act(act, found, form, request, by)):
            messages.success(request, done)
            return redirect(request.path)
    except Refused as no:
        found = read()
        if form.is_bound:
            form = form.anew(found)
            form.add_error(None, str(no))
        else:
            refused = str(no)
    said = queries.said_before(found)
    queries.mark_own(said, by)
    context |= {"question": found, "said": said, "form": form, "refused": refused, "seen": found.said, "language": languages.name(found.language)}
    context |= {"taken": found.is_taken(at), "held": found.is_held_by(by), "opens_again": rules.may_open_again(found, at)}
    return render(request, "asking/case.html", context, status=422 if refused or form.errors else 200)


def _act(act: str, found: Question, form: forms.AnswerForm, request: HttpRequest, by: Answerer) -> str:
    """Does what the button says. Returns what is said when it is done, "" where nothing was."""
    at = timezone.now()
    if act == "take":
        commands.take(found, by=by, at=at)
        return _("It is yours for half an hour. Others see that somebody is answering.")
    if act == "give_back":
        commands.give_back(found, by=by, at=at)
        return _("Others can take it again.")
    if act in ("finish", "spam"):
        pressed = forms.SeenForm(request.POST)
        seen = pressed.cleaned_data["seen"] if pressed.is_valid() else 0
        (commands.finish if act == "finish" else commands.mark_spam)(found, seen=seen, by=by, at=at)
        return _("Closed. Whoever asked is told.")
    if act == "answer" and form.is_valid():
        commands.answer(found, **form.cleaned_data, by=by, at=at)
        return _("Sent. Whoever asked is told that there is an answer.")
    return ""
