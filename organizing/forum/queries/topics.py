"""One page of a topic: two queries for whoever has not signed in, one more for whoever may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from committees.base import languages, prepared
from committees.base.navigation import path_to
from committees.people.models import Person
from organizing.forum import origins, rules
from organizing.forum.audiences import Audience, Reader
from organizing.forum.models import Block, Draft, Post, ReadMark, State, Topic, Watch
from organizing.forum.models.boards import PAGE, page_of
from organizing.forum.models.posts import HIDDEN
from organizing.forum.queries.readers import a_reader
from organizing.forum.queries.seats import Seat, seats


def _topic(reader: Reader, slug: str) -> QuerySet[Topic]:
    found = Topic.objects.visible_to_person(reader).filter(slug=slug).select_related("board", "committee")
    if reader is None:
        return found
    mine: dict[str, Any] = {"topic": OuterRef("pk"), "person": reader}
    return found.annotate(
        my_mark=Subquery(ReadMark.objects.filter(**mine).values("position")[:1]),
        my_level=Subquery(Watch.objects.filter(**mine).values("level")[:1]),
        my_draft=Subquery(Draft.objects.filter(**mine).values("text")[:1]),
    )


_TOPIC: prepared.Prepared[Topic] = prepared.Prepared(_topic, reader=a_reader, slug=prepared.a_word)


def topic_for(reader: Reader, slug: str) -> Topic | None:
    """A topic that this reader may read, with its board; None as if there were none. One query."""
    return _TOPIC.first(reader=reader, slug=slug)


class _Row(NamedTuple):
    """What is read of a post, in the order of `_COLUMNS`."""

    position: int
    slug: str
    state: str
    html: str
    language: str
    at: datetime
    edited_at: datetime | None
    shown_as: str
    version: int
    answers: int | None
    handle: str | None
    person_id: int | None
    visibility: str
    committee: str
    country: str
    code: str | None
    site: str | None
    city: str | None
    industry: str | None
    other_html: str | None
    other_version: int | None
    other_by: str | None
    other_person: int | None
    is_blocked: bool


_SITE = "written_in__workplace__"
_COLUMNS = (
    "position", "slug", "state", "html", "language", "published_at", "edited_at", "shown_as", "version", "reply_to__position", "membership__handle",
    "membership__person_id", "written_in__visibility", "written_in__name", "at_country", f"{_SITE}code", f"{_SITE}name", f"{_SITE}city",
    "at_industry", "other__html", "other__of_version", "other__membership__handle", "other__membership__person_id", "is_blocked",
)  # fmt: skip


def _posts(topic: int, after: int, until: int, language: str, asker: int) -> QuerySet[Post, Any]:
    found = Post.objects.filter(topic_id=topic, position__gt=after, position__lte=until)
    return (
        found.annotate(
            is_blocked=Exists(Block.objects.of_author(OuterRef("membership")).filter(person_id=asker, blocked__person__isnull=False)),
            other=FilteredRelation("translations", condition=Q(translations__language=language)),
            at_country=Coalesce(F(f"{_SITE}country"), F("written_in__country")),
            at_industry=Coalesce(F(f"{_SITE}employer__industry_id"), F("written_in__employer__industry_id"), F("written_in__industry_id")),
        )
        .order_by("position")
        .values_list(*_COLUMNS)
    )


_POSTS: prepared.Prepared[Any] = prepared.Prepared(
    _posts, topic=prepared.a_number, after=prepared.a_number, until=prepared.a_number, language=prepared.a_word, asker=prepared.a_number
)


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 (made by base.markdown when it was written)


class Shown:
    """A post as one reader sees it."""

    __slots__ = ("_row", "is_crossing", "is_mine")

    def __init__(self, row: _Row, *, reader: Reader, is_crossing: bool) -> None:
        self._row, self.is_crossing = row, is_crossing
        self.is_mine = reader is not None and row.person_id == reader.pk

    @property
    def without_text(self) -> Shown:
        """The same with none of the words that were written in it; equal to another that looks the same."""
        bare = Shown.__new__(Shown)
        bare.is_crossing, bare.is_mine = self.is_crossing, self.is_mine
        bare._row = self._row._replace(html="", other_html=None if self._row.other_html is None else "")
        return bare

    def _key(self) -> tuple[object, ...]:
        return (self._row, self.is_crossing, self.is_mine)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shown) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    @property
    def position(self) -> int:
        return self._row.position

    @property
    def slug(self) -> str:
        return self._row.slug

    @property
    def at(self) -> datetime:
        return self._row.at

    @property
    def edited_at(self) -> datetime | None:
        return self._row.edited_at

    @property
    def answers(self) -> int | None:
        return self._row.answers

    @property
    def url(self) -> str:
        """Its permanent address, from the page of its topic: short, for it stands there twenty times."""
        return f"p/{self.position}/"

    @property
    def answered_url(self) -> str:
        return f"p/{self.answers}/"

    @property
    def is_visible(self) -> bool:
        return self._row.state == State.VISIBLE

    @property
    def is_hidden(self) -> bool:
        return self._row.state in HIDDEN

    @property
    def is_blocked(self) -> bool:
        """Whether its reader has blocked the name it was written under: it folds."""
        return self._row.is_blocked

    @property
    def may_be_blocked(self) -> bool:
        """Whether there is somebody behind it who is not the reader."""
        return not self.is_mine and self._row.person_id is not None

    @property
    def is_moderated(self) -> bool:
        """Whether a moderator, or those who flagged it, are why nothing is seen here."""
        return self.is_hidden or self._row.state == State.DRAFT

    @property
    def state_words(self) -> str:
        """Why nothing is seen in its place."""
        return _("Its author is asked to change it") if self._row.state == State.DRAFT else str(State(self._row.state).label)

    @property
    def author(self) -> str:
        return origins.name(self._row.handle, self._row.person_id)

    @property
    def place(self) -> str:
        """Where its author works, for readers from elsewhere; in one's own committee that says nothing."""
        row = self._row
        if not self.is_crossing or row.person_id is None:
            return ""
        return origins.place(
            shown_as=row.shown_as,
            visibility=row.visibility,
            country=row.country,
            industry=row.industry or "",
            code=row.code,
            site=row.site,
            city=row.city,
            committee=row.committee,
        )

    @property
    def is_translated(self) -> bool:
        return self._row.other_html is not None

    @property
    def html(self) -> SafeString:
        """In the reader's language where somebody translated it."""
        return _safe(self._row.other_html if self._row.other_html is not None else self._row.html)

    @property
    def original(self) -> SafeString:
        return _safe(self._row.html)

    @property
    def language(self) -> str:
        return self._row.language

    @property
    def spoken(self) -> str:
        """The language it was written in, by name."""
        return languages.name(self._row.language)

    @property
    def translator(self) -> str:
        return origins.name(self._row.other_by, self._row.other_person)

    @property
    def is_outdated(self) -> bool:
        """The post was changed after it was translated."""
        return self._row.other_version is not None and self._row.other_version < self._row.version


