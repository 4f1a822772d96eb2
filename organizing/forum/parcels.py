"""What a committee takes along of its forum to another server (committees/resettling): its own boards, topics, posts, translations.

What members of other committees wrote on its boards is not its to carry away: their posts leave an empty place, so that every
other keeps its own. The same holds for what was hidden, removed or taken back. HTML does not travel: it is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from committees.resettling.chest import Packing
from committees.resettling.register import Leaving
from organizing.forum.models import Board, Post, State, Topic, Translation

BOARDS, TOPICS, POSTS, TRANSLATIONS = FILES = ("boards", "topics", "posts", "translations")


def pack(leaving: Leaving, packing: Packing) -> None:
    boards = {pk: number for number, pk in enumerate(_boards(leaving).values_list("pk", flat=True), start=1)}
    packing.add(BOARDS, (_board(boards[each.pk], each) for each in _boards(leaving)))
    topics: dict[int, int] = {}
    packing.add(TOPICS, _topics(leaving, boards, topics))
    own = Post.objects.filter(committee=leaving.committee, position__isnull=False).order_by("topic_id", "position")
    read = own.select_related("reply_to").defer("html", "words", "reply_to__html", "reply_to__source", "reply_to__words")
    packing.add(POSTS, (_post(topics[each.topic_id], each, leaving) for each in read.iterator(chunk_size=1000) if each.topic_id in topics))
    packing.add(TRANSLATIONS, _translations(leaving, topics))


def _boards(leaving: Leaving) -> Any:
    return Board.objects.filter(committee=leaving.committee).order_by("pk")


def _board(number: int, board: Board) -> dict[str, Any]:
    return {
        "n": number,
        "audience": board.audience,
        "policy": board.policy,
        "name": board.name,
        "languages": board.languages,
        "begun_at": board.begun_at.isoformat(),
    }


def _topics(leaving: Leaving, boards: dict[int, int], numbers: dict[int, int]) -> Iterator[dict[str, Any]]:
    begun = Topic.objects.filter(committee=leaving.committee).begun().order_by("pk")
    for number, topic in enumerate(begun.iterator(chunk_size=1000), start=1):
        numbers[topic.pk] = number
        own = topic.started_in_id == leaving.committee.pk and not topic.title_gone
        yield {
            "n": number,
            "was": topic.slug,
            "board": boards[topic.board_id],
            "title": topic.title if own else "",
            "language": topic.language,
            "state": topic.state,
            "pinned": topic.pinned,
            "by": leaving.number(topic.started_by_id),
            "started_at": topic.started_at.isoformat(),
        }


def _is_own(post: Post, leaving: Leaving) -> bool:
    return post.written_in_id == leaving.committee.pk and post.state == State.VISIBLE


def _post(topic: int, post: Post, leaving: Leaving) -> dict[str, Any]:
    own = _is_own(post, leaving)
    return {
        "topic": topic,
        "position": post.position,
        "by": leaving.number(post.membership_id) if own else None,
        "shown_as": post.shown_as,
        "language": post.language,
        "text": post.source if own else None,
        "version": post.version,
        "answers": post.reply_to.position if post.reply_to and post.reply_to.topic_id == post.topic_id else None,
        "written_at": post.written_at.isoformat(),
        "published_at": post.published_at.isoformat() if post.published_at else post.written_at.isoformat(),
        "edited_at": post.edited_at.isoformat() if post.edited_at else None,
    }


def _translations(leaving: Leaving, topics: dict[int, int]) -> Iterator[dict[str, Any]]:
    own = Translation.objects.filter(post__committee=leaving.committee, post__written_in=leaving.committee, post__state=State.VISIBLE)
    for each in own.select_related("post").defer("html", "post__html", "post__source", "post__words").order_by("pk").iterator(chunk_size=1000):
        by = leaving.number(each.membership_id)
        if each.post.topic_id in topics and (by or each.membership_id is None):
            yield {
                "topic": topics[each.post.topic_id],
                "position": each.post.position,
                "language": each.language,
                "by": by,
                "of_version": each.of_version,
                "text": each.source,
                "written_at": each.written_at.isoformat(),
            }
