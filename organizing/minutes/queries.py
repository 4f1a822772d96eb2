"""What the pages of minutes need over several rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.safestring import SafeString

from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import PRESENT, Power, Standing
from committees.people.models import Person
from organizing.meetings.models import Meeting
from organizing.minutes import rules, words
from organizing.minutes.models import Item, Minutes, MinutesQuerySet, Remark, Taker, drawn

APPROVED, TO_READ = "minutes/approved", "minutes/to_read"
GIVEN, DUE, OVERDUE = "minutes/given", "minutes/due", "minutes/overdue"
SOONEST = ("due", "pk")
OLDEST = ("meeting__starts_at", "pk")
#: So many later meetings are offered where minutes are approved.
LATER = 12


def meeting(member: Membership, slug: str) -> Meeting | None:
    """A meeting that this member's own committee called; None as if there were none."""
    return Meeting.objects.hosted(member).scheduled().filter(slug=slug).select_related("committee").first()


def taker_of(meeting: Meeting) -> Taker | None:
    return Taker.objects.filter(meeting=meeting).select_related("member").first()


def readers(minutes: Minutes) -> QuerySet[Membership]:
    """Who reads it once it is approved: members, and new members who were here when the meeting was."""
    inside = Membership.objects.present().filter(committee_id=minutes.committee_id)
    return inside.exclude(standing=Standing.PROBATION, joined_at__gt=minutes.meeting.starts_at)


def is_alone(member: Membership, at: datetime) -> bool:
    """Whether nobody else in their committee keeps minutes."""
    others = Membership.objects.with_power(Power.KEEP_MINUTES, at).filter(committee_id=member.committee_id)
    return not others.exclude(pk=member.pk).exists()


@dataclass(frozen=True)
class Passage:
    """A point of the agenda and what was said, for somebody who may know of it."""

    number: int
    subject: str
    visibility: str
    text: str

    @property
    def drawn(self) -> SafeString:
        return drawn(self.text)


def passages(minutes: Minutes, member: Membership) -> list[Passage]:
    said: list[dict[str, Any]] = list(minutes.passages)
    return [Passage(n, each["subject"], each["visibility"], each["text"]) for n, each in enumerate(said) if rules.sees(each["visibility"], member)]


@dataclass(frozen=True)
class Book:
    """All versions of the minutes of one meeting, as one member sees them."""

    meeting: Meeting
    member: Membership
    at: datetime
    versions: list[Minutes]
    draft: Minutes | None
    taker: Taker | None
    items: list[Item] = field(default_factory=list)
    drafted_items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    #: Of whoever wrote in the draft last: whether no other organizer could approve it.
    alone: bool = False
    #: For whoever can approve the draft: meetings that came after, the last one first.
    later: list[Meeting] = field(default_factory=list)

    @property
    def latest(self) -> Minutes | None:
        return self.versions[0] if self.versions else None

    @property
    def has_begun(self) -> bool:
        return rules.has_begun(self.meeting, self.at)

    @property
    def may_keep(self) -> bool:
        return Power.KEEP_MINUTES in self.member.powers

    @property
    def may_write(self) -> bool:
        taker = self.taker.member_id if self.taker else None
        return rules.may_write(self.member, committee_id=self.meeting.committee_id, taker_id=taker)

    @property
    def may_object(self) -> bool:
        """A full member, once, to what is shown to all."""
        draft = self.draft
        return draft is not None and draft.shown_at is not None and not self.may_keep and Power.OBJECT in self.member.powers and self.mine is None

    @property
    def may_approve(self) -> bool:
        """Whoever keeps minutes, by their own word or by that of a later meeting."""
        if self.draft is None or not self.may_keep or self.draft.is_empty:
            return False
        return self.approves_alone or bool(self.approving)

    @property
    def approves_alone(self) -> bool:
        """Without a meeting: another organizer than the one who wrote last; the only one once members could read it long enough."""
        waited = self.approvable_at is not None and self.approvable_at <= self.at
        return self.draft is not None and (self.draft.by_id != self.member.pk or (self.alone and waited))

    @property
    def approving(self) -> list[Meeting]:
        """Later meetings that can have approved it; for whoever wrote last those before which members could read it."""
        draft = self.draft
        if draft is None:
            return []
        had = [there for there in self.later if rules.had_before_it(there, draft)]
        return had if draft.by_id != self.member.pk else [there for there in had if rules.was_read_before(there, draft)]

    @property
    def mine(self) -> Remark | None:
        """What this member objected to in the draft as it is shown now."""
        shown = self.draft.shown_at if self.draft else None
        return next((each for each in self.remarks if each.member_id == self.member.pk and each.shown_at == shown), None)

    @property
    def approvable_at(self) -> datetime | None:
        """From when on its only organizer can approve it."""
        return self.draft.shown_at + rules.SHOWN_FOR if self.draft and self.draft.shown_at else None