@dataclass(frozen=True)
class PageOfTopic:
    """One page of a topic, and what its reader may do there. Nothing here asks the database again but `readers`, once."""

    topic: Topic
    reader: Reader
    number: int
    language: str
    posts: list[Shown]

    @cached_property
    def readers(self) -> list[Seat]:
        """The names under which the reader reads this as a member."""
        return seats(self.reader, self.topic.board, topic=self.topic.pk, reading=True) if self.reader is not None else []

    @property
    def seats(self) -> list[Seat]:
        """The names under which the reader may write here."""
        return [seat for seat in self.readers if rules.may_write(seat.member, self.topic.board)]

    @property
    def may_flag(self) -> bool:
        """Whether the reader is offered to flag: members; of a public topic, of whichever committee."""
        return bool(self.readers) or (self.reader is not None and self.is_public)

    @property
    def waiting(self) -> list[tuple[Seat, Any]]:
        """The reader's own posts that nobody else sees yet; they stand at the end."""
        return [(seat, each) for seat in self.readers for each in seat.waiting] if self.is_last else []

    @property
    def is_last(self) -> bool:
        return self.number >= self.topic.pages

    @property
    def mark(self) -> int:
        return getattr(self.topic, "my_mark", None) or 0

    @property
    def level(self) -> str:
        return getattr(self.topic, "my_level", None) or ""

    @property
    def draft(self) -> str:
        return getattr(self.topic, "my_draft", None) or ""

    @property
    def read_until(self) -> int:
        """Up to where one has read who has read this page; 0 where that is known already."""
        last = self.posts[-1].position if self.posts else 0
        return last if last > self.mark else 0

    @property
    def new(self) -> int:
        return max(0, self.topic.last_position - self.mark)

    @property
    def first_unread(self) -> str:
        """Where to go on, if that is on another page."""
        there = self.mark + 1
        return self.topic.url_at(there) if self.mark and self.new and page_of(there) != self.number else ""

    def _page(self, number: int) -> str:
        path = path_to("forum:topic", self.topic.slug)
        return f"{path}?page={number}" if number > 1 else path

    @property
    def older(self) -> str:
        return self._page(self.number - 1) if self.number > 1 else ""

    @property
    def newer(self) -> str:
        return self._page(self.number + 1) if not self.is_last else ""

    @property
    def oldest(self) -> str:
        return self._page(1) if self.number > 2 else ""

    @property
    def newest(self) -> str:
        return self._page(self.topic.pages) if self.number < self.topic.pages - 1 else ""

    @property
    def is_public(self) -> bool:
        return self.topic.audience == Audience.PUBLIC


def page_of_topic(topic: Topic, reader: Reader, number: int) -> PageOfTopic:
    """The page with that number, or the nearest there is. One query, as quick for the last page as for the first."""
    number = min(max(1, number), topic.pages)
    language = (get_language() or "en").split("-", maxsplit=1)[0]
    rows = _POSTS(topic=topic.pk, after=(number - 1) * PAGE, until=number * PAGE, language=language, asker=reader.pk if reader else 0)
    shown = [Shown(_Row(*row), reader=reader, is_crossing=topic.is_crossing) for row in rows]
    return PageOfTopic(topic, reader, number, language, shown)


def post_in(topic: Topic, position: int) -> Post | None:
    """The visible post at that place."""
    return Post.objects.filter(topic=topic, position=position, state=State.VISIBLE).select_related("membership").first()


def blocked_by(person: Person) -> list[tuple[Block, str]]:
    """Whom this person has blocked, by the names that stand over their posts, and nothing more: not in which committee."""
    rows = Block.objects.visible_to_person(person).filter(blocked__person__isnull=False).select_related("blocked").order_by("-since", "-pk")
    return [(row, origins.name(row.blocked.handle, row.blocked.person_id)) for row in rows[:200]]
