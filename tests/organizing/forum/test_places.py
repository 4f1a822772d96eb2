"""Posts have dense places, whatever happens to them and however many come at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.base.errors import Refused
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post, Topic
from organizing.forum.models.boards import PAGE, page_of
from tests import make
from tests.at_once import at_once
from tests.organizing.forum.talking import begin, board, known, positions

ACTS = ("reply", "wait", "approve", "send_back", "hide", "flags", "remove", "restore", "wait_again", "withdraw", "edit")


def act(name: str, topic: Topic, chosen: int, *, cast: make.Cast) -> None:
    """One act on one of the posts there are; what the rules refuse changes nothing."""
    posts, at = list(topic.posts.order_by("pk")), timezone.now()
    post = posts[chosen % len(posts)]
    author = cast.ada if post.membership_id == cast.ada.pk else cast.cleo
    acts: dict[str, Callable[[], Any]] = {
        "reply": lambda: forum.reply(topic, "Hello", language="en", by=cast.ada, at=at),
        "wait": lambda: forum.reply(topic, "Hello", language="en", by=cast.cleo, at=at),
        "approve": lambda: forum.approve(post, at=at),
        "send_back": lambda: forum.send_back(post, at=at),
        "hide": lambda: forum.hide(post, at=at),
        "flags": lambda: forum.hide(post, at=at, by_flags=True),
        "remove": lambda: forum.remove(post, at=at),
        "restore": lambda: forum.restore(post, at=at),
        "wait_again": lambda: forum.wait_again(post, at=at),
        "withdraw": lambda: forum.withdraw(post, by=author, at=at),
        "edit": lambda: forum.edit(post, f"Hello {chosen}", language="en", by=author, at=at),
    }
    try:
        acts[name]()
    except Refused:
        return


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30)), max_size=25))
def test_places_have_no_gaps_whatever_is_done(cast: make.Cast, acts: list[tuple[str, int]]) -> None:
    topic = begin(cast.ada)
    for name, chosen in acts:
        before = {post.pk: post.position for post in topic.posts.all() if post.position}
        act(name, topic, chosen, cast=cast)
        topic.refresh_from_db()
        assert positions(topic) == list(range(1, topic.last_position + 1))
        after = {post.pk: post.position for post in topic.posts.all()}
        assert {pk: after[pk] for pk in before} == before, "a post that had a place keeps it"
        assert not Post.objects.filter(topic=topic, words__isnull=False).exclude(state="visible").exists()


def test_pages_hold_twenty_places_each() -> None:
    assert [page_of(each) for each in (0, 1, 20, 21, 40, 41)] == [1, 1, 1, 2, 2, 3]
    assert all(page_of(n) == (n - 1) // PAGE + 1 for n in range(1, 200))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_fifty_replies_get_fifty_places_each_once(self) -> None:
        cast = make.cast()
        topic, at = begin(cast.ada), timezone.now()
        for wave in range(5):  # as many connections as there are
            made = at_once([lambda n=n: forum.reply(topic, f"Reply {n}", language="en", by=cast.ada, at=at) for n in range(10)])
            assert len({post.position for post in made}) == 10, wave
        topic.refresh_from_db()
        assert positions(topic) == list(range(1, 52))
        assert topic.last_position == 51
        assert Board.objects.get(pk=topic.board_id).posts == 51

    def test_the_same_form_fifty_times_is_one_topic_and_one_post(self) -> None:
        cast = make.cast()
        here, key, at = board(cast.committee), uuid.uuid4(), timezone.now()
        for _wave in range(5):
            made = at_once([lambda: forum.start(here, title="Once", text="Hello", language="en", by=cast.ada, at=at, form_key=key)] * 10)
            assert len(set(made)) == 1
        topic, key = Topic.objects.get(), uuid.uuid4()
        assert positions(topic) == [1]
        for _wave in range(5):
            made = at_once([lambda: forum.reply(topic, "Hello", language="en", by=cast.ada, at=at, form_key=key)] * 10)
            assert len(set(made)) == 1
        assert positions(topic) == [1, 2]

    def test_of_two_moderators_at_once_one_approves(self) -> None:
        cast = make.cast()
        topic, at = begin(cast.ada), timezone.now()
        post = forum.reply(topic, "Hello", language="en", by=cast.ben, at=at)
        done = at_once([lambda: forum.approve(post, at=at)] * 4)
        assert sum(isinstance(each, Refused) for each in done) == 3
        assert positions(topic) == [1, 2]

    def test_replies_and_a_withdrawal_at_once_keep_every_place(self) -> None:
        cast = make.cast()
        known(cast.ben)
        topic, at = begin(cast.ada), timezone.now()
        mine = forum.reply(topic, "Hello", language="en", by=cast.ben, at=at)
        at_once([lambda: forum.withdraw(mine, by=cast.ben, at=at), *[lambda: forum.reply(topic, "Hi", language="en", by=cast.ada, at=at)] * 7])
        assert positions(topic) == list(range(1, 10))
