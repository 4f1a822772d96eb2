"""Somebody covers for an organizer or a moderator who is away. (Same room and app as memberships.)"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.membership.roles import Power, Role

if TYPE_CHECKING:
    from committees.membership.models import Membership

#: Offices that others depend on from day to day. A delegate has an alternate.
COVERED = (Role.ORGANIZER, Role.MODERATOR)
#: So many days at most; a day on which the clocks change is longer than others.
LONGEST = 60


class State(models.TextChoices):
    """asked → accepted → arranged; or declined, or called off. Arranged, it begins and ends by the instants in its row."""

    ASKED = "asked", _("Waits for an answer")
    ACCEPTED = "accepted", _("Waits for a second organizer")
    ARRANGED = "arranged", _("Arranged")
    DECLINED = "declined", _("Declined")
    OFF = "off", _("Called off")


OPEN = frozenset({State.ASKED, State.ACCEPTED, State.ARRANGED})


class CoverQuerySet(models.QuerySet["Cover"]):
    """Chainable questions about who covers for whom."""

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def running(self, at: datetime) -> Self:
        """Those that have begun and not ended at that instant."""
        return self.filter(state=State.ARRANGED, begins_at__lte=at, ends_at__gt=at)

    def not_over(self, at: datetime) -> Self:
        """Those that run, or may still."""
        return self.open().filter(ends_at__gt=at)

    def visible_to(self, member: Membership) -> Self:
        """Full members see who covers for whom; what is not settled, or came to nothing, only the two of them see."""
        if Power.SEE_LOG not in member.powers:
            return self.none()
        mine = Q(absent=member.pk) | Q(member=member.pk)
        return self.filter(Q(state=State.ARRANGED) | mine, committee_id=member.committee_id)


class Cover(models.Model):
    """A full member takes an absent one's office over for some days; the absent one keeps it. Nobody says why they are away.

    What it gives is a RoleTerm of the member that `stands_in_for` the absent one.
    """

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    absent = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    member = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+", help_text="Who covers.")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    told_begun_at = models.DateTimeField(null=True, blank=True, help_text="When the two were told that it has begun.")
    told_ended_at = models.DateTimeField(null=True, blank=True, help_text="When they were told that it has ended.")

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values, role__in=COVERED), name="a_cover_is_of_a_known_kind"),
            models.UniqueConstraint(fields=["id", "committee"], name="cover_with_its_committee"),
            models.CheckConstraint(condition=~Q(absent=F("member")), name="nobody_covers_for_themself"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("begins_at")), name="a_cover_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(ends_at__lte=F("begins_at") + timedelta(days=LONGEST + 1)), name="a_cover_is_not_for_ever"),
            models.CheckConstraint(condition=Q(state__in=[State.ASKED, State.OFF]) | Q(answered_at__isnull=False), name="a_cover_was_agreed_to"),
            ExclusionConstraint(
                name="one_covers_for_somebody_at_a_time",
                expressions=[("absent", "="), ("role", "="), (Func(F("begins_at"), F("ends_at"), function="TSTZRANGE"), "&&")],
                condition=Q(state__in=sorted(OPEN)),
            ),
            ExclusionConstraint(
                name="one_covers_for_one_at_a_time",
                expressions=[("member", "="), (Func(F("begins_at"), F("ends_at"), function="TSTZRANGE"), "&&")],
                condition=Q(state__in=sorted(OPEN)),
            ),
        ]
        indexes = [
            models.Index(fields=["committee", "state", "ends_at"], name="covers_of_a_committee"),
            models.Index(fields=["begins_at"], condition=Q(state="arranged", told_begun_at=None), name="covers_that_begin"),
            models.Index(fields=["ends_at"], condition=Q(state="arranged", told_ended_at=None), name="covers_that_end"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("jointly:cover", self.committee.slug, self.slug)

    @property
    def last_day(self) -> datetime:
        """An instant of the last day on which it runs: it ends at the midnight after that."""
        return max(self.begins_at, self.ends_at - timedelta(seconds=1))

    @property
    def is_asked(self) -> bool:
        return self.state == State.ASKED

    @property
    def is_arranged(self) -> bool:
        return self.state == State.ARRANGED
