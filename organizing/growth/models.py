"""What is kept of a committee's growth: a row for each week, and one picture by shift. Sums alone; what may be in them is in rules.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from committees.membership.queries import SMALLEST_SHOWN
from committees.membership.roles import Power

if TYPE_CHECKING:
    from committees.membership.models import Membership

#: What counts people, or what people did. Each of them is empty where it is not known or withheld.
OF_PEOPLE = ("joined", "left", "applied", "declined", "coming", "delivered", "undelivered")


def _none_or_many(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{name: 0}) | Q(**{f"{name}__gte": SMALLEST_SHOWN})


def _no_small_number() -> Q:
    found = Q(members__isnull=True) | Q(members__gte=SMALLEST_SHOWN)
    for name in OF_PEOPLE:
        found &= _none_or_many(name)
    return found


class WeekQuerySet(models.QuerySet["Week"]):
    def visible_to(self, member: Membership) -> Self:
        """Those of this member's committee, for who may see how it grows."""
        return self.filter(committee_id=member.committee_id) if Power.SEE_GROWTH in member.powers else self.none()

    def recorded(self) -> Self:
        return self.filter(recorded_at__isnull=False)


class Week(models.Model):
    """One week of one committee, Monday first in the committee's zone, written once when it is over and never changed.

    A row without `recorded_at` was begun and not filled; what it withholds already stays withheld. `withheld` names the numbers that are known and may not be told; they
    are in no column. A number that is empty and not withheld could not be counted any more when the row was written.
    """

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    monday = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, blank=True)
    withheld = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    members = models.PositiveIntegerField(null=True, blank=True, help_text="At the end of the week; in fives while they are few.")
    joined = models.PositiveIntegerField(null=True, blank=True, help_text="Accepted, and members from then on.")
    left = models.PositiveIntegerField(null=True, blank=True, help_text="Left, stepped aside, removed, lapsed or erased.")
    applied = models.PositiveIntegerField(null=True, blank=True)
    declined = models.PositiveIntegerField(null=True, blank=True)
    median_hours = models.PositiveIntegerField(null=True, blank=True, help_text="To an answer, of the applications of the four weeks that end here.")
    slow_hours = models.PositiveIntegerField(null=True, blank=True, help_text="In which nine of ten had theirs.")
    meetings = models.PositiveIntegerField(null=True, blank=True)
    coming = models.PositiveIntegerField(null=True, blank=True, help_text="Members who said yes to one of them, each meeting counted.")
    delivered = models.PositiveIntegerField(null=True, blank=True)
    undelivered = models.PositiveIntegerField(null=True, blank=True)

    objects = WeekQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["committee", "monday"], name="one_row_per_committee_and_week"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="a_week_ends_after_it_begins"),
            models.CheckConstraint(condition=_no_small_number(), name="no_week_holds_a_number_from_one_to_four"),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="a_week_begins_on_a_monday"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="weeks_by_their_end")]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.monday}"


class PictureQuerySet(models.QuerySet["Picture"]):
    def visible_to(self, member: Membership) -> Self:
        """That of this member's committee, for who may see how it grows."""
        return self.filter(committee_id=member.committee_id) if Power.SEE_GROWTH in member.powers else self.none()


class Picture(models.Model):
    """How many members gave which shift, once a month. The next one takes its place: what was before is kept nowhere.

    `shifts`: `[{"shift": …, "from": 10}]` means ten to fourteen. `others`: there are shifts that are not among them.
    """

    committee = models.OneToOneField("bodies.Committee", models.CASCADE, related_name="+")
    taken_on = models.DateField(help_text="The day in the committee's zone.")
    shifts = models.JSONField(default=list)
    others = models.BooleanField(default=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["taken_on"], name="pictures_by_day")]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.taken_on}"
