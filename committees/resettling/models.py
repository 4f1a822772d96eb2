"""A committee that somebody brings from another server, and the places of its members that nobody has taken yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedBytesField, SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Scope
from committees.membership.roles import Power

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person


class State(models.TextChoices):
    """waiting → accepted → there; or declined, taken back, broken, lapsed."""

    WAITING = "waiting", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted, being unpacked")
    THERE = "there", _("It is here")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    BROKEN = "broken", _("Could not be unpacked")
    LAPSED = "lapsed", _("Nobody answered in time")


OPEN = frozenset({State.WAITING, State.ACCEPTED})


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Chainable questions about committees that are brought."""

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def without_file(self) -> Self:
        return self.defer("content")

    def visible_to(self, member: Membership) -> Self:
        """Those who verify founders decide about committees that come: organizers of the committee that was asked."""
        if Power.AFFILIATE not in member.powers:
            return self.none()
        return self.filter(asked=member.committee_id)

    def visible_to_person(self, person: Person) -> Self:
        """One's own."""
        return self.filter(brought_by=person)


class Arrival(models.Model):
    """A chest in which a committee comes, until those who verify founders have answered and it is unpacked."""

    slug = SlugField()
    form_key = OnceKeyField()
    asked = models.ForeignKey("bodies.Committee", models.PROTECT, related_name="+", help_text="The wider committee whose organizers answer.")
    workplace = models.ForeignKey("directory.Workplace", models.CASCADE, related_name="+", help_text="Where those who bring it work.")
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    scope = models.CharField(max_length=12, choices=Scope)
    region = models.CharField(max_length=80, blank=True, help_text="The region for which it is, as it was called where it comes from.")
    members = models.PositiveIntegerField(help_text="How many have a place to take.")
    founded_at = models.DateTimeField()
    note = SealedTextField(blank=True, default="", help_text="What those who bring it say to those who answer.")
    content = SealedBytesField(null=True)
    place = models.CharField(max_length=64, blank=True, help_text="The digest of the code of whoever brings it.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = SealedTextField(blank=True, default="", help_text="Why it was declined, or what was wrong with the file.")
    answered_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    committee = models.OneToOneField("bodies.Committee", models.CASCADE, null=True, blank=True, related_name="+", help_text="What came of it.")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="an_arrival_is_in_a_known_state"),
            models.CheckConstraint(condition=Q(state__in=sorted(OPEN)) ^ Q(ended_at__isnull=False), name="an_ended_arrival_has_its_time"),
            models.CheckConstraint(condition=~Q(state=State.THERE) | Q(committee__isnull=False), name="what_is_there_is_a_committee"),
            models.CheckConstraint(condition=~Q(state=State.ACCEPTED) | Q(answered_by__isnull=False), name="an_arrival_is_accepted_by_somebody"),
            models.CheckConstraint(condition=~Q(state__in=sorted(OPEN)) | Q(content__isnull=False), name="an_open_arrival_has_its_file"),
            models.UniqueConstraint(
                fields=["brought_by"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_arrival_per_person",
                violation_error_message=_("You have brought a committee already. Wait for the answer, or take it back first."),
            ),
        ]
        indexes = [
            models.Index(fields=["asked", "-asked_at"], name="arrivals_to_answer"),
            models.Index(fields=["state", "asked_at"], condition=Q(state__in=sorted(OPEN)), name="arrivals_that_are_due"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Its page for whoever brought it."""
        return path_to("resettling:arrival", self.slug)

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING

    @property
    def is_accepted(self) -> bool:
        return self.state == State.ACCEPTED

    @property
    def is_there(self) -> bool:
        return self.state == State.THERE


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, member: Membership) -> Self:
        """Places of one's own committee that wait, for those who keep the list of members."""
        return self.filter(committee_id=member.committee_id) if Power.SEE_ROSTER in member.powers else self.none()


class Seat(models.Model):
    """The place of a member of a committee that came. It goes when they have taken it, or after half a year."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    membership = models.OneToOneField("membership.Membership", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()

    objects = SeatQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["until"], name="places_by_their_end")]

    def __str__(self) -> str:
        return f"place {self.pk}"
