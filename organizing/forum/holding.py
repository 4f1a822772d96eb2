"""Which posts wait until somebody has looked at them. The rule stands here and nowhere else.

Who looks is not this room's business: whoever does registers what happens when a post waits (`on_hold`), and how long
somebody must be silent (`on_silence`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from committees.membership.roles import Power, Standing
from organizing.forum.models import Policy

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.forum.models import Board, Post

#: So many posts of a member are looked at before others see them.
FIRST = 3


class Why(StrEnum):
    """Why a post waits."""

    PROBATION = "probation"
    FIRST_POSTS = "first_posts"
    BOARD = "board"


type OnHold = Callable[["Post", Why, datetime], None]
type OnSilence = Callable[["Membership", datetime], datetime | None]
_on_hold: list[OnHold] = []
_on_silence: list[OnSilence] = []


def on_hold(hook: OnHold) -> None:
    """Called from a room's `ready()`: `hook(post, why, at)` runs in the transaction in which a post begins to wait."""
    if hook not in _on_hold:
        _on_hold.append(hook)


def on_silence(hook: OnSilence) -> None:
    """Called from a room's `ready()`: `hook(membership, at)` says until when this member may not write, or None."""
    if hook not in _on_silence:
        _on_silence.append(hook)


def why(by: Membership, board: Board, *, published: int) -> Why | None:
    """Why the next post of this member on this board waits; None if it does not. `published`: how many of theirs others
    could see before, FIRST at most. Organizers do not wait: their committee knows them."""
    if Power.KEEP_BOARDS in by.powers:
        return None
    if by.standing == Standing.PROBATION:
        return Why.PROBATION
    if published < FIRST:
        return Why.FIRST_POSTS
    return Why.BOARD if board.policy == Policy.REVIEWED else None


def tell(post: Post, reason: Why, *, at: datetime) -> None:
    """A post begins to wait."""
    for hook in _on_hold:
        hook(post, reason, at)


def silent_until(by: Membership, at: datetime) -> datetime | None:
    """Until when this member may not write, where somebody said so."""
    return max((until for hook in _on_silence if (until := hook(by, at))), default=None)
