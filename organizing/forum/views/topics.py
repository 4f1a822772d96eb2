"""One topic: reading it, following it, marking how far one has read. Nothing is written by reading."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.base import doors
from committees.people.requests import PersonRequest
from organizing.forum import commands as forum
from organizing.forum import forms, queries, quoting, rules
from organizing.forum.audiences import Reader
from organizing.forum.models import Topic, Watch
from organizing.forum.queries import PageOfTopic
from organizing.forum.views.lists import BECAUSE
from organizing.forum.views.shutting import NotForYou, for_readers

LEVELS = {"", *Watch.Level.values}


def read_topic(slug: str, reader: Reader) -> Topic:
    """A topic that this reader may read."""
    found = queries.topic_for(reader, slug)
    if found is None:
        raise NotForYou
    return found


def _number(request: HttpRequest, name: str) -> int:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@doors.public(because=BECAUSE)
@require_GET
@for_readers
def topic(request: HttpRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """A page of a topic. `?page=` names it, `?reply=` and `?quote=` fill the composer at its end."""
    found = read_topic(slug, reader)
    page = queries.page_of_topic(found, reader, _number(request, "page") or 1)
    return draw(request, page, form=_empty_form(request, page) if page.seats and rules.may_reply(page.seats[0].member, found) else None)


def _empty_form(request: HttpRequest, page: PageOfTopic) -> forms.ReplyForm:
    """With what was begun before, or with the words of a post that is quoted."""
    text, answers = page.draft, _number(request, "reply") or None
    quoted = _number(request, "quote")
    post = queries.post_in(page.topic, quoted) if quoted else None
    if post is not None:
        words, answers = quoting.quote(post, page.topic), quoted
        # A page that is loaded anew has kept the quotation in the draft.
        text = text if words in text.replace("\r\n", "\n") else f"{text}\n\n{words}".strip() + "\n\n"
    return forms.ReplyForm(topic=page.topic, seats=page.seats, initial={"text": text, "answers": answers})


def draw(request: HttpRequest, page: PageOfTopic, *, form: forms.ReplyForm | None, preview: str = "") -> HttpResponse:
    seat = page.seats[0] if page.seats else None
    context: dict[str, Any] = {
        "page": page,
        "topic": page.topic,
        "board": page.topic.board,
        "form": form,
        "preview": preview,
        "seat": seat,
        "keeps": any(rules.may_keep(each.member, page.topic.board) for each in page.seats),
    }
    return render(request, "forum/topic.html", context, status=422 if form is not None and form.errors else 200)


@doors.public(because=BECAUSE)
@require_GET
@for_readers
def permalink(request: HttpRequest, slug: str, position: int, *, reader: Reader) -> HttpResponse:
    """To one post, at any depth: the page on which it stands."""
    found = read_topic(slug, reader)
    if not 0 < position <= found.last_position:
        raise NotForYou
    return redirect(found.url_at(position))


@doors.signed_in
@require_POST
@for_readers
def read(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """One has read so far. The page itself asks for it where scripts run, a button elsewhere."""
    found = read_topic(slug, reader)
    typed = request.POST.get("position", "")
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        forum.mark_read(found, int(typed), by=request.user)
    if request.headers.get("Sec-Fetch-Mode") == "cors" or request.headers.get("X-Quietly"):
        return HttpResponse(status=204)
    return redirect("forum:unread")


@doors.signed_in
@require_POST
@for_readers
def follow(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    found = read_topic(slug, reader)
    level = request.POST.get("level", "")
    if level in LEVELS:
        forum.watch(found, level, by=request.user)
        messages.success(request, said_of(level))
    return redirect(found)


def said_of(level: str) -> str:
    return {"watch": _("You are told when something is new here."), "mute": _("You are told nothing of this.")}.get(level, _("You no longer follow this."))


@doors.signed_in
@require_POST
@for_readers
def pin(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """An organizer keeps a topic on top of its board."""
    found = read_topic(slug, reader)
    keeper = next((seat.member for seat in queries.seats(request.user, found.board) if rules.may_keep(seat.member, found.board)), None)
    if keeper is None:
        raise NotForYou
    forum.pin(found, pinned=not found.pinned, by=keeper, at=timezone.now())
    return redirect(found)
