"""That a meeting is open to people of no committee that comes, and who of them registered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.base.slugs import SlugField
from committees.bodies.models import Life, Visibility
from organizing.meetings.models import State as MeetingState

if TYPE_CHECKING:
    from committees.people.models import Person

MOST_ROOM = 100_000


class Way(models.TextChoices):
    """How visitors come to be there."""

    PUBLIC = "public", _("Whoever registers may come")
    VOTED = "voted", _("The meeting voted to let visitors in at the door")


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Chainable questions about meetings that are open to visitors."""

    def shown(self) -> Self:
        """Those of meetings that were called, in committees that are listed; cancelled ones say so."""
        listed = Q(committee__visibility=Visibility.LISTED) & ~Q(committee__life=Life.DISSOLVED)
        return self.filter(listed).exclude(meeting__state=MeetingState.DRAFT)

    def announced(self, at: datetime) -> Self:
        """What everybody may find: open to the public, neither closed, cancelled nor over."""
        return self.shown().filter(way=Way.PUBLIC, closed_at=None, meeting__state=MeetingState.SCHEDULED, meeting__ends_at__gt=at)


class Opening(models.Model):
    """A meeting is open to visitors: its slug is the address of its public page."""

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.OneToOneField("meetings.Meeting", models.CASCADE, related_name="opening")
    way = models.CharField(max_length=8, choices=Way)
    words = models.TextField(blank=True, default="", help_text="What the public page says about the meeting.")
    room = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_ROOM)], help_text="For how many visitors there is room."
    )
    begun_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="From when on nobody registers any more.")

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="opening_with_its_committee"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="a_meeting_is_opened_in_a_known_way"),
            models.CheckConstraint(condition=Q(room=None) | Q(room__gte=1, room__lte=MOST_ROOM), name="there_is_room_for_a_visitor"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("visitors:page", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.way == Way.PUBLIC


class VisitQuerySet(models.QuerySet["Visit"]):
    def coming(self) -> Self:
        return self.filter(state=Visit.State.COMING)

    def of(self, person: Person) -> Self:
        return self.filter(person_id=person.pk)

    def waiting(self) -> Self:
        """Who stands at the door and was not answered."""
        return self.coming().filter(asked_at__isnull=False, answered_at=None)


class Visit(models.Model):
    """Somebody who registered. `name` is what they want to be called, for the host alone. Where the link is given at the door, `asked_in` is a
    fingerprint of the session in which they asked for it."""

    class State(models.TextChoices):
        COMING = "coming", _("Coming")
        WITHDRAWN = "withdrawn", _("Does not come after all")
        TURNED_AWAY = "away", _("Turned away")

    slug = SlugField()
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="visits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.COMING)
    registered_at = models.DateTimeField()
    asked_in = models.CharField(max_length=64, blank=True, default="")
    asked_at = models.DateTimeField(null=True, blank=True)
    let_in = models.BooleanField(null=True, blank=True)
    answered_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opening", "person"], name="one_visits_a_meeting_once"),
            models.CheckConstraint(condition=Q(state__in=["coming", "withdrawn", "away"]), name="a_visit_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(let_in=None, answered_at=None) | Q(let_in__isnull=False, answered_at__isnull=False, asked_at__isnull=False),
                name="an_answer_to_a_visitor_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["opening", "registered_at", "id"], name="visitors_of_a_meeting"),
            models.Index(fields=["opening", "asked_at"], condition=Q(state="coming", asked_at__isnull=False, answered_at=None), name="visitors_at_a_door"),
        ]

    def __str__(self) -> str:
        return self.slug
