"""What rooms above end when two committees part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from committees.bodies.models import Committee

type Parting = Callable[["Committee", "Committee", datetime], None]
_partings: list[Parting] = []


def on_parting(end: Parting) -> None:
    """Called from a room's `ready()`: `end(committee, wider, at)` runs in the transaction in which a committee no longer belongs to a
    wider one, by either side's act or because one of the two closes."""
    if end not in _partings:
        _partings.append(end)


def parted(committee: Committee, wider: Committee, *, at: datetime) -> None:
    for end in _partings:
        end(committee, wider, at)
