"""A meeting that takes place again and again. Its meetings are rows like all others (models.py); this one says how they follow."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.base import dates
from committees.base.clock import validate_zone
from committees.base.navigation import path_to
from committees.base.slugs import SlugField
from committees.membership.roles import Power
from organizing.meetings.rhythms import LONGEST_RULE, MOST_OFTEN, MOST_TIMES, Every, Rhythm

if TYPE_CHECKING:
    from committees.membership.models import Membership


class SeriesQuerySet(models.QuerySet["Series"]):
    """Chainable questions about series."""

    def visible_to(self, member: Membership) -> Self:
        """Those of the member's own committee, once people know of them. A guest is invited to one meeting, not to a series."""
        if Power.SEE_COMMITTEE not in member.powers:
            return self.none()
        return self.filter(committee_id=member.committee_id, begun_at__isnull=False)

    def due(self, at: datetime) -> Self:
        """Those that go on and of which a meeting was, so that another one is to be made; not while their committee rests."""
        return self.filter(due_at__lte=at, is_complete=False).exclude(committee__life__in=("dormant", "dissolved"))


class Series(models.Model):
    """How a meeting repeats: from which wall time, in which zone, by which rhythm. What its meetings are about stands in each of them; the
    next one is made from the latest that was not changed by itself.

    Begun once it was told; until then it is a part of a draft.
    """

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    every = models.CharField(max_length=10, choices=Every)
    interval = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_OFTEN)])
    own = models.CharField(max_length=LONGEST_RULE, blank=True, help_text="An RRULE of RFC 5545 without an end, where none of those offered fits.")
    count = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(2), MaxValueValidator(MOST_TIMES)])
    until = models.DateField(null=True, blank=True)
    day = models.DateField()
    clock = models.TimeField()
    zone = models.CharField(max_length=48, validators=[validate_zone])
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the next meeting is to be made: when the first that is to come begins.")
    is_complete = models.BooleanField(default=False, help_text="There are no more meetings to be made.")

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="series_with_its_committee"),
            models.CheckConstraint(condition=Q(every__in=Every.values), name="a_series_has_a_known_rhythm"),
            models.CheckConstraint(condition=~Q(every=Every.RULE) | ~Q(own=""), name="a_rule_of_ones_own_is_written_down"),
            models.CheckConstraint(condition=Q(interval__gte=1, interval__lte=MOST_OFTEN), name="a_series_is_not_too_seldom"),
            models.CheckConstraint(condition=Q(count=None) | Q(until=None), name="a_series_ends_in_one_way"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(is_complete=False), name="series_that_go_on")]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("meetings:series", self.committee.slug, self.slug)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.every, self.interval, self.own, self.count, self.until)

    @property
    def start(self) -> datetime:
        """The naive wall time of its first meeting, in `zone`."""
        return datetime.combine(self.day, self.clock)

    @property
    def words(self) -> str:
        """Its rhythm in the language in use, and on whose clock: the days are those of its zone."""
        return _("%(rhythm)s, %(zone)s") % {"rhythm": self.rhythm.words(self.day), "zone": dates.zone_label(self.zone)}
