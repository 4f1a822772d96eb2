"""The forum that the bench measures is one that the product itself could have made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F, Max
from django.test import Client
from django.utils import timezone

from bench import made_forum, made_texts
from committees.base import markdown
from organizing.forum import commands as forum
from organizing.forum.commands.publishing import index_again
from organizing.forum.models import Board, Post, ReadMark, Topic
from organizing.forum.models.posts import OWN_LINKS
from tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SIZE = made_forum.Size(posts=500, long=70, members=40, boards=6)
_STRUCTURE = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('forum_post'::regclass, 'forum_readmark'::regclass)
UNION SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('forum_post', 'forum_readmark')
"""

_WORDS = """
SELECT word.lexeme, (SELECT array_agg(DISTINCT weight) FROM unnest(word.weights) weight) FROM forum_post, unnest(words) word WHERE id = %s ORDER BY 1
"""


def _asked(question: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return cursor.fetchall()


@pytest.fixture
def structure() -> set[Any]:
    """Constraints and indexes as the migrations made them."""
    return set(_asked(_STRUCTURE))


@pytest.fixture
def made(structure: set[Any]) -> Iterator[made_forum.Forum]:
    yield made_forum.fill(SIZE, seed=1, searches=6)
    for (name,) in _asked("SELECT tablename FROM pg_tables WHERE tablename LIKE 'bench_%'"):
        with connection.cursor() as cursor:
            cursor.execute(f'DROP TABLE "{name}"')


def test_a_made_forum_is_one_that_the_product_could_have_made(made: made_forum.Forum, structure: set[Any]) -> None:
    assert set(_asked(_STRUCTURE)) == structure
    _counted()
    _written()
    _read(made)
    _shown_and_answered(made)


def _counted() -> None:
    assert Post.objects.count() == SIZE.posts
    counts = Post.objects.values("topic").annotate(n=Count("pk"), last=Max("position"), at=Max("published_at"))
    for each in counts:
        topic = Topic.objects.get(pk=each["topic"])
        assert (each["n"], each["last"], each["at"]) == (topic.last_position, topic.last_position, topic.last_at)
        assert topic.last_at is not None
        assert topic.last_at <= timezone.now()
    for board in Board.objects.exclude(name=""):
        topics = Topic.objects.filter(board=board)
        assert (board.topics, board.posts) == (topics.count(), Post.objects.filter(topic__board=board).count())
        assert board.last_at == topics.aggregate(at=Max("last_at"))["at"]


def _written() -> None:
    """HTML and words are as if each post had been published."""
    some = list(Post.objects.select_related("topic").order_by("-position", "pk")[:20]) + list(Post.objects.select_related("topic").filter(position=1))
    assert {post.language for post in some} == set(made_texts.LANGUAGES)
    for post in some:
        assert post.html == markdown.render(post.source, own=OWN_LINKS)
        before = _asked(_WORDS, post.pk)
        index_again(post, post.topic)
        assert _asked(_WORDS, post.pk) == before


def _read(made: made_forum.Forum) -> None:
    assert not Post.objects.exclude(membership__person__in=ReadMark.objects.filter(topic=1).values("person")).filter(topic=1).exists()
    assert not ReadMark.objects.filter(position__gt=F("topic__last_position")).exists()
    recent = Topic.objects.filter(last_at__gt=timezone.now() - timedelta(days=30))
    assert ReadMark.objects.filter(person=made.reader.person, topic__in=recent, position=F("topic__last_position")).count() >= recent.count() * 0.8


def _shown_and_answered(made: made_forum.Forum) -> None:
    browser = Client()
    assert browser.get(made.busiest.get_absolute_url()).status_code == 200
    assert browser.get(made.topics[made_forum.READ]).content.count(b"<article") == made_forum.ORDINARY
    assert b"<mark>" in browser.get("/forum/search/", {"q": made.searches["en"][0]}).content
    topic = Topic.objects.get(pk=made_forum.ANSWERED + 1)
    reply = forum.reply(topic, "We have written it down.", language="en", by=make.reloaded(made.reader), at=timezone.now())
    assert (reply.position, reply.is_visible) == (made_forum.ORDINARY + 1, True)


def test_the_same_seed_gives_the_same_texts() -> None:
    texts = [{code: [writer.paragraphs() for _ in range(5)] for code, writer in made_forum.writers(7).items()} for _ in range(2)]
    assert texts[0] == texts[1]
    assert len({text for some in texts[0].values() for text in some}) > 20
