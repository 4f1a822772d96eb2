"""Writing: starting a topic, replying, changing, taking back, translating. A preview is a round trip, so that it needs no script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.base import doors, markdown
from committees.base.errors import Refused
from committees.mandates.models import Mandate
from committees.people.requests import PersonRequest
from organizing.forum import commands as forum
from organizing.forum import forms, queries, reporting, rules
from organizing.forum.audiences import Reader
from organizing.forum.models import Board, Post, Topic
from organizing.forum.models.posts import OWN_LINKS
from organizing.forum.views.shutting import NotForYou, for_readers
from organizing.forum.views.topics import draw, read_topic


def _refuse(form: Any, no: Refused) -> None:
    form.add_error(no.field if no.field in form.fields else None, str(no))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _preview(form: Any, do: str) -> str:
    return mark_safe(markdown.render(form.cleaned_data["text"], own=OWN_LINKS)) if do == "preview" else ""  # noqa: S308 (cleaned there)


def _keep_draft(request: PersonRequest, place: Topic | Board, mandate: Mandate | None = None) -> HttpResponse:
    """What was typed so far is kept as it is, whatever it is worth."""
    typed = {name: request.POST.get(name, "").replace("\x00", "")[: forms.LONGEST] for name in ("text", "title", "language")}
    said = {"text": typed["text"], "title": typed["title"][:160], "language": typed["language"][:12]}
    forum.save_draft(place, **said, mandate=mandate, by=request.user, at=timezone.now())
    if request.headers.get("X-Quietly"):
        return HttpResponse(status=204)
    messages.success(request, _("Your draft is kept. Only you see it, on any of your devices."))
    return redirect(place)


def _tell(request: PersonRequest, post: Post | None) -> None:
    if post is not None and post.is_waiting:
        messages.success(request, _("Sent. A moderator looks at it before others see it."))


@doors.signed_in
@require_POST
@for_readers
def reply(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """Answer on a topic. What was refused stands in the composer again."""
    topic = read_topic(slug, reader)
    page = queries.page_of_topic(topic, reader, topic.pages)
    if not page.seats:
        raise NotForYou
    do = request.POST.get("do", "post")
    if do == "draft":
        return _keep_draft(request, topic)
    form = forms.ReplyForm(request.POST, topic=topic, seats=page.seats)
    if form.is_valid() and do != "preview":
        at, said = form.cleaned_data["answers"], form.written()
        try:
            post = forum.reply(topic, form.cleaned_data["text"], reply_to=queries.post_in(topic, at) if at else None, at=timezone.now(), **said)
        except Refused as no:
            _refuse(form, no)
        else:
            _tell(request, post)
            return redirect(post)
    return draw(request, page, form=form, preview=_preview(form, do) if form.is_valid() else "")


@doors.signed_in
@require_GET
def where(request: PersonRequest) -> HttpResponse:
    """On which part of the forum? Whoever may write on one alone is not asked."""
    boards = queries.writable(request.user)
    if len(boards) == 1:
        return redirect("forum:start", boards[0].slug)
    return render(request, "forum/where.html", {"boards": boards})


@doors.signed_in
@require_http_methods(["GET", "POST"])
@for_readers
def start(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """Begin a topic on a board."""
    board = queries.board_for(reader, slug)
    seats = queries.seats(request.user, board) if board is not None else []
    if board is None or not seats:
        raise NotForYou
    do, sent = request.POST.get("do", "post"), request.method == "POST"
    begun = queries.draft_for(request.user, board) if not sent else None
    initial = {"title": begun.title, "text": begun.text} if begun else {}
    at = timezone.now()
    slug = (request.POST if sent else request.GET).get("mandate", "")
    if not slug and begun and begun.mandate:
        slug = begun.mandate.slug  # what was begun as a report goes on as one
    mandate = reporting.owed(request.user.pk, board, slug, at) if slug else None
    if sent and do == "draft":
        return _keep_draft(request, board, mandate)
    form = forms.StartForm(request.POST if sent else None, seats=seats, board=board, initial=initial)
    if form.is_valid() and do != "preview":
        try:
            said = form.cleaned_data
            topic = forum.start(board, title=said["title"], text=said["text"], mandate=mandate, at=at, **form.written())
        except Refused as no:
            _refuse(form, no)
        else:
            if not topic.last_position:
                messages.success(request, _("Sent. A moderator looks at it before others see it."))
            return redirect(topic)
    elsewhere = [(each.title, reporting.address(each, mandate)) for each in reporting.boards(seats[0].member) if each.pk != board.pk] if mandate else []
    context: dict[str, Any] = {"mandate": mandate, "elsewhere": elsewhere}
    context |= {"board": board, "form": form, "seat": seats[0], "preview": _preview(form, do) if form.is_bound and form.is_valid() else ""}
    return render(request, "forum/start.html", context, status=_status(form))


def _own(request: PersonRequest, slug: str) -> Post:
    mine = Post.objects.written_by(request.user).select_related("topic__board", "topic__committee")
    found: Post = get_object_or_404(mine, slug=slug)
    return found


@doors.signed_in
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Change one's own post."""
    post, do = _own(request, slug), request.POST.get("do", "post")
    if not rules.may_change(post):
        raise Http404
    form = forms.EditForm(request.POST if request.method == "POST" else None, post=post)
    if form.is_valid() and do != "preview":
        by, said = queries.author_of(post), form.cleaned_data
        try:
            changed = forum.edit(post, said["text"], title=said.get("title"), language=said["language"], seen=said["seen"], by=by, at=timezone.now())
        except Refused as no:
            _refuse(form, no)
        else:
            if changed.is_waiting:
                _tell(request, changed)
            else:
                messages.success(request, _("Your post is changed."))
            return redirect(changed)
    marked = rules.is_marked(post, at=timezone.now())
    preview = _preview(form, do) if form.is_bound and form.is_valid() else ""
    return render(request, "forum/edit.html", {"post": post, "topic": post.topic, "form": form, "preview": preview, "marked": marked}, status=_status(form))


