"""People who write, for the tests of the forum. Whoever has written before is no newcomer whose posts wait."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from committees.bodies.models import Committee
from committees.membership.models import Membership
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post, Topic

numbers = itertools.count(1)


def board(committee: Committee, audience: str = "committee", policy: str = "open") -> Board:
    """The board that the committee has from its beginning."""
    return Board.objects.select_related("committee").filter(committee=committee, audience=audience, policy=policy).order_by("pk")[0]


def begin(by: Membership, on: Board | None = None, *, title: str = "", text: str = "What were you told?", at: datetime | None = None, **more: Any) -> Topic:
    """A topic that everybody for whom it is meant can see."""
    at = at or timezone.now()
    topic = forum.start(on or board(by.committee), title=title or f"Overtime {next(numbers)}", text=text, language="en", by=by, at=at, **more)
    for post in topic.posts.waiting():
        forum.approve(post, at=at)
    topic.refresh_from_db()
    return topic


def say(by: Membership, topic: Topic, text: str = "The same here.", *, at: datetime | None = None, language: str = "en", **more: Any) -> Post:
    """A post that everybody can see, looked at by a moderator where that is needed."""
    at = at or timezone.now()
    post = forum.reply(topic, text, language=language, by=by, at=at, **more)
    if post.is_waiting:
        forum.approve(post, at=at)
    post.refresh_from_db()
    return post


def known(by: Membership) -> Membership:
    """A member whose first posts have been looked at."""
    topic = begin(by)
    say(by, topic)
    say(by, topic)
    return by


def positions(topic: Topic) -> list[int]:
    return sorted(Post.objects.filter(topic=topic, position__isnull=False).values_list("position", flat=True))
