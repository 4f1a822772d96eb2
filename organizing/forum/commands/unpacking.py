"""A committee comes from another server: what it had of its forum is written anew. HTML is made of the text, never taken over."""

from __future__ import annotations

import re
from collections import Counter

from committees.base import languages, markdown
from committees.resettling.chest import Chest, Line
from committees.resettling.parts import language
from committees.resettling.register import Coming
from organizing.forum import rules
from organizing.forum.audiences import Audience
from organizing.forum.commands.boards import MOST, give_first_boards
from organizing.forum.commands.publishing import vector
from organizing.forum.commands.writing import LONGEST
from organizing.forum.models import Board, Policy, Post, ShownAs, State, Topic, Translation
from organizing.forum.models.boards import TopicState
from organizing.forum.models.posts import OWN_LINKS
from organizing.forum.parcels import BOARDS, POSTS, TOPICS, TRANSLATIONS

_LINK = re.compile(r"/forum/t/([a-z0-9]{8,16})/p/")


def unpack(coming: Coming, chest: Chest) -> None:
    """The boards of a committee that came, with what was written on them; those that every committee has, where it brought none."""
    boards = _make_boards(coming, chest)
    if not boards:
        give_first_boards(coming.committee, coming.at)
        return
    topics = _make_topics(coming, chest, boards)
    posts = _make_posts(coming, chest, topics)
    _make_translations(coming, chest, topics, posts)
    _count(boards, topics, posts)


def _make_boards(coming: Coming, chest: Chest) -> dict[int, Board]:
    made: dict[int, Board] = {}
    for line in chest.rows(BOARDS):
        number = line.number("n", most=MOST, least=1)
        if number in made:
            raise line.wrong("n")
        made[number] = Board(
            committee=coming.committee,
            audience=rules.require_fits(coming.committee, line.choice("audience", Audience)),
            policy=line.choice("policy", Policy),
            name=line.text("name", 80),
            languages=[code for code in line.words("languages", most=40, each=12) if languages.is_known(code)],
            begun_at=min(line.instant("begun_at"), coming.at),
        )
    Board.objects.bulk_create(made.values())
    return made


def _make_topics(coming: Coming, chest: Chest, boards: dict[int, Board]) -> dict[int, tuple[str, Topic]]:
    """Number → its old slug, by which quotations name it, and the topic."""
    made: dict[int, tuple[str, Topic]] = {}
    for line in chest.rows(TOPICS):
        board, number = boards.get(line.number("board")), line.number("n", least=1)
        if board is None or number in made:
            raise line.wrong("board")
        title = line.text("title", 160)
        made[number] = (
            line.text("was", 16),
            Topic(
                board=board,
                committee=coming.committee,
                audience=board.audience,
                title=title,
                title_gone=not title,
                language=language(line, "language"),
                state=line.choice("state", TopicState),
                pinned=line.number("pinned", most=1000),
                started_by=coming.member(line.maybe_number("by")),
                started_in=coming.committee,
                started_at=min(line.instant("started_at"), coming.at),
            ),
        )
    Topic.objects.bulk_create((topic for _was, topic in made.values()), batch_size=1000)
    return made


def _make_posts(coming: Coming, chest: Chest, topics: dict[int, tuple[str, Topic]]) -> dict[tuple[int, int], Post]:
    """(number of the topic, position) → post. Positions are dense: 1, 2, 3 … in the order of the file."""
    new_slugs = {was: topic.slug for was, topic in topics.values()}
    made: dict[tuple[int, int], Post] = {}
    answers: list[tuple[Post, tuple[int, int]]] = []
    for line in chest.rows(POSTS):
        number = line.number("topic")
        if number not in topics:
            raise line.wrong("topic")
        _was, topic = topics[number]
        position = line.number("position", least=1)
        if position != topic.last_position + 1:
            raise line.wrong("position")
        post = made[number, position] = _made(coming, line, topic, position, new_slugs)
        topic.last_position, topic.last_at = position, max(filter(None, (topic.last_at, post.published_at)))
        if (answered := line.maybe_number("answers")) is not None and (number, answered) in made:
            answers.append((post, (number, answered)))
    Post.objects.bulk_create(made.values(), batch_size=1000)
    for post, there in answers:
        post.reply_to = made[there]
    Post.objects.bulk_update([post for post, _there in answers], ["reply_to"], batch_size=1000)
    _index(topics, made)
    return made


def _made(coming: Coming, line: Line, topic: Topic, position: int, new_slugs: dict[str, str]) -> Post:
    shown = line.has("text")
    text = _LINK.sub(lambda link: f"/forum/t/{new_slugs.get(link[1], link[1])}/p/", line.text("text", LONGEST + 1000)) if shown else ""
    edited = line.maybe_instant("edited_at")
    return Post(
        topic=topic,
        committee=coming.committee,
        audience=topic.audience,
        position=position,
        membership=coming.member(line.maybe_number("by")),
        written_in=coming.committee,
        shown_as=line.choice("shown_as", ShownAs),
        language=language(line, "language"),
        source=text,
        html=markdown.render(text, own=OWN_LINKS) if shown else "",
        version=line.number("version", least=1),
        state=State.VISIBLE if shown else State.WITHDRAWN,
        written_at=min(line.instant("written_at"), coming.at),
        published_at=min(line.instant("published_at"), coming.at),
        edited_at=min(edited, coming.at) if edited else None,
        ended_at=None if shown else coming.at,
    )


def _index(topics: dict[int, tuple[str, Topic]], posts: dict[tuple[int, int], Post]) -> None:
    shown = [(topics[number][1], post) for (number, _position), post in posts.items() if post.is_visible]
    for topic, post in shown:
        post.words = vector(post, topic)
    Post.objects.bulk_update([post for _topic, post in shown], ["words"], batch_size=100)


def _make_translations(coming: Coming, chest: Chest, topics: dict[int, tuple[str, Topic]], posts: dict[tuple[int, int], Post]) -> None:
    made = []
    for line in chest.rows(TRANSLATIONS):
        post = posts.get((line.number("topic"), line.number("position")))
        if post is None or not post.is_visible:
            raise line.wrong("position")
        text = line.text("text", LONGEST + 1000)
        made.append(
            Translation(
                post=post,
                language=language(line, "language"),
                membership=coming.member(line.maybe_number("by")),
                of_version=line.number("of_version"),
                source=text,
                html=markdown.render(text, own=OWN_LINKS),
                written_at=min(line.instant("written_at"), coming.at),
            )
        )
    Translation.objects.bulk_create(made, batch_size=1000)


def _count(boards: dict[int, Board], topics: dict[int, tuple[str, Topic]], posts: dict[tuple[int, int], Post]) -> None:
    """Where each topic ends, and what each board holds, follow from what came."""
    begun = [topic for _was, topic in topics.values()]
    in_topics = Counter(topic.board_id for topic in begun if topic.last_position)
    for board in boards.values():
        there = [topic for topic in begun if topic.board_id == board.pk]
        board.topics = in_topics[board.pk]
        board.posts = sum(topic.last_position for topic in there)
        board.last_at = max((topic.last_at for topic in there if topic.last_at), default=None)
    Topic.objects.bulk_update(begun, ["last_position", "last_at"], batch_size=500)
    Board.objects.bulk_update(boards.values(), ["topics", "posts", "last_at"])
