"""What this room tells people: organizers of a request and of an end, members that their committee belongs to a wider one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from committees.alliance import queries
from committees.alliance.models import Affiliation, State
from committees.base.navigation import path_to
from committees.bodies.models import Life
from committees.membership.models import Membership
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, register

GROUP = "membership"


def _tie(notice: Notice) -> Affiliation:
    found: Affiliation = notice.about
    return found


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return {"tie": _tie(notice), "committee": _tie(notice).committee, "wider": _tie(notice).wider}


def _their_organizers(notice: Notice) -> Any:
    return queries.organizer_ids(notice.committee_id or 0)


def _their_members(notice: Notice) -> Any:
    """Members past their first weeks and new ones of the committee that the notice is for."""
    inside = Membership.objects.present().filter(committee_id=notice.committee_id or 0).exclude(committee__life=Life.DISSOLVED)
    return inside.values_list("person_id", flat=True)


def _while(state: State, who: Callable[[Notice], Any]) -> Callable[[Notice, set[int]], set[int]]:
    """Those of them who still are who they were, while the tie stands where the notice says."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        if not Affiliation.objects.filter(pk=notice.about_id, state=state).exists():
            return set()
        return person_ids & set(who(notice))

    return matters


def _url(notice: Notice) -> str:
    tie = _tie(notice)
    return tie.url_in(tie.wider.slug if notice.committee_id == tie.wider_id else tie.committee.slug)


def _page_url(notice: Notice) -> str:
    return path_to("alliance:ties", _tie(notice).committee.slug)


def register_all() -> None:
    """Called from `ready()`."""
    common: dict[str, Any] = {"group": GROUP, "context": _words, "thread": lambda notice: f"tie-{notice.about_id}"}
    to = _their_organizers
    register(
        Kind(name="alliance/requested", label=_("A committee asks to belong to yours"), audience=to, matters=_while(State.REQUESTED, to), url=_url, **common)
    )
    register(Kind(name="alliance/declined", label=_("A wider committee declined"), audience=to, matters=_while(State.DECLINED, to), url=_url, **common))
    register(Kind(name="alliance/parted", label=_("A committee no longer belongs to yours"), audience=to, matters=_while(State.ENDED, to), url=_url, **common))
    all_of = _their_members
    register(
        Kind(
            name="alliance/accepted",
            label=_("Your committee belongs to a wider one"),
            audience=all_of,
            matters=_while(State.ACCEPTED, all_of),
            url=_page_url,
            **common,
        )
    )
    register(
        Kind(
            name="alliance/ended",
            label=_("Your committee no longer belongs to a wider one"),
            audience=all_of,
            matters=_while(State.ENDED, all_of),
            url=_page_url,
            **common,
        )
    )