def book(meeting: Meeting, member: Membership, at: datetime) -> Book:
    """Four queries, however many versions; two more for those who approve."""
    found = list(Minutes.objects.visible_to(member).filter(meeting=meeting).select_related("by", "approved_by", "approved_in").order_by("-version"))
    for each in found:
        each.meeting, each.committee = meeting, meeting.committee
    draft = next((each for each in found if each.is_draft), None)
    items = list(Item.objects.visible_to(member).filter(meeting=meeting).select_related("owner", "minutes").order_by(*SOONEST)) if found else []
    remarks = Remark.objects.filter(minutes=draft) if draft else Remark.objects.none()
    if Power.KEEP_MINUTES not in member.powers:
        remarks = remarks.filter(member=member)
    alone = draft is not None and draft.by_id == member.pk and is_alone(member, at)
    return Book(
        meeting=meeting,
        member=member,
        at=at,
        versions=[each for each in found if not each.is_draft],
        draft=draft,
        taker=taker_of(meeting),
        items=[each for each in items if not each.minutes.is_draft],
        drafted_items=[each for each in items if each.minutes.is_draft],
        remarks=list(remarks.select_related("member").order_by("at", "pk")),
        alone=alone,
        later=_later(meeting, member, at) if draft is not None and Power.KEEP_MINUTES in member.powers else [],
    )


def _later(meeting: Meeting, member: Membership, at: datetime) -> list[Meeting]:
    after = Meeting.objects.hosted(member).scheduled().filter(starts_at__gt=meeting.starts_at, starts_at__lte=at)
    return list(after.order_by("-starts_at", "-pk")[:LATER])


def items_of(minutes: Minutes) -> list[Item]:
    """What is to do in one version, as it was written."""
    return list(minutes.items.select_related("owner").order_by("pk"))


def differences(book: Book, minutes: Minutes) -> list[words.Changed]:
    """What this version says otherwise than the one before; nothing for the first."""
    before = next((each for each in book.versions if each.version == minutes.version - 1), None)
    return words.differences(before, minutes, book.member) if before else []


def drafts_in(member: Membership) -> MinutesQuerySet:
    """What is not approved yet in this member's committee."""
    return Minutes.objects.visible_to(member).drafts().select_related("meeting", "by")


# -- Who does what -------------------------------------------------------------------------------------------------------------


def open_in(member: Membership) -> QuerySet[Item]:
    """What is open in this member's committee, as far as they see it."""
    return Item.objects.visible_to(member).open().filter(committee_id=member.committee_id).select_related("owner", "meeting")


def with_next(memberships: MembershipQuerySet) -> MembershipQuerySet:
    """Memberships with what each is to do next (`to_do`, by the day `to_do_by`) and how much in all (`to_do_count`). No query of its own."""
    theirs = Item.objects.open().filter(owner=OuterRef("pk"), owner__standing__in=PRESENT).order_by(*SOONEST)
    number = theirs.order_by().values("owner").annotate(n=Count("pk")).values("n")
    return memberships.annotate(to_do=Subquery(theirs.values("what")[:1]), to_do_by=Subquery(theirs.values("due")[:1]), to_do_count=Subquery(number))


def _keeping(person: Person, at: datetime) -> QuerySet[Membership]:
    return Membership.objects.of(person).with_power(Power.KEEP_MINUTES, at)


def unowned_for(person: Person, at: datetime) -> QuerySet[Item]:
    """What nobody does, in committees where this person can ask somebody else."""
    return Item.objects.open().filter(owner=None, committee__in=_keeping(person, at).values("committee_id"))


def unapproved_for(person: Person, at: datetime) -> MinutesQuerySet:
    """Drafts that somebody else wrote in, of meetings that are over, which this person can approve."""
    ours = Minutes.objects.drafts().filter(committee__in=_keeping(person, at).values("committee_id"), meeting__ends_at__lte=at)
    return ours.exclude(by__person=person)


def near(at: datetime) -> QuerySet[Item]:
    """What somebody could have to be reminded of at that instant, wherever they live: clocks are at most 14 hours before UTC. Who is due is
    said by their own zone (rules)."""
    begins = ~Q(reminded_in=F("round")) & Q(due__lte=(at + timedelta(hours=38)).date())
    ends = ~Q(overdue_in=F("round")) & Q(due__lt=(at + timedelta(hours=14)).date())
    inside = Item.objects.open().filter(owner__person__isnull=False, owner__standing__in=PRESENT)
    return inside.filter(begins | ends).select_related("owner__person", "committee")
