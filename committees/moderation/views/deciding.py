"""One case with all that helps to decide it. Each button posts here with its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.moderation import commands as moderation
from committees.moderation import forms, queries, registry, rulebook, rules
from committees.moderation.models import Act, Review, Sanction
from committees.people.requests import PersonRequest

type Command = Callable[[Review, Membership, dict[str, Any], datetime], object]


def _decide(act: Act) -> Command:
    return lambda review, by, data, at: moderation.decide(
        review, act, rule=data.get("rule", ""), text=data.get("text", ""), to=data.get("to", ""), by=by, at=at
    )


def _limit(verb: Callable[..., object]) -> Command:
    return lambda review, by, data, at: verb(review, days=data["days"], rule=data["rule"], text=data["text"], by=by, at=at)


def _lift(review: Review, by: Membership, _data: dict[str, Any], at: datetime) -> None:
    for sanction in queries.running_sanctions(review.author, at):
        moderation.lift(sanction, by=by, at=at)


#: What the buttons of a case do: the form of each, the command, and what is said when it is done.
ACTS: dict[str, tuple[type[django_forms.Form], Command, Callable[[], str]]] = {
    "claim": (django_forms.Form, lambda review, by, _data, at: moderation.claim(review, by=by, at=at), lambda: _("It is yours for a quarter of an hour.")),
    "release": (django_forms.Form, lambda review, by, _data, at: moderation.release(review, by=by, at=at), lambda: _("Others can take it again.")),
    "approve": (django_forms.Form, _decide(Act.APPROVE), lambda: _("Shown. Its author is told.")),
    "keep": (django_forms.Form, _decide(Act.KEEP), lambda: _("Kept as it is.")),
    "send_back": (forms.ReasonForm, _decide(Act.SEND_BACK), lambda: _("Sent back. Its author is told why.")),
    "hide": (forms.ReasonForm, _decide(Act.HIDE), lambda: _("Hidden. Its author is told why.")),
    "remove": (forms.ReasonForm, _decide(Act.REMOVE), lambda: _("Removed. Its author is told why.")),
    "lock": (forms.ReasonForm, _decide(Act.LOCK), lambda: _("Closed for answers. Its author is told why.")),
    "move": (forms.MoveForm, _decide(Act.MOVE), lambda: _("Moved. Its author is told why.")),
    "silence": (forms.LimitForm, _limit(moderation.silence), lambda: _("They may not write for these days, and are told why.")),
    "suspend": (forms.SuspendForm, _limit(moderation.suspend), lambda: _("Suspended, and told why.")),
    "restore": (django_forms.Form, lambda review, by, _data, at: moderation.restore(review, by=by, at=at), lambda: _("Shown again. Its author is told.")),
    "unlock": (django_forms.Form, lambda review, by, _data, at: moderation.unlock(review, by=by, at=at), lambda: _("Open for answers again.")),
    "undo": (django_forms.Form, lambda review, by, _data, at: moderation.undo(review, by=by, at=at), lambda: _("Taken back. It waits again.")),
    "lift": (django_forms.Form, _lift, lambda: _("Ended. They are told.")),
}
#: After these one stays on the case.
STAYS = frozenset({"claim", "release", "undo", "lift", "restore", "unlock"})
#: How far back the page counts what was decided against the same author.
LATELY = timedelta(days=90)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def case(request: PersonRequest, slug: str) -> HttpResponse:
    """For whoever does not answer for it, wrote it or flagged it, there is no such page."""
    found = queries.case(request.user, slug)
    if found is None:
        raise Http404
    review, by = found
    language = review.author.person.language if review.author and review.author.person else review.language
    act = request.POST.get("act", "")
    context = _context(review, by)
    bound = {name: _form(form, name, None, language, context["places"]) for name, (form, _command, _done) in ACTS.items()}
    if act in ACTS:
        form_class, command, done = ACTS[act]
        form = bound[act] = _form(form_class, act, request.POST, language, context["places"])
        if form.is_valid():
            try:
                command(review, by, form.cleaned_data, timezone.now())
                messages.success(request, done())
                return redirect(review) if act in STAYS else redirect("moderation:queue")
            except Refused as no:
                form.add_error(no.field if no.field in form.fields else None, str(no))
                context = _context(queries.again(review), by)
    wrong = bound[act] if act in ACTS else None
    context |= {"forms": bound, "act": act or request.GET.get("act", ""), "refused": wrong}
    return render(request, "moderation/case.html", context, status=422 if wrong else 200)


def _form(form: type[django_forms.Form], name: str, data: Any, language: str, places: Sequence[tuple[str, str]]) -> django_forms.Form:
    if issubclass(form, forms.MoveForm):
        return form(data, auto_id=f"{name}_%s", language=language, places=places)
    if issubclass(form, forms.ReasonForm):
        return form(data, auto_id=f"{name}_%s", language=language)
    return form(data, auto_id=f"{name}_%s")


def _context(review: Review, by: Membership) -> dict[str, Any]:
    """All that helps to decide, in a fixed number of queries."""
    at = timezone.now()
    matter = registry.find(review.matter)
    row = matter.row(review.row_id) if matter else None
    places = matter.places(row) if matter and row is not None and review.is_open and not review.is_held else ()
    own = review.author is not None and review.author.committee_id == review.committee_id
    return {
        "review": review,
        "by": by,
        "matter": matter,
        "excerpt": matter.excerpt(row) if matter and row is not None else "",
        "row_url": matter.url(row) if matter and row is not None else "",
        "can": _can(review, matter),
        "places": places,
        "flags": queries.flags_of(review),
        "earlier": queries.earlier(review),
        "against": queries.against(review.author, since=at - LATELY),
        "sanctions": queries.running_sanctions(review.author, at),
        "may_limit": own and (review.is_decided or not (matter and matter.is_text)),
        "kinds": Sanction.Kind,
        "rule": rulebook.rule(review.rule),
        "claimed": review.claimed_until is not None and review.claimed_until > at,
        "may_undo": _may_undo(review, by, at),
    }


def _can(review: Review, matter: registry.Matter | None) -> set[str]:
    """What the owner of this row can do with it as it stands."""
    if matter is None:
        return set()
    now: Iterable[Act] = rules.decidable(review) if review.is_open else rules.BACK
    return {str(act) for act in now} & matter.acts.keys()


def _may_undo(review: Review, by: Membership, at: datetime) -> bool:
    last = queries.just_decided(by.person, at) if by.person else None
    return last is not None and last.pk == review.pk
