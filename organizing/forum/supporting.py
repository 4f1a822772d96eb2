"""What those who keep the service see of a committee's boards while it lets them: its own inner boards, never where it plans, nor what
belongs to others too; posts that members see, without who wrote them."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from committees.base import keyset
from committees.support.models import Grant
from committees.support.register import Shown
from organizing.forum.audiences import Audience
from organizing.forum.models import Board, Post, State, Topic
from organizing.forum.queries.lists import LATEST

KEY = "boards"


def _boards(grant: Grant) -> list[Board]:
    return list(Board.objects.filter(committee_id=grant.committee_id, audience=Audience.COMMITTEE).order_by("pk"))


def show(grant: Grant, item: str, request: HttpRequest) -> Shown | None:
    """The boards; one of them with its topics; or a topic with its posts."""
    if not item:
        return Shown(_("Boards"), "forum/_support_boards.html", {"boards": _boards(grant), "grant": grant, "part": KEY})
    board = next((each for each in _boards(grant) if each.slug == item), None)
    if board is not None:
        page = keyset.page(Topic.objects.begun().filter(board=board, committee_id=grant.committee_id), request, order=LATEST)
        return Shown(board.title, "forum/_support_topics.html", {"page": page, "grant": grant, "part": KEY})
    inner = Topic.objects.begun().filter(committee_id=grant.committee_id, audience=Audience.COMMITTEE)
    topic = inner.filter(slug=item).select_related("board").first()
    if topic is None:
        return None
    posts = Post.objects.filter(topic=topic, committee_id=grant.committee_id, state=State.VISIBLE, position__isnull=False)
    shown = keyset.page(posts, request, order=("position",))
    for post in shown:
        post.drawn = mark_safe(post.html)  # noqa: S308 (made by base.markdown when it was written)
    return Shown(topic.shown_title, "forum/_support_posts.html", {"page": shown}, back=topic.board.slug)
