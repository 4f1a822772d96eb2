"""Shapes that pages need over several models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from committees.base import keyset, prepared
from committees.bodies.models import Charter, Committee, Scope
from committees.membership import rules
from committees.membership.applications import Application, ApplicationMessage, ApplicationQuerySet, Check, Recusal, State
from committees.membership.invitations import Invitation, digest
from committees.membership.models import Membership, MembershipQuerySet, RemovedAddress
from committees.membership.roles import COMES_BACK, REMOVABLE, Power, Role, Standing, roles_with
from committees.people.models import Contact, Person, PersonQuerySet

if TYPE_CHECKING:
    from committees.directory.models import Workplace

#: Below it a number may point to somebody.
SMALLEST_SHOWN = 5
#: So long after they were asked to say again that they are no manager, organizers learn how many have not.
LATE_AFTER = timedelta(days=30)
REVIEWING = frozenset(roles_with(Power.REVIEW_APPLICATIONS))


def reviewer_memberships(person: Person, at: datetime | None = None) -> MembershipQuerySet:
    """The memberships under which this person answers applications."""
    return Membership.objects.filter(person=person).with_role(*REVIEWING, at=at)


_PERSON_NOW = {"person": prepared.a_row(Person), "at": prepared.an_instant}
_REVIEWS = prepared.Prepared(lambda person, at: reviewer_memberships(person, at).values_list("pk", flat=True)[:1], **_PERSON_NOW)


def is_reviewer(person: Person) -> bool:
    """Whether this person answers applications anywhere."""
    return _REVIEWS.found(person=person, at=timezone.now())


def queue(person: Person, at: datetime | None = None) -> ApplicationQuerySet:
    """Everything that waits for this person as a reviewer, without their own and those they stay out of."""
    where = reviewer_memberships(person, at).values("committee_id")
    return Application.objects.waiting().filter(reviewed_in__in=where).exclude(person=person).exclude(recusals__by__person=person)


#: The queue as its page shows it, the oldest first.
QUEUE = keyset.Listing(
    Application,
    lambda person, at: queue(person, at).select_related("committee__workplace__employer", "reviewed_in").with_check_counts(),
    _PERSON_NOW,
    order=("sent_at", "pk"),
)

_WAITING = prepared.Prepared(
    lambda person, at: queue(person, at).annotate(total=Window(Count("pk"))).values_list("total", flat=True)[:1],
    **_PERSON_NOW,
)


def waiting_for(person: Person) -> int:
    """How many applications wait for an answer of reviewers like this person."""
    return _WAITING.first(person=person, at=timezone.now()) or 0


_CHARTER = prepared.Prepared(lambda committee: Charter.objects.filter(committee=committee)[:1], committee=prepared.a_row(Committee))


def charter(committee: Committee) -> Charter | None:
    """What the committee is for, as it stands now."""
    found = _CHARTER.first(committee=committee)
    if found:
        found.committee = committee  # the words of the site depend on it
    return found


def case(person: Person, slug: str) -> tuple[Application, Membership] | None:
    """One application and the membership under which this person may see it; None as if it did not exist."""
    named = Application.objects.select_related(
        "committee__policy", "committee__workplace__employer", "reviewed_in", "decided_by", "person", "invitation"
    ).filter(slug=slug)
    where = named.values("reviewed_in_id")
    member = reviewer_memberships(person).filter(committee_id__in=where).select_related("committee", "person").with_running_roles().first()
    application = named.visible_to(member).first() if member else None
    return (application, member) if application and member else None


def invitation_behind(token: str, at: datetime) -> Invitation | None:
    """The open invitation with these letters, and its committee. One query, whatever the letters are: whoever tries some learns
    neither from the answer nor from its time whether they once led somewhere."""
    named = Invitation.objects.live(at).filter(digest=digest(token))
    return named.select_related("committee__policy", "committee__workplace__employer").first()


@dataclass(frozen=True)
class Brought:
    """What came of an invitation."""

    applied: int
    members: int


def _accepted(committee_id: int) -> ApplicationQuerySet:
    return Application.objects.filter(committee_id=committee_id, state=State.ADMITTED)


def _brought_by(invitation: Invitation) -> MembershipQuerySet:
    """Who belongs now and came by it, the last time they came."""
    last = _accepted(invitation.committee_id).filter(person=OuterRef("person")).order_by("-ended_at", "-pk").values("invitation")[:1]
    return roster(invitation.committee_id).annotate(came_by=Subquery(last)).filter(came_by=invitation.pk)


def brought(invitation: Invitation) -> Brought:
    """How many people have sent an application by it, and how many of them are members now."""
    return Brought(applied=invitation.uses, members=_brought_by(invitation).count())


def came_by(members: Sequence[Membership]) -> dict[int, Invitation]:
    """Which invitation brought each of these members of one committee, the last time they came. One query."""
    if not members:
        return {}
    accepted = _accepted(members[0].committee_id).filter(person__in=[m.person_id for m in members if m.person_id])
    last = {a.person_id: a.invitation for a in accepted.select_related("invitation__committee").order_by("ended_at", "pk")}
    return {m.pk: invitation for m in members if m.person_id and (invitation := last.get(m.person_id))}


def before(application: Application) -> Membership | None:
    """The place that the applicant once had in this committee: for reviewers a question, not an answer."""
    return Membership.objects.filter(committee_id=application.committee_id, person_id=application.person_id).first()


def marks_of(person_id: int, committee: Committee) -> list[str]:
    """What this person's addresses are for one committee, and for those that became one with it."""
    former = Committee.objects.filter(merged_into=committee).values_list("slug", flat=True)  # a mark names where it was made
    contacts = list(Contact.objects.verified().filter(person_id=person_id))
    return [rules.mark(contact, slug) for slug in (committee.slug, *former) for contact in contacts]


