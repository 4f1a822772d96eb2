"""A forum of made-up conversations, as many posts as wanted, put into the database in bulk.

Every row is one that the product itself could have made: dense positions, counters, HTML by base.markdown, words by the
search configuration of each language, marks of what everybody has read. Paragraphs are rendered and indexed by our own code
once each and put together by the database. The same size gives the same forum; a forum grows by PER_DAY posts a day, so that
a larger one is an older one.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from bench import made_sites, made_texts
from bench.notices import crowd

if TYPE_CHECKING:
    from committees.bodies.models import Committee
    from committees.membership.models import Membership
    from organizing.forum.models import Board

PER_DAY = 1000
#: Posts of an ordinary topic, on average; and of the two that are asked for and answered.
ORDINARY = 20
NAMES = 20_000
#: Boards of which one in so many is for members of all committees, and not for everyone.
ONE_SHARED_OF = 5
#: The first topics, whose texts are the same at every size: one that is read, one that is answered, one that is long.
READ, ANSWERED, LONG = 0, 1, 2
SAME_TEXTS = 50
#: The topics after them up to this one are kept at the head of their boards.
PINNED = 22
#: Of each twenty topics so many are in one language.
_SHARES = {"en": 8, "es": 4, "de": 3, "hi": 3, "zh": 2}
_BATCH = 2500

_PARTS = """
DROP TABLE IF EXISTS bench_part;
CREATE UNLOGGED TABLE bench_part AS
SELECT language, i, source, html, setweight(to_tsvector(config::regconfig, indexed), 'B') AS words FROM bench_paragraph;
CREATE UNIQUE INDEX ON bench_part (language, i);
ANALYZE bench_part;
"""
_MEMBERS = """
DROP TABLE IF EXISTS bench_member;
CREATE UNLOGGED TABLE bench_member AS
SELECT row_number() OVER (ORDER BY id) - 1 AS i, id, person_id, committee_id FROM membership_membership WHERE standing = 'member' AND committee_id = ANY(%s);
CREATE UNIQUE INDEX ON bench_member (i);
ANALYZE bench_member;
"""
# Slugs: hexadecimal digits, those among them that a slug may not have made others.
_TOPICS = """
INSERT INTO forum_topic (id, slug, board_id, committee_id, audience, title, title_gone, language, state, pinned, started_by_id, started_in_id,
    started_at, last_position, last_at)
SELECT t.i + 1, translate(left(md5('topic' || t.i), 14), '01ae', 'ghjk'), b.id, b.committee_id, b.audience, t.title, false, t.language, 'open', t.pinned, m.id,
    m.committee_id, t.begun, t.posts, t.begun + (t.posts - 1) * t.pause
FROM bench_topic t JOIN forum_board b ON b.id = t.board JOIN bench_member m ON m.i = t.starter
"""
_POSTS = """
INSERT INTO forum_post (id, slug, topic_id, committee_id, audience, position, membership_id, written_in_id, shown_as, language, source, html,
    version, reply_to_id, state, written_at, published_at, words)
SELECT n.id, translate(left(md5('post' || n.id), 14), '01ae', 'ghjk'), t.i + 1, b.committee_id, b.audience, p, m.id, m.committee_id,
    CASE WHEN h.h %% 2 = 0 THEN 'site' ELSE 'industry' END, t.language,
    concat_ws(E'\n\n', one.source, two.source, three.source), concat(one.html, two.html, three.html),
    1, CASE WHEN p > 1 AND h.h %% 5 = 0 THEN n.id - 1 END, 'visible', t.begun + (p - 1) * t.pause, t.begun + (p - 1) * t.pause,
    CASE WHEN p = 1 THEN setweight(to_tsvector(t.config::regconfig, t.indexed), 'A') ELSE ''::tsvector END
        || one.words || coalesce(two.words, ''::tsvector) || coalesce(three.words, ''::tsvector)
