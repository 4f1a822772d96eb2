"""What this room tells people: that a time is sought, that one came in, that it ends soon, that it ended without one. Never the times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import dates
from committees.bodies.models import Life
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import Power
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, Reader, group, kind, register
from committees.people.models import Person
from organizing.finding import queries
from organizing.finding.models import Poll, State

GROUP = "finding"


def _poll(notice: Notice) -> Poll:
    poll: Poll = notice.about
    return poll


def _asked(notice: Notice) -> MembershipQuerySet:
    return queries.asked(_poll(notice).committee_id)


def _new_to(notice: Notice) -> MembershipQuerySet:
    """Those who answered before this time came in: its id is the notice's occasion (commands.add_time)."""
    return queries.silent_about(_poll(notice), int(notice.occasion))


def _silent(notice: Notice) -> MembershipQuerySet:
    return queries.silent(_poll(notice))


def _ids(members: MembershipQuerySet) -> Any:
    return members.values_list("person_id")


def _while_open(notice: Notice, members: MembershipQuerySet, person_ids: set[int]) -> set[int]:
    """Of these people, who still is meant, while the poll is open and the committee is there. Two queries."""
    if not Poll.objects.open().filter(pk=notice.about_id).exclude(committee__life=Life.DISSOLVED).exists():
        return set()
    return set(members.filter(person_id__in=person_ids).values_list("person_id", flat=True))


def _still_ended(notice: Notice, person_ids: set[int]) -> set[int]:
    """Of those who had answered, who is still a full member."""
    ended = Poll.objects.filter(pk=notice.about_id, state__in=(State.CLOSED, State.WITHDRAWN)).exclude(committee__life=Life.DISSOLVED)
    members = Membership.objects.filter(committee__in=ended.values("committee"), person_id__in=person_ids).standing_members()
    return set(members.values_list("person_id", flat=True))


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    poll = _poll(notice)
    return {"poll": poll, "committee": poll.committee, "withdrawn": poll.is_withdrawn}


def _until(notice: Notice, readers: Mapping[int, Reader]) -> Mapping[int, Mapping[str, str]]:
    """Until when they answer, in each reader's language and on their clock; worked out once for each."""
    known: dict[tuple[str, str], Mapping[str, str]] = {}
    for reader in readers.values():
        key = (reader.language, reader.zone)
        if key not in known:
            with translation.override(reader.language):
                known[key] = {"until": dates.moment_with_zone(_poll(notice).ends_at, reader.zone)}
    return {pk: known[reader.language, reader.zone] for pk, reader in readers.items()}


def _headlines(notices: Sequence[Notice], reader: Reader) -> Mapping[int, str]:
    """What stands in the inbox, behind the login."""
    with translation.override(reader.language):
        return {notice.pk: _("%(kind)s: %(subject)s") % {"kind": kind(notice.kind).label, "subject": _poll(notice).subject} for notice in notices}


def _may_watch(person: Person, notice: Notice) -> bool:
    """Organizers of the committee see how a notice goes out."""
    mine = Membership.objects.of(person).filter(committee_id=notice.committee_id or 0).with_running_roles().first()
    return mine is not None and Power.SEE_DELIVERY in mine.powers


def register_all() -> None:
    """Called from `ready()`."""
    group(GROUP, label=_lazy("Finding a time"), hint=_lazy("When organizers ask which time suits you for a meeting, and a reminder the day before that ends."))
    common: dict[str, Any] = {
        "group": GROUP,
        "context": _words,
        "personal": _until,
        "headlines": _headlines,
        "url": lambda notice: _poll(notice).get_absolute_url(),
        "thread": lambda notice: f"poll-{notice.about_id}",
        "may_watch": _may_watch,
    }

    def while_open(name: str, label: Any, whom: Any) -> None:
        def matters(notice: Notice, person_ids: set[int]) -> set[int]:
            return _while_open(notice, whom(notice), person_ids)

        register(Kind(name=name, label=label, audience=lambda notice: _ids(whom(notice)), matters=matters, **common))

    while_open("finding/asked", _lazy("A time for a meeting is sought"), _asked)
    while_open("finding/time_added", _lazy("One more time is proposed"), _new_to)
    while_open("finding/choose", _lazy("Answering has ended: choose a time"), lambda notice: queries.organizers(_poll(notice).committee_id))
    while_open("finding/reminder", _lazy("You can still say which time suits you"), _silent)
    register(Kind(name="finding/ended", label=_lazy("No time was found"), matters=_still_ended, **common))
