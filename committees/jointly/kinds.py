"""What this room tells people: whoever can agree, members who can object, and all of them how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from committees.base.navigation import path_to
from committees.bodies.models import Committee, Life
from committees.jointly import groups, queries, rules
from committees.jointly.commands import deeds
from committees.jointly.models import Deed, Introduction, JointAct, State
from committees.membership import queries as membership
from committees.membership.models import Membership
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, register

GROUP = "membership"


def _act(notice: Notice) -> JointAct:
    found: JointAct = notice.about
    return found


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    act = _act(notice)
    return {"act": act, "committee": act.committee, "sentence": deeds.sentence(act), "days": rules.to_object(act.deed).days}


def _able(notice: Notice) -> Any:
    return queries.seconds(_act(notice)).values_list("person_id", flat=True)


def _members(notice: Notice) -> Any:
    """Full members of the committee in which it was proposed."""
    inside = Membership.objects.standing_members().filter(committee_id=_act(notice).committee_id).exclude(committee__life=Life.DISSOLVED)
    return inside.values_list("person_id", flat=True)


def _organizers(notice: Notice) -> Any:
    """Organizers of that committee, of a removal never the one who was to go, who may not know of it; and whoever offered to organize."""
    act = _act(notice)
    if act.is_volunteering:
        return _whom(notice)
    there = membership.organizers(act.committee_id)
    return (there.exclude(pk=act.member.pk) if act.member and act.deed == Deed.REMOVAL else there).values_list("person_id", flat=True)


def _whom(notice: Notice) -> Any:
    member = _act(notice).member
    return [member.person_id] if member and member.person_id else []


def _while(who: Callable[[Notice], Any], *states: State) -> Callable[[Notice, set[int]], set[int]]:
    """Those of them who still are who they were, while the act stands where the notice says."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        if not JointAct.objects.filter(pk=notice.about_id, state__in=states).exists():
            return set()
        return person_ids & set(who(notice))

    return matters


def _mine(notice: Notice) -> Committee:
    """Of two groups that were introduced, the one for which the notice is."""
    pair: Introduction = notice.about
    return pair.first if pair.first_id == notice.committee_id else pair.second


def _introduced(notice: Notice) -> Any:
    return membership.organizer_ids(notice.committee_id or 0)


def _while_both_are(notice: Notice, person_ids: set[int]) -> set[int]:
    if not Introduction.objects.standing().filter(pk=notice.about_id).exists():
        return set()
    return person_ids & set(_introduced(notice))


def _url(notice: Notice) -> str:
    act = _act(notice)
    asked = act.committee.verified_by if act.asks_wider and notice.committee_id == act.committee.verified_by_id else None
    return act.url_in(asked.slug if asked else act.committee.slug)


def _tell_them(name: str, label: Any, *states: State) -> None:
    register(
        Kind(
            name=f"jointly/{name}",
            label=label,
            group=GROUP,
            matters=_while(_whom, *states),
            context=_words,
            url=lambda notice: path_to("bodies:list"),
            unsubscribable=False,
            members_only=False,
            thread=lambda notice: f"joint-{notice.about_id}",
        )
    )


def _tell_groups() -> None:
    register(
        Kind(
            name="jointly/introduced",
            label=_("There is another group at your workplace"),
            group=GROUP,
            audience=_introduced,
            matters=_while_both_are,
            context=lambda notice, language, level: {
                "introduction": notice.about,
                "committee": _mine(notice),
                "other": notice.about.other_than(notice.committee_id),
            },
            url=lambda notice: path_to("jointly:acts", _mine(notice).slug),
            unsubscribable=False,
        )
    )


def _two_names(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    pair = _act(notice).introduction
    stays = groups.that_stays(pair) if pair else None
    return {"stays": stays, "goes": pair.other_than(stays.pk) if pair and stays else None}


def _tell_those_in_both() -> None:
    register(
        Kind(
            name="jointly/two_names",
            label=_("Your two names will be one"),
            group=GROUP,
            matters=lambda notice, people: people if JointAct.objects.filter(pk=notice.about_id, state=State.AGREED).exists() else set(),
            context=_two_names,
            url=lambda notice: path_to("bodies:list"),
            unsubscribable=False,
            members_only=False,
            thread=lambda notice: f"joint-{notice.about_id}",
        )
    )


def register_all() -> None:
    """Called from `ready()`."""

    def tell(name: str, label: Any, who: Callable[[Notice], Any], *states: State) -> None:
        register(
            Kind(
                name=f"jointly/{name}",
                label=label,
                group=GROUP,
                audience=who,
                matters=_while(who, *states),
                context=_words,
                url=_url,
                unsubscribable=False,
                thread=lambda notice: f"joint-{notice.about_id}",
            )
        )

    _tell_groups()
    _tell_those_in_both()
    _tell_them("about_you", _("Two organizers want to remove you"), State.AGREED)
    _tell_them("you_stay", _("You stay in your committee"), State.STOPPED, State.DROPPED, State.OVERTAKEN)
    tell("proposed", _("Another organizer asks you to agree"), _able, State.PROPOSED)
    tell("agreed", _("Two organizers want to do something: you can object"), _members, State.AGREED)
    tell("stopped", _("It does not happen"), _members, State.STOPPED, State.DROPPED)
    tell("done", _("What two organizers proposed is done"), _members, State.DONE)
    tell("lapsed", _("What an organizer proposed does not happen"), _organizers, State.LAPSED, State.OVERTAKEN)
