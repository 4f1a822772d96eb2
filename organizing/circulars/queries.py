"""What the pages of messages need over several rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from committees.alliance.models import Affiliation
from committees.alliance.queries import below_too
from committees.bodies.models import Committee, Life, Visibility
from committees.jointly.models import Deed, JointAct
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.moderation import queries as moderation
from committees.moderation import rulebook
from committees.moderation.rulebook import Rule
from committees.notices.models import Notice
from committees.notices.queries import Report, report, with_counts
from committees.people.models import Person
from organizing.circulars import rules
from organizing.circulars.models import Circular, CircularQuerySet, State

SENT, FURTHER = "circulars/sent", "circulars/sent_further"
NEWEST = ("-sent_at", "-pk")


def of_committee(member: Membership) -> CircularQuerySet:
    """What was sent in this member's committee, and to it from a wider one, as far as they see it."""
    return Circular.objects.visible_to(member).sent().select_related("by", "committee")


def latest(member: Membership) -> Circular | None:
    """The last one."""
    return of_committee(member).order_by(*NEWEST).first()


def drafts(member: Membership) -> list[Circular]:
    """What this committee's organizers have begun and not sent, the latest first."""
    return list(Circular.objects.visible_to(member).drafts().order_by("-changed_at", "pk")[:50])


def lately_sent(committee_id: int, reach: str, at: datetime) -> list[datetime]:
    """When the messages of that reach left that count at `at`."""
    found = Circular.objects.filter(committee_id=committee_id, reach=reach, sent_at__gt=rules.since(reach, at))
    return [sent for sent in found.values_list("sent_at", flat=True) if sent]


def last_in(committee_ids: Sequence[int]) -> dict[int, datetime]:
    """When the last message to all members of these committees was sent."""
    sent = Circular.objects.sent().filter(committee__in=committee_ids)
    return dict(sent.order_by().values_list("committee").annotate(last=Max("sent_at")))


def broken_rule(circular: Circular) -> Rule | None:
    """The rule by which a moderator hid it; None where flags alone did."""
    state = moderation.states([circular]).get(circular.pk)
    return rulebook.rule(state.rule) if state and state.rule and circular.state == State.HIDDEN_BY_MODERATOR else None


def left(committee_id: int, reach: str, at: datetime) -> int:
    """How many more of that reach may leave a committee at `at`."""
    return rules.left(lately_sent(committee_id, reach, at), reach, at=at)


def reports(circulars: Iterable[Circular], *, committee_id: int) -> dict[int, Report]:
    """How what a committee wrote to its own members goes out, by the messages' ids. One query; nothing any more of those whose
    deliveries were forgotten. Of what goes further nobody reads such numbers: they would tell how large other committees are."""
    ids = [circular.pk for circular in circulars if circular.committee_id == committee_id and not circular.goes_further]
    if not ids:
        return {}
    found = Notice.objects.filter(kind=SENT, about_type=Circular._meta.label, about_id__in=ids)
    return {notice.about_id: report(notice) for notice in with_counts(found)}


@dataclass(frozen=True)
class Way:
    """How a message to other committees goes out, as nearly as organizers of the one that wrote it may know."""

    people: str
    is_under_way: bool


def ways(circulars: Iterable[Circular], *, committee_id: int) -> dict[int, Way]:
    """How what this committee wrote to others goes out, by the messages' ids. One query."""
    ids = [circular.pk for circular in circulars if circular.committee_id == committee_id and circular.goes_further]
    if not ids:
        return {}
    found = map(report, with_counts(Notice.objects.filter(kind=FURTHER, about_type=Circular._meta.label, about_id__in=ids)))
    return {each.notice.about_id: Way(rules.people(each.members), each.is_under_way) for each in found}


# -- What goes to the members of other committees ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reached:
    """The committees that a message would reach besides the one that writes it, as far as somebody may know of them."""

    #: The first of those that are listed, and how many these are.
    named: list[Committee]
    listed: int
    #: Those that only their link leads to, of which the organizers of the committee to which they belong know.
    hidden: int = 0

    @property
    def number(self) -> int:
        return self.listed + self.hidden

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.named)


NAMED = 12


def reached(committee: Committee, *, by_organizers: bool) -> Reached:
    """Which committees belong to this one, directly and through others. `by_organizers` of it: those are counted too that are hidden and
    belong to it directly."""
    others = Committee.objects.listed().filter(pk__in=below_too(committee.pk)).exclude(pk=committee.pk)
    named = list(others.order_by("name", "pk")[: NAMED + 1])
    listed = len(named) if len(named) <= NAMED else others.count()
    hidden = Affiliation.objects.standing().filter(wider=committee, committee__visibility=Visibility.LINK).count() if by_organizers else 0
    return Reached(named[:NAMED], listed, hidden)


def anybody_belongs(committee_id: int) -> bool:
    """Whether some committee belongs to this one."""
    return Affiliation.objects.standing().filter(wider=committee_id).exists()


def readers(committee_id: int) -> QuerySet[Membership]:
    """Members and new members of a committee and of all that belong to it, directly or through others, at this moment."""
    return Membership.objects.present().filter(committee_id__in=below_too(committee_id)).exclude(committee__life=Life.DISSOLVED)


def people_reached(committee_id: int) -> int:
    """How many people these are, each counted once. To be told as a band alone (rules.band)."""
    found: int = readers(committee_id).aggregate(n=Count("person_id", distinct=True))["n"]
    return found


def proposed(circulars: Iterable[Circular]) -> dict[int, JointAct]:
    """What waits for a second organizer, by the messages' ids. One query."""
    ids = [circular.pk for circular in circulars]
    acts = JointAct.objects.open().filter(matter=Circular._meta.label_lower, row_id__in=ids).select_related("committee")
    return {each.row_id: each for each in acts if each.row_id}


def another_waits(circular: Circular) -> bool:
    """Whether some message of the same committee waits for a second organizer."""
    return JointAct.objects.open().filter(committee_id=circular.committee_id, deed=Deed.MESSAGE).exists()


def place(person: Person, slug: str) -> str | None:
    """Where this person reads a message: in the committee that wrote it, else in the one of theirs in which they have been longest;
    None as if there were none."""
    found = Circular.objects.all().read_by(person).filter(slug=slug).select_related("committee").first()
    if found is None:
        return None
    inside = Membership.objects.of(person).filter(committee_id__in=below_too(found.committee_id)).exclude(committee__life=Life.DISSOLVED)
    seen = inside.filter(~Q(standing=Standing.PROBATION) | Q(joined_at__lte=found.sent_at)).select_related("committee")
    where = sorted(seen, key=lambda member: (member.committee_id != found.committee_id, member.joined_at, member.pk))
    return found.url_in(where[0].committee.slug) if where else None