def removed_with_an_address_of(application: Application) -> Membership | None:
    """Somebody else who was removed from this committee and had one of the applicant's addresses: for reviewers a question, for an
    address may have passed on to another person."""
    marks = marks_of(application.person_id, application.committee)
    found = RemovedAddress.objects.filter(committee_id=application.committee_id, mark__in=marks, membership__standing=Standing.REMOVED)
    found = found.exclude(membership__person_id=application.person_id, membership__person__isnull=False)
    first = found.select_related("membership").order_by("-membership__changed_at").first()
    return first.membership if first else None


def became_of(slug: str) -> QuerySet[Committee]:
    """The committee with which the one at this address became one."""
    return Committee.objects.filter(pk__in=Committee.objects.filter(slug=slug).values("merged_into"))


def may_apply_from(committee: Committee, person: Person) -> datetime | None:
    """When somebody who was declined or removed may apply again; None where nothing stands in the way."""
    days = timedelta(days=committee.policy.reapply_days)
    declined = Application.objects.filter(committee=committee, person=person, state__in=(State.DECLINED, State.SPAM)).order_by("-ended_at").first()
    removed = Membership.objects.filter(committee=committee, person=person, standing=Standing.REMOVED).first()
    ends = [end for end in (declined and declined.ended_at, removed and removed.changed_at) if end]
    return max(ends) + days if ends else None


def who_answers(committee: Committee, applicant: Person) -> tuple[int, bool]:
    """The id of the committee whose reviewers answer, and whether the applicant founds.

    The wider committee answers founders, and where a committee has nobody left to answer.
    """
    wider = committee.verified_by_id
    if wider is None:
        return committee.pk, False
    if committee.is_forming:
        return wider, True
    own = Membership.objects.filter(committee=committee, person__is_active=True).exclude(person=applicant).with_role(*REVIEWING)
    return (committee.pk if own.exists() else wider), False


def able_reviewers(application: Application) -> MembershipQuerySet:
    """Who could answer this application: reviewers who are there, are not the applicant and did not stay out."""
    reviewers = Membership.objects.filter(committee_id=application.reviewed_in_id, person__is_active=True).with_role(*REVIEWING)
    return reviewers.exclude(person_id=application.person_id).exclude(pk__in=application.recusals.values("by_id"))


