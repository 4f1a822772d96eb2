"""What is told of a meeting is told to its visitors too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from committees.notices import commands as notices
from organizing.meetings.models import Meeting
from organizing.visitors.models import Opening

#: What visitors hear of what members hear.
KINDS = {"meetings/moved": "visitors/moved", "meetings/cancelled": "visitors/cancelled", "meetings/reminder": "visitors/reminder"}


def follow(kind: str, meeting: Meeting, at: datetime, more: dict[str, Any]) -> None:
    """Called in the transaction in which members are told (meetings.register.on_telling)."""
    if kind in KINDS and Opening.objects.filter(meeting=meeting).exists():
        notices.post(KINDS[kind], about=meeting, version=meeting.told_version, at=at, **more)
