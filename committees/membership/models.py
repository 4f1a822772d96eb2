"""Memberships and the roles they carry. Applications and invitations are in files of their own (same room, same app)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.base.slugs import SlugField
from committees.bodies.models import Life
from committees.membership.applications import Application, ApplicationEvent, ApplicationMessage, Check, Recusal, VouchCode
from committees.membership.covers import Cover
from committees.membership.invitations import Invitation
from committees.membership.moves import Move
from committees.membership.roles import PRESENT, THAT_SEE, Power, Role, Standing, powers_of, roles_with

if TYPE_CHECKING:
    from datetime import datetime

    from committees.people.models import Person

__all__ = [
    "Application",
    "ApplicationEvent",
    "ApplicationMessage",
    "Check",
    "Cover",
    "Invitation",
    "Membership",
    "Move",
    "Recusal",
    "RemovedAddress",
    "ReservedHandle",
    "RoleTerm",
    "VouchCode",
]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Chainable questions about memberships."""

    def of(self, person: Person) -> Self:
        """This person's memberships that let them in."""
        return self.filter(person=person, standing__in=THAT_SEE)

    def present(self) -> Self:
        """Members and new members."""
        return self.filter(standing__in=PRESENT)

    def standing_members(self) -> Self:
        """Past probation and in good standing."""
        return self.filter(standing=Standing.MEMBER)

    def with_role(self, *roles: Role, at: datetime | None = None) -> Self:
        """Full members whose term in one of these roles is running."""
        at = at or timezone.now()
        terms = RoleTerm.objects.running(at).filter(role__in=roles)
        return self.standing_members().filter(pk__in=terms.values("membership_id"))

    def with_office(self, *roles: Role, at: datetime | None = None) -> Self:
        """Full members who hold one of these roles themselves, and do not only cover for somebody who does."""
        terms = RoleTerm.objects.running(at or timezone.now()).filter(role__in=roles, stands_in_for=None)
        return self.standing_members().filter(pk__in=terms.values("membership_id"))

    def with_power(self, power: Power, at: datetime | None = None) -> Self:
        """Full members whom a running role gives this power, in committees that still are."""
        return self.with_role(*roles_with(power), at=at).exclude(committee__life=Life.DISSOLVED)

    def visible_to(self, member: Membership) -> Self:
        """The rows whose existence this member may see: all of the committee for those who keep the roster, else one's own."""
        if Power.SEE_ROSTER in member.powers:
            return self.filter(committee_id=member.committee_id)
        return self.filter(pk=member.pk)

    def with_running_roles(self, at: datetime | None = None) -> Self:
        """Reads the running terms along, so that `powers` costs no query."""
        terms = RoleTerm.objects.running(at or timezone.now()).filter(membership=models.OuterRef("pk"))
        return self.annotate(terms_now=ArraySubquery(terms.values(said=JSONObject(role="role", interim="interim", absent="stands_in_for_id"))))


class Running(NamedTuple):
    """A role that one has at this moment; `interim` where nobody was elected yet, `absent`: for whom one covers."""

    role: Role
    interim: bool
    absent: int | None = None


