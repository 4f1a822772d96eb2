"""What a committee grants to those who keep the service, and what they opened of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.base.fields import SealedTextField
from committees.base.slugs import SlugField
from committees.bodies.models import Life
from committees.membership.roles import Power

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person

#: For how many hours, as organizers choose.
HOURS = (1, 4, 24, 72)


class State(models.TextChoices):
    """asked → given, or off. Given, it begins and ends by the instants in its row."""

    ASKED = "asked", gettext_lazy("Needs a second organizer")
    GIVEN = "given", gettext_lazy("Granted")
    OFF = "off", gettext_lazy("Not granted")


class GrantQuerySet(models.QuerySet["Grant"]):
    """Chainable questions about what was granted."""

    def given(self) -> Self:
        """Those that were granted, running or over."""
        return self.filter(state=State.GIVEN)

    def running(self, at: datetime) -> Self:
        """Granted, begun and not ended at that instant, by committees that still are."""
        return self.given().filter(begins_at__lte=at, ends_at__gt=at).exclude(committee__life=Life.DISSOLVED)

    def visible_to(self, member: Membership) -> Self:
        """Full members see what their committee granted."""
        return self.filter(committee_id=member.committee_id) if Power.SEE_LOG in member.powers else self.none()

    def visible_to_person(self, person: Person, at: datetime) -> Self:
        """Whoever keeps the service sees what is granted at this moment; nobody else anything."""
        return self.running(at) if person.is_platform_admin and person.is_active else self.none()


class Grant(models.Model):
    """Two organizers let those who keep the service look at some parts of their committee. Any organizer ends it at once."""

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    parts = ArrayField(models.CharField(max_length=20), help_text="Keys of support.register.")
    hours = models.PositiveSmallIntegerField()
    reason = SealedTextField(blank=True, default="")
    state = models.CharField(max_length=6, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    begins_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When why it was asked was erased.")

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values, hours__in=HOURS, parts__len__gt=0), name="a_grant_says_what_and_how_long"),
            models.UniqueConstraint(fields=["id", "committee"], name="grant_with_its_committee"),
            models.CheckConstraint(condition=~Q(state=State.GIVEN) | Q(begins_at__isnull=False, ends_at__isnull=False), name="what_is_granted_ends"),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gte=F("begins_at")), name="a_grant_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["committee", "state"], name="grants_of_a_committee"), models.Index(fields=["ends_at"], name="grants_by_their_end")]

    def __str__(self) -> str:
        return self.slug

    def is_running(self, at: datetime) -> bool:
        return self.state == State.GIVEN and self.begins_at is not None and self.ends_at is not None and self.begins_at <= at < self.ends_at


class Visitor(models.Model):
    """Somebody who keeps the service, as one committee knows them: by a number, never by a name."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["committee", "person"], name="one_number_for_a_visitor"),
            models.UniqueConstraint(fields=["committee", "number"], name="one_visitor_for_a_number"),
            models.UniqueConstraint(fields=["id", "committee"], name="visitor_with_their_committee"),
        ]

    def __str__(self) -> str:
        return _("Admin %(number)s") % {"number": self.number}


class LookQuerySet(models.QuerySet["Look"]):
    def visible_to(self, member: Membership) -> Self:
        """Full members see what was opened in their committee."""
        return self.filter(committee_id=member.committee_id) if Power.SEE_LOG in member.powers else self.none()


class Look(models.Model):
    """One page that was opened."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="looks")
    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="+")
    part = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["committee", "-at"], name="looks_into_a_committee")]

    def __str__(self) -> str:
        return f"look {self.pk}"
