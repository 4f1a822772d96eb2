"""What the pages of meetings need over several rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from committees.base import dates
from committees.membership.models import Membership
from committees.membership.roles import Power
from organizing.meetings import calendars, rules
from organizing.meetings.models import AgendaItem, Answer, CalendarFeed, Choice, Meeting
from organizing.meetings.rules import Sight

if TYPE_CHECKING:
    from committees.people.models import Person


def mine(person: Person) -> QuerySet[Meeting]:
    """Meetings of all this person's committees, each with its committee, its counts and their own answer. One query."""
    return Meeting.objects.visible_to_person(person).select_related("committee").with_counts().with_choice_of(person)


def of_committee(member: Membership) -> QuerySet[Meeting]:
    """What was called in this member's committee, in the same shape."""
    return Meeting.objects.visible_to(member).called().select_related("committee").with_counts().with_answer_of(member)


def next_for(person: Person, at: datetime) -> Meeting | None:
    """The meeting that comes next in any of this person's committees, or the one that is running (for the page of the day)."""
    return mine(person).scheduled().coming(at).order_by("starts_at", "pk").first()


@dataclass(frozen=True)
class Standpoint:
    """One meeting as one member sees it at one instant."""

    meeting: Meeting
    agenda: list[AgendaItem]
    answer: dict[str, Any] | None
    yes: int
    maybe: int
    sight: Sight
    may_answer: bool
    may_call: bool
    at: datetime

    @property
    def choice(self) -> str:
        return str(self.answer["choice"]) if self.answer else ""

    @property
    def is_over(self) -> bool:
        return self.meeting.is_over(self.at)

    @property
    def is_running(self) -> bool:
        return self.meeting.is_running(self.at)

    @property
    def place_opens_at(self) -> datetime | None:
        return rules.opens_at(self.meeting, self.meeting.place_shown)

    @property
    def link_opens_at(self) -> datetime | None:
        return rules.opens_at(self.meeting, self.meeting.link_shown)

    @property
    def differs(self) -> bool:
        """Whether the reader's clock shows something else than the meeting's."""
        start = self.meeting.starts_at
        return start is not None and dates.local(start).utcoffset() != dates.local(start, self.meeting.zone).utcoffset()

    @property
    def other_day(self) -> bool:
        start = self.meeting.starts_at
        return start is not None and dates.local(start).date() != dates.local(start, self.meeting.zone).date()


def standpoint(meeting: Meeting, member: Membership, *, at: datetime) -> Standpoint:
    """What the page of a meeting shows this member. `meeting` comes from `of_committee`; costs one query more."""
    answer: dict[str, Any] | None = getattr(meeting, "my_answer", None)
    agenda = list(AgendaItem.objects.visible_to(member).filter(meeting=meeting))
    return Standpoint(
        meeting=meeting,
        agenda=agenda,
        answer=answer,
        yes=getattr(meeting, "yes", 0),
        maybe=getattr(meeting, "maybe", 0),
        sight=rules.sight(meeting, member, choice=answer["choice"] if answer else "", at=at),
        may_answer=rules.may_answer(meeting, member, at=at),
        may_call=Power.CALL_MEETING in member.powers,
        at=at,
    )


@dataclass(frozen=True)
class Needs:
    """What people who come need, in numbers."""

    interpretation: list[tuple[str, int]]
    child_care: int
    ride: int


def needs(meeting: Meeting) -> Needs:
    """Of those who said yes or maybe."""
    coming = Answer.objects.counting(meeting).exclude(choice=Choice.NO)
    spoken = coming.exclude(interpretation="").values_list("interpretation").annotate(n=Count("pk")).order_by("-n", "interpretation")
    totals = coming.aggregate(child_care=Count("pk", filter=Q(child_care=True)), ride=Count("pk", filter=Q(ride=True)))
    return Needs(list(spoken), totals["child_care"], totals["ride"])


def names(meeting: Meeting, member: Membership) -> QuerySet[Answer]:
    """Who answered what, as far as this member may know."""
    return Answer.objects.counting(meeting).visible_to(member).select_related("membership").order_by("-choice", "membership__handle", "pk")


def feed(person: Person, at: datetime) -> list[Meeting]:
    """What this person's calendar holds: meetings to come and of the last weeks, but for those they said no to."""
    rows = Meeting.objects.visible_to_person(person).select_related("committee").with_choice_of(person)
    return list(rows.filter(ends_at__gt=at - calendars.KEPT).exclude(my_choice=Choice.NO).order_by("starts_at", "pk")[: calendars.MOST_EVENTS])


def titles_of(person: Person) -> str:
    """How discreet this person's calendar is; neutral until they say otherwise."""
    row = CalendarFeed.objects.visible_to(person).first()
    return row.titles if row else CalendarFeed.Titles.NEUTRAL
