"""What this room tells people: whoever is sent or would take over, the organizers of both committees, and the delegate of reports that are due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies.models import Life
from committees.mandates.models import OPEN, Mandate, State
from committees.membership import queries as membership
from committees.membership.models import Membership
from committees.membership.roles import PRESENT
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, register

GROUP = "membership"


def _mandate(notice: Notice) -> Mandate:
    found: Mandate = notice.about
    return found


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    mandate, now = _mandate(notice), timezone.now()
    return {
        "mandate": mandate,
        "committee": mandate.committee,
        "wider": mandate.wider,
        "is_late": mandate.overdue_since(now) is not None,
        "state": mandate.state,
        "has_alternate": mandate.alternate_id is not None,
        "ending": mandate.get_ending_display(),
        "who": mandate.delegate.handle,
    }


def _inside(mandate: Mandate, *keys: int | None) -> set[int]:
    """Person ids of these members, as far as they are there."""
    there = Membership.objects.filter(pk__in=[key for key in keys if key], standing__in=PRESENT)
    return {pk for pk in there.values_list("person_id", flat=True) if pk}


def _organizers(notice: Notice) -> Any:
    return membership.organizer_ids(_mandate(notice).committee_id)


def _theirs(notice: Notice) -> Any:
    return membership.organizer_ids(_mandate(notice).wider_id)


def _delegate_and_organizers(notice: Notice) -> Any:
    mandate = _mandate(notice)
    return Membership.objects.filter(pk__in=[mandate.delegate_id, *membership.organizers(mandate.committee_id).values_list("pk", flat=True)]).values_list(
        "person_id", flat=True
    )


type Who = Callable[[Notice], Any]


def _while(who: Who, *states: State) -> Callable[[Notice, set[int]], set[int]]:
    """Those of them who still are who they were, while the mandate stands where the notice says."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        now = Mandate.objects.filter(pk=notice.about_id, state__in=states).exclude(committee__life=Life.DISSOLVED).first()
        if now is None:
            return set()
        notice.about = now
        return person_ids & set(who(notice))

    return matters


def _the_delegate(notice: Notice) -> Any:
    mandate = _mandate(notice)
    return _inside(mandate, mandate.delegate_id)


def _named(notice: Notice) -> Any:
    mandate = _mandate(notice)
    return _inside(mandate, mandate.delegate_id, mandate.alternate_id)


def _whose_report_is_due(notice: Notice, person_ids: set[int]) -> set[int]:
    """Nobody any more once a report was made."""
    running = Mandate.objects.running(timezone.now()).exclude(committee__life=Life.DISSOLVED)
    now = running.filter(pk=notice.about_id, due_at__isnull=False).first()
    if now is None or f"{now.due_at:%Y-%m-%d}" not in notice.occasion:
        return set()
    return person_ids & _inside(now, now.delegate_id)


def _url(notice: Notice) -> str:
    mandate = _mandate(notice)
    return mandate.url_in(mandate.wider.slug if notice.committee_id == mandate.wider_id else mandate.committee.slug)


def register_all() -> None:
    """Called from `ready()`."""

    def tell(name: str, label: Any, matters: Any, *, to: Who | None = None) -> None:
        common: dict[str, Any] = {"group": GROUP, "context": _words, "url": _url, "unsubscribable": False, "matters": matters}
        common |= {"audience": to} if to else {}
        register(Kind(name=f"mandates/{name}", label=label, thread=lambda notice: f"mandate-{notice.about_id}", **common))

    tell("named", _("You are proposed as a delegate, or to stand in for one"), _while(_named, *sorted(OPEN)))
    tell("begun", _("You are a delegate of your committee"), _while(_the_delegate, State.RUNNING))
    tell("ended", _("A mandate has ended"), _while(_named, State.ENDED))
    tell("changed", _("Something changed about whom your committee sends"), _while(_organizers, State.RUNNING, State.ENDED), to=_organizers)
    tell("ends_soon", _("The term of a delegate ends soon"), _while(_delegate_and_organizers, State.RUNNING), to=_delegate_and_organizers)
    tell("report_due", _("A report to your committee is due"), _whose_report_is_due)
    tell("seated", _("A delegate sits in your committee now"), _while(_theirs, State.RUNNING), to=_theirs)
