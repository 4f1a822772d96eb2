"""What becomes of a post or a topic that somebody has judged. Who may judge, why, and who is told of it is the judging
room's business: it gives these inside its own transaction, and records them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.notices import commands as notices
from organizing.forum.commands.changing import held
from organizing.forum.commands.publishing import index_again, publish, take_title
from organizing.forum.models import Post, State, Topic


def _already() -> Refused:
    return Refused(_("This has already been done."))


@transaction.atomic
def approve(post: Post, *, at: datetime) -> None:
    """A post that waited gets its place and is visible; who follows is told now. Refused if it does not wait."""
    now = held(post)
    if not now.is_waiting:
        raise _already()
    publish(now, now.topic, at=at)


@transaction.atomic
def send_back(post: Post, *, at: datetime) -> None:
    """A post that waited goes back to its author, who can change it and ask again. Refused if it does not wait."""
    if not Post.objects.filter(pk=post.pk, state=State.QUEUED).update(state=State.DRAFT):
        raise _already()


@transaction.atomic
def hide(post: Post, *, at: datetime, by_flags: bool = False) -> None:
    """A visible post is out of sight until it is restored; one that waited is not published. Its place stays; what was told
    about it and is not sent yet is not sent. Refused if it is neither."""
    now = held(post)
    if now.is_waiting:
        _refuse_to_publish(now, at=at)
    elif now.is_visible or (now.state == State.HIDDEN_BY_FLAGS and not by_flags):
        _out_of_sight(now, State.HIDDEN_BY_FLAGS if by_flags else State.HIDDEN_BY_MODERATOR)
    else:
        raise _already()


@transaction.atomic
def remove(post: Post, *, at: datetime) -> None:
    """A post is gone for its readers; its text is kept for an appeal and then erased (the retention table). Refused for one
    that is removed or taken back already."""
    now = held(post)
    if now.is_waiting:
        _refuse_to_publish(now, at=at)
    elif now.state in (State.REMOVED, State.WITHDRAWN):
        raise _already()
    else:
        Post.objects.filter(pk=now.pk).update(ended_at=at)
        _out_of_sight(now, State.REMOVED)


@transaction.atomic
def restore(post: Post, *, at: datetime) -> None:
    """What was hidden or removed is visible again, in its old place; nobody is told anew. Refused if nothing is left of it."""
    now = held(post)
    if not now.is_hidden or not now.source:
        raise _already()
    now.state, now.ended_at = State.VISIBLE, None
    now.save(update_fields=["state", "ended_at"])
    if now.position == 1:
        take_title(now.topic, gone=False)
    index_again(now, now.topic)


def _refuse_to_publish(post: Post, *, at: datetime) -> None:
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
def lock(topic: Topic, *, at: datetime) -> None:
    """Nobody writes on this topic any more. Refused the second time."""
    if not Topic.objects.filter(pk=topic.pk, state=Topic.State.OPEN).update(state=Topic.State.LOCKED):
        raise _already()


@transaction.atomic
def unlock(topic: Topic, *, at: datetime) -> None:
    """A closed topic is open again. Refused if it was."""
    if not Topic.objects.filter(pk=topic.pk, state=Topic.State.LOCKED).update(state=Topic.State.OPEN):
        raise _already()
