"""What moderation's pages and other rooms ask: who moderates where, what waits, what flags say, who may not write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Window
from django.utils import timezone

from committees.base import prepared
from committees.bodies.models import Life
from committees.membership.models import Membership, MembershipQuerySet, RoleTerm
from committees.membership.roles import STANDING_GRANTS, Power, Standing, roles_with
from committees.moderation import registry, rules
from committees.moderation.models import Act, Flag, FlagReason, Review, ReviewQuerySet, Sanction, State
from committees.people.models import Person

if TYPE_CHECKING:
    from committees.moderation.registry import Matter

MODERATING = frozenset(roles_with(Power.MODERATE))
FLAGGING = frozenset(standing for standing, powers in STANDING_GRANTS.items() if Power.FLAG in powers)

#: Whose flags are remembered: their latest so many that somebody has looked at.
JUDGED = 20


# -- Who moderates ----------------------------------------------------------------------------------------------------


def moderating(person: Person, at: datetime | None = None) -> MembershipQuerySet:
    """The memberships under which this person moderates."""
    return Membership.objects.filter(person=person).exclude(committee__life=Life.DISSOLVED).with_role(*MODERATING, at=at)


_PERSON_NOW = {"person": prepared.a_row(Person), "at": prepared.an_instant}
_MODERATES = prepared.Prepared(lambda person, at: moderating(person, at).values_list("pk", flat=True)[:1], **_PERSON_NOW)


def is_moderator(person: Person) -> bool:
    """Whether this person moderates anywhere."""
    return _MODERATES.found(person=person, at=timezone.now())


def moderators(*committee_ids: int | None) -> MembershipQuerySet:
    """The moderators of these committees who are there."""
    ids = [each for each in committee_ids if each is not None]
    return Membership.objects.filter(committee_id__in=ids, person__is_active=True).with_role(*MODERATING)


def able(review: Review) -> MembershipQuerySet:
    """Who could decide this case now: moderators of the committees that answer for it who are no party to it."""
    parties = Flag.objects.filter(review=review, by__person__isnull=False).values("by__person")
    there = moderators(review.committee_id, review.passed_to_id).exclude(person__in=parties)
    return there.exclude(person=review.author.person_id) if review.author and review.author.person_id else there


# -- What waits -------------------------------------------------------------------------------------------------------


def waiting(person: Person, at: datetime | None = None) -> ReviewQuerySet:
    """Everything that waits for this person as a moderator, without their own and what they flagged."""
    where = moderating(person, at).values("committee_id")
    return Review.objects.open().filter(Q(committee_id__in=where) | Q(passed_to_id__in=where)).without_parties(person)


_WAITING = prepared.Prepared(
    lambda person, at: waiting(person, at).annotate(total=Window(Count("pk"))).values_list("total", flat=True)[:1],
    **_PERSON_NOW,
)


def waiting_for(person: Person) -> int:
    """How many cases wait for this person, or another moderator like them."""
    return _WAITING.first(person=person, at=timezone.now()) or 0


def case(person: Person, slug: str) -> tuple[Review, Membership] | None:
    """One case and the membership under which this person may decide it; None as if it did not exist."""
    named = Review.objects.filter(slug=slug).select_related("committee", "author__person", "author__committee", "decided_by", "claimed_by", "passed_to")
    where = Q(committee_id__in=named.values("committee_id")) | Q(committee_id__in=named.values("passed_to_id"))
    mine = list(moderating(person).filter(where).select_related("committee", "person").with_running_roles().order_by("pk")[:2])
    for member in mine:
        review = named.visible_to(member).first()
        if review is not None:
            own = next((each for each in mine if each.committee_id == review.committee_id), member)
            return review, own
    return None


def again(review: Review) -> Review:
    """The same case as it is now: somebody else may have decided it in between."""
    return Review.objects.select_related("committee", "author__person", "author__committee", "decided_by", "claimed_by", "passed_to").get(pk=review.pk)


def is_party(review: Review, person_id: int | None) -> bool:
    """Whether somebody wrote it themself, or flagged it."""
    wrote = review.author is not None and review.author.person_id == person_id
    return wrote or Flag.objects.filter(review=review, by__person=person_id).exists()


def earlier(review: Review, limit: int = 5) -> list[Review]:
    """What was decided about the same thing before, the latest first."""
    same = Review.objects.decided().filter(matter=review.matter, row_id=review.row_id).exclude(pk=review.pk)
    return list(same.order_by("-decided_at")[:limit])


def against(author: Membership | None, *, since: datetime) -> int:
    """How often something was decided against this member since then."""
    if author is None:
        return 0
    return Review.objects.decided().filter(author=author, decided_at__gte=since, act__in=(Act.HIDE, Act.REMOVE, Act.SILENCE, Act.SUSPEND)).count()


def just_decided(person: Person, at: datetime) -> Review | None:
    """What this person decided last, as long as they may take it back."""
    mine = Review.objects.decided().filter(decided_by__person=person, decided_at__gt=at - rules.UNDO)
    return mine.exclude(act__in=(Act.SEND_BACK, Act.SILENCE, Act.SUSPEND)).select_related("author").order_by("-decided_at").first()


# -- Flags ------------------------------------------------------------------------------------------------------------


def found(person: Person, matter: Matter, slug: str) -> Any | None:
    """The row with that address, as far as this person may read it."""
    return matter.visible_to(person).filter(slug=slug).first()


def flagging(person: Person, matter: Matter, row: Any) -> Membership | None:
    """The membership under which somebody flags a row: in the committee that answers for it, else, where members of several
    committees read it, in the one they have belonged to longest."""
    mine = Membership.objects.of(person).filter(standing__in=FLAGGING).exclude(committee__life=Life.DISSOLVED)
    here = matter.committee(row)
    ready = list(mine.select_related("committee", "person").with_running_roles().order_by("joined_at", "pk"))
    own = [member for member in ready if member.committee_id == here]
    return next(iter(own or (ready if matter.crosses_sites(row) else [])), None)


def weighed(review: Review) -> list[rules.Weighed]:
    """The flags of a case, as far as they count."""
    flags = Flag.objects.filter(review=review).values_list("by_id", "site_id", "weight")
    return [rules.Weighed(*each) for each in flags]


def accuracy(by: Membership) -> tuple[int, int]:
    """How many of a member's latest flags somebody has looked at, and with how many of them they agreed."""
    latest = list(Flag.objects.filter(by=by, upheld__isnull=False).order_by("-at").values_list("upheld", flat=True)[:JUDGED])
    return len(latest), sum(map(bool, latest))


