"""What the pages of polls need over several rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from committees.base import dates
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import Power
from committees.people.models import Person
from organizing.finding import rules
from organizing.finding.models import Poll, PollQuerySet, Reply, Slot, Word
from organizing.finding.rules import Tally

NEWEST = ("-begun_at", "-pk")


def of_committee(member: Membership) -> PollQuerySet:
    """All that this member's committee keeps."""
    return Poll.objects.visible_to(member).select_related("committee")


def last_in(committee_ids: Sequence[int]) -> dict[int, datetime]:
    """When organizers of these committees last began to look for a time."""
    begun = Poll.objects.filter(committee__in=committee_ids).order_by()
    return dict(begun.values_list("committee").annotate(last=Max("begun_at")))


def lacking(person: Person, at: datetime) -> PollQuerySet:
    """The polls that wait for this person."""
    return Poll.objects.all().lacking(person, at)


def to_choose(person: Person, at: datetime) -> PollQuerySet:
    """The polls of which this person, as an organizer, has to take a time."""
    return Poll.objects.all().to_choose(person, at)


# -- To whom ------------------------------------------------------------------------------------------------------------------


def asked(committee_id: int) -> MembershipQuerySet:
    """Those who are asked: full members."""
    return Membership.objects.filter(committee_id=committee_id).standing_members()


def _said(poll_id: int) -> QuerySet[Reply]:
    return Reply.objects.filter(slot__poll=poll_id, membership=OuterRef("pk"))


def answered(poll: Poll) -> MembershipQuerySet:
    """Of those, who said something."""
    return asked(poll.committee_id).filter(Exists(_said(poll.pk)))


def organizers(committee_id: int) -> MembershipQuerySet:
    """Those who take a time."""
    return Membership.objects.filter(committee_id=committee_id).with_power(Power.CALL_MEETING)


def silent(poll: Poll) -> MembershipQuerySet:
    """Of those, who said nothing."""
    return asked(poll.committee_id).filter(~Exists(_said(poll.pk)))


def silent_about(poll: Poll, slot_id: int) -> MembershipQuerySet:
    """Who answered, but not about this time."""
    return answered(poll).filter(~Exists(_said(poll.pk).filter(slot=slot_id)))


# -- One poll -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Time:
    """One time as one reader sees it."""

    slot: Slot
    tally: Tally
    zone: str
    minutes: int
    mine: str
    at: datetime

    @property
    def starts_at(self) -> datetime:
        return self.slot.starts_at

    @property
    def has_passed(self) -> bool:
        return self.starts_at <= self.at

    @property
    def differs(self) -> bool:
        """Whether the reader's clock shows something else than the poll's."""
        return dates.local(self.starts_at).utcoffset() != dates.local(self.starts_at, self.zone).utcoffset()

    @property
    def other_day(self) -> bool:
        return dates.local(self.starts_at).date() != dates.local(self.starts_at, self.zone).date()


@dataclass(frozen=True)
class Standpoint:
    """A poll as one member sees it at one instant."""

    poll: Poll
    #: In the order of time, and the best one first.
    times: list[Time]
    best: list[Time]
    answered: int
    silent: int
    may_answer: bool
    may_organize: bool
    may_take: bool
    sees_names: bool
    has_ended: bool

    @property
    def said_before(self) -> bool:
        return any(time.mine for time in self.times)

    @property
    def lacks(self) -> bool:
        """Whether a time came in after the reader answered."""
        return self.said_before and not all(time.mine for time in self.times)

    @property
    def zone(self) -> str:
        return dates.zone_label(self.poll.zone)


def tallies(poll: Poll) -> tuple[list[Slot], dict[int, Tally]]:
    """The times of a poll in order, and how many said what about each. One query."""
    counts = {word.value: Count("replies", filter=Q(replies__word=word, replies__membership__standing="member")) for word in Word}
    slots = list(Slot.objects.filter(poll=poll).annotate(**{f"n_{name}": count for name, count in counts.items()}).order_by("starts_at", "pk"))
    return slots, {slot.pk: Tally(slot.pk, slot.starts_at, *(getattr(slot, f"n_{word.value}") for word in Word)) for slot in slots}


def said_by(poll: Poll, member: Membership) -> dict[int, str]:
    """What this member said, by the times' ids."""
    mine = Reply.objects.visible_to(member).filter(slot__poll=poll, membership=member)
    return dict(mine.values_list("slot_id", "word"))


def standpoint(poll: Poll, member: Membership, *, at: datetime) -> Standpoint:
    """What the page of a poll shows this member. Three queries."""
    slots, counted = tallies(poll)
    mine = said_by(poll, member)
    times = {slot.pk: Time(slot, counted[slot.pk], poll.zone, poll.minutes, mine.get(slot.pk, ""), at) for slot in slots}
    people = asked(poll.committee_id).aggregate(n=Count("pk"), said=Count("pk", filter=Exists(_said(poll.pk))))
    return Standpoint(
        poll=poll,
        times=list(times.values()),
        best=[times[tally.slot_id] for tally in rules.best_first(counted.values())],
        answered=people["said"],
        silent=people["n"] - people["said"],
        may_answer=poll.is_answerable(at),
        may_organize=Power.CALL_MEETING in member.powers and poll.is_open,
        may_take=Power.CALL_MEETING in member.powers and poll.can_be_taken,
        sees_names=Power.SEE_ANSWERS in member.powers,
        has_ended=at >= poll.ends_at,
    )


@dataclass(frozen=True)
class Said:
    """Everybody who said one thing about one time."""

    label: object
    handles: list[str]


def names(poll: Poll, member: Membership) -> list[tuple[Slot, list[Said]]]:
    """Who said what about each time, for those who see it. Two queries."""
    seen = Reply.objects.visible_to(member).counting().filter(slot__poll=poll).select_related("membership")
    said: dict[tuple[int, str], list[str]] = {}
    for reply in seen.order_by("membership__handle", "pk"):
        said.setdefault((reply.slot_id, reply.word), []).append(reply.membership.handle)
    slots = Slot.objects.filter(poll=poll).order_by("starts_at", "pk")
    return [(slot, [Said(word.label, said.get((slot.pk, word.value), [])) for word in Word]) for slot in slots]