class Membership(models.Model):
    """One person in one committee, under a handle that is theirs in that committee only.

    Whoever goes and comes back comes back to the same row, so that nobody is there twice and a history stays whole. A row that
    lapsed leads to nobody any more.
    """

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="memberships")
    handle = models.CharField(max_length=40)
    handle_key = models.CharField(max_length=80, help_text="What the handle looks like (text.skeleton).")
    shift = models.CharField(max_length=60, blank=True)
    standing = models.CharField(max_length=14, choices=Standing, default=Standing.PROBATION)
    is_founder = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    probation_until = models.DateTimeField(null=True, blank=True)
    attested_version = models.PositiveIntegerField(default=1)
    attested_at = models.DateTimeField(default=timezone.now, help_text="When they last said that they are no manager.")
    attest_asked_at = models.DateTimeField(null=True, blank=True, help_text="When they were asked to say it again; empty once they did.")
    attest_reminded_at = models.DateTimeField(null=True, blank=True)
    revouch_since = models.DateTimeField(null=True, blank=True, help_text="Since when somebody has to vouch for them anew.")
    removed_for_employer = models.BooleanField(default=False, help_text="They were removed because they act for the employer.")
    inactive_since = models.DateTimeField(null=True, blank=True, help_text="Of somebody suspended who was inactive: since when. They are that again.")
    asked_on = models.DateField(null=True, blank=True, help_text="The day on which they were asked whether they still want to belong.")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "handle_key"],
                name="one_handle_per_committee",
                violation_error_message=_("Someone here already uses this name or one that looks like it."),
            ),
            models.UniqueConstraint(
                fields=["committee", "person"],
                name="one_membership_per_person",
                violation_error_message=_("You already belong to this committee."),
            ),
            models.UniqueConstraint(fields=["id", "committee"], name="membership_with_its_committee"),
            models.CheckConstraint(condition=~Q(standing=Standing.EXPECTED) | Q(person=None), name="whoever_is_expected_is_not_here"),
            models.CheckConstraint(condition=~Q(standing=Standing.PROBATION) | Q(probation_until__isnull=False), name="probation_has_an_end"),
        ]
        indexes = [
            models.Index(fields=["person", "standing"], name="memberships_of_a_person"),
            models.Index(fields=["committee", "standing"], name="members_of_a_committee"),
            models.Index(fields=["committee", "revouch_since"], condition=Q(revouch_since__isnull=False), name="members_in_question"),
            models.Index(fields=["asked_on"], condition=Q(asked_on__isnull=False), name="members_asked_to_stay"),
            models.Index(fields=["changed_at"], condition=Q(standing=Standing.INACTIVE), name="inactive_members"),
            models.Index(fields=["attested_at"], condition=Q(attest_asked_at=None), name="members_by_their_word"),
            models.Index(fields=["attest_asked_at"], condition=Q(attest_asked_at__isnull=False), name="members_asked_for_their_word"),
        ]

    def __str__(self) -> str:
        return self.handle

    @cached_property
    def running_terms(self) -> list[Running]:
        """The roles one has now; uses what `with_running_roles` read along, else asks once."""
        terms = getattr(self, "terms_now", None)
        if terms is None:
            terms = self.terms.running(timezone.now()).values("role", "interim", absent=F("stands_in_for_id"))
        return sorted(Running(Role(term["role"]), term["interim"], term["absent"]) for term in terms)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(term.role for term in self.running_terms)

    @property
    def covers_for(self) -> frozenset[int]:
        """The memberships whose office this one covers now: two of them, and one voice."""
        return frozenset(term.absent for term in self.running_terms if term.absent)

    @cached_property
    def powers(self) -> frozenset[Power]:
        return powers_of(self.standing, self.roles)


class ReservedHandle(models.Model):
    """What a handle looks like that somebody here uses or once used: nobody else ever gets one that looks the same."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="reserved_handles")
    key = models.CharField(max_length=80)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["committee", "key"], name="one_member_per_reserved_handle")]

    def __str__(self) -> str:
        return self.key


class RemovedAddress(models.Model):
    """A mark of an address that a removed member had, for this committee alone. It leads to no address, and no committee can
    tell from it where else somebody was."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="removed_addresses")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "mark"], name="one_mark_per_removed_address")]
        indexes = [models.Index(fields=["committee", "mark"], name="marks_of_a_committee")]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class RoleTermQuerySet(models.QuerySet["RoleTerm"]):
    def running(self, at: datetime) -> Self:
        """Terms that have begun and not ended at that instant."""
        return self.filter(begins_at__lte=at).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


class RoleTerm(models.Model):
    """A role, held by one member of one committee from one instant to another."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="terms")
    role = models.CharField(max_length=12, choices=Role)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    interim = models.BooleanField(default=False, help_text="Given while forming, until an election.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When its holder was told that it ends soon.")
    stands_in_for = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="+", help_text="Who holds the office, and is away while this one covers."
    )

    objects = RoleTermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("begins_at")), name="a_term_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(stands_in_for=None) | ~Q(stands_in_for=F("membership")), name="nobody_stands_in_for_themself"),
            models.CheckConstraint(condition=Q(stands_in_for=None) | Q(ends_at__isnull=False, interim=False), name="who_stands_in_does_so_until_some_time"),
            ExclusionConstraint(
                name="one_term_of_a_role_at_a_time",
                expressions=[("membership", "="), ("role", "="), (Func(F("begins_at"), F("ends_at"), function="TSTZRANGE"), "&&")],
            ),
        ]
        indexes = [
            models.Index(fields=["committee", "role"], name="roles_of_a_committee"),
            models.Index(fields=["stands_in_for", "ends_at"], condition=Q(stands_in_for__isnull=False), name="terms_that_stand_in"),
        ]

    def __str__(self) -> str:
        return self.role
