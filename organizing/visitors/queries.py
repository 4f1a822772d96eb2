"""Shapes over meetings that are open to visitors: the public page, the list of all of them, who registered, who waits at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from committees.base import dates, keyset, prepared
from committees.membership.models import Membership
from committees.people.models import Person
from organizing.live import rules as live
from organizing.live.models import Gathering
from organizing.meetings.models import AgendaItem, Meeting
from organizing.meetings.rules import Seen, opens_at
from organizing.visitors import rules
from organizing.visitors.models import Opening, Visit

#: Names of visitors who wait, at the desk. More are a number.
NAMED = 30

_NOW = {"at": prepared.an_instant}
ANNOUNCED = keyset.Listing(Opening, lambda at: Opening.objects.announced(at).select_related("meeting", "committee"), _NOW, order=("meeting__starts_at", "pk"))
REGISTERED = keyset.Listing(Visit, lambda opening: Visit.objects.filter(opening=opening), {"opening": prepared.a_number}, order=("registered_at", "pk"))


@dataclass(frozen=True)
class Standpoint:
    """What one reader of the public page sees."""

    opening: Opening
    visit: Visit | None
    agenda: list[AgendaItem]
    takes: bool
    is_full: bool
    is_over: bool
    stands: rules.Stands
    place: Seen
    link: Seen
    place_opens_at: datetime | None
    link_opens_at: datetime | None
    #: Where the link is given at the door: whether it is open, and whether this browser was let in.
    door_is_open: bool
    waits: bool
    may_go: bool
    was_declined: bool
    zone: str
    differs: bool

    @property
    def meeting(self) -> Meeting:
        return self.opening.meeting

    @property
    def comes(self) -> bool:
        return self.visit is not None and self.visit.state == Visit.State.COMING

    @property
    def is_member(self) -> bool:
        return self.stands.is_member

    @property
    def is_away(self) -> bool:
        return self.stands.is_barred or (self.visit is not None and self.visit.state == Visit.State.TURNED_AWAY)


def opening(slug: str, *, at: datetime) -> Opening | None:
    """What has a public page by that name: of a meeting that was called, in a committee that is listed, until some days after it."""
    found = Opening.objects.shown().filter(slug=slug).select_related("meeting", "committee").first()
    return found if found is not None and not rules.is_gone(found, at=at) else None


def of_meeting(meeting: Meeting) -> Opening | None:
    """How a meeting is open to visitors, with how many come (`n`). One query."""
    coming = Count("visits", filter=Q(visits__state=Visit.State.COMING))
    found = Opening.objects.filter(meeting=meeting).annotate(n=coming).first()
    if found is not None:
        found.meeting = meeting
    return found


def visit_of(opening: Opening, person: Person | None) -> Visit | None:
    found = Visit.objects.of(person).filter(opening=opening).first() if person is not None else None
    if found is not None:
        found.opening = opening
    return found


def standpoint(opening: Opening, person: Person | None, *, browser: str, at: datetime) -> Standpoint:
    """The public page as one reader sees it; `browser` is the fingerprint of their session, or nothing. A fixed number of queries."""
    meeting, visit = opening.meeting, visit_of(opening, person)
    takes = rules.takes_visitors(opening, at=at)
    full = takes and opening.room is not None and Visit.objects.coming().filter(opening=opening).count() >= opening.room
    here = visit is not None and visit.state == Visit.State.COMING and rules.has_door(opening)
    door = here and is_open_now(meeting, at=at)
    asked = visit is not None and door and visit.asked_in == browser != ""
    zone, differs = dates.zone_label(meeting.zone), meeting.starts_at is not None and dates.zone_name(None) != meeting.zone
    return Standpoint(
        opening=opening,
        visit=visit,
        agenda=list(AgendaItem.objects.filter(meeting=meeting, visibility=AgendaItem.Visibility.ALL).order_by("position")) if opening.is_public else [],
        takes=takes,
        is_full=full,
        is_over=meeting.is_over(at),
        stands=stands(opening, person),
        place=rules.sight(opening, visit, meeting.place_shown, at=at),
        link=rules.sight(opening, visit, meeting.link_shown, at=at),
        place_opens_at=opens_at(meeting, meeting.place_shown),
        link_opens_at=opens_at(meeting, meeting.link_shown),
        door_is_open=door,
        waits=bool(asked and visit and visit.let_in is None),
        may_go=bool(asked and visit and visit.let_in),
        was_declined=bool(asked and visit and visit.let_in is False),
        zone=zone,
        differs=differs,
    )


def is_open_now(meeting: Meeting, *, at: datetime) -> bool:
    """Whether the meeting goes on."""
    gathering = Gathering.objects.open().filter(meeting=meeting).first()
    if gathering is not None:
        gathering.meeting = meeting
    return gathering is not None and live.is_open(gathering, at)


def stands(opening: Opening, person: Person | None) -> rules.Stands:
    """Where somebody stands in the committees that come: whether they come anyway, and whether the host keeps them out. One query."""
    if person is None:
        return rules.Stands(is_member=False, is_barred=False)
    comes = {opening.committee_id, *opening.meeting.guest_ids}
    rows = list(Membership.objects.filter(person=person, committee_id__in=comes).values_list("committee_id", "standing"))
    return rules.stands(rows, host=opening.committee_id)


def of_committee(member: Membership, meeting_slug: str) -> Meeting | None:
    """A meeting that this member's own committee hosts and may still open, for its organizers."""
    return Meeting.objects.hosted(member).filter(slug=meeting_slug).select_related("committee").first()


def visit(opening: Opening, slug: str) -> Visit | None:
    return Visit.objects.filter(opening=opening, slug=slug).select_related("opening__meeting", "opening__committee").first()


def at_the_door(meeting: Meeting) -> tuple[list[Visit], int]:
    """Which visitors wait, the longest first, and how many more."""
    waiting = Visit.objects.waiting().filter(opening__meeting=meeting)
    shown: Sequence[Visit] = list(waiting.select_related("opening").order_by("asked_at", "pk")[: NAMED + 1])
    more = waiting.count() - NAMED if len(shown) > NAMED else 0
    return list(shown[:NAMED]), more
