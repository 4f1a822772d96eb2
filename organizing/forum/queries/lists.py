"""Lists of topics. Each is cut on an index of (board, last), board by board, however many topics there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, IntegerField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from committees.alliance.queries import above
from committees.base import keyset, prepared
from committees.base.navigation import path_to
from committees.membership.models import Membership
from committees.people.models import Person
from organizing.forum import origins
from organizing.forum.audiences import INNER, Audience, Reader, public
from organizing.forum.models import Block, Board, Post, ReadMark, Topic, Watch
from organizing.forum.models.boards import page_of
from organizing.forum.queries.readers import a_reader

#: The latest first; the id decides between two of one moment.
LATEST = ("-last_at", "-pk")
#: How many topics stand among what is new on other pages.
SOME = 5

# Cut once more over all boards, before anything is joined: of twenty boards that would be four hundred topics.
_TOP = """
SELECT top.id FROM unnest(%s::bigint[]) AS board (id) CROSS JOIN LATERAL (
    SELECT t.id, t.last_at FROM forum_topic t WHERE t.board_id = board.id AND t.last_position > 0 {which}
    ORDER BY t.last_at {way}, t.id {way} LIMIT {wanted}
) top ORDER BY top.last_at {way}, top.id {way} LIMIT {wanted}
"""
# A value and not NOT EXISTS: where PostgreSQL keeps the plan, it would take all marks of the reader for each topic.
_UNREAD = """AND t.last_at >= %s
    AND coalesce((SELECT m.position FROM forum_readmark m WHERE m.person_id = %s AND m.topic_id = t.id), 0) < t.last_position
    AND NOT EXISTS (SELECT 1 FROM forum_watch w WHERE w.person_id = %s AND (w.topic_id = t.id OR w.board_id = t.board_id) AND w.level = 'mute')"""


def reaches(by: Membership, place: Board | Topic | Post) -> bool:
    """Whether a member may read a board, a topic or a post by this membership of theirs; a strategy board's standing is a rule's."""
    if by.committee_id == place.committee_id:
        return True
    return place.audience not in INNER and place.committee_id in above([by.committee_id])


_NEAR = prepared.Prepared(
    lambda person: Board.objects.near(person).select_related("committee").order_by("committee__name", "committee_id", "pk"), person=prepared.a_row(Person)
)
#: As many boards open to everyone are named beside a list.
MOST_PUBLIC = 30
_PUBLIC_BOARDS = prepared.Prepared(
    lambda: Board.objects.filter(public(), last_at__isnull=False).select_related("committee").order_by("-last_at", "-pk")[:MOST_PUBLIC]
)


def _board(reader: Reader, slug: str) -> QuerySet[Board]:
    found = Board.objects.visible_to_person(reader).filter(slug=slug).select_related("committee")
    if reader is None:
        return found
    return found.annotate(my_level=Subquery(Watch.objects.filter(board=OuterRef("pk"), person=reader).values("level")[:1]))


_BOARD: prepared.Prepared[Board] = prepared.Prepared(_board, reader=a_reader, slug=prepared.a_word)


def board_for(reader: Reader, slug: str) -> Board | None:
    """A board that this reader may read; None as if there were none. One query."""
    return _BOARD.first(reader=reader, slug=slug)


def boards_near(person: Person) -> list[Board]:
    """The boards of this person's committees and of all that these belong to. One query."""
    return _NEAR(person=person)


def public_boards() -> list[Board]:
    """Boards that anyone may read, the liveliest first. One query."""
    return _PUBLIC_BOARDS()


def _with_marks(rows: QuerySet[Topic], reader: Reader) -> QuerySet[Topic]:
    """Each with its board and who began it, and for whoever has signed in how far they have read and whether they blocked that voice."""
    rows = rows.select_related("board", "committee", "started_by")
    if reader is None:
        return rows.annotate(my_mark=Value(None, output_field=IntegerField()), is_blocked=Value(False))
    mark = ReadMark.objects.filter(topic=OuterRef("pk"), person=reader).values("position")[:1]
    blocked = Block.objects.of_author(OuterRef("started_by")).filter(person=reader, blocked__person__isnull=False)
    return rows.annotate(my_mark=Subquery(mark), is_blocked=Exists(blocked))


def _bounded(boards: Sequence[int], *, which: str = "", params: Sequence[Any] = (), mark: list[Any] | None, backwards: bool, wanted: int) -> RawSQL:
    """The ids of the first topics of each of these boards, from a mark on."""
    beyond = f"AND (t.last_at, t.id) {'>' if backwards else '<'} (%s, %s)" if mark else ""
    text = _TOP.format(which=f"{which} {beyond}", way="ASC" if backwards else "DESC", wanted=int(wanted))
    return RawSQL(text, (boards, *params, *(mark or ())))  # noqa: S611 (our own text; what differs is a parameter)


def _latest(boards: Sequence[int], reader: Reader, **bounds: Any) -> QuerySet[Topic]:
    return _with_marks(Topic.objects.filter(pk__in=_bounded(boards, **bounds)), reader)


