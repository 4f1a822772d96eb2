"""What authors do with what they wrote: change it, take it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from committees.base import markdown
from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.moderation import commands as moderation
from committees.notices import commands as notices
from committees.people.models import Person
from organizing.forum import rules
from organizing.forum.commands.publishing import index_again, locked, take_title
from organizing.forum.commands.writing import publish_or_hold
from organizing.forum.models import Post, PostVersion, State, Translation
from organizing.forum.models.posts import OWN_LINKS


def held(post: Post) -> Post:
    """The post as it is now, and its topic, both held until the transaction ends; the topic first, as everywhere."""
    topic = locked(post.topic)
    now = Post.objects.select_for_update(of=("self",)).select_related("membership").get(pk=post.pk)
    now.topic = topic
    return now


@transaction.atomic
def edit(post: Post, text: str, *, title: str | None = None, language: str, seen: int | None = None, by: Membership, at: datetime) -> Post:
    """An author changes what they wrote; what it said before is kept. Within a day nobody sees that it was changed, later
    everybody does. Translations of it are outdated. One that a moderator sent back waits for them again.

    `title`: the topic's, which is taken only while nobody else has seen it.

    Refused once it was hidden, removed or taken back, if it was changed since `seen`, and to new members whose text a
    moderator has looked at already.
    """
    rules.require_author(by, post)
    now = held(post)
    if not rules.may_change(now):
        raise Refused(_("This post can no longer be changed."))
    if seen is not None and seen != now.version:
        raise Refused(_("You changed this post elsewhere while you had this page open. Look at it again before you change it."))
    if now.is_visible and by.standing == Standing.PROBATION:
        raise Refused(_("A moderator has looked at this text. While you are new you can take it back and write another."))
    if (now.source, now.language) != (text, language):
        PostVersion.objects.create(post=now, version=now.version, language=now.language, source=now.source, until=at)
        now.source, now.language, now.html, now.version = text, language, markdown.render(text, own=OWN_LINKS), now.version + 1
        now.edited_at = at if rules.is_marked(now, at=at) else now.edited_at
        now.save(update_fields=["source", "language", "html", "version", "edited_at"])
        index_again(now, now.topic)
        ledger.record("post.changed", by=by.person, about=now, committee=now.topic.committee, at=at, detail={"version": now.version})
    if title and title != now.topic.title and rules.may_retitle(now):
        now.topic.title = title
        now.topic.save(update_fields=["title"])
    if now.is_sent_back:
        now.state = State.QUEUED
        now.save(update_fields=["state"])
        publish_or_hold(now, now.topic, by=by, at=at)
    return now


@transaction.atomic
def withdraw(post: Post, *, by: Membership, at: datetime) -> None:
    """An author takes a post back: its text, what it said before and its translations are gone at once, its place stays.
    What was told about it and is not sent yet is not sent. Refused once it is removed, and the second time."""
    rules.require_author(by, post)
    now = held(post)
    if not rules.may_withdraw(now):
        raise Refused(_("This has already been done."))
    _take_back(now, at=at)
    ledger.record("post.withdrawn", by=by.person, about=now, committee=now.topic.committee, at=at)


@transaction.atomic
def withdraw_everything(person: Person, *, by: Person, at: datetime) -> int:
    """A person takes back all that they ever wrote, under every name of theirs, also where they are out by now. Returns how many."""
    if person.pk != by.pk:
        raise Refused(_("Only you can do this."))
    mine = Post.objects.filter(membership__person=person).exclude(state=State.WITHDRAWN).select_related("topic").order_by("topic_id", "pk")
    number = 0
    for post in mine.iterator():
        _take_back(held(post), at=at)
        number += 1
    Translation.objects.filter(membership__person=person).delete()
    if number:
        ledger.record("posts.withdrawn", by=by, about=person, at=at, detail={"posts": number})
    return number


def _take_back(post: Post, *, at: datetime) -> None:
    post.state, post.source, post.html, post.words, post.ended_at = State.WITHDRAWN, "", "", None, at
    post.save(update_fields=["state", "source", "html", "words", "ended_at"])
    PostVersion.objects.filter(post=post).delete()
    Translation.objects.filter(post=post).delete()
    moderation.drop(post, at=at)
    notices.supersede(post)
    if post.topic.last_position <= 1:  # the topic was this post
        notices.supersede(post.topic)
        take_title(post.topic, gone=True)
    elif post.position == 1:
        take_title(post.topic, gone=True)
