"""What this room tells people: organizers that a committee wants to come, and whoever brought it what became of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from committees.base.navigation import path_to
from committees.membership import queries as membership
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, register
from committees.resettling.models import Arrival, State

GROUP = "membership"


def _arrival(notice: Notice) -> Arrival:
    found: Arrival = notice.about
    return found


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    arrival = _arrival(notice)
    return {"arrival": arrival, "workplace": arrival.workplace, "committee": arrival.committee}


def _organizers(notice: Notice) -> Any:
    return membership.organizer_ids(notice.committee_id or 0).exclude(person=_arrival(notice).brought_by_id)


def _while_it_waits(notice: Notice, person_ids: set[int]) -> set[int]:
    if not Arrival.objects.filter(pk=notice.about_id, state=State.WAITING).exists():
        return set()
    return person_ids & set(_organizers(notice))


def _bringer(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids & set(Arrival.objects.filter(pk=notice.about_id, ended_at__isnull=False).values_list("brought_by", flat=True))


def register_all() -> None:
    """Called from `ready()`."""
    register(
        Kind(
            name="resettling/asked",
            label=_("A committee wants to come from another server"),
            group=GROUP,
            audience=_organizers,
            matters=_while_it_waits,
            context=_words,
            url=lambda notice: path_to("resettling:coming", _arrival(notice).asked.slug),
            unsubscribable=False,
        )
    )
    register(
        Kind(
            name="resettling/answered",
            label=_("What became of the committee that you brought"),
            group=GROUP,
            matters=_bringer,
            context=_words,
            url=lambda notice: _arrival(notice).get_absolute_url(),
            unsubscribable=False,
            members_only=False,
        )
    )
