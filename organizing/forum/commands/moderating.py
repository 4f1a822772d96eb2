"""What becomes of a post or a topic that a moderator has judged. Who may judge, why, and who is told of it is the business of
`committees.moderation`: it gives these inside its own transaction, and records them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Subquery
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.notices import commands as notices
from organizing.forum.commands.changing import held
from organizing.forum.commands.publishing import locked, publish, show_again, take_title
from organizing.forum.models import Board, Post, State, Topic


def _already() -> Refused:
    return Refused(_("This has already been done."))


@transaction.atomic
def approve(post: Post, *, at: datetime) -> None:
    """A post that waited gets its place and is visible; who follows is told now. Refused if nothing of it waits."""
    now = held(post)
    if not now.is_waiting:
        raise _already()
    publish(now, now.topic, at=at)


@transaction.atomic
def send_back(post: Post, *, at: datetime) -> None:
    """A post goes back to its author, who can change it and ask again; nobody else sees it until then. One that was shown keeps
    its place. Refused for one that was sent back, removed or taken back already."""
    now = held(post)
    if now.state == State.QUEUED and not now.position:
        _not_published(now)
    elif now.state in (State.QUEUED, State.VISIBLE, State.HIDDEN_BY_FLAGS, State.HIDDEN_BY_MODERATOR):
        _out_of_sight(now, State.DRAFT)
    else:
        raise _already()


@transaction.atomic
def hide(post: Post, *, at: datetime, by_flags: bool = False) -> None:
    """A visible post is out of sight until it is restored; one that waited is not published. Its place stays; what was told
    about it and is not sent yet is not sent. Refused if it is neither."""
    now = held(post)
    if now.is_waiting and not now.position:
        _not_published(now)
    elif now.is_visible or now.is_waiting or (now.state == State.HIDDEN_BY_FLAGS and not by_flags):
        _out_of_sight(now, State.HIDDEN_BY_FLAGS if by_flags else State.HIDDEN_BY_MODERATOR)
    else:
        raise _already()


@transaction.atomic
def remove(post: Post, *, at: datetime) -> None:
    """A post is gone for its readers; its text is kept for an appeal and then erased (the retention table). Refused for one
    that is removed or taken back already."""
    now = held(post)
    if now.is_waiting and not now.position:
        _not_published(now)
    elif now.state in (State.REMOVED, State.WITHDRAWN):
        raise _already()
    else:
        Post.objects.filter(pk=now.pk).update(ended_at=at)
        _out_of_sight(now, State.REMOVED)


@transaction.atomic
def restore(post: Post, *, at: datetime) -> None:
    """What was hidden or removed is visible again, in its old place, and nobody is told anew; what was never shown is shown now.
    Refused if nothing is left of it."""
    now = held(post)
    if now.is_sent_back and not now.position:
        publish(now, now.topic, at=at)
        return
    if not now.is_hidden or not now.source:
        raise _already()
    show_again(now, now.topic)


@transaction.atomic
def wait_again(post: Post, *, at: datetime) -> None:
    """What somebody decided about a post that waited is taken back: it waits as before, unseen. Refused for one that is taken back
    by its author."""
    now = held(post)
    if now.state == State.WITHDRAWN:
        raise _already()
    _out_of_sight(now, State.QUEUED)


def _not_published(post: Post) -> None:
    """What nobody has seen needs no place: it stays with its author, who may change it and ask again."""
    if post.is_sent_back:
        raise _already()
    post.state = State.DRAFT
    post.save(update_fields=["state"])


def _out_of_sight(post: Post, state: State) -> None:
    post.state = state
    post.save(update_fields=["state"])
    Post.objects.filter(pk=post.pk).update(words=None)
    notices.supersede(post)
    if post.position == 1:
        take_title(post.topic, gone=True)


@transaction.atomic
def move(topic: Topic, board: Board, *, at: datetime) -> None:
    """A topic goes to another board of the same committee for the same readers: its addresses, its places and who follows it
    stay. Refused for any other board, and for the one on which it is."""
    now = locked(topic)
    if board.pk == now.board_id or (board.committee_id, board.audience) != (now.committee_id, now.audience):
        raise Refused(_("The topic cannot go there."), field="to")
    posts = now.last_position
    Topic.objects.filter(pk=now.pk).update(board=board, pinned=False)
    for pk, sign in ((now.board_id, -1), (board.pk, 1)):
        Board.objects.filter(pk=pk).update(posts=F("posts") + sign * posts, topics=F("topics") + sign * int(posts > 0), last_at=_last_of(pk))


def _last_of(board_id: int) -> Any:
    return Subquery(Topic.objects.filter(board=board_id, last_position__gt=0).order_by("-last_at").values("last_at")[:1])


@transaction.atomic
def lock(topic: Topic, *, at: datetime) -> None:
    """Nobody writes on this topic any more. Refused the second time."""
    if not Topic.objects.filter(pk=topic.pk, state=Topic.State.OPEN).update(state=Topic.State.LOCKED):
        raise _already()


@transaction.atomic
def unlock(topic: Topic, *, at: datetime) -> None:
    """A closed topic is open again. Refused if it was."""
    if not Topic.objects.filter(pk=topic.pk, state=Topic.State.LOCKED).update(state=Topic.State.OPEN):
        raise _already()
