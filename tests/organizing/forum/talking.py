"""People who write, for the tests of the forum. Whoever has written before is no newcomer whose posts wait."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.moderation import commands as moderation
from committees.moderation.models import Review
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post, Topic
from tests import make

numbers = itertools.count(1)


def board(committee: Committee, audience: str = "committee", policy: str = "open") -> Board:
    """The board that the committee has from its beginning."""
    return Board.objects.select_related("committee").filter(committee=committee, audience=audience, policy=policy).order_by("pk")[0]


def case_of(post: Post) -> Review:
    """The case in which a moderator looks at a post."""
    return Review.objects.open().of_row(post).select_related("committee", "author__person").get()


def let_through(post: Post, *, at: datetime | None = None) -> None:
    """An organizer of the board's committee looks at a post that waits, and shows it."""
    review = case_of(post)
    moderation.approve(review, by=make.reloaded(make.organizer_of(review.committee)), at=at or timezone.now())


def begin(by: Membership, on: Board | None = None, *, title: str = "", text: str = "", at: datetime | None = None, **more: Any) -> Topic:
    """A topic that everybody for whom it is meant can see."""
    at = at or timezone.now()
    topic = forum.start(
        on or board(by.committee),
        title=title or f"Overtime {next(numbers)}",
        text=text or f"What were you told? {next(numbers)}",
        language="en",
        by=by,
        at=at,
        **more,
    )
    for post in topic.posts.waiting():
        let_through(post, at=at)
    topic.refresh_from_db()
    return topic


def say(by: Membership, topic: Topic, text: str = "", *, at: datetime | None = None, language: str = "en", **more: Any) -> Post:
    """A post that everybody can see, looked at by a moderator where that is needed."""
    at = at or timezone.now()
    post = forum.reply(topic, text or f"The same here, {next(numbers)} times.", language=language, by=by, at=at, **more)
    if post.is_waiting:
        let_through(post, at=at)
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
