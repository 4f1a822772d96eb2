"""What this room tells people: that a topic they follow went on, that one began on a board they follow, that somebody answered
them. Never what was written: that stands behind the login, for whoever may still read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.bodies.models import Life
from committees.notices.models import Channel, Delivery, Notice
from committees.notices.registry import Kind, Level, Reader, group, kind, register
from committees.people.models import Person
from organizing.forum import audiences
from organizing.forum.models import Block, Post, ReadMark, State, Topic, Watch

GROUP = "forum"


def _topic(notice: Notice) -> Topic:
    about = notice.about
    found: Topic = about.topic if isinstance(about, Post) else about
    return found


def _author(topic: Topic, position: int) -> Any:
    return Post.objects.filter(topic=topic, position=position).values("membership__person_id")[:1]


# -- To whom ---------------------------------------------------------------------------------------------------------------


def _followers(topic: Topic, rows: Any, *, position: int) -> Any:
    """Of these watches those whose owners may read the topic as members; not the author of the post at that position,
    nor who has blocked that name."""
    readers = audiences.members_who_read(topic.audience, topic.committee_id).values("person_id")
    voice = Post.objects.filter(topic=topic, position=position).values("membership_id")[:1]
    blocked = Block.objects.of_author(Subquery(voice)).values("person_id")
    told = rows.filter(level=Watch.Level.WATCH, person_id__in=readers).exclude(person_id__in=blocked)
    return told.exclude(person_id=Coalesce(Subquery(_author(topic, position)), 0))


def _who_follows_the_board(notice: Notice) -> Any:
    topic = _topic(notice)
    return _followers(topic, Watch.objects.filter(board_id=topic.board_id), position=1).values_list("person_id")


def _who_follows_the_topic(notice: Notice) -> Any:
    """Once until they have read it: whoever was told of an earlier post that they have not read since is not told again.
    Whoever is answered by this post gets a notice of their own."""
    topic, position = _topic(notice), notice.version
    mark = ReadMark.objects.filter(topic=topic, person=OuterRef(OuterRef("person"))).values("position")[:1]
    told = Delivery.objects.filter(
        person=OuterRef("person"),
        channel=Channel.INAPP,
        notice__kind=notice.kind,
        notice__about_type=notice.about_type,
        notice__about_id=topic.pk,
        notice__version__lt=position,
        notice__version__gt=Coalesce(Subquery(mark), 0),
    )
    answered = Post.objects.filter(topic=topic, position=position).values("reply_to__membership__person_id")[:1]
    followers = _followers(topic, Watch.objects.filter(topic=topic), position=position).filter(~Exists(told))
    return followers.exclude(person_id=Coalesce(Subquery(answered), 0)).values_list("person_id")


type Matters = Callable[[Notice, set[int]], set[int]]


def _may_still_read(position_of: Callable[[Notice], int | None]) -> Matters:
    """Of these people those who may read the topic at this moment, have not muted it and have not blocked the author, while the post
    is visible."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        topic = Topic.objects.filter(pk=_topic(notice).pk).exclude(committee__life=Life.DISSOLVED).first()
        position = position_of(notice)
        post = Post.objects.filter(topic=topic, position=position, state=State.VISIBLE).only("membership_id").first()
        if topic is None or post is None:
            return set()
        there = audiences.readers_among(person_ids, audience=topic.audience, committee_id=topic.committee_id)
        there -= set(Block.objects.of_author(post.membership_id).filter(person_id__in=there).values_list("person_id", flat=True))
        watches = Watch.objects.filter(person_id__in=there)
        on_topic = dict(watches.filter(topic=topic).values_list("person_id", "level"))
        on_board = dict(watches.filter(board_id=topic.board_id).values_list("person_id", "level"))
        return {pk for pk in there if on_topic.get(pk, on_board.get(pk)) != Watch.Level.MUTE}

    return matters


# -- What is said ------------------------------------------------------------------------------------------------------------


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return {"topic": _topic(notice)}


def _headlines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """What stands in the inbox: the title for whoever may still read it, else only that something was told."""
    person = Person(pk=reader.person_id)
    ids = {_topic(notice).pk for notice in notices}
    seen = {topic.pk: topic for topic in Topic.objects.visible_to_person(person).filter(pk__in=ids)}
    with translation.override(reader.language):
        return {
            notice.pk: _("%(kind)s: %(title)s") % {"kind": kind(notice.kind).label, "title": seen[_topic(notice).pk].shown_title}
            if _topic(notice).pk in seen
            else str(kind(notice.kind).label)
            for notice in notices
        }


def _lines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """In a digest, for those of whom `_may_still_read` has just said that they may."""
    with translation.override(reader.language):
        return {notice.pk: _("%(kind)s: %(title)s") % {"kind": kind(notice.kind).label, "title": _topic(notice).shown_title} for notice in notices}


def _url_of_topic(notice: Notice) -> str:
    return _topic(notice).url_at(notice.version)


def _url_of_post(notice: Notice) -> str:
    post: Post = notice.about
    return post.get_absolute_url()


def _position_of_post(notice: Notice) -> int | None:
    return Post.objects.filter(pk=notice.about_id).values_list("position", flat=True).first()


def register_all() -> None:
    """Called from `ready()`."""
    group(GROUP, label=gettext_lazy("Forum"), hint=gettext_lazy("New posts in topics that you follow, and answers to yours."))
    common: dict[str, Any] = {
        "group": GROUP,
        "context": _words,
        "headlines": _headlines,
        "lines": _lines,
        "thread": lambda notice: f"topic-{_topic(notice).pk}",
    }
    first, written = _may_still_read(lambda notice: 1), _may_still_read(lambda notice: notice.version)
    begun = gettext_lazy("A new topic where you follow the forum")
    register(Kind(name="forum/begun", label=begun, audience=_who_follows_the_board, matters=first, url=_url_of_topic, **common))
    followed = gettext_lazy("New in a topic that you follow")
    register(Kind(name="forum/written", label=followed, audience=_who_follows_the_topic, matters=written, url=_url_of_topic, **common))
    answered = _may_still_read(_position_of_post)
    register(Kind(name="forum/answered", label=gettext_lazy("Somebody answered you in the forum"), matters=answered, url=_url_of_post, **common))