def _unread(boards: Sequence[int], reader: Person, since: datetime, **bounds: Any) -> QuerySet[Topic]:
    which = _bounded(boards, which=_UNREAD, params=(since, reader.pk, reader.pk), **bounds)
    return _with_marks(Topic.objects.filter(pk__in=which), reader)


_SLOTS = {"boards": prepared.some_numbers, "reader": a_reader}
#: What went on last on these boards; and of that, what the reader has not read since.
LATEST_TOPICS = keyset.Listing(Topic, _latest, _SLOTS, order=LATEST, bounded=True)
UNREAD_TOPICS = keyset.Listing(Topic, _unread, {**_SLOTS, "reader": prepared.a_row(Person), "since": prepared.an_instant}, order=LATEST, bounded=True)
#: One board, with what is kept at its head first.
TOPICS_OF_BOARD = keyset.Listing(
    Topic,
    lambda board, reader: _with_marks(Topic.objects.begun().filter(board_id=board), reader),
    {"board": prepared.a_number, "reader": a_reader},
    order=("-pinned", *LATEST),
)
#: What anyone may read, of every committee.
PUBLIC_TOPICS = keyset.Listing(
    Topic, lambda reader: _with_marks(Topic.objects.begun().filter(public(), last_position__gt=0), reader), {"reader": a_reader}, order=LATEST
)
#: What somebody began, under any name of theirs, also what still waits.
MY_TOPICS = keyset.Listing(
    Topic,
    lambda person: _with_marks(Topic.objects.visible_to_person(person).filter(started_by__person=person), person),
    {"person": prepared.a_row(Person)},
    order=("-started_at", "-pk"),
)

_FIRST = {"mark": None, "backwards": False, "wanted": SOME}
_SOME_LATEST = prepared.Prepared(lambda boards, reader: _latest(boards, reader, **_FIRST).order_by(*LATEST)[:SOME], **_SLOTS)
_SOME_UNREAD = prepared.Prepared(
    lambda boards, reader, since: _unread(boards, reader, since, **_FIRST).order_by(*LATEST)[:SOME],
    boards=prepared.some_numbers,
    reader=prepared.a_row(Person),
    since=prepared.an_instant,
)


@dataclass(frozen=True)
class Line:
    """A topic in a list."""

    topic: Topic
    url: str
    title: str
    language: str
    board: str
    committee: str
    author: str
    replies: int
    #: How many posts are new to the reader; None where that is not known, for they never opened it.
    new: int | None
    is_unread: bool


def a_blocked_topic() -> str:
    """What stands in the place of its title."""
    return _("A topic by somebody you blocked")


def line_of(topic: Topic, *, since: datetime | None = None) -> Line:
    """A row of one of these lists. `since`: what went on later is new to whoever never opened it. Of a voice that the reader has
    blocked neither name nor title stands there, as with its posts; the topic can be opened all the same."""
    mark: int | None = topic.my_mark  # type: ignore[attr-defined]  # annotated
    fresh = topic.last_position - mark if mark is not None else None
    unread = fresh > 0 if fresh is not None else since is not None and topic.last_at is not None and topic.last_at >= since
    author, is_blocked = topic.started_by, getattr(topic, "is_blocked", False)
    goes_on = mark is not None and unread and page_of(mark + 1) > 1
    return Line(
        topic=topic,
        url=topic.url_at(mark + 1) if goes_on and mark is not None else path_to("forum:topic", topic.slug),
        title=a_blocked_topic() if is_blocked else topic.shown_title,
        language=get_language() or "" if is_blocked else topic.language,
        board=topic.board.title,
        committee="" if topic.audience == Audience.PUBLIC else topic.committee.name,
        author="" if is_blocked else origins.name(author.handle, author.person_id) if author else origins.name(None, None),
        replies=max(0, topic.last_position - 1),
        new=max(0, fresh) if fresh is not None else None,
        is_unread=unread,
    )


def latest_in(member: Membership) -> list[Line]:
    """What went on last on the boards of a member's own committee. Two queries."""
    if member.person is None:
        return []
    own = [board.pk for board in _OF_COMMITTEE(person=member.person, committee=member.committee_id)]
    return [line_of(topic) for topic in _SOME_LATEST(boards=own, reader=member.person)] if own else []


_OF_COMMITTEE = prepared.Prepared(
    lambda person, committee: Board.objects.near(person).filter(committee_id=committee).order_by("pk"),
    person=prepared.a_row(Person),
    committee=prepared.a_number,
)


def boards_of(member: Membership) -> list[Board]:
    """The boards of a member's own committee that they may read. One query."""
    return _OF_COMMITTEE(person=member.person, committee=member.committee_id) if member.person else []


def news_for(person: Person, *, since: datetime) -> list[Line]:
    """Topics with something new for this person, a few. Two queries."""
    boards = [board.pk for board in boards_near(person)]
    return [line_of(topic, since=since) for topic in _SOME_UNREAD(boards=boards, reader=person, since=since)] if boards else []


def last_in(committee_ids: Sequence[int]) -> dict[int, datetime]:
    """When a post was last shown on the boards of these committees."""
    boards = Board.objects.filter(committee__in=committee_ids, last_at__isnull=False)
    return dict(boards.order_by().values_list("committee").annotate(last=Max("last_at")))
