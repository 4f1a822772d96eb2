"""A topic in a list, drawn once for all who see it alike.

Twenty of them are most of what a list costs (docs/performance.md). Whatever stands in one is in the key under which it is kept,
so that one that has changed is another one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from committees.base import dates
from organizing.forum.queries import Line

register = template.Library()

#: As many are kept in each process; one takes about a kilobyte.
MOST = 1000


@register.simple_tag
def topicline(line: Line, *, on_board: bool = False, alone: bool = False) -> SafeString:
    """`on_board`: the list is of one board; `alone`: of one committee. Neither is then named again."""
    topic = line.topic
    shown = (
        ("url", line.url),
        ("title", line.title),
        ("language", topic.language),
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