def orphaned() -> ApplicationQuerySet:
    """What waits where nobody can answer it, and a wider committee could."""
    reviewers = Membership.objects.filter(committee_id=OuterRef("reviewed_in_id"), person__is_active=True).with_role(*REVIEWING)
    stay_out = Recusal.objects.filter(application_id=OuterRef(OuterRef("pk"))).values("by_id")
    able = reviewers.exclude(person_id=OuterRef("person_id")).exclude(pk__in=stay_out)
    return Application.objects.waiting().filter(~Exists(able), reviewed_in__verified_by__isnull=False)


def anybody_in(committee: Committee) -> bool:
    """Whether somebody belongs to a committee, or wants to."""
    members = Membership.objects.filter(committee=committee).exclude(standing__in=COMES_BACK)
    return members.exists() or Application.objects.open().filter(committee=committee).exists()


def conversation(application: Application, *, with_notes: bool) -> list[ApplicationMessage]:
    """What was said, oldest first; notes only for reviewers."""
    said = application.messages.select_related("author")
    return list(said if with_notes else said.filter(internal=False))


def members_by(committee_id: int, invitation: Invitation | None) -> MembershipQuerySet:
    """The list of members; of one invitation, those whom it brought."""
    return _brought_by(invitation) if invitation else roster(committee_id)


def roster(committee_id: int) -> MembershipQuerySet:
    """Who belongs, with running roles, by handle: those too who cannot do anything at the moment, for they may be back tomorrow."""
    return Membership.objects.filter(committee_id=committee_id, standing__in=REMOVABLE).with_running_roles()


def reviewer_ids(committee_id: int) -> QuerySet[Any, int | None]:
    """Person ids of those who answer applications in a committee."""
    return Membership.objects.filter(committee_id=committee_id).with_role(*REVIEWING).values_list("person_id", flat=True)


def organizers(committee_id: int) -> MembershipQuerySet:
    return Membership.objects.filter(committee_id=committee_id).with_role(Role.ORGANIZER)


def organizer_ids(committee_id: int) -> QuerySet[Any, int | None]:
    return organizers(committee_id).values_list("person_id", flat=True)


def holders(committee_id: int, at: datetime | None = None) -> MembershipQuerySet:
    """Who organizes it themselves. Whoever only covers for one of them takes nothing over when that one goes."""
    return Membership.objects.filter(committee_id=committee_id).with_office(Role.ORGANIZER, at=at)


def is_without_organizers(committee: Committee) -> bool:
    """Members without an organizer: somebody has to look after them."""
    return Membership.objects.present().filter(committee=committee).exists() and not organizers(committee.pk).exists()


def in_question(committee_id: int) -> MembershipQuerySet:
    """Members for whom somebody has to vouch anew. Adds `vouchers`: the names here of those who had and were removed; none where
    it was somebody of the wider committee."""
    admitted = Application.objects.filter(committee=OuterRef(OuterRef("committee")), person=OuterRef(OuterRef("person")), state=State.ADMITTED)
    theirs = Check.objects.filter(application__in=admitted, committee=OuterRef("committee"), by__removed_for_employer=True)
    removed = theirs.order_by("by__handle").distinct()
    rows = Membership.objects.filter(committee_id=committee_id, standing__in=REMOVABLE, revouch_since__isnull=False)
    return rows.annotate(vouchers=ArraySubquery(removed.values("by__handle")))


def without_those_who_belong(accounts: PersonQuerySet) -> PersonQuerySet:
    """Of these accounts, those that belong to no committee and wait for no answer (people.registry.keeps_accounts)."""
    places = Membership.objects.filter(person=OuterRef("pk"), standing__in=REMOVABLE)
    waiting = Application.objects.open().filter(person=OuterRef("pk"))
    return accounts.exclude(Exists(places)).exclude(Exists(waiting))


def behind_with_their_word(committee_id: int, at: datetime) -> int:
    """How many were asked 30 days ago to say again that they are no manager, and have not. Never who."""
    return Membership.objects.present().filter(committee_id=committee_id, attest_asked_at__lte=at - LATE_AFTER).count()


def checks_needed(application: Application) -> int:
    """How many checks before one may accept: what the policy asks for, but never more than there are people to give them;
    for founders one, by an organizer of the wider committee or a founder who is confirmed."""
    if application.founding:
        return 1
    wanted = application.committee.policy.checks_needed
    vouching = Membership.objects.standing_members().filter(committee_id=application.committee_id).count()
    reviewing = able_reviewers(application).count() if application.reviewed_in_id != application.committee_id else 0
    return min(wanted, max(vouching + reviewing, 1)) if wanted else 0


