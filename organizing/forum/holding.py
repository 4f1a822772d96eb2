"""Which posts wait until somebody has looked at them. The rule stands here and nowhere else; who looks, and what they may
decide, is `committees.moderation`'s."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from committees.membership.roles import Power, Standing
from committees.moderation.models import Reason
from organizing.forum.models import Policy, Post
from organizing.forum.models.posts import PostQuerySet

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.forum.models import Board

#: So many posts of a member are looked at before others see them.
FIRST = 3
#: More links out than this in a post, or hardly a word beside them, and somebody looks first.
LINKS = 2
WORDS = 3
#: The same text again within this time is looked at.
TWICE = timedelta(days=7)

_LINK = re.compile(r'<a href="(?:https?|mailto):', re.IGNORECASE)
_LINKED = re.compile(r"<a [^>]*>.*?</a>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def why(post: Post, board: Board, *, by: Membership) -> Reason | None:
    """Why this post, which is written and not yet shown, waits on this board; None if it does not.

    Organizers do not wait: their committee knows them. At most two queries.
    """
    if Power.KEEP_BOARDS in by.powers:
        return None
    if post.published_at is not None:  # it was shown before, and a moderator asked its author to change it
        return Reason.CHANGED
    if by.standing == Standing.PROBATION:
        return Reason.PROBATION
    mine = Post.objects.filter(membership=by).exclude(pk=post.pk)
    if len(mine.filter(position__isnull=False)[:FIRST].values_list("pk")) < FIRST:
        return Reason.FIRST_POSTS
    return Reason.BOARD if board.policy == Policy.REVIEWED else _by_its_words(post, mine)


def _by_its_words(post: Post, others: PostQuerySet) -> Reason | None:
    if is_mostly_links(post.html):
        return Reason.LINKS
    again = others.filter(written_at__gt=post.written_at - TWICE, source=post.source)
    return Reason.TWICE if again.exists() else None


def is_mostly_links(html: str) -> bool:
    """Whether a post's HTML leads out of the forum more than it says."""
    links = len(_LINK.findall(html))
    if not links:
        return False
    return links > LINKS or len(_TAG.sub(" ", _LINKED.sub(" ", html)).split()) < WORDS
