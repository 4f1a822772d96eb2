"""A post as moderators see it: what they may do with it, and who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from committees.moderation.registry import Matter
from organizing.forum import commands
from organizing.forum.models import Board, Policy, Post, Topic


def _of_its_topic(act: Callable[..., None]) -> Callable[..., None]:
    def done(post: Post, *, at: datetime) -> None:
        act(post.topic, at=at)

    return done


def _hide_by_flags(post: Post, *, at: datetime) -> None:
    commands.hide(post, at=at, by_flags=True)


def _boards_beside(topic: Topic) -> list[Board]:
    """Where the topic could go: boards of the same committee for the same readers on which members write."""
    beside = Board.objects.filter(committee=topic.committee_id, audience=topic.audience).exclude(pk=topic.board_id)
    return list(beside.exclude(policy=Policy.ANNOUNCEMENTS).select_related("committee").order_by("name", "pk"))


def places(post: Post) -> Sequence[tuple[str, str]]:
    """A topic is moved by its first post; others stay in their topic."""
    return [(board.slug, board.title) for board in _boards_beside(post.topic)] if post.position == 1 else []


def _move(post: Post, *, at: datetime, to: str) -> None:
    board = next(board for board in _boards_beside(post.topic) if board.slug == to)
    commands.move(post.topic, board, at=at)


A_POST = Matter(
    name="forum.post",
    label=_("A post"),
    model=Post,
    committee=lambda post: int(post.committee_id),
    author=lambda post: post.membership,
    visible_to=Post.objects.all().visible_to_person,
    excerpt=lambda post: f"{post.topic.title}\n{post.plain}" if post.position == 1 or not post.topic.last_position else post.plain,
    language=lambda post: post.language,
    url=lambda post: post.get_absolute_url(),
    crosses_sites=lambda post: post.crosses_sites,
    acts={
        "approve": commands.approve,
        "send_back": commands.send_back,
        "hide": commands.hide,
        "hide_by_flags": _hide_by_flags,
        "remove": commands.remove,
        "restore": commands.restore,
        "wait": commands.wait_again,
        "lock": _of_its_topic(commands.lock),
        "unlock": _of_its_topic(commands.unlock),
        "move": _move,
    },
    places=places,
    related=("topic__board__committee", "topic__committee", "membership__person", "membership__committee"),
)