@doors.signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, slug: str) -> HttpResponse:
    """Take one's own post back."""
    post = _own(request, slug)
    if not rules.may_withdraw(post):
        raise Http404
    if request.method == "POST":
        forum.withdraw(post, by=queries.author_of(post), at=timezone.now())
        messages.success(request, _("Taken back. Its text is gone."))
        return redirect(post.topic) if post.topic.last_position else redirect("forum:front")
    return render(request, "forum/withdraw.html", {"post": post, "topic": post.topic})


@doors.signed_in
@require_http_methods(["GET", "POST"])
def withdraw_all(request: PersonRequest) -> HttpResponse:
    """Take back all that one ever wrote in the forum."""
    if request.method == "POST":
        number = forum.withdraw_everything(request.user, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back: %(n)s. The texts are gone.") % {"n": number})
        return redirect("forum:mine")
    return render(request, "forum/withdraw_all.html")


@doors.signed_in
@require_http_methods(["GET", "POST"])
def translate(request: PersonRequest, slug: str) -> HttpResponse:
    """Write a post in another language, for those who read that one."""
    post: Post = get_object_or_404(Post.objects.visible_to_person(request.user).select_related("topic__board", "topic__committee", "membership"), slug=slug)
    seat = next((seat for seat in queries.seats(request.user, post.topic.board, reading=True) if rules.may_translate(seat.member)), None)
    if seat is None:
        raise Http404
    do = request.POST.get("do", "post")
    form = forms.TranslateForm(request.POST if request.method == "POST" else None, post=post)
    if form.is_valid() and do != "preview":
        said = form.cleaned_data
        try:
            forum.translate(post, said["text"], language=said["language"], seen=said["seen"], by=seat.member, at=timezone.now())
        except Refused as no:
            _refuse(form, no)
        else:
            messages.success(request, _("Thank you. Whoever reads this language sees it so, with the original one tap away."))
            return redirect(post)
    preview = _preview(form, do) if form.is_bound and form.is_valid() else ""
    return render(request, "forum/translate.html", {"post": post, "topic": post.topic, "seat": seat, "form": form, "preview": preview}, status=_status(form))
