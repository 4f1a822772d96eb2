"""A topic in a list, and a post without its text, drawn once for all who see them alike.

Twenty of them are most of what a page costs (docs/performance.md). Whatever stands in one is in the key under which it is kept,
so that one that has changed is another one. What members wrote in a post is kept nowhere: its place is left open, and filled in
for each answer.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from committees.base import dates
from organizing.forum.queries import Line, PageOfTopic
from organizing.forum.queries.topics import Shown

register = template.Library()

#: As many of each are kept in each process; one takes about two kilobytes.
MOST = 1000
#: Where a post's text and its original go. Nobody outside this process can write one of these.
_TEXT, _ORIGINAL = f"text-{secrets.token_hex(16)}", f"original-{secrets.token_hex(16)}"


@register.simple_tag
def topicline(line: Line, *, on_board: bool = False, alone: bool = False) -> SafeString:
    """`on_board`: the list is of one board; `alone`: of one committee. Neither is then named again."""
    topic = line.topic
    shown = (
        ("url", line.url),
        ("title", line.title),
        ("language", line.language),
        ("committee", "" if alone else line.committee),
        ("board", "" if on_board else line.board),
        ("author", line.author),
        ("at", topic.last_at),
        ("replies", line.replies),
        ("new", line.new),
        ("is_unread", line.is_unread),
        ("is_on_top", on_board and topic.pinned > 0),
        ("is_locked", topic.is_locked),
        ("waits", not topic.last_position),
    )
    now = dates.local(timezone.now())
    return _drawn(shown, get_language(), str(now.tzinfo), now.year)


@lru_cache(maxsize=MOST)
def _drawn(shown: tuple[tuple[str, Any], ...], _language: str | None, _zone: str, _year: int) -> SafeString:
    """Words and times differ with the language, the zone, and the year, which is named where it is not this one."""
    return render_to_string("forum/_line.html", {"line": dict(shown)})


class _Offered(NamedTuple):
    """What a reader may do with the posts of a page. `number`: the page, 0 where they do not answer."""

    number: int
    translate: bool
    flag: bool
    block: bool


@register.simple_tag
def topicpost(post: Shown, *, page: PageOfTopic, may_reply: object) -> SafeString:
    """A post on a page of its topic. `may_reply`: true where the reader is offered to answer."""
    now = dates.local(timezone.now())
    offered = _Offered(page.number if may_reply else 0, bool(page.seats), page.may_flag, page.reader is not None)
    around = _around(post.without_text, offered, page.language, get_language(), str(now.tzinfo), now.year)
    return mark_safe(around.replace(_TEXT, post.html).replace(_ORIGINAL, post.original))  # noqa: S308 (made by base.markdown when it was written)


@lru_cache(maxsize=MOST)
def _around(post: Shown, may: _Offered, language: str, _language: str | None, _zone: str, _year: int) -> str:
    """All of a post but its text."""
    shown = {"post": post, "may": may, "language": language}
    return render_to_string("forum/_post.html", {**shown, "text": _TEXT, "original": _ORIGINAL})
