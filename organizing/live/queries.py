"""What the pages of a meeting that goes on need over several rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from committees.bodies.models import QUORUM, Charter
from committees.membership.applications import Check
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import PRESENT
from organizing.live import agenda, code, order, rules
from organizing.live.models import Duty, Gathering, Knock, Presence, Turn
from organizing.live.rules import Quorum
from organizing.meetings.models import AgendaItem, Guest, GuestState, Meeting

#: So many who wait to speak, or at the door, stand on a page; the others are counted.
NAMED = 30
BY_NAME = ("handle_key", "pk")


def one(member: Membership, slug: str) -> Gathering | None:
    """The meeting with that name that this member sees, where it was opened: with their duties, and whether they are here. One query."""
    mine = Duty.objects.held().filter(gathering=OuterRef("pk"), membership=member)
    here = Presence.objects.filter(gathering=OuterRef("pk"), membership=member, left_at=None)
    guests = Guest.objects.filter(meeting=OuterRef("meeting"), state=GuestState.ACCEPTED).values("invited_id")
    found = Gathering.objects.visible_to(member).filter(meeting__slug=slug).select_related("meeting__committee", "committee")
    gathering = found.annotate(
        my_duties=ArraySubquery(mine.order_by("kind").values("kind")),
        my_presence=Subquery(here.values("pk")[:1]),
        guests_now=ArraySubquery(guests.order_by("invited_id")),
    ).first()
    if gathering is not None:
        gathering.meeting.guests_now = gathering.guests_now  # read along, for `is_open_to`
        gathering.meeting.through = member.committee.slug
    return gathering


def duties_of(gathering: Gathering, member: Membership) -> frozenset[str]:
    """What this member was asked to do there; what `one` read along, else one query."""
    read = getattr(gathering, "my_duties", None)
    return frozenset(Duty.objects.held().filter(gathering=gathering, membership=member).values_list("kind", flat=True) if read is None else read)


def of_meeting(meeting: Meeting) -> Gathering | None:
    """That of a meeting in hand, if it was opened. One query."""
    found = Gathering.objects.filter(meeting=meeting).first()
    if found is not None:
        found.meeting = meeting
    return found


def last_in(committee_ids: Sequence[int]) -> dict[int, datetime]:
    """When a meeting was last opened in these committees."""
    return dict(Gathering.objects.filter(committee__in=committee_ids).order_by().values_list("committee").annotate(last=Max("began_at")))


def quorum(gathering: Gathering) -> Quorum:
    """How many are here, and of those who count how many; of a meeting that has ended, what was counted then. Two queries."""
    if gathering.ended_at is not None:
        return Quorum(gathering.people or 0, gathering.entitled_here or 0, gathering.entitled or 0, gathering.needed or 0)
    share = Charter.objects.filter(committee=gathering.committee_id).order_by("-version").values_list("quorum", flat=True)[:1]
    full = Membership.objects.filter(committee=gathering.committee_id).standing_members()
    people = Presence.objects.filter(gathering=gathering)
    counted = people.aggregate(
        here=Count("pk", filter=Q(pk__in=people.here().values("pk"))),
        entitled=Count("pk", filter=Q(pk__in=people.counting(gathering.committee_id).values("pk"))),
    )
    of = full.aggregate(n=Count("pk"), share=Max(Subquery(share)))
    return Quorum(counted["here"], counted["entitled"], of["n"], rules.needed(of["n"], of["share"] or QUORUM))


# -- One row of a meeting in hand -------------------------------------------------------------------------------------------------


def turn(gathering: Gathering, slug: str) -> Turn | None:
    """What somebody asked for, if it is of this meeting; the same below."""
    return Turn.objects.filter(gathering=gathering, slug=slug).select_related("gathering__meeting").first()


def duty(gathering: Gathering, slug: str) -> Duty | None:
    return Duty.objects.filter(gathering=gathering, slug=slug).select_related("gathering__meeting").first()


def knock(gathering: Gathering, slug: str) -> Knock | None:
    return Knock.objects.filter(gathering=gathering, slug=slug).select_related("gathering__meeting").first()


# -- Who speaks -----------------------------------------------------------------------------------------------------------------


def _turns(gathering: Gathering) -> QuerySet[Turn]:
    return Turn.objects.filter(gathering=gathering, presence__membership__standing__in=PRESENT).select_related("presence__membership")


def speaking(gathering: Gathering) -> Turn | None:
    """Whoever has the floor."""
    return _turns(gathering).filter(began_at__isnull=False, ended_at=None).first()


def waiting(gathering: Gathering) -> list[Turn]:
    """Those who wait to speak, the next one first (order.in_order). One query."""
    had = Turn.objects.filter(gathering=gathering, presence=OuterRef("presence"), is_point=False, began_at__isnull=False)
    found = {turn.pk: turn for turn in _turns(gathering).filter(began_at=None, ended_at=None).annotate(spoke=Exists(had))}
    asked = [order.Asked(turn.pk, turn.presence_id, turn.asked_at, turn.is_point) for turn in found.values()]
    spoken = {turn.presence_id for turn in found.values() if turn.spoke}
    return [found[each.pk] for each in order.in_order(asked, spoken)]


@dataclass(frozen=True)
class Floor:
    """Who speaks, for how long still, and who comes next, as one page shows it."""

    speaking: Turn | None
    minutes_left: int | None
    waiting: list[Turn]

    @property
    def left(self) -> str:
        return order.left_in_words(self.minutes_left)

    @property
    def is_short(self) -> bool:
        """Whether the time is nearly up, or up."""
        return self.minutes_left is not None and self.minutes_left <= 1

    @property
    def next(self) -> Turn | None:
        return self.waiting[0] if self.waiting else None

    @property
    def shown(self) -> list[Turn]:
        return self.waiting[:NAMED]

    @property
    def more(self) -> int:
        return max(0, len(self.waiting) - NAMED)

    def turns_of(self, presence_id: int | None) -> list[Turn]:
        """What somebody has asked for, waiting or speaking."""
        return [turn for turn in (self.speaking, *self.waiting) if turn is not None and turn.presence_id == presence_id]


def floor(gathering: Gathering, at: datetime) -> Floor:
    """Two queries."""
    now = speaking(gathering)
    left = order.minutes_left(gathering.limit, now.began_at, at) if now and now.began_at else None
    return Floor(now, left, waiting(gathering))


@dataclass(frozen=True)
class Standpoint:
    """A meeting that goes on, as one member sees it at one instant."""

    gathering: Gathering
    quorum: Quorum
    floor: Floor
    agenda: agenda.Agenda
    is_open: bool
    presence_id: int | None
    may_come: bool
    organizes: bool
    chairs: bool
    keeps_door: bool
    sees_code: bool
    has_door: bool
    is_guest: bool
    at: datetime

    @property
    def meeting(self) -> Meeting:
        return self.gathering.meeting

    @property
    def is_here(self) -> bool:
        return self.presence_id is not None

    @property
    def asked(self) -> bool:
        """Whether the reader waits to speak, or speaks, for more than a point of order."""
        return any(not turn.is_point for turn in self.floor.turns_of(self.presence_id))

    @property
    def raised_a_point(self) -> bool:
        return any(turn.is_point for turn in self.floor.turns_of(self.presence_id))

    @property
    def code(self) -> str:
        """The digits, in two groups; empty where it has ended. Only for a screen (`sees_code`)."""
        digits = code.shown(str(self.gathering.secret), self.at) if self.is_open else ""
        return f"{digits[:3]} {digits[3:]}".strip()

    @property
    def mark(self) -> str:
        """What this page shows, as one word: while it is the same, there is nothing to draw anew. The minute is in it, so that what no
        command tells of (somebody who was suspended) and the code are at most a minute old."""
        return mark(self.gathering, self.at, self.floor.minutes_left)


def mark(gathering: Gathering, at: datetime, minutes_left: int | None) -> str:
    turns = code.step(at - timedelta(seconds=gathering.point_since.timestamp() % code.SECONDS)) if gathering.point_since else ""
    return f"{gathering.version}-{code.step(at)}-{turns}-{'' if minutes_left is None else minutes_left}-{int(rules.is_open(gathering, at))}"


def mark_now(gathering: Gathering, at: datetime) -> str:
    """The same without reading more than who has the floor since when. At most one query: none where there is no limit."""
    began = (
        Turn.objects.filter(gathering=gathering, began_at__isnull=False, ended_at=None).values_list("began_at", flat=True).first() if gathering.limit else None
    )
    return mark(gathering, at, order.minutes_left(gathering.limit, began, at) if began else None)


def points(gathering: Gathering, member: Membership, *, for_room: bool = False) -> list[AgendaItem]:
    """The points of its agenda that this member sees, in their order; `for_room`: that everybody may read on a wall. One query."""
    seen = AgendaItem.objects.visible_to(member).filter(meeting=gathering.meeting_id)
    return list((seen.filter(visibility=AgendaItem.Visibility.ALL) if for_room else seen).order_by("position"))


def standpoint(gathering: Gathering, member: Membership, at: datetime, *, for_room: bool = False) -> Standpoint:
    """What the page shows this member, or the wall of the room. Five queries; `gathering` is what `one` found."""
    duties, meeting = duties_of(gathering, member), gathering.meeting
    return Standpoint(
        gathering=gathering,
        quorum=quorum(gathering),
        floor=floor(gathering, at),
        agenda=agenda.agenda(gathering, points(gathering, member, for_room=for_room), at),
        is_open=rules.is_open(gathering, at),
        presence_id=getattr(gathering, "my_presence", None),
        may_come=rules.may_come(meeting, member),
        organizes=rules.organizes(meeting, member),
        chairs=rules.chairs(meeting, member, duties),
        keeps_door=rules.keeps_door(meeting, member, duties),
        sees_code=rules.sees_code(meeting, member, duties),
        has_door=rules.has_door(meeting),
        is_guest=member.committee_id != gathering.committee_id,
        at=at,
    )


# -- Who is here ----------------------------------------------------------------------------------------------------------------


def _is_here(gathering: Gathering) -> Exists:
    return Exists(Presence.objects.filter(gathering=gathering, membership=OuterRef("pk"), left_at=None))


def listed(gathering: Gathering, *, here: bool) -> MembershipQuerySet:
    """Whom those who keep the list see. Who is here: of guests too. Who is not: of the host alone, for what it learns of the other members
    of a guest is how many they are."""
    members = Membership.objects.present().select_related("committee")
    return members.filter(_is_here(gathering)) if here else members.filter(~_is_here(gathering), committee=gathering.committee_id)


def named(gathering: Gathering, *, words: str, here: bool) -> MembershipQuerySet:
    """Of those, whose name holds these words."""
    found = listed(gathering, here=here)
    return found.filter(handle__icontains=words) if words else found


def chosen(gathering: Gathering, slugs: Sequence[str], *, here: bool) -> list[Membership]:
    """Those whose names were ticked. Somebody who came meanwhile is no mistake: ticked once more, they are here once."""
    ticked = Membership.objects.present().filter(slug__in=slugs)
    return list((ticked.filter(_is_here(gathering)) if here else ticked.filter(committee=gathering.committee_id)).order_by("pk"))


def duties(gathering: Gathering) -> list[Duty]:
    """Who leads and who keeps the door, besides the organizers."""
    return list(Duty.objects.held().filter(gathering=gathering).select_related("membership", "gathering").order_by("kind", "membership__handle_key", "pk"))


# -- The door -------------------------------------------------------------------------------------------------------------------


def my_knock(gathering: Gathering, member: Membership) -> Knock | None:
    return Knock.objects.filter(gathering=gathering, membership=member).first()


@dataclass(frozen=True)
class Waits:
    """Somebody at the door, and how many members checked that they work there."""

    knock: Knock
    checks: int


def at_the_door(gathering: Gathering) -> tuple[list[Waits], int]:
    """Who waits, the longest first, with the number of members who checked that they work there; and how many more there are. Two
    queries."""
    checks = Check.objects.filter(application__person=OuterRef("membership__person"), application__committee=OuterRef("committee"))
    number = checks.order_by().values("application__person").annotate(n=Count("by", distinct=True)).values("n")
    waiting = Knock.objects.filter(gathering=gathering, let_in=None, membership__standing__in=PRESENT)
    shown = list(waiting.select_related("membership", "committee", "gathering").annotate(checks=Subquery(number)).order_by("asked_at", "pk")[:NAMED])
    return [Waits(knock, knock.checks or 0) for knock in shown], max(0, waiting.count() - len(shown))


def by_handle(gathering: Gathering, key: str) -> Membership | None:
    """The host's member whose name looks like that."""
    return Membership.objects.present().filter(committee=gathering.committee_id, handle_key=key).first()


