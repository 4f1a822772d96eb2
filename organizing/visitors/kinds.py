"""What visitors are told: that they are registered, and what members are told of the same meeting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from committees.notices.models import Notice
from committees.notices.registry import Kind, register
from organizing.meetings import kinds as meetings
from organizing.meetings.models import Meeting, State
from organizing.visitors.models import Opening, Visit

type Matters = Callable[[Notice, set[int]], set[int]]


def _coming(notice: Notice) -> Any:
    return Visit.objects.coming().filter(opening__meeting=notice.about_id).values_list("person_id")


def _while(state: State) -> Matters:
    """Of these people, who still comes, while the meeting stands as this version says. Two queries for all."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        stands = Meeting.objects.filter(pk=notice.about_id, state=state, told_version=notice.version).select_related("opening").first()
        if stands is None:
            return set()
        notice.about = stands  # what is said is what is true now
        return set(Visit.objects.coming().filter(opening__meeting=stands, person_id__in=person_ids).values_list("person_id", flat=True))

    return matters


def _url(notice: Notice) -> str:
    return Opening.objects.get(meeting=notice.about_id).get_absolute_url()


def register_all() -> None:
    """Called from `ready()`."""
    common: dict[str, Any] = {**meetings.SAID, "group": meetings.GROUP, "url": _url, "audience": _coming, "members_only": False}
    scheduled = _while(State.SCHEDULED)
    at_once: dict[str, Any] = {"urgent": True, "ignores_quiet_hours": True}
    register(Kind(name="visitors/registered", label=_("You are registered for a meeting"), matters=scheduled, **common))
    register(Kind(name="visitors/moved", label=_("A meeting you registered for is moved"), matters=scheduled, **at_once, **common))
    register(Kind(name="visitors/cancelled", label=_("A meeting you registered for is cancelled"), matters=_while(State.CANCELLED), **at_once, **common))
    register(Kind(name="visitors/reminder", label=_("A meeting you registered for is tomorrow"), matters=scheduled, **common))
