"""Some times for a meeting that is not called yet, and who can come at which of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from committees.base.clock import validate_zone
from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Life
from committees.membership.models import Membership
from committees.membership.roles import Power, Standing
from organizing.meetings.models import LONGEST_MINUTES
from organizing.meetings.plans import When

if TYPE_CHECKING:
    from committees.people.models import Person


class State(models.TextChoices):
    """open → taken, closed or withdrawn. That answering has ended, its time says."""

    OPEN = "open", _("Open")
    TAKEN = "taken", _("A time was taken")
    CLOSED = "closed", _("Closed without a time")
    WITHDRAWN = "withdrawn", _("Taken back")


class Word(models.TextChoices):
    """What somebody says about one time."""

    WORKS = "works", _("Works for me")
    IF_NEED = "if_need", _("If need be")
    NO = "no", _("Does not work")


class PollQuerySet(models.QuerySet["Poll"]):
    """Chainable questions about polls."""

    def visible_to(self, member: Membership) -> Self:
        """Those of this member's committee, for full members: whoever may see where a meeting is."""
        return self.filter(committee_id=member.committee_id) if Power.SEE_PLACE in member.powers else self.none()

    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def answerable(self, at: datetime) -> Self:
        """Open, and not past its end."""
        return self.open().filter(ends_at__gt=at)

    def to_choose(self, person: Person, at: datetime) -> Self:
        """Those of which answering has ended and this person, as an organizer, has to take a time or end it."""
        organized = Membership.objects.of(person).with_power(Power.CALL_MEETING, at)
        return self.open().filter(ends_at__lte=at, committee__in=organized.values("committee"))

    def lacking(self, person: Person, at: datetime) -> Self:
        """Those that wait for this person: of their committees, with a time about which they have not said anything."""
        mine = Membership.objects.filter(person=person).standing_members().exclude(committee__life=Life.DISSOLVED)
        said = Reply.objects.filter(slot=OuterRef("pk"), membership__person=person)
        silent = Slot.objects.filter(~Exists(said), poll=OuterRef("pk"))
        return self.answerable(at).filter(Exists(silent), committee__in=mine.values("committee"))


class Poll(models.Model):
    """A search for a time. Its times are wall times in one named zone, all of the same length. `by`: who began it, `ended_by` who took a
    time, closed it or took it back."""

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    ended_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    subject = SealedTextField()
    question = SealedTextField(blank=True, default="")
    zone = models.CharField(max_length=48, validators=[validate_zone])
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(5), MaxValueValidator(LONGEST_MINUTES)])
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="Until when members answer.")
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    taken = models.ForeignKey("finding.Slot", models.SET_NULL, null=True, blank=True, related_name="+")
    meeting = models.ForeignKey("meetings.Meeting", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PollQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="poll_with_its_committee"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_poll_is_in_a_known_state"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=LONGEST_MINUTES), name="a_time_lasts_minutes_to_hours"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begun_at")), name="a_poll_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state=State.OPEN) ^ Q(ended_at__isnull=False), name="only_an_ended_poll_was_ended"),
            models.CheckConstraint(condition=Q(state=State.TAKEN) | Q(taken=None, meeting=None), name="only_a_taken_time_makes_a_meeting"),
        ]
        indexes = [
            models.Index(fields=["committee", "-begun_at"], name="polls_of_a_committee"),
            models.Index(fields=["ends_at"], condition=Q(state="open"), name="open_polls"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("finding:poll", self.committee.slug, self.slug)

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_taken(self) -> bool:
        return self.state == State.TAKEN

    @property
    def is_withdrawn(self) -> bool:
        return self.state == State.WITHDRAWN

    @property
    def can_be_taken(self) -> bool:
        """Whether an organizer may take one of its times: also anew, where the draft that came of it was thrown away."""
        return self.is_open or (self.is_taken and self.meeting_id is None)

    def is_answerable(self, at: datetime) -> bool:
        return self.is_open and at < self.ends_at


class Slot(models.Model):
    """One of the times. `starts_at` follows from its wall time in the poll's zone."""

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    poll = models.ForeignKey("finding.Poll", models.CASCADE, related_name="slots")
    day = models.DateField()
    clock = models.TimeField()
    starts_at = models.DateTimeField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="slot_with_its_committee"),
            models.UniqueConstraint(fields=["poll", "starts_at"], name="a_time_stands_once_in_a_poll"),
        ]

    def __str__(self) -> str:
        return self.slug

    def when(self, poll: Poll) -> When:
        """As a meeting's time, whose rules for skipped and doubled times are meant here too."""
        return When(self.day, self.clock, poll.zone, poll.minutes)


class ReplyQuerySet(models.QuerySet["Reply"]):
    def counting(self) -> Self:
        """Of full members: whoever left, or is suspended, does not count."""
        return self.filter(membership__standing=Standing.MEMBER)

    def visible_to(self, member: Membership) -> Self:
        """One's own; all of the committee's for those who see who comes to meetings."""
        mine = self.filter(committee_id=member.committee_id)
        return mine if Power.SEE_ANSWERS in member.powers else mine.filter(membership=member)


class Reply(models.Model):
    """What one member said about one time."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    slot = models.ForeignKey("finding.Slot", models.CASCADE, related_name="replies")
    membership = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    word = models.CharField(max_length=8, choices=Word)
    at = models.DateTimeField()

    objects = ReplyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "membership"], name="one_word_about_a_time"),
            models.CheckConstraint(condition=Q(word__in=Word.values), name="a_time_works_or_not"),
        ]

    def __str__(self) -> str:
        return self.word
