"""How a post becomes visible: its place, its words in the index, the counters, and who is told. Used by other commands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.search import CombinedSearchVector, SearchConfig, SearchVector
from django.db import connection
from django.db.models import F, Func, Max, Value
from django.db.models.functions import Greatest

from committees.mandates import commands as mandates
from committees.membership import commands as membership
from committees.notices import commands as notices
from organizing.forum import words
from organizing.forum.models import Block, Board, Post, State, Topic, Watch

_MARK = """
INSERT INTO forum_readmark (person_id, topic_id, position) VALUES (%s, %s, %s)
ON CONFLICT (person_id, topic_id) DO UPDATE SET position = greatest(forum_readmark.position, excluded.position)
"""


def locked(topic: Topic) -> Topic:
    """The topic as it is now, held until the transaction ends: posts get their places one after the other."""
    return Topic.objects.select_related("board", "committee").select_for_update(of=("self",)).get(pk=topic.pk)


def vector(post: Post, topic: Topic) -> Any:
    """The words by which a post is found; the title counts for the first one."""
    config = SearchConfig(words.configuration(post.language))
    body: Any = SearchVector(Value(words.indexed(post.plain)), config=config, weight="B")
    if post.position == 1 and not topic.title_gone:
        body = SearchVector(Value(words.indexed(topic.title)), config=SearchConfig(words.configuration(topic.language)), weight="A") + body
    assert isinstance(body, Func | CombinedSearchVector)
    return body


def publish(post: Post, topic: Topic, *, at: datetime) -> None:
    """Give a post its place at the end of its topic, for everybody to see, and tell those who follow. `topic` is locked.
    One that was shown before, and sent back, is seen again in its old place; nobody is told anew."""
    if post.position:
        show_again(post, topic)
        return
    topic.last_position += 1
    topic.last_at = at
    post.position, post.state, post.published_at = topic.last_position, State.VISIBLE, at
    Post.objects.filter(pk=post.pk).update(position=post.position, state=post.state, published_at=at, words=vector(post, topic))
    Topic.objects.filter(pk=topic.pk).update(last_position=topic.last_position, last_at=at)
    Board.objects.filter(pk=topic.board_id).update(
        posts=F("posts") + 1, topics=F("topics") + int(post.position == 1), last_at=Greatest(F("last_at"), Value(at))
    )
    count_report(post, topic)
    author = post.membership.person_id if post.membership else None
    membership.stir(topic.committee, by=post.membership.person if author and post.membership else None, at=at)
    if author:
        set_mark(author, topic, post.position)
        Watch.objects.get_or_create(person_id=author, topic=topic, defaults={"level": Watch.Level.WATCH})
    _tell(post, topic, author=author, at=at)


def _tell(post: Post, topic: Topic, *, author: int | None, at: datetime) -> None:
    """Followers of the topic, or of the board where it begins; and, by a notice of their own, whoever is answered."""
    inside = None if topic.is_crossing else topic.committee  # in an inbox such a notice stands for whoever may read the topic
    if post.position == 1:
        notices.post("forum/begun", about=topic, committee=inside, at=at)
        return
    notices.post("forum/written", about=topic, committee=inside, version=post.position or 1, at=at)
    answered = Post.objects.filter(pk=post.reply_to_id).values_list("membership__person_id", flat=True).first() if post.reply_to_id else None
    if answered and answered != author and not Block.objects.of_author(post.membership_id).filter(person=answered).exists():
        notices.post("forum/answered", about=post, to=[answered], committee=inside, at=at)


def set_mark(person_id: int, topic: Topic, position: int) -> None:
    """This person has read so far. A mark never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [person_id, topic.pk, position])


def index_again(post: Post, topic: Topic) -> None:
    """After its words have changed."""
    shown = vector(post, topic) if post.is_visible else None
    Post.objects.filter(pk=post.pk).update(words=shown)


def show_again(post: Post, topic: Topic) -> None:
    """A post that was out of sight is back in its place."""
    post.state, post.ended_at = State.VISIBLE, None
    post.save(update_fields=["state", "ended_at"])
    if post.position == 1:
        take_title(topic, gone=False)
    index_again(post, topic)


def count_report(post: Post, topic: Topic) -> None:
    """Of a delegate's report the first post is what counts, while it can be read."""
    if topic.mandate_id and post.position == 1:
        shown = Post.objects.filter(topic__mandate=topic.mandate_id, position=1, state=State.VISIBLE)
        mandates.count_reports(topic.mandate_id, last=shown.aggregate(last=Max("published_at"))["last"])


def take_title(topic: Topic, *, gone: bool) -> None:
    """The title goes and comes back with the first post, and a report with it."""
    Topic.objects.filter(pk=topic.pk).update(title_gone=gone)
    topic.title_gone = gone
    first = Post.objects.filter(topic=topic, position=1).first() if topic.mandate_id else None
    if first is not None:
        count_report(first, topic)
