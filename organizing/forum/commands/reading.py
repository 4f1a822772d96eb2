"""What a reader keeps for themself: marks, what they follow, drafts. Nothing of it is in the ledger, and nobody is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from committees.mandates.models import Mandate
from committees.people.models import Person
from organizing.forum import queries
from organizing.forum.commands.publishing import set_mark
from organizing.forum.models import Board, Draft, Topic, Watch

#: Topics that went on within so many days count as new to whoever never opened them.
NEW_FOR = timedelta(days=30)
_MARK_ALL = """
INSERT INTO forum_readmark (person_id, topic_id, position)
SELECT %s, topic.id, topic.last_position FROM forum_topic topic WHERE topic.board_id = ANY(%s) AND topic.last_position > 0 AND topic.last_at >= %s
ON CONFLICT (person_id, topic_id) DO UPDATE SET position = greatest(forum_readmark.position, excluded.position)
"""


@transaction.atomic
def mark_read(topic: Topic, position: int, *, by: Person) -> None:
    """A person has read a topic up to there. A mark never goes back, and never past the last post."""
    position = min(position, topic.last_position)
    if position > 0:
        set_mark(by.pk, topic, position)


@transaction.atomic
def mark_all_read(*, by: Person, at: datetime) -> int:
    """Nothing is new any more on the boards of this person's committees. Returns how many topics were marked."""
    boards = [board.pk for board in queries.boards_near(by)]
    with connection.cursor() as cursor:
        cursor.execute(_MARK_ALL, [by.pk, boards, at - NEW_FOR])
        return cursor.rowcount


@transaction.atomic
def watch(topic: Topic, level: str, *, by: Person) -> None:
    """Follow a topic, hear nothing of it, or (an empty word) neither."""
    if level:
        Watch.objects.update_or_create(person=by, topic=topic, defaults={"level": Watch.Level(level)})
    else:
        Watch.objects.filter(person=by, topic=topic).delete()


@transaction.atomic
def watch_board(board: Board, level: str, *, by: Person) -> None:
    """Hear of new topics on a board, hear nothing of any topic there, or (an empty word) neither."""
    if level:
        Watch.objects.update_or_create(person=by, board=board, defaults={"level": Watch.Level(level)})
    else:
        Watch.objects.filter(person=by, board=board).delete()


@transaction.atomic
def save_draft(place: Topic | Board, *, text: str, title: str = "", language: str = "", mandate: Mandate | None = None, by: Person, at: datetime) -> None:
    """Keep what somebody has begun to write, for any device of theirs. An empty one is no draft. `mandate`: it is to be a report."""
    where = {"topic": place} if isinstance(place, Topic) else {"board": place}
    if text or title:
        said = {"text": text, "title": title, "language": language, "mandate": mandate, "changed_at": at}
        Draft.objects.update_or_create(person=by, **where, defaults=said)
    else:
        Draft.objects.filter(person=by, **where).delete()


@transaction.atomic
def discard_draft(draft: Draft, *, by: Person) -> None:
    """Throw one's own draft away."""
    Draft.objects.filter(pk=draft.pk, person=by).delete()
