"""Who could agree, what waits, and what a page shows of one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Prefetch, Q, QuerySet
from django.utils import timezone

from committees.bodies.models import Charter, Committee, Life
from committees.jointly import register, rules
from committees.jointly.models import Deed, Introduction, JointAct, JointActQuerySet, Objection, State
from committees.membership import queries as membership
from committees.membership import standing_in
from committees.membership.models import Membership, MembershipQuerySet
from committees.membership.roles import Power
from committees.people.models import Person

_ALONG = (
    "committee",
    "member",
    "introduction__first",
    "introduction__second",
    "proposed_by",
    "agreed_by__committee",
    "cover__absent",
    "cover__committee",
    "grant",
)


def others(committee_id: int, *parties: int | None, for_committee: int | None = None) -> MembershipQuerySet:
    """The committee's organizers who are there, without these people and without those who share an office with one of them:
    whoever is away and whoever covers for them are one voice, here and in the committee for which they are asked."""
    there = membership.organizers(committee_id).filter(person__is_active=True)
    people = {each for each in parties if each}
    shared = standing_in.one_voice_with(people, {committee_id, for_committee or committee_id}, timezone.now()) if people else set()
    return there.exclude(person_id__in=people | shared)


def seconds(act: JointAct) -> MembershipQuerySet:
    """Who could agree: another organizer, who is not the one whom it is about and gains nothing by it, and no other half of the voice of one of the two;
    where there is none, one of the wider committee."""
    parties = register.parties(act)
    where = act.committee.verified_by_id if act.asks_wider else act.committee_id
    return others(where, *parties, for_committee=act.committee_id) if where else Membership.objects.none()


def anybody_agrees(committee: Committee, *parties: int | None) -> bool:
    """Whether there is somebody who could agree to what these people want."""
    wider = committee.verified_by_id
    here = others(committee.pk, *parties).exists()
    return here or (wider is not None and others(wider, *parties, for_committee=committee.pk).exists())


def happens_at_once(act: JointAct, at: datetime) -> bool:
    """Whether it happens as soon as a second one agrees: while the committee is forming, unless it cannot be taken back; what only
    shows something for hours; and covering by a member to whom the committee has given an office already."""
    if act.committee.is_forming:
        return act.deed not in rules.ALWAYS_WAITS
    if act.deed == Deed.COVER and act.member is not None:
        return standing_in.holds_an_office(act.member, at)
    return act.deed in rules.NEVER_WAITS


def nobody_organizes(committee_id: int) -> bool:
    """Whether the committee has no organizer who is there."""
    return not others(committee_id).exists()


def electorate(committee_id: int, *, without: int | None = None) -> int:
    """How many full members could object now; `without`: the one who is to be removed, and will be out."""
    return Membership.objects.filter(committee_id=committee_id).standing_members().exclude(pk=without or 0).count()


def waiting_for(person: Person, at: datetime) -> JointActQuerySet:
    """What waits for this person to agree."""
    mine = Membership.objects.of(person).with_power(Power.AGREE, at).values("committee_id")
    here = Q(asks_wider=False, committee_id__in=mine) | Q(asks_wider=True, committee__verified_by__in=mine)
    without_parties = (
        JointAct.objects.exclude(proposed_by__person=person).exclude(member__person=person, member__isnull=False).exclude(register.gained_by(person))
    )
    shared = standing_in.shared_with(person, "proposed_by", "member", where=("committee_id", "committee__verified_by_id"), at=at)
    return without_parties.filter(~Exists(shared), here, state=State.PROPOSED).exclude(committee__life=Life.DISSOLVED)


def of_committee(member: Membership) -> JointActQuerySet:
    """What was proposed in this member's committee, and what waits for its organizers as a wider one."""
    return JointAct.objects.visible_to(member).select_related(*_ALONG).annotate(objected=Count("objections"))


