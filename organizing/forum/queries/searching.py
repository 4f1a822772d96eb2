"""Finding posts: three bounded questions, however many posts there are.

What was typed becomes the stems of every language (few differ), the index gives the posts that have them all, and the ones
that answer best are shown with the piece of text in which they do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.fields import BooleanField, FloatField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from committees.base import languages, markdown
from committees.base.navigation import path_to
from organizing.forum import origins, words
from organizing.forum.audiences import Reader
from organizing.forum.models import Block, Post
from organizing.forum.queries.lists import a_blocked_topic

#: So many posts that answer are ranked, and so many shown.
RANKED, SHOWN = 500, 20
#: So much is shown of a text that does not itself hold the words.
BEGINNING = 160
#: What stands around a word that answers, until the text is escaped.
_BEGIN, _END = "\ue000", "\ue001"
_STEMS = """
SELECT DISTINCT word.n, lexeme, config.name FROM unnest(%s::text[]) WITH ORDINALITY AS word (text, n), unnest(%s::text[]) AS config (name),
LATERAL unnest(coalesce(nullif(tsvector_to_array(to_tsvector(config.name::regconfig, word.text)), '{}'), ARRAY[NULL])) AS lexeme
"""
_HEADLINES = """
SELECT ts_headline(config::regconfig, text, %s::tsquery, %s) FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS post (text, config, n) ORDER BY n
"""
_OPTIONS = f'StartSel={_BEGIN}, StopSel={_END}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "'


@dataclass(frozen=True)
class Hit:
    """A post that answers."""

    url: str
    title: str
    #: Whether the reader has blocked the name it was written under: it folds.
    is_blocked: bool
    board: str
    author: str
    at: Any
    language: str
    spoken: str
    extract: SafeString


def find(typed: str, *, reader: Reader, board: str = "", language: str = "") -> list[Hit]:
    """The posts that this reader may read and that answer what was typed, best first; nothing for nothing."""
    asked = words.asked(typed)
    question = _question(asked)
    if not question:
        return []
    rows = Post.objects.visible_to_person(reader).filter(_Answers(F("words"), Value(question)))
    if board:
        rows = rows.filter(topic__board__slug=board)
    if language:
        rows = rows.filter(language=language)
    some = rows.order_by().values("pk")[:RANKED]
    ranked = Post.objects.filter(pk__in=some).annotate(rank=_Rank(F("words"), Value(question))).order_by("-rank", "-published_at", "-pk")
    posts = list(_with_blocks(ranked, reader).select_related("topic__board", "membership")[:SHOWN])
    return [_hit(post, extract) for post, extract in zip(posts, _extracts(posts, question, asked), strict=True)]


def _with_blocks(posts: QuerySet[Post], reader: Reader) -> QuerySet[Post]:
    """Whether the reader has blocked who wrote it, and who gave its topic the title."""
    if reader is None:
        return posts
    mine = Block.objects.filter(person=reader, blocked__person__isnull=False)
    return posts.annotate(is_blocked=Exists(mine.of_author(OuterRef("membership"))), is_title_blocked=Exists(mine.of_author(OuterRef("topic__started_by"))))


class _Answers(Func):
    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()


class _Rank(Func):
    template = "ts_rank_cd(%(expressions)s::tsquery)"
    arg_joiner = ", "
    output_field = FloatField()


def _question(asked: list[str]) -> str:
    """A tsquery: every word, in the stem of any language. The last one is perhaps only begun, as is a lone letter where no blanks
    are written. What some language takes for a word that says nothing is left out, unless there is nothing else."""
    if not asked:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [asked, words.configurations()])
        rows = cursor.fetchall()
    stems: dict[int, set[str]] = defaultdict(set)
    says_nothing = set()
    begun: dict[int, str] = {}
    for number, lexeme, name in rows:
        if lexeme is None:
            says_nothing.add(number)
            continue
        stems[number].add(lexeme)
        is_long_enough = number == len(asked) and len(lexeme) >= words.SHORTEST_BEGINNING
        if name == words.configuration("") and (is_long_enough or words.is_lone_letter(lexeme)):
            begun[number] = lexeme
    kept = [number for number in sorted(stems) if number not in says_nothing] or sorted(stems)
    return " & ".join(words.quoted(stems[number], begun=begun.get(number, "")) for number in kept)


def _extracts(posts: Sequence[Post], question: str, asked: list[str]) -> list[SafeString]:
    texts = [words.without_brackets(markdown.plain(post.html)) for post in posts]
    with connection.cursor() as cursor:
        cursor.execute(_HEADLINES, [question, _OPTIONS, texts, [words.configuration(post.language) for post in posts]])
        marked = [row[0] for row in cursor.fetchall()]
    return [_marked(each if _BEGIN in each else _mark_letters(text, asked)) for each, text in zip(marked, texts, strict=True)]


def _mark_letters(text: str, asked: list[str]) -> str:
    """Where PostgreSQL sees no words (no blanks between them), the letters themselves are marked; else the beginning is shown."""
    found = re.search("|".join(re.escape(each) for each in sorted(asked, key=len, reverse=True)), text, re.IGNORECASE)
    if not found:
        return text if len(text) <= BEGINNING else f"{text[:BEGINNING].rsplit(maxsplit=1)[0]} …"
    begin = max(0, found.start() - 60)
    pattern = "|".join(re.escape(each) for each in asked)
    return re.sub(f"(?:{pattern})+", lambda match: f"{_BEGIN}{match[0]}{_END}", text[begin : found.end() + 100], flags=re.IGNORECASE)


def _marked(text: str) -> SafeString:
    safe = escape(text).replace(_BEGIN, "<mark>").replace(_END, "</mark>")
    return mark_safe(safe)  # noqa: S308 (escaped above; the marks are ours)


def _hit(post: Post, extract: SafeString) -> Hit:
    author = post.membership
    return Hit(
        url=path_to("forum:topic", post.topic.slug) if post.position is None else post.topic.url_at(post.position),
        title=a_blocked_topic() if getattr(post, "is_title_blocked", False) else post.topic.shown_title,
        is_blocked=getattr(post, "is_blocked", False),
        board=post.topic.board.title,
        author=origins.name(author.handle, author.person_id) if author else origins.name(None, None),
        at=post.published_at,
        language=post.language,
        spoken=languages.name(post.language),
        extract=extract,
    )