FROM bench_topic t JOIN forum_board b ON b.id = t.board
CROSS JOIN LATERAL generate_series(1, t.posts) AS p
CROSS JOIN LATERAL (SELECT t.first + p - 1 AS id) n
CROSS JOIN LATERAL (SELECT hashint8extended(n.id, 7) & 9223372036854775807 AS h) h
CROSS JOIN LATERAL (SELECT CASE WHEN t.i <= %s THEN %s ELSE %s END AS texts) k
JOIN bench_part one ON one.language = t.language AND one.i = h.h %% k.texts
LEFT JOIN bench_part two ON two.language = t.language AND h.h %% 3 > 0 AND two.i = h.h / 7 %% k.texts
LEFT JOIN bench_part three ON three.language = t.language AND h.h %% 4 = 0 AND three.i = h.h / 1009 %% k.texts
JOIN bench_member m ON m.i = CASE WHEN p = 1 THEN t.starter ELSE floor(%s * power(h.h / 13 %% 1000000 / 1e6, 2))::int END
WHERE t.i BETWEEN %s AND %s
"""
_COUNTERS = """
UPDATE forum_board b SET topics = t.topics, posts = t.posts, last_at = t.last_at
FROM (SELECT board_id, count(*) AS topics, sum(last_position) AS posts, max(last_at) AS last_at FROM forum_topic GROUP BY 1) t WHERE t.board_id = b.id;
SELECT setval(pg_get_serial_sequence('forum_topic', 'id'), (SELECT max(id) FROM forum_topic));
SELECT setval(pg_get_serial_sequence('forum_post', 'id'), (SELECT max(id) FROM forum_post));
"""
#: As publishing does: whoever writes has read so far, and follows. `reader` has read nearly all of the last thirty days.
_MARKS = """
INSERT INTO forum_readmark (person_id, topic_id, position)
SELECT m.person_id, p.topic_id, max(p.position) FROM forum_post p JOIN bench_member m ON m.id = p.membership_id GROUP BY 1, 2;
INSERT INTO forum_watch (person_id, topic_id, level)
SELECT m.person_id, t.id, 'watch' FROM forum_topic t JOIN bench_member m ON m.id = t.started_by_id;
"""
_READ = """
INSERT INTO forum_readmark (person_id, topic_id, position)
SELECT %s, t.id, t.last_position FROM forum_topic t WHERE t.last_at > now() - interval '31 days' AND t.id %% 10 > 0
ON CONFLICT (person_id, topic_id) DO UPDATE SET position = excluded.position
"""


@dataclass(frozen=True)
class Size:
    """How large a forum is. `long`: posts of its longest topic."""

    posts: int
    long: int
    members: int = 200
    boards: int = 20

    @property
    def topics(self) -> int:
        return max(LONG + 1, (self.posts - self.long) // ORDINARY + 1)

    @property
    def paragraphs(self) -> int:
        """Different ones in each language."""
        return min(4000, max(SAME_TEXTS, self.posts // 50))


@dataclass(frozen=True)
class Forum:
    """What was made: whom to sign in, where to go, and what to look for in each language."""

    reader: Membership
    busiest: Board
    topics: dict[int, str]
    searches: dict[str, list[str]]


def fill(size: Size, *, seed: int = 7, searches: int = 30) -> Forum:
    """Put a forum of this size into an empty world. Returns what is asked for when it is measured."""
    from django.db import connection

    from committees.membership.models import Membership
    from organizing.forum.models import Board, Topic

    dice = random.Random(seed)
    people = _committees(size)
    boards = _boards(size)
    hands = writers(seed)
    with connection.cursor() as cursor:
        _paragraphs(cursor, hands, size)
        cursor.execute(_MEMBERS, [[each.pk for each in people]])
        made_sites.copy(cursor, _TOPIC_TABLE, _topics(size, boards, hands, dice))
        _pour(cursor, size)
        reader = Membership.objects.select_related("person", "committee").get(pk=_one(cursor, "SELECT id FROM bench_member WHERE i = 0"))
        cursor.execute(_READ, [reader.person_id])
        cursor.execute("VACUUM ANALYZE")
    return Forum(
        reader=reader,
        busiest=Board.objects.get(pk=boards[0]),
        topics={n: Topic.objects.get(pk=n + 1).get_absolute_url() for n in (READ, ANSWERED, LONG)},
        searches={code: list(made_texts.searches(writer, dice, searches)) for code, writer in hands.items()},
    )


def writers(seed: int) -> dict[str, made_texts.Writer]:
    """One for each language; the same seed, the same texts."""
    return {tongue.code: made_texts.Writer(tongue, NAMES, random.Random(f"{seed} {tongue.code}")) for tongue in made_texts.TONGUES}


def _committees(size: Size) -> list[Committee]:
    """Committees of the alliance, with so many members among them."""
    from tests import make

    number = max(2, min(10, size.members // 20))
    made = [make.committee(probation_days=0) for _ in range(number)]
    for n, committee in enumerate(made):
        make.affiliated(committee)
        crowd(committee, size.members // number, name=f"c{n}")
    return made


def _boards(size: Size) -> list[int]:
    """Boards of the alliance, the busiest first; it is open to everyone."""
    from django.utils import timezone

    from organizing.forum import commands as forum
    from tests import make

    by = make.reloaded(make.organizer_of(make.alliance()))
    audiences = ["shared" if n % ONE_SHARED_OF == ONE_SHARED_OF - 1 else "public" for n in range(size.boards)]
    return [forum.open_board(f"Board {n}", audience, by=by, at=timezone.now()).pk for n, audience in enumerate(audiences)]


def _paragraphs(cursor: Any, hands: dict[str, made_texts.Writer], size: Size) -> None:
    """Paragraphs with their HTML and what is indexed of them, made as the product makes them."""
    from committees.base import markdown
    from organizing.forum import words
    from organizing.forum.models.posts import OWN_LINKS

    def rows() -> Iterator[tuple[Any, ...]]:
        for language, writer in hands.items():
            for i in range(size.paragraphs):
                source = writer.paragraphs()
                html = markdown.render(source, own=OWN_LINKS)
                yield language, i, source, html, words.configuration(language), words.indexed(markdown.plain(html))

    made_sites.copy(cursor, "bench_paragraph (language text, i int, source text, html text, config text, indexed text)", rows())
    cursor.execute(_PARTS)


_TOPIC_TABLE = """bench_topic (i int PRIMARY KEY, first bigint, posts int, board bigint, title text, language text, config text, indexed text,
    starter int, pinned int, begun timestamptz, pause interval)"""


def _lengths(size: Size, dice: random.Random) -> list[int]:
    """Posts of each topic: most are short, and all together they are as many as wanted."""
    rest = size.posts - size.long - 2 * ORDINARY
    few = [ORDINARY, ORDINARY, size.long]
    while rest > 0:
        few.append(min(rest, max(1, round(dice.expovariate(1 / ORDINARY)))))
        rest -= few[-1]
    return few


def _topics(size: Size, boards: list[int], hands: dict[str, made_texts.Writer], dice: random.Random) -> Iterator[tuple[Any, ...]]:
    from django.utils import timezone

    from organizing.forum import words

    now = timezone.now() - timedelta(minutes=5)
    span = timedelta(days=max(1, size.posts / PER_DAY))
    weights = list(accumulate(1 / (n + 3) for n in range(len(boards))))
    first = 1
    for i, posts in enumerate(_lengths(size, dice)):
        special = i <= LONG
        language = "en" if special else dice.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
        begun = now - span * (0.9 if special else dice.random())
        pause = min(timedelta(hours=dice.random() * 4), (now - begun) / posts)
        title = hands[language].title()
        board = boards[0] if special else dice.choices(boards, cum_weights=weights)[0]
        starter = 1 if special else int(size.members * dice.random() ** 2)
        yield i, first, posts, board, title, language, words.configuration(language), words.indexed(title), starter, int(LONG < i <= PINNED), begun, pause
        first += posts


def _pour(cursor: Any, size: Size) -> None:
    members = _one(cursor, "SELECT count(*) FROM bench_member")
    topics = _one(cursor, "SELECT count(*) FROM bench_topic")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute(_TOPICS)
    with bare(cursor, "forum_post"):
        for first in range(0, topics, _BATCH):
            cursor.execute(_POSTS, [LONG, SAME_TEXTS, size.paragraphs, members, first, first + _BATCH - 1])
    cursor.execute(_COUNTERS)
    cursor.execute("ANALYZE forum_post")
    with bare(cursor, "forum_readmark"):
        cursor.execute(_MARKS)


@contextlib.contextmanager
def bare(cursor: Any, table: str) -> Iterator[None]:
    """The table without its foreign keys and indexes. Made again at the end, they hold for every row: that is proved there, and
    much quicker than row by row."""
    cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [table])
    ties = cursor.fetchall()
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)",
        [table, table],
    )
    indexes = cursor.fetchall()
    for name, _made in ties:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _made in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _name, made in indexes:
        cursor.execute(made)
    for name, made in ties:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {made}')


def _one(cursor: Any, question: str) -> Any:
    cursor.execute(question)
    return cursor.fetchone()[0]