@dataclass(frozen=True)
class Flags:
    """What members said of one case: each reason with how many gave it, and the notes without who wrote them."""

    people: int
    sites: int
    reasons: list[tuple[str, int]]
    notes: list[tuple[str, str]]


def flags_of(review: Review) -> Flags:
    """For the case's page: who flagged is nobody's business. One query."""
    given = list(Flag.objects.filter(review=review))
    reasons = [(str(reason.label), n) for reason in FlagReason if (n := sum(flag.reason == reason for flag in given))]
    notes = [(str(flag.get_reason_display()), str(flag.note)) for flag in given if flag.note]
    return Flags(len(given), len({flag.site_id for flag in given}), reasons, notes)


def has_flagged(person: Person, matter: Matter, row: Any) -> bool:
    return Flag.objects.filter(matter=matter.name, row_id=row.pk, by__person=person).exists()


def was_kept(review: Review) -> bool:
    """Whether a moderator has looked at this thing before and left it as it was."""
    same = Review.objects.decided().filter(matter=review.matter, row_id=review.row_id)
    return same.filter(act__in=(Act.KEEP, Act.RESTORE)).exists()


@dataclass(frozen=True)
class RowState:
    """What stands beside a row for those who read it: how many flagged it, whether it waits, how it was last decided."""

    flags: int = 0
    waits: bool = False
    hidden_by_flags: bool = False
    act: str = ""
    rule: str = ""


def states(rows: Sequence[Model]) -> dict[int, RowState]:
    """The state of each of these rows of one matter, by id; rows that nobody ever looked at are left out. One query."""
    if not rows:
        return {}
    reviews = Review.objects.filter(matter=rows[0]._meta.label_lower, row_id__in=[row.pk for row in rows]).exclude(state=State.DROPPED)
    found: dict[int, RowState] = {}
    for review in reviews.annotate(number=Count("flags")).order_by("decided_at", "pk"):  # PostgreSQL puts what is open last
        if review.is_open:
            before = found.get(review.row_id, RowState())
            found[review.row_id] = RowState(review.number, True, review.hidden_at is not None, before.act, before.rule)
        else:
            found[review.row_id] = RowState(act=review.act, rule=review.rule)
    return found


