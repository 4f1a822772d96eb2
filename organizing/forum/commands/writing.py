"""Starting a topic and replying."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.base import dates, markdown
from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.mandates.models import Mandate
from committees.membership import rules as membership
from committees.membership.models import Membership
from committees.membership.roles import Power
from committees.moderation import commands as moderation
from committees.moderation import queries as cases
from organizing.forum import holding, queries, reporting, rules
from organizing.forum.commands.publishing import locked, publish
from organizing.forum.models import Board, Draft, Post, ShownAs, State, Topic
from organizing.forum.models.posts import OWN_LINKS

#: Letters of a post, and how many posts of one member may wait at a time.
LONGEST, MOST_WAITING = 10_000, 20


@transaction.atomic
def start(
    board: Board,
    *,
    title: str,
    text: str,
    language: str,
    shown_as: str = ShownAs.SITE,
    mandate: Mandate | None = None,
    by: Membership,
    at: datetime,
    form_key: UUID | None = None,
) -> Topic:
    """A member begins a topic on a board that they may write on, for the board's readers; who follows the board is told,
    unless the post waits for a moderator. `mandate`: it is a delegate's report to their committee, on a board of its own.

    Refused to whoever must be silent, and for a report of somebody else's mandate or one that is over. The same form posted again
    gives the same topic.
    """
    _require_seat(by, board, at=at)
    if mandate is not None:
        reporting.require(mandate, board, by=by, at=at)
    if form_key and (made := Topic.objects.filter(form_key=form_key, started_by=by).first()):
        return made
    topic = locked(_begin(board, title=title, language=language, mandate=mandate, by=by, at=at, form_key=form_key))
    if topic.posts.exists():  # the same form, in the same moment
        return topic
    _write(topic, text, language=language, shown_as=shown_as, by=by, at=at)
    Draft.objects.filter(person=by.person, board=board).delete()
    ledger.record("topic.begun", by=by.person, about=topic, committee=topic.committee, at=at)
    return topic


def _begin(board: Board, *, title: str, mandate: Mandate | None, by: Membership, at: datetime, form_key: UUID | None, language: str) -> Topic:
    """The row of a topic, or the one that the same form made in the same moment."""
    fields: dict[str, Any] = {
        "committee_id": board.committee_id,
        "audience": board.audience,
        "started_by": by,
        "started_in_id": by.committee_id,
        "mandate": mandate,
    }
    try:
        with transaction.atomic():
            return Topic.objects.create(board=board, title=title, language=language, started_at=at, form_key=form_key, **fields)
    except IntegrityError:
        made = Topic.objects.filter(form_key=form_key, started_by=by).first() if form_key else None
        if made is None:
            raise Refused(_("This form was used before. Open a new one.")) from None
        return made


@transaction.atomic
def reply(
    topic: Topic,
    text: str,
    *,
    language: str,
    shown_as: str = ShownAs.SITE,
    reply_to: Post | None = None,
    by: Membership,
    at: datetime,
    form_key: UUID | None = None,
) -> Post:
    """A member writes on a topic; who follows it is told, and whoever is answered, unless the post waits for a moderator.

    Refused on a closed topic, to whoever must be silent, and to whom a great many posts wait already. The same form posted
    again gives the same post. Of fifty at once each gets a place of its own, one after the other.
    """
    topic = locked(topic)
    _require_seat(by, topic.board, at=at)
    if form_key and (made := Post.objects.filter(form_key=form_key, membership=by).first()):
        return made
    if topic.is_locked:
        raise Refused(_("This topic is closed. Nobody can write here any more."))
    if not topic.last_position:
        raise Refused(_("A moderator has not looked at this topic yet. Wait for that before you write more."))
    if reply_to is not None and (reply_to.topic_id != topic.pk or reply_to.position is None):
        raise Refused(_("The post that you answer is not here."))
    try:
        with transaction.atomic():
            post = _write(topic, text, language=language, shown_as=shown_as, by=by, at=at, reply_to=reply_to, form_key=form_key)
    except IntegrityError:
        raise Refused(_("This form was used before. Open a new one.")) from None
    Draft.objects.filter(person=by.person, topic=topic).delete()
    return post


def _require_seat(by: Membership, board: Board, *, at: datetime) -> None:
    """Whether this member may write on this board at that time: PermissionDenied, or Refused in words."""
    membership.require(by, Power.POST, in_committee=by.committee_id)
    if not queries.reaches(by, board) or not rules.may_write(by, board):
        raise PermissionDenied
    until = cases.silenced_until([by.pk], at).get(by.pk)
    if until is not None:
        raise Refused(_("You cannot write until %(when)s.") % {"when": dates.moment_with_zone(until)})


def _write(topic: Topic, text: str, *, language: str, shown_as: str, by: Membership, at: datetime, **more: Any) -> Post:
    """The row, and then either its place or its waiting."""
    post = Post(
        topic=topic,
        committee_id=topic.committee_id,
        audience=topic.audience,
        membership=by,
        written_in_id=by.committee_id,
        shown_as=rules.shown_as(by, shown_as),
        language=language,
        source=text,
        html=markdown.render(text, own=OWN_LINKS),
        state=State.QUEUED,
        written_at=at,
        **more,
    )
    post.save(force_insert=True)
    publish_or_hold(post, topic, by=by, at=at)
    return post


def publish_or_hold(post: Post, topic: Topic, *, by: Membership, at: datetime) -> None:
    """What a member has written becomes visible, or waits until somebody has looked at it."""
    why = holding.why(post, topic.board, by=by)
    if why is None:
        publish(post, topic, at=at)
        return
    if Post.objects.filter(membership=by).waiting().exclude(pk=post.pk).count() >= MOST_WAITING:
        raise Refused(_("So many of your posts wait for a moderator that we cannot take another one yet."))
    moderation.hold(post, why=why, at=at)
