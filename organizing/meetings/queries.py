"""What the pages of meetings need over several rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from committees.alliance import queries as alliance
from committees.base import dates, keyset, languages, prepared, tokens
from committees.base.navigation import path_to
from committees.bodies.models import Committee
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import Power
from committees.notices.models import Delivery, Notice, State
from committees.notices.queries import Report, report, with_counts
from committees.people.models import Person
from organizing.meetings import calendars, rules
from organizing.meetings.guests import GuestQuerySet
from organizing.meetings.models import Answer, CalendarFeed, Choice, Guest, GuestState, Meeting, MeetingChange, MeetingQuerySet, Series
from organizing.meetings.rules import Sight

#: Lists of meetings begin with the one that comes first, those of meetings that are over with the last one.
SOONEST, LATEST = ("starts_at", "pk"), ("-starts_at", "-pk")
#: How many notices about one meeting its organizers see the way of.
REPORTS = 4
#: A series has six to come as rows, besides the one that runs.
MOST_OF_SERIES = 20


def mine(person: Person) -> MeetingQuerySet:
    """Meetings of all this person's committees, each with its committee, its counts and their own answer. One query."""
    return Meeting.objects.visible_to_person(person).select_related("committee").with_counts().with_choice_of(person)


def coming(person: Person, at: datetime) -> MeetingQuerySet:
    """What of these is not over yet, of each series the next date. One query."""
    return mine(person).coming(at).one_of_each_series(at, seen=Meeting.objects.visible_to_person(person))


_PERSON_NOW = {"person": prepared.a_row(Person), "at": prepared.an_instant}
#: Lists of one's own: what comes, and what is over.
COMING = keyset.Listing(Meeting, coming, _PERSON_NOW, order=SOONEST)
OVER = keyset.Listing(Meeting, lambda person, at: mine(person).over(at), _PERSON_NOW, order=LATEST)


def of_committee(member: Membership) -> MeetingQuerySet:
    """What was called in this member's committee, in the same shape."""
    return Meeting.objects.visible_to(member).called().select_related("committee").with_counts().with_answer_of(member).annotate(through=_slug_of(member))


def _slug_of(member: Membership) -> Subquery:
    """The slug of the member's committee: the way by which they come to a meeting."""
    return Subquery(Committee.objects.filter(pk=member.committee_id).values("slug")[:1])


_MEMBER = prepared.a_row(Membership, "committee_id", same=("powers",))
_MEMBER_NOW = {"member": _MEMBER, "at": prepared.an_instant}
#: The same of one committee.
COMING_HERE = keyset.Listing(
    Meeting,
    lambda member, at: of_committee(member).coming(at).one_of_each_series(at, seen=Meeting.objects.visible_to(member)),
    _MEMBER_NOW,
    order=SOONEST,
)
OVER_HERE = keyset.Listing(Meeting, lambda member, at: of_committee(member).over(at), _MEMBER_NOW, order=LATEST)
_NEXT = prepared.Prepared(lambda member, at: of_committee(member).coming(at).order_by(*SOONEST)[:1], **_MEMBER_NOW)


def next_in(member: Membership, at: datetime) -> Meeting | None:
    """The meeting of this member's committee that comes next or is running; a cancelled one too, until it would have been over."""
    return _NEXT.first(member=member, at=at)


def last_in(committee_ids: Sequence[int]) -> dict[int, datetime]:
    """When a meeting was last called in these committees, or takes place: one that is coming counts already. Two queries.

    One that its series made shows no life by itself, only if somebody says that they come.
    """
    called = MeetingChange.objects.filter(committee__in=committee_ids, kind=MeetingChange.Kind.CALLED, meeting__made_ahead=False)
    found = dict(called.order_by().values_list("committee").annotate(last=Max("at")))
    somebody_comes = Exists(Answer.objects.for_outer_meeting().filter(choice=Choice.YES))
    held = Meeting.objects.scheduled().filter(Q(made_ahead=False) | somebody_comes, committee__in=committee_ids)
    for pk, at in held.order_by().values_list("committee").annotate(last=Max("starts_at")):
        found[pk] = max(at, found.get(pk, at))
    return found


def _one(member: Membership, slug: str) -> MeetingQuerySet:
    titles = CalendarFeed.objects.filter(person__memberships=member).values("titles")[:1]
    found = (
        of_committee(member)
        .with_agenda_for(member)
        .with_names_for(member)
        .with_guests()
        .select_related("series")
        .annotate(titles=Coalesce(Subquery(titles), Value(CalendarFeed.Titles.NEUTRAL)))
    )
    return found.filter(slug=slug)


_ONE = prepared.Prepared(_one, member=_MEMBER, slug=prepared.a_word)