def door_mark(waiting: Sequence[Waits], more: int) -> str:
    """Who waits, as one word: while it is the same the desk need not be drawn anew."""
    return "-".join([*(f"{each.knock.pk}.{int(each.knock.asked_at.timestamp())}" for each in waiting), str(more)])


@dataclass(frozen=True)
class Waiting:
    """Where one member stands at the door, in the browser that they use."""

    knock: Knock | None
    #: Asked in the browser in use.
    is_here: bool
    is_open: bool
    has_door: bool
    #: How many asked before them.
    before: int

    @property
    def waits(self) -> bool:
        return self.is_open and self.is_here and self.knock is not None and self.knock.let_in is None

    @property
    def was_turned_away(self) -> bool:
        return self.is_here and self.knock is not None and self.knock.let_in is False

    @property
    def may_go(self) -> bool:
        return self.is_open and self.has_door and self.is_here and self.knock is not None and self.knock.let_in is True

    @property
    def elsewhere(self) -> bool:
        """Whether they asked in another browser."""
        return self.knock is not None and not self.is_here

    @property
    def mark(self) -> str:
        said = None if self.knock is None else self.knock.let_in
        return f"{int(self.is_open)}{int(self.is_here)}{'w' if said is None else int(said)}{self.before}"


def waits(gathering: Gathering, member: Membership, asked_in: str, at: datetime) -> Waiting:
    """Two queries for whoever waits."""
    knock = my_knock(gathering, member)
    open_now = rules.is_open(gathering, at)
    waiting = knock is not None and knock.let_in is None
    before = Knock.objects.filter(gathering=gathering, let_in=None, asked_at__lt=knock.asked_at).count() if knock and waiting else 0
    return Waiting(knock, knock is not None and knock.asked_in == asked_in, open_now, rules.has_door(gathering.meeting), before)
