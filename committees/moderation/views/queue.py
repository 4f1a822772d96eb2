"""The one queue, and answering several of its things together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.moderation import forms, queries, sources
from committees.moderation.sources import Source, Together
from committees.people.models import Person
from committees.people.requests import PersonRequest

#: As many as one page shows.
MOST = 2 * sources.SIZE


def _whose(request: PersonRequest) -> Person:
    """For someone who moderates and reviews nowhere, there is no such page."""
    if not sources.has_a_queue(request.user):
        raise Http404
    return request.user


@doors.signed_in
@require_GET
def queue(request: PersonRequest) -> HttpResponse:
    """Everything that waits for me, the oldest first."""
    person, at = _whose(request), timezone.now()
    counts = sources.counts(person, at)
    form = forms.FilterForm(request.GET, kinds=[(source.kind, source.label) for source, _number in counts])
    chosen = form.cleaned_data if form.is_valid() else {}
    wanted = sources.Filter(chosen.get("kind", ""), chosen.get("language", ""), chosen.get("age") or 0)
    shown = [(source, number) for source, number in counts if wanted.kind in ("", source.kind)]
    context = {
        "page": sources.page(request, person, at, wanted),
        "counts": counts,
        "total": sum(number for _source, number in counts),
        "waiting": sum(number for _source, number in shown),
        "is_sifted": bool(wanted.language or wanted.hours),
        "form": forms.FilterForm(initial=chosen, kinds=[(source.kind, source.label) for source, _number in counts], auto_id="filter_%s"),
        "chosen": wanted,
        "together": _offered([source for source, number in shown if number]),
        "undo": queries.just_decided(person, at),
    }
    return render(request, "moderation/queue.html", context)


def _offered(there: Sequence[Source]) -> list[tuple[str, str, bool]]:
    """The acts for several at once, each once, with the words of all sources that know it."""
    words: dict[str, dict[str, None]] = {}
    stops: dict[str, bool] = {}
    for source in there:
        for name, act in source.together.items():
            words.setdefault(name, {})[str(act.label)] = None
            stops[name] = stops.get(name, False) or act.stops
    return [(name, " / ".join(said), stops[name]) for name, said in words.items()]


@dataclass
class Picked:
    """What was ticked: the source and slug of each, and the act that all of them know."""

    picks: list[tuple[Source, str]]
    act: str
    together: list[Together] = field(default_factory=list)

    @property
    def form_class(self) -> type[Any]:
        return self.together[0].form

    @property
    def labels(self) -> str:
        return " / ".join(dict.fromkeys(str(each.label) for each in self.together))

    @property
    def stops(self) -> bool:
        return any(each.stops for each in self.together)


def _picked(request: PersonRequest) -> Picked | str:
    """What the request names, or in words why it cannot be answered together."""
    given = request.POST if request.method == "POST" else request.GET
    picks = []
    for pick in list(dict.fromkeys(given.getlist("pick")))[:MOST]:
        kind, _colon, slug = pick.partition(":")
        source = sources.find(kind)
        if source is not None and source.concerns(request.user) and slug:
            picks.append((source, slug))
    if not picks:
        return _("Tick at least one first.")
    act = given.get("act", "")
    known = [source.together.get(act) for source, _slug in picks]
    together = [each for each in known if each is not None]
    if len(together) < len(picks) or len({each.form for each in together}) > 1:
        return _("These cannot be answered together. Tick things of one kind.")
    return Picked(picks, act, together)


@doors.signed_in
@require_http_methods(["GET", "POST"])
def together(request: PersonRequest) -> HttpResponse:
    """One act for all that was ticked: one reason, one confirmation, and for each a command and a result of its own."""
    person = _whose(request)
    picked = _picked(request)
    if isinstance(picked, str):
        messages.warning(request, picked)
        return redirect("moderation:queue")
    sent = request.method == "POST" and "sure" in request.POST
    form = picked.form_class(request.POST if sent else None)
    if sent and form.is_valid():
        _say(request, _run(person, picked, form.cleaned_data))
        return redirect("moderation:queue")
    context = {"picked": picked, "form": form, "number": len(picked.picks)}
    return render(request, "moderation/together.html", context, status=422 if form.errors else 200)


@dataclass
class Result:
    """What became of each."""

    done: int = 0
    gone: int = 0
    refused: list[str] = field(default_factory=list)


def _run(person: Person, picked: Picked, data: dict[str, Any]) -> Result:
    result, at = Result(), timezone.now()
    for (_source, slug), act in zip(picked.picks, picked.together, strict=True):
        try:
            act.run(person, slug, data, at)
            result.done += 1
        except Refused as no:
            result.refused.append(str(no))
        except (Http404, PermissionDenied):
            result.gone += 1
    return result


def _say(request: PersonRequest, result: Result) -> None:
    if result.done:
        messages.success(request, ngettext("%(n)s is done.", "%(n)s are done.", result.done) % {"n": result.done})
    if result.gone:
        words = ngettext("%(n)s is no longer yours to answer.", "%(n)s are no longer yours to answer.", result.gone)
        messages.warning(request, words % {"n": result.gone})
    for reason in dict.fromkeys(result.refused):
        number = result.refused.count(reason)
        words = ngettext("%(n)s was not done: %(why)s", "%(n)s were not done: %(why)s", number)
        messages.warning(request, words % {"n": number, "why": reason})
