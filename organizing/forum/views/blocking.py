"""Reading nothing more of somebody: asked once, and undone on the page that lists whom one has blocked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.base import doors
from committees.base.errors import Refused
from committees.people.requests import PersonRequest
from organizing.forum import commands as forum
from organizing.forum import origins, queries
from organizing.forum.audiences import Reader
from organizing.forum.models import Block, Post
from organizing.forum.views.shutting import NotForYou, for_readers


@doors.signed_in
@require_http_methods(["GET", "POST"])
@for_readers
def block(request: PersonRequest, slug: str, *, reader: Reader) -> HttpResponse:
    """The author of one post, under the name that stands over it. Whom one has blocked already is unblocked here; each button says
    which of the two it does, so that one pressed twice does it once."""
    post = Post.objects.visible_to_person(reader).select_related("topic", "membership").filter(slug=slug).first()
    if post is None or post.membership is None or post.membership.person_id in (None, request.user.pk):
        raise NotForYou
    given = Block.objects.visible_to_person(request.user).of_author(post.membership_id).first()
    if request.method == "POST":
        _do(request, request.POST.get("do", ""), post, given)
        return redirect(post)
    name = origins.name(post.membership.handle, post.membership.person_id)
    return render(request, "forum/block.html", {"post": post, "name": name, "given": given})


def _do(request: PersonRequest, act: str, post: Post, given: Block | None) -> None:
    if act == "unblock":
        if given:
            forum.unblock(given, by=request.user)
        messages.success(request, _("You read them again."))
    elif act == "block":
        try:
            forum.block(post, by=request.user, at=timezone.now())
        except Refused as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("Their posts fold for you from now on. They are not told."))


@doors.signed_in
@require_http_methods(["GET", "POST"])
def blocked(request: PersonRequest) -> HttpResponse:
    """Whom one has blocked. A button beside each ends it."""
    if request.method == "POST":
        forum.unblock(get_object_or_404(Block.objects.visible_to_person(request.user), slug=request.POST.get("block", "")), by=request.user)
        messages.success(request, _("You read them again."))
        return redirect("forum:blocked")
    return render(request, "forum/blocked.html", {"blocked": queries.blocked_by(request.user)})