@dataclass(frozen=True)
class Answering:
    """How a wider committee keeps up with those who found committees. Nobody's name, and no number that points to somebody."""

    name: str
    waiting: int
    oldest: datetime | None
    #: None where it has organizers, but fewer than may be told.
    organizers: int | None
    has_organizers: bool


def number_of(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(n=Func(F("pk"), function="count"))[:1], output_field=IntegerField()), 0)


def answering() -> list[Answering]:
    """Each listed committee that looks after others. One that only its link leads to is not there for those who keep the service."""
    founders = Application.objects.waiting().filter(reviewed_in=OuterRef("pk"), founding=True)
    organizers = Membership.objects.filter(committee=OuterRef("pk"), person__is_active=True).with_role(Role.ORGANIZER)
    looks_after = Q(scope=Scope.ALLIANCE) | Exists(Committee.objects.open().filter(verified_by=OuterRef("pk")))
    rows = Committee.objects.listed().filter(looks_after).order_by("name", "pk")
    rows = rows.annotate(n_waiting=number_of(founders), oldest=Subquery(founders.order_by("sent_at").values("sent_at")[:1]), n_organizers=number_of(organizers))
    found: list[Any] = list(rows)
    return [
        Answering(row.name, row.n_waiting, row.oldest, row.n_organizers if row.n_organizers >= SMALLEST_SHOWN else None, row.n_organizers > 0) for row in found
    ]


def unanswered_founders() -> int:
    """How many founders wait at the committees that those who keep the service may see."""
    return sum(each.waiting for each in answering())


@dataclass(frozen=True)
class Founding:
    """How far a forming committee has come."""

    verified: int
    needed: int

    @property
    def is_complete(self) -> bool:
        return self.verified >= self.needed

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.verified / self.needed))


def founding(committee: Committee) -> Founding:
    return Founding(Membership.objects.present().filter(committee=committee, is_founder=True).count(), committee.founding_number)


@dataclass(frozen=True)
class AtSite:
    """What one page must know of the listed committee at a site."""

    committee: Committee
    standing: str
    applied: str


def _at_sites(workplaces: list[int], asker: int) -> QuerySet[Committee]:
    own = Membership.objects.filter(committee=OuterRef("pk"), person_id=asker)
    applied = Application.objects.open().filter(committee=OuterRef("pk"), person_id=asker)
    here = Committee.objects.listed().filter(workplace__id__among=workplaces)
    return here.annotate(my_standing=Subquery(own.order_by("-joined_at").values("standing")[:1]), my_application=Subquery(applied.values("slug")[:1]))


_AT_SITES = prepared.Prepared(_at_sites, workplaces=prepared.some_numbers, asker=prepared.a_number)


def at_sites(workplace_ids: Sequence[int], person: Any) -> dict[int, AtSite]:
    """The listed committee of each of these workplaces, with this person's own part in it. Two queries at most."""
    asker = person.pk if person is not None and person.is_authenticated else 0  # nobody's, where nobody has signed in
    found: dict[int, AtSite] = {}
    for committee in _AT_SITES(workplaces=workplace_ids, asker=asker):
        if committee.workplace_id:
            said: Any = committee
            found[committee.workplace_id] = AtSite(committee, said.my_standing or "", said.my_application or "")
    return found


def near(workplace: Workplace) -> QuerySet[Committee]:
    """Listed committees of the same employer in the same town: perhaps the same site under another name."""
    same = Committee.objects.listed().filter(workplace__employer_id=workplace.employer_id, workplace__country=workplace.country)
    same = same.filter(workplace__city__iexact=workplace.city).exclude(workplace=workplace)
    return same.select_related("workplace__employer").order_by("workplace__name", "pk") if workplace.city else same.none()


def size_band(committee: Committee) -> int | None:
    """A number of members that may be shown in public: rounded down to tens, None below 10."""
    number = Membership.objects.present().filter(committee=committee).count()
    return None if number < 10 else number // 10 * 10
