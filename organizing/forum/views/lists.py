"""Lists of topics, drafts, and the search."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import doors
from committees.base.keyset import Page
from committees.people.requests import PersonRequest
from organizing.forum import commands as forum
from organizing.forum import forms, queries
from organizing.forum.audiences import Reader
from organizing.forum.commands.reading import NEW_FOR
from organizing.forum.models import Draft, Topic
from organizing.forum.queries import searching
from organizing.forum.views.shutting import for_readers

BECAUSE = "public boards are for everyone; all others are shown to those who may read them"


def since() -> datetime:
    """Unread counts from the beginning of a day, so that the question stays the same for a while."""
    return (timezone.now() - NEW_FOR + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _draw(request: HttpRequest, page: Page[Topic], here: str, **more: Any) -> HttpResponse:
    new_since = since() if request.user.is_authenticated else None
    lines = [queries.line_of(topic, since=new_since) for topic in page]
    return render(request, "forum/front.html", {"page": page, "lines": lines, "here": here, **more})


@doors.public(because=BECAUSE)
@require_GET
@for_readers
def front(request: HttpRequest, *, reader: Reader) -> HttpResponse:
    """What went on last on all boards of one's committees; for whoever has none, or has not signed in, on public ones."""
    boards = queries.boards_near(reader) if reader is not None else []
    if not boards:
        return _draw(request, queries.PUBLIC_TOPICS.page(request, reader=reader), "open" if reader else "front", boards=queries.public_boards())
    page = queries.LATEST_TOPICS.page(request, boards=[board.pk for board in boards], reader=reader)
    return _draw(request, page, "front", boards=boards, may_begin=True)


@doors.public(because=BECAUSE)
@require_GET
@for_readers
def public(request: HttpRequest, *, reader: Reader) -> HttpResponse:
    """What anyone may read, of every committee."""
    return _draw(request, queries.PUBLIC_TOPICS.page(request, reader=reader), "open", boards=queries.public_boards())


@doors.signed_in
@require_GET
def unread(request: PersonRequest) -> HttpResponse:
    """What went on since one read it last."""
    boards = queries.boards_near(request.user)
    page = queries.UNREAD_TOPICS.page(request, boards=[board.pk for board in boards], reader=request.user, since=since())
    return _draw(request, page, "unread", boards=boards, may_begin=bool(boards))


@doors.signed_in
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """The topics one began, under any name."""
    boards = queries.boards_near(request.user)
    return _draw(request, queries.MY_TOPICS.page(request, person=request.user), "mine", boards=boards, may_begin=bool(boards))


@doors.signed_in
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    forum.mark_all_read(by=request.user, at=timezone.now())
    messages.success(request, _("Nothing is new any more."))
    return redirect("forum:front")


@doors.signed_in
@require_http_methods(["GET", "POST"])
def drafts(request: PersonRequest) -> HttpResponse:
    """What one has begun to write. A button throws one of them away."""
    mine = Draft.objects.visible_to_person(request.user).select_related("topic", "board")
    if request.method == "POST":
        place = request.POST.get("topic", ""), request.POST.get("board", "")
        named = mine.filter(topic__slug=place[0]) if place[0] else mine.filter(board__slug=place[1])
        forum.discard_draft(get_object_or_404(named), by=request.user)
        messages.success(request, _("The draft is gone."))
        return redirect("forum:drafts")
    return render(request, "forum/drafts.html", {"drafts": mine.order_by("-changed_at", "pk")[:100]})


@doors.public(because=BECAUSE)
@require_GET
@for_readers
def search(request: HttpRequest, *, reader: Reader) -> HttpResponse:
    """Posts that answer, of all that one may read."""
    form = forms.SearchForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {"q": "", "board": "", "language": ""}
    boards = queries.boards_near(reader) if reader is not None else queries.public_boards()
    hits = searching.find(said["q"], reader=reader, board=said["board"], language=said["language"])
    context = {"typed": said["q"], "hits": hits, "boards": boards, "chosen": said["board"], "most": searching.SHOWN}
    return render(request, "forum/search.html", context)
