"""What the retention table promises (wiring.py), and what an erased account leaves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from committees.bodies.models import Committee
from committees.membership.models import Membership
from committees.moderation import commands as moderation
from committees.people.models import Person
from organizing.forum.audiences import INNER
from organizing.forum.models import Block, Board, Draft, Post, PostVersion, ReadMark, State, Topic, Translation, Watch
from organizing.forum.models.posts import PostQuerySet

DRAFT_DAYS = REMOVED_DAYS = 90


@transaction.atomic
def forget_drafts(at: datetime) -> int:
    """Drafts that nobody touched for ninety days."""
    gone, _rows = Draft.objects.filter(changed_at__lt=at - timedelta(days=DRAFT_DAYS)).delete()
    return gone


@transaction.atomic
def forget_removed(at: datetime) -> int:
    """The text of what a moderator removed, ninety days later: no appeal can bring it back then. Its place stays."""
    old = Post.objects.filter(state=State.REMOVED, ended_at__lt=at - timedelta(days=REMOVED_DAYS)).exclude(source="")
    ids = list(old.values_list("pk", flat=True))
    PostVersion.objects.filter(post__in=ids).delete()
    Translation.objects.filter(post__in=ids).delete()
    return Post.objects.filter(pk__in=ids).update(source="", html="", words=None)


def _drop_what_waits(posts: PostQuerySet, *, at: datetime) -> None:
    waiting = posts.waiting().filter(position=None)
    for post in waiting:
        moderation.drop(post, at=at)
    waiting.delete()


@transaction.atomic
def forget_person(person: Person) -> None:
    """An account is erased: drafts, marks, what it followed and whom it blocked go, and so does that others blocked it. Posts that it did not take back stay, and lead to nobody;
    what waited for a moderator is nobody's any more, and goes."""
    for model in (Block, Draft, ReadMark, Watch):
        model.objects.filter(person=person).delete()
    Block.objects.filter(blocked__person=person).delete()
    _drop_what_waits(Post.objects.filter(membership__person=person), at=timezone.now())
    Topic.objects.filter(started_by__person=person, last_position=0).delete()


@transaction.atomic
def forget_blocks(member: Membership, at: datetime) -> None:
    """A membership ends: whom its person had blocked in that committee is no longer kept."""
    Block.objects.filter(person=member.person_id, blocked__committee=member.committee_id).delete()


@transaction.atomic
def close(committee: Committee, by: int, at: datetime) -> None:
    """A committee closes: nobody reads on there, and whom somebody had blocked is no longer kept (bodies.register.on_closing)."""
    Block.objects.filter(blocked__committee=committee).delete()


@transaction.atomic
def forget_member(member: Membership, at: datetime) -> None:
    """A membership lapses: what its person had begun, read and followed where only that committee reads is erased, and what
    still waited for a moderator goes. Posts stay, as in an erasure."""
    inside = {"committee_id": member.committee_id, "audience__in": INNER}
    boards, topics = Board.objects.filter(**inside).values("pk"), Topic.objects.filter(**inside).values("pk")
    Draft.objects.filter(Q(board__in=boards) | Q(topic__in=topics), person=member.person_id).delete()
    Watch.objects.filter(Q(board__in=boards) | Q(topic__in=topics), person=member.person_id).delete()
    ReadMark.objects.filter(topic__in=topics, person=member.person_id).delete()
    Block.objects.of_author(member).delete()
    _drop_what_waits(Post.objects.filter(membership=member), at=at)
    Topic.objects.filter(started_by=member, last_position=0).delete()
