"""A meeting while it goes on, who is here, who asked to speak, who keeps its door, and who waits there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedTextField
from committees.base.slugs import SlugField
from committees.membership.roles import PRESENT, Standing
from organizing.meetings.models import Meeting

if TYPE_CHECKING:
    from committees.membership.models import Membership

LONGEST_TURN = 60


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """Chainable questions about meetings that go on."""

    def visible_to(self, member: Membership) -> Self:
        """Those of the meetings that this member sees."""
        return self.filter(meeting__in=Meeting.objects.visible_to(member).called().values("pk"))

    def open(self) -> Self:
        """Not ended. That its hours are over, its meeting's times say (rules.is_open)."""
        return self.filter(ended_at=None)


class Gathering(models.Model):
    """A meeting that was opened. `version` counts all that changes on its pages. When it ends its secret is thrown away, and the
    numbers are kept; the names go later."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.OneToOneField("meetings.Meeting", models.CASCADE, related_name="+")
    secret = SealedTextField(null=True, help_text="From which the code of each minute is worked out.")
    version = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, related_name="+", help_text="Nobody where it came from another server.")
    began_at = models.DateTimeField()
    ended_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+", help_text="Nobody where the clock ended it.")
    ended_at = models.DateTimeField(null=True, blank=True)
    takes_speakers = models.BooleanField(default=True, help_text="Whether one can ask to speak.")
    limit = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TURN)], help_text="For how many minutes one speaks."
    )
    point_key = models.UUIDField(null=True, blank=True, editable=False, help_text="The point of the agenda that it is at, and")
    point_since = models.DateTimeField(null=True, blank=True, editable=False, help_text="since when.")
    people = models.PositiveIntegerField(null=True, blank=True, help_text="How many were here when it ended.")
    entitled_here = models.PositiveIntegerField(null=True, blank=True, help_text="Of those, how many counted.")
    entitled = models.PositiveIntegerField(null=True, blank=True, help_text="How many counted in all, and")
    needed = models.PositiveIntegerField(null=True, blank=True, help_text="how many of those it needed.")

    objects = GatheringQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="gathering_with_its_committee"),
            models.CheckConstraint(condition=Q(ended_at=None) ^ Q(secret__isnull=True), name="only_what_goes_on_has_a_code"),
            models.CheckConstraint(
                condition=Q(ended_at=None, people=None, entitled_here=None, entitled=None, needed=None)
                | Q(ended_at__isnull=False, people__isnull=False, entitled_here__isnull=False, entitled__isnull=False, needed__isnull=False),
                name="what_has_ended_was_counted",
            ),
            models.CheckConstraint(
                condition=Q(point_key=None, point_since=None) | Q(point_key__isnull=False, point_since__isnull=False, ended_at=None),
                name="only_what_goes_on_is_at_a_point",
            ),
            models.CheckConstraint(condition=Q(limit=None) | Q(limit__gte=1, limit__lte=LONGEST_TURN), name="a_turn_lasts_minutes"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="a_gathering_ends_after_it_was_opened"),
            models.CheckConstraint(condition=Q(ended_by=None) | Q(ended_at__isnull=False), name="only_what_has_ended_was_ended"),
        ]
        indexes = [models.Index(fields=["began_at"], condition=Q(ended_at=None), name="open_gatherings")]

    def __str__(self) -> str:
        return f"gathering {self.pk}"


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self) -> Self:
        """Who came, has not left, and still belongs."""
        return self.filter(left_at=None, membership__standing__in=PRESENT)

    def counting(self, committee_id: int) -> Self:
        """Of those, the full members of the host."""
        return self.filter(left_at=None, committee_id=committee_id, membership__standing=Standing.MEMBER)


class Presence(models.Model):
    """Somebody who came. `by`: who ticked their name or let them in; nobody where they came by the code."""

    class Way(models.TextChoices):
        CODE = "code", _("By the code")
        TICKED = "ticked", _("Ticked by an organizer")
        DOOR = "door", _("Let in at the door")

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="Of whoever came: the host or a guest.")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="presences")
    membership = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=Way)
    by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gathering", "membership"], name="one_comes_once_to_a_meeting"),
            models.UniqueConstraint(fields=["id", "gathering"], name="presence_with_its_gathering"),
            models.CheckConstraint(condition=Q(way__in=["code", "ticked", "door"]), name="one_comes_by_a_known_way"),
            models.CheckConstraint(condition=Q(left_at=None) | Q(left_at__gte=F("came_at")), name="one_leaves_after_one_came"),
        ]

    def __str__(self) -> str:
        return self.slug


class Turn(models.Model):
    """Somebody asked to speak: waiting, then speaking, then done; or withdrawn before it was their turn."""

    slug = SlugField()
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="turns")
    presence = models.ForeignKey(Presence, models.CASCADE, related_name="turns")
    is_point = models.BooleanField(default=False, help_text="About the order of the meeting itself.")
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["presence", "is_point"], condition=Q(ended_at=None), name="one_asks_once_to_speak"),
            models.UniqueConstraint(fields=["gathering"], condition=Q(began_at__isnull=False, ended_at=None), name="one_speaks_at_a_time"),
            models.CheckConstraint(condition=Q(began_at=None) | Q(began_at__gte=F("asked_at")), name="one_speaks_after_one_asked"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("asked_at")), name="a_turn_ends_after_it_was_asked_for"),
        ]

    def __str__(self) -> str:
        return self.slug


class DutyQuerySet(models.QuerySet["Duty"]):
    def held(self) -> Self:
        """Of full members of the host: whoever goes, or is suspended, holds none."""
        return self.filter(membership__standing=Standing.MEMBER)


class Duty(models.Model):
    """What an organizer asked a member to do in one meeting: to lead it, or to keep its door and the list of who is here."""

    class Kind(models.TextChoices):
        CHAIR = "chair", _("Chairs the meeting: who speaks and for how long")
        STEWARD = "steward", _("Keeps the door: who is here and who is let in")

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="duties")
    membership = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gathering", "membership", "kind"], name="one_has_a_duty_once"),
            models.CheckConstraint(condition=Q(kind__in=["chair", "steward"]), name="a_duty_is_to_chair_or_to_keep_the_door"),
        ]

    def __str__(self) -> str:
        return self.slug


class Knock(models.Model):
    """Somebody waits at the door of an online meeting. `asked_in`: a fingerprint of the session in which they asked; only that one is let
    in. `answered_by`: the steward who answered."""

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="Of whoever waits: the host or a guest.")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="knocks")
    membership = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    asked_in = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    let_in = models.BooleanField(null=True, blank=True)
    answered_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gathering", "membership"], name="one_stands_once_at_a_door"),
            models.CheckConstraint(
                condition=Q(let_in=None, answered_at=None) | Q(let_in__isnull=False, answered_at__isnull=False), name="an_answer_at_the_door_has_its_time"
            ),
        ]
        indexes = [models.Index(fields=["gathering", "asked_at"], condition=Q(let_in=None), name="who_waits_at_a_door")]

    def __str__(self) -> str:
        return self.slug
