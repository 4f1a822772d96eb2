"""What rooms above give every committee from its first moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from committees.bodies.models import Committee

type Gift = Callable[["Committee", datetime], None]
_gifts: list[Gift] = []


def on_founding(gift: Gift) -> None:
    """Called from a room's `ready()`: `gift(committee, at)` runs in the transaction in which a committee begins."""
    if gift not in _gifts:
        _gifts.append(gift)


def founded(committee: Committee, *, at: datetime) -> None:
    for gift in _gifts:
        gift(committee, at)
