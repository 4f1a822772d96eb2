"""Lists of workplaces handed in with the browser: the file, its columns, what it would do, how far it is, what could not be used."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from committees.base import doors, keyset
from committees.base.errors import Refused
from committees.base.text import neutral_cell
from committees.base.uploads import takes_files
from committees.directory import commands as directory
from committees.directory.forms.keeping import FIELD_WORDS, ColumnsForm, FileForm
from committees.directory.imports.sites import Reason, Verdict
from committees.directory.lists import LARGEST, ListPart
from committees.directory.models import Stage, WorkplaceList
from committees.notices.views.requests import PersonsRequest

#: In the order in which the preview shows them, with what they mean for whoever looks at it.
VERDICT_WORDS: dict[str, Any] = {
    Verdict.ERROR: _lazy("Cannot be used"),
    Verdict.NEW: pgettext_lazy("rows of a list", "New"),
    Verdict.CHANGED: pgettext_lazy("rows of a list", "Changed"),
    Verdict.DUPLICATE: _lazy("Twice in the list"),
    Verdict.UNCHANGED: _lazy("Known already"),
}


def _list(request: PersonsRequest, slug: str) -> WorkplaceList:
    """The list of that address, or 404. Its file stays where it is."""
    return get_object_or_404(WorkplaceList.objects.visible_to(request.user).defer("content"), slug=slug)


@doors.platform_admin
@takes_files(largest=LARGEST)
@require_http_methods(["GET", "POST"])
def lists(request: PersonsRequest) -> HttpResponse:
    """What was handed in during the last week, and the form for another file."""
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = directory.hand_in(file.read(), name=file.name, by=request.user, at=timezone.now(), form_key=form.cleaned_data["form_key"])
        except Refused as no:
            form.add_error("file", str(no))
        else:
            return redirect("keeping:columns", made.slug)
    rows = WorkplaceList.objects.visible_to(request.user).without_file()
    page = keyset.page(rows, request, order=("-handed_in_at", "slug"))
    return render(request, "directory/lists.html", {"form": form, "page": page}, status=422 if form.errors else 200)


@doors.platform_admin
@require_http_methods(["GET", "POST"])
def columns(request: PersonsRequest, slug: str) -> HttpResponse:
    """Which column is what: as it is likely, and as an admin knows better. After that the list is read, and nothing is written."""
    listed = _list(request, slug)
    if listed.stage not in (Stage.NEW, Stage.CHECKED):
        return redirect("keeping:list", listed.slug)
    form = ColumnsForm(request.POST or None, listed=listed)
    if form.is_valid():
        try:
            directory.settle_columns(listed, columns=form.cleaned_data["columns"], country=form.cleaned_data["country"], by=request.user)
        except Refused as no:
            messages.error(request, str(no))
        return redirect("keeping:list", listed.slug)
    return render(request, "directory/list_columns.html", {"form": form, "listed": listed}, status=422 if form.errors else 200)


@doors.platform_admin
@require_safe
def one(request: PersonsRequest, slug: str) -> HttpResponse:
    """How far a list is; what it would do; what it did. While workers are at it, the page asks again by itself, or by a link."""
    listed = _list(request, slug)
    if listed.stage == Stage.NEW:
        return redirect("keeping:columns", listed.slug)
    context = {"listed": listed, "groups": _groups(listed), "unusable": listed.counts.get(Verdict.ERROR, 0)}
    if request.htmx:
        return render(request, "directory/list.html#progress", context) if listed.is_at_work else HttpResponseClientRefresh()
    return render(request, "directory/list.html", context)


def _groups(listed: WorkplaceList) -> list[dict[str, Any]]:
    """For each verdict: how many rows, and the first of them with why."""
    found = []
    for verdict, words in VERDICT_WORDS.items():
        rows = [{"row": row, "words": said, "why": _why(reason, changed)} for row, said, reason, changed in listed.examples.get(verdict, [])]
        found.append({"verdict": str(verdict), "words": words, "n": listed.counts.get(verdict, 0), "rows": rows})
    return found


def _why(reason: str, changed: list[str]) -> str:
    if reason:
        return str(Reason(reason).label)
    return ", ".join(str(FIELD_WORDS[name]) for name in changed)


@doors.platform_admin
@require_POST
def confirm(request: PersonsRequest, slug: str) -> HttpResponse:
    """The admin has seen what the list would do."""
    listed = _list(request, slug)
    try:
        directory.confirm(listed, by=request.user, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
    return redirect("keeping:list", listed.slug)


@doors.platform_admin
@require_POST
def drop(request: PersonsRequest, slug: str) -> HttpResponse:
    """The admin throws a list away."""
    listed = _list(request, slug)
    try:
        directory.drop(listed, by=request.user, at=timezone.now())
    except Refused as no:
        messages.error(request, str(no))
        return redirect("keeping:list", listed.slug)
    messages.success(request, _("The file and what was read of it are erased."))
    return redirect("keeping:lists")


@doors.platform_admin
@require_safe
def unusable(request: PersonsRequest, slug: str) -> HttpResponse:
    """The rows that could not be used, as a CSV to be mended: where they stood, why, and what they say."""
    listed = _list(request, slug)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-to-mend.csv"'
    lines = csv.writer(response)
    lines.writerow([neutral_cell(cell) for cell in (_("Row"), _("Why"), *listed.headings)])
    for part in ListPart.objects.visible_to(request.user).of(listed).in_order().iterator(chunk_size=20):
        for row, reason, cells in part.unusable:
            lines.writerow([neutral_cell(str(cell)) for cell in (row, Reason(reason).label, *cells)])
    return response