def one(member: Membership, slug: str) -> Meeting | None:
    """One called meeting of this member's committee with all that its page needs. One query."""
    return _ONE.first(member=member, slug=slug)


def of_series(series: Series, member: Membership, at: datetime) -> list[Meeting]:
    """The meetings of a series that are to come, the next one first, with this member's answers. One query."""
    return list(of_committee(member).filter(series=series, ends_at__gt=at).order_by(*SOONEST)[:MOST_OF_SERIES])


def one_of_each_series(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Of each series the one that is given first, and all that take place once. Asks the database nothing."""
    first: dict[int, Meeting] = {}
    for meeting in meetings:
        first.setdefault(meeting.series_id or -meeting.pk, meeting)
    return list(first.values())


def drafts(member: Membership) -> list[Meeting]:
    """What this committee's organizers have written and not sent, the latest first."""
    return list(Meeting.objects.hosted(member).drafts().order_by("-changed_at", "pk")[:50])


def _calling(person: Person, at: datetime) -> MembershipQuerySet:
    return Membership.objects.of(person).with_power(Power.CALL_MEETING, at)


def _callers(person: Person, at: datetime) -> MembershipQuerySet:
    return _calling(person, at).select_related("committee").order_by("committee__name", "pk")


_CALLERS = prepared.Prepared(_callers, **_PERSON_NOW)


def may_call_in(person: Person) -> list[Membership]:
    """The memberships with which this person may call a meeting. One query."""
    return _CALLERS(person=person, at=timezone.now())


@dataclass(frozen=True)
class Standpoint:
    """One meeting as one member sees it at one instant."""

    meeting: Meeting
    agenda: list[dict[str, Any]]
    answer: dict[str, Any] | None
    told: MeetingChange | None
    yes: int
    maybe: int
    sight: Sight
    may_answer: bool
    may_call: bool
    is_guest: bool
    sees_answers: bool
    sees_names: bool
    at: datetime
    #: Those who wait for a place, by membership, the next one first.
    waiting: list[int] = field(default_factory=list)
    member_id: int = 0

    @property
    def choice(self) -> str:
        return str(self.answer["choice"]) if self.answer else ""

    @property
    def turn(self) -> int:
        """Which one of those who wait the reader is; 0 where they do not."""
        return self.waiting.index(self.member_id) + 1 if self.member_id in self.waiting else 0

    @property
    def places_are_given(self) -> bool:
        return rules.gives_places(self.meeting, at=self.at)

    @property
    def is_over(self) -> bool:
        return self.meeting.is_over(self.at)

    @property
    def is_running(self) -> bool:
        return self.meeting.is_running(self.at)

    @property
    def names(self) -> list[str]:
        """Who is coming and shows it to members; nobody to new members, for whom a roster is nothing yet."""
        return getattr(self.meeting, "names", []) if self.sees_names else []

    @property
    def repeats(self) -> str:
        """The rhythm of its series, in the language in use."""
        return self.meeting.series.words if self.meeting.series else ""

    @property
    def series_url(self) -> str:
        return path_to("meetings:series", self.meeting.committee.slug, self.meeting.series.slug) if self.meeting.series else ""

    @property
    def calendar_title(self) -> str:
        return calendars.title(self.meeting, getattr(self.meeting, "titles", CalendarFeed.Titles.NEUTRAL))

    @property
    def zone(self) -> str:
        return dates.zone_label(self.meeting.zone)

    @property
    def spoken(self) -> str:
        return languages.names(self.meeting.languages)

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
    """What the page of a meeting shows this member. `meeting` comes from `one`; asks the database only for what changed."""
    answer: dict[str, Any] | None = getattr(meeting, "my_answer", None)
    return Standpoint(
        meeting=meeting,
        agenda=getattr(meeting, "points", []),
        answer=answer,
        told=meeting.told,
        yes=getattr(meeting, "yes", 0),
        maybe=getattr(meeting, "maybe", 0),
        sight=rules.sight(meeting, member, choice=answer["choice"] if answer else "", at=at),
        may_answer=rules.may_answer(meeting, member, at=at),
        may_call=Power.CALL_MEETING in member.powers and meeting.committee_id == member.committee_id,
        is_guest=meeting.committee_id != member.committee_id,
        sees_answers=Power.SEE_ANSWERS in member.powers,
        sees_names=Power.SEE_PLACE in member.powers,
        at=at,
        waiting=_in_line(meeting),
        member_id=member.pk,
    )


def _in_line(meeting: Meeting) -> list[int]:
    """Those who wait, in order. One query, and none where there is room for all."""
    if meeting.capacity is None:
        return []
    waiting = Answer.objects.counting(meeting).filter(choice=Choice.WAITING)
    return list(waiting.order_by("at", "pk").values_list("membership_id", flat=True))


@dataclass(frozen=True)
class Needs:
    """What people who come need, in numbers."""

    interpretation: list[tuple[str, int]]
    child_care: int
    ride: int


@dataclass(frozen=True)
class Group:
    """Everyone who gave one answer."""

    choice: str
    label: Any
    answers: list[Answer]


def answers(meeting: Meeting, member: Membership) -> tuple[list[Group], Needs]:
    """Who answered what, as far as this member may know, and what those who come need. One query."""
    given = list(Answer.objects.counting(meeting).visible_to(member).select_related("membership").order_by("membership__handle", "pk"))
    groups = [Group(choice.value, choice.label, [each for each in given if each.choice == choice]) for choice in Choice]
    coming = [each for each in given if each.choice != Choice.NO]
    spoken = Counter(languages.name(each.interpretation) for each in coming if each.interpretation)
    return groups, Needs(spoken.most_common(), sum(each.child_care for each in coming), sum(each.ride for each in coming))


def feed(person: Person, at: datetime) -> list[Meeting]:
    """What this person's calendar is made of: meetings to come and of the last weeks. Those they said no to are left out of it, and of a series
    their dates: so they are here, as far as they are in one."""
    rows = Meeting.objects.visible_to_person(person).select_related("committee", "series").with_choice_of(person)
    held = rows.filter(ends_at__gt=at - calendars.KEPT).exclude(Q(("my_choice", Choice.NO), ("series", None)))
    return list(held.order_by("starts_at", "pk")[: calendars.MOST_EVENTS])


def titles_of(person: Person) -> str:
    """How discreet this person's calendar is; neutral until they say otherwise."""
    row = CalendarFeed.objects.visible_to(person).first()
    return row.titles if row else CalendarFeed.Titles.NEUTRAL


def feed_of(token: str) -> CalendarFeed | None:
    """Whose calendar a secret address is, while they belong to a committee and their account is not hidden."""
    found = CalendarFeed.objects.filter(digest=tokens.digest(token), person__is_active=True).select_related("person").first()
    return found if found and Membership.objects.of(found.person).exclude(committee__life="dissolved").exists() else None


def told_of(meeting: Meeting) -> set[int]:
    """The people who were told of this meeting in any way and still belong to its committee."""
    told = Delivery.objects.filter(notice__in=Notice.objects.about(meeting)).filter(Q(state=State.ACCEPTED) | Q(started_at__isnull=False))
    members = Membership.objects.present().filter(committee_id=meeting.committee_id)
    return set(members.filter(person__in=told.values("person")).values_list("person_id", flat=True))


_ABOUT = prepared.Prepared(
    lambda meeting, member: with_counts(Notice.objects.about(meeting).filter(committee_id=member.committee_id)).order_by("-posted_at", "-pk")[:REPORTS],
    meeting=prepared.a_row(Meeting),
    member=_MEMBER,
)


def reports(meeting: Meeting, member: Membership) -> list[Report]:
    """How the notices about this meeting go out to this member's own committee, the latest first; of those that were overtaken
    only what had gone. One query."""
    return [report(notice) for notice in _ABOUT(meeting=meeting, member=member)]


# -- Guests --------------------------------------------------------------------------------------------------------------


def guests(meeting: Meeting) -> list[Guest]:
    """The committees that were invited and are still meant, for the host's organizers."""
    return list(meeting.guests.exclude(state=GuestState.WITHDRAWN).select_related("invited").order_by("invited__name", "pk"))


def invitations(member: Membership, at: datetime) -> list[Guest]:
    """Invitations of this member's committee that wait for its organizers."""
    asked = Guest.objects.visible_to(member).unanswered(at).filter(invited_id=member.committee_id)
    return list(asked.select_related("meeting", "committee").order_by("meeting__starts_at", "pk"))


def invitations_for(person: Person, at: datetime) -> GuestQuerySet:
    """Invitations that wait for this person, as somebody who calls meetings in the invited committee."""
    return Guest.objects.unanswered(at).filter(invited_id__in=_calling(person, at).values("committee_id"))


def invitation(member: Membership, slug: str) -> Guest | None:
    """One invitation that this member's committee got; None as if there were none."""
    got = Guest.objects.visible_to(member).filter(invited_id=member.committee_id, slug=slug)
    return got.select_related("meeting__committee", "committee", "invited").first()


def could_be_invited(meeting: Meeting, member: Membership) -> list[Committee]:
    """Committees tied to the host that are not invited yet, or said no."""
    there = {guest.invited_id for guest in guests(meeting) if guest.state != GuestState.DECLINED}
    return [committee for committee in alliance.tied(member) if committee.pk not in there]
