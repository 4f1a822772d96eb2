"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from committees.base import softcache
from committees.people import tallies


def connect() -> None:
    softcache.fall_back_to(tallies)