# -- Who may not write --------------------------------------------------------------------------------------------------


def silenced_until(membership_ids: Iterable[int], at: datetime | None = None) -> Mapping[int, datetime]:
    """Which of these members may not write, and until when. One query."""
    now = Sanction.objects.running(at or timezone.now()).filter(membership_id__in=list(membership_ids), kind=Sanction.Kind.SILENCE)
    return dict(now.values_list("membership_id", "until"))


def is_silenced(membership: Membership, at: datetime | None = None) -> bool:
    """Whether this member may not write at that instant."""
    return membership.pk in silenced_until([membership.pk], at)


def running_sanctions(membership: Membership | None, at: datetime) -> list[Sanction]:
    if membership is None:
        return []
    return list(Sanction.objects.running(at).filter(membership=membership).order_by("until"))


# -- What the clock asks ----------------------------------------------------------------------------------------------------


def to_pass_on(at: datetime) -> ReviewQuerySet:
    """What has waited a day, or lies where nobody has moderated for three days, and could be passed on."""
    lately = RoleTerm.objects.filter(committee=OuterRef("committee"), role__in=MODERATING, begins_at__lte=at)
    lately = lately.filter(Q(ends_at=None) | Q(ends_at__gt=at - rules.WITHOUT_MODERATOR))
    lately = lately.filter(Q(membership__standing=Standing.MEMBER) | Q(membership__changed_at__gt=at - rules.WITHOUT_MODERATOR))
    ripe = Q(begun_at__lte=at - rules.PASSED_ON) | ~Exists(lately)
    there = Review.objects.open().exclude(committee__life=Life.DISSOLVED)
    return there.filter(ripe, passed_to=None, committee__verified_by__isnull=False)


def claimed_by_nobody_there(at: datetime) -> ReviewQuerySet:
    """Cases that somebody took who moderates there no longer, or whose time is over."""
    still = Membership.objects.filter(pk=OuterRef("claimed_by"), committee=OuterRef("claimed_in")).with_role(*MODERATING, at=at)
    return Review.objects.filter(claimed_by__isnull=False).filter(Q(claimed_until__lte=at) | ~Exists(still))


def rows_of(reviews: Iterable[Review]) -> dict[tuple[str, int], Any]:
    """The rows that these reviews are about, by matter and id. One query for each matter."""
    wanted: dict[str, list[int]] = {}
    for review in reviews:
        wanted.setdefault(review.matter, []).append(review.row_id)
    found: dict[tuple[str, int], Any] = {}
    for name, ids in wanted.items():
        if matter := registry.find(name):
            found |= {(name, pk): row for pk, row in matter.rows(ids).items()}
    return found


def log(member: Membership) -> ReviewQuerySet:
    """What was decided in this member's committee, with those it was about and by: for the page that leaves their names out."""
    return Review.objects.in_the_log_of(member).select_related("author", "decided_by")


def limits_of(person: Person, at: datetime) -> list[Sanction]:
    """What this person may not do at the moment, in all their committees."""
    return list(Sanction.objects.running(at).filter(membership__person=person).select_related("committee", "review").order_by("until"))


def hidden_of(person: Person) -> ReviewQuerySet:
    """What this person wrote and flags hide, until a moderator has looked."""
    return Review.objects.open().filter(author__person=person, hidden_at__isnull=False).select_related("committee").order_by("hidden_at")


def mine(person: Person) -> QuerySet[Review]:
    """What was decided about what this person wrote, the latest first; for their own eyes."""
    return Review.objects.told_to(person).select_related("committee").order_by("-decided_at", "-pk")


def holds_suspended(member: Membership, at: datetime) -> bool:
    """Whether moderators have suspended this member, and the days are not over."""
    return Sanction.objects.filter(membership=member, kind=Sanction.Kind.SUSPEND, ended_at=None, until__gt=at).exists()