@dataclass(frozen=True)
class Standpoint:
    """One act as one member sees it."""

    act: JointAct
    objected: int
    reasons: list[str]
    may_agree: bool
    may_drop: bool
    may_object: bool
    has_objected: bool
    is_inside: bool
    may_fetch: bool = False
    happens_at_once: bool = False

    @property
    def lapses_at(self) -> datetime:
        """Until when a second organizer can agree."""
        return self.act.proposed_at + rules.TO_AGREE

    @property
    def fetch_until(self) -> datetime | None:
        """Until when the list that was agreed to can be fetched."""
        return self.act.ended_at + rules.TO_FETCH if self.may_fetch and self.act.ended_at else None

    @property
    def days(self) -> int:
        """For how many days members can object."""
        return rules.to_object(self.act.deed).days

    @property
    def needed(self) -> int:
        """How many objections stop it."""
        return rules.objections_needed(self.act.electorate or 1)


def act(member: Membership, slug: str, at: datetime) -> Standpoint | None:
    """One act with what this member may do about it; None as if there were none."""
    found = of_committee(member).filter(slug=slug).first()
    if found is None:
        return None
    inside = found.committee_id == member.committee_id
    objections: QuerySet[Objection] = Objection.objects.visible_to(member).filter(act=found)
    mine = inside and objections.filter(by=member).exists()
    open_to_objection = found.is_agreed and found.happens_at is not None and at < found.happens_at
    return Standpoint(
        act=found,
        objected=found.objected,  # type: ignore[attr-defined]
        reasons=[str(each.reason) for each in objections.order_by("at", "pk") if each.reason],
        may_agree=found.is_proposed and seconds(found).filter(pk=member.pk).exists(),
        may_drop=inside and may_drop(found, member),
        may_object=inside and open_to_objection and Power.OBJECT in member.powers and not mine,
        has_objected=mine,
        is_inside=inside,
        may_fetch=inside and member.pk in (found.proposed_by_id, found.agreed_by_id) and can_be_fetched(found, at),
        happens_at_once=happens_at_once(found, at),
    )


def may_drop(act: JointAct, member: Membership) -> bool:
    """Before a second one agrees any organizer can drop it but the one whom it is about; after that only the two."""
    if act.is_volunteering and act.is_open and member.pk == act.proposed_by_id:
        return True
    if Power.AGREE not in member.powers or member.committee_id != act.committee_id:
        return False
    if act.is_proposed:
        return act.member_id != member.pk
    return act.is_agreed and member.pk in (act.proposed_by_id, act.agreed_by_id)


def holds_suspended(member: Membership, at: datetime) -> bool:
    """Whether two organizers have agreed to remove this member, and members can still object."""
    return JointAct.objects.filter(member=member, deed=Deed.REMOVAL, state=State.AGREED).exists()


def open_removal(member: Membership, by: Membership) -> JointAct | None:
    """The proposal to remove a member that this organizer may see."""
    return JointAct.objects.visible_to(by).open().filter(member=member, deed=Deed.REMOVAL).first()


def can_be_fetched(act: JointAct, at: datetime, deed: Deed = Deed.EXPORT) -> bool:
    """Whether what two organizers agreed to take out, the list of members or all that the committee has, is there for them.
    What one committee agreed to give away of itself is not, once it is one with another."""
    if act.deed != deed or act.state != State.DONE or act.shut_at is not None:
        return False
    return act.ended_at is not None and at < act.ended_at + rules.TO_FETCH


def introductions(member: Membership) -> Sequence[Introduction]:
    """The groups to which this organizer's group was introduced, and that still are; those that were brought together elsewhere
    are not listed. Adds `other`, and `act`: the open proposal of this group, if there is one."""
    mine = Introduction.objects.visible_to(member).standing().exclude(wider=member.committee_id).select_related("first", "second", "wider")
    acts = JointAct.objects.open().filter(committee=member.committee_id, deed=Deed.UNITING)
    found = list(mine.prefetch_related(Prefetch("acts", acts, to_attr="open_acts")).order_by("at", "pk"))
    for each in found:
        each.other = each.other_than(member.committee_id)  # type: ignore[attr-defined]
        each.act = next(iter(each.open_acts), None)  # type: ignore[attr-defined]
    return found


def charters(committee: Committee) -> list[Charter]:
    """Every charter, the newest first."""
    return list(committee.charters.all())
