"""A person's calendar: its secret address, and what it may show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from committees.people.models import Person


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, person: Person) -> Self:
        """One's own."""
        return self.filter(person=person)


class CalendarFeed(models.Model):
    """A person's calendar address, of which the row keeps the digest, and what their calendar may show."""

    class Titles(models.TextChoices):
        NEUTRAL = "neutral", _("Only “Appointment”")
        KIND = "kind", _("“Meeting”")
        FULL = "full", _("The subject of the meeting")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    titles = models.CharField(max_length=8, choices=Titles, default=Titles.NEUTRAL)
    made_on = models.DateField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest=None, made_on=None) | Q(digest__isnull=False, made_on__isnull=False), name="an_address_has_its_day")
        ]

    def __str__(self) -> str:
        return f"calendar {self.pk}"
