"""Plays the demonstration's forum: members write, moderators let it through, others translate."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from committees.membership.models import Membership
from committees.moderation import commands as moderation
from committees.moderation.models import Review
from committees.moderation.queries import moderators
from organizing.forum import commands as forum
from organizing.forum.models import Board, Post, Topic
from organizing.home.demo import talk, world
from organizing.home.demo.talk import Said, Talk

if TYPE_CHECKING:
    from organizing.home.demo.play import Play


def talks(play: Play) -> None:
    for opened in talk.BOARDS:
        forum.open_board(opened.name, opened.audience, languages=list(opened.languages), by=play.members[opened.by], at=play.ago(36))
    for each in talk.TALKS:
        _talk(play, each)


def _board(play: Play, each: Talk) -> Board:
    committee = play.members[each.posts[0].by].committee_id if each.committee else play.members[world.INTAKE[0].key].committee_id
    return Board.objects.filter(committee_id=committee, audience=each.audience, policy=each.policy).order_by("pk")[0]


def _talk(play: Play, each: Talk) -> None:
    first, *others = each.posts
    by = _now(play, first.by)
    topic = forum.start(_board(play, each), title=each.title, text=first.text, language=first.language, shown_as=first.shown_as, by=by, at=play.ago(first.days))
    _settle(play, topic.posts.get(), first)
    for said in others:
        topic.refresh_from_db()
        answered = Post.objects.filter(topic=topic, position=said.answers).first() if said.answers else None
        post = forum.reply(topic, said.text, language=said.language, shown_as=said.shown_as, reply_to=answered, by=_now(play, said.by), at=play.ago(said.days))
        _settle(play, post, said)
    if each.pinned_by:
        forum.pin(topic, pinned=True, by=_now(play, each.pinned_by), at=play.ago(first.days))
    _read(play, topic, each)


def _settle(play: Play, post: Post, said: Said) -> None:
    """A moderator looks at a first post an hour later; somebody who reads both languages translates it."""
    if post.is_waiting and not said.waits:
        review = Review.objects.open().of_row(post).select_related("committee", "author__person").get()
        by = moderators(review.committee_id).exclude(pk=post.membership_id or 0).order_by("pk")[0]
        moderation.approve(review, by=_now_of(by), at=play.ago(said.days) + timedelta(minutes=40))
    for who, language, text in said.translated:
        post.refresh_from_db()
        forum.translate(post, text, language=language, seen=post.version, by=_now(play, who), at=play.ago(said.days) + timedelta(hours=2))


def _read(play: Play, topic: Topic, each: Talk) -> None:
    topic.refresh_from_db()
    for who, position in each.read:
        forum.mark_read(topic, position, by=play.persons[who])


def _now(play: Play, key: str) -> Membership:
    return _now_of(play.members[key])


def _now_of(member: Membership) -> Membership:
    found: Membership = Membership.objects.select_related("committee", "person").with_running_roles().get(pk=member.pk)
    return found
