"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from committees.base import lives as told
from committees.bodies import commands, lives
from committees.directory import registry


def connect() -> None:
    told.tell(lives.COMMITTEE)
    registry.on_merge("bodies.Committee", sites=commands.move_to_site, employers=commands.move_to_employer)
