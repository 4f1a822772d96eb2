"""What the forum's pages need over several models."""

from organizing.forum.queries.lists import (
    LATEST_TOPICS,
    MY_TOPICS,
    PUBLIC_TOPICS,
    TOPICS_OF_BOARD,
    UNREAD_TOPICS,
    Line,
    board_for,
    boards_near,
    boards_of,
    last_in,
    latest_in,
    line_of,
    news_for,
    public_boards,
    reaches,
)
from organizing.forum.queries.readers import reader_of
from organizing.forum.queries.seats import Seat, author_of, draft_for, seats, writable
from organizing.forum.queries.topics import PageOfTopic, blocked_by, page_of_topic, post_in, topic_for

__all__ = [
    "LATEST_TOPICS",
    "MY_TOPICS",
    "PUBLIC_TOPICS",
    "TOPICS_OF_BOARD",
    "UNREAD_TOPICS",
    "Line",
    "PageOfTopic",
    "Seat",
    "author_of",
    "blocked_by",
    "board_for",
    "boards_near",
    "boards_of",
    "draft_for",
    "last_in",
    "latest_in",
    "line_of",
    "news_for",
    "page_of_topic",
    "post_in",
    "public_boards",
    "reaches",
    "reader_of",
    "seats",
    "topic_for",
    "writable",
]
