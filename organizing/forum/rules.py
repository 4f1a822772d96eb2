"""Pure questions about boards, topics and posts in hand: no queries, no writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.bodies.models import Scope, Visibility
from committees.membership.roles import Power, Standing
from organizing.forum.audiences import Audience
from organizing.forum.models import Policy, ShownAs, State

if TYPE_CHECKING:
    from committees.bodies.models import Committee
    from committees.membership.models import Membership
    from organizing.forum.models import Board, Post, Topic

#: So long after it was written a post is changed without a mark.
FREE_TO_CHANGE = timedelta(hours=24)


def may_keep(by: Membership, board: Board) -> bool:
    """Whether this member names boards of that committee and writes its announcements."""
    return by.committee_id == board.committee_id and Power.KEEP_BOARDS in by.powers


def may_write(by: Membership, board: Board) -> bool:
    """Whether this member, who may read the board, may also write on it."""
    if Power.POST not in by.powers:
        return False
    if board.audience == Audience.STRATEGY and Power.READ_STRATEGY not in by.powers:
        return False
    return board.policy != Policy.ANNOUNCEMENTS or may_keep(by, board)


def may_reply(by: Membership, topic: Topic) -> bool:
    """With the topic's board read along."""
    return not topic.is_locked and topic.last_position > 0 and may_write(by, topic.board)


def may_translate(by: Membership) -> bool:
    """Past the first weeks, for nobody looks at a translation before it is shown."""
    return Power.POST in by.powers and by.standing == Standing.MEMBER


def require_author(by: Membership, post: Post) -> None:
    """Only whoever wrote it, under the name under which it was written. Raises PermissionDenied."""
    if post.membership_id is None or by.pk != post.membership_id or Power.POST not in by.powers:
        raise PermissionDenied


def is_marked(post: Post, *, at: datetime) -> bool:
    """Whether a change at that time is shown to readers."""
    return post.position is not None and at > post.written_at + FREE_TO_CHANGE


def may_change(post: Post) -> bool:
    """Visible ones, and those that still wait. What was hidden, removed or taken back is not changed."""
    return post.is_visible or post.is_waiting


def may_retitle(post: Post) -> bool:
    """Whether its author may still change the title of its topic: until others have seen it."""
    return post.is_waiting and not post.topic.last_position


def may_withdraw(post: Post) -> bool:
    return post.state not in (State.WITHDRAWN, State.REMOVED)


def shown_as(by: Membership, wish: str) -> ShownAs:
    """What readers elsewhere learn of the author's work. Of a committee that only its link leads to: never the workplace."""
    return ShownAs.INDUSTRY if by.committee.visibility == Visibility.LINK else ShownAs(wish)


def audiences_of(committee: Committee) -> list[Audience]:
    """For whom a committee can open a board: for others only if others belong to it; for everyone only if everyone may know of it."""
    found = [Audience.COMMITTEE, Audience.STRATEGY]
    if committee.scope != Scope.WORKPLACE:
        found.append(Audience.SHARED)
    if committee.visibility == Visibility.LISTED:
        found.append(Audience.PUBLIC)
    return found


def require_fits(committee: Committee, audience: str) -> Audience:
    if audience not in audiences_of(committee):
        raise Refused(_("Your committee cannot open a part of the forum for these readers."), field="audience")
    return Audience(audience)
