"""A meeting, its agenda and what happened to it. Who said they come is in answers.py (same room, same app)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, F, Q
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from committees.base.clock import validate_zone
from committees.base.fields import SealedTextField
from committees.base.labels import label
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Committee
from committees.membership.roles import PRESENT, THAT_SEE, Power
from organizing.meetings.answers import Answer, Choice
from organizing.meetings.feeds import CalendarFeed
from organizing.meetings.guests import Guest, GuestState
from organizing.meetings.series import Series

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person

__all__ = ["AgendaItem", "Answer", "CalendarFeed", "Choice", "Guest", "GuestState", "Held", "Meeting", "MeetingChange", "Reveal", "Series", "State"]

LONGEST_MINUTES = 12 * 60
MOST_PLACES = 100_000


class State(models.TextChoices):
    """draft → scheduled, and cancelled from either. That it runs or is over, its times say."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Cancelled")


class Held(models.TextChoices):
    """How people come together."""

    ONLINE = "online", _("Online")
    IN_PERSON = "in_person", _("In person")
    BOTH = "both", _("In person and online")


class Reveal(models.TextChoices):
    """From when on the place or the link is shown. All but the first and the last only to those who said yes; at the door a link alone
    is given, by the room that keeps it."""

    AT_ONCE = "at_once", _("At once, to every member")
    ON_YES = "on_yes", _("When someone says yes")
    DAY = "day", _("24 hours before, to those who said yes")
    HOUR = "hour", _("1 hour before, to those who said yes")
    HALF_HOUR = "half_hour", _("30 minutes before, to those who said yes")
    AT_DOOR = "at_door", _("Only at the door: a steward lets each person in")

    @property
    def before(self) -> timedelta | None:
        """How long before the start it opens; None where no hour matters."""
        return {Reveal.DAY: timedelta(days=1), Reveal.HOUR: timedelta(hours=1), Reveal.HALF_HOUR: timedelta(minutes=30)}.get(self)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Chainable questions about meetings."""

    def visible_to(self, member: Membership) -> Self:
        """The meetings of this member's committee, drafts only for those who may call one; and those to which it comes as a guest."""
        if Power.SEE_COMMITTEE not in member.powers:
            return self.none()
        own = Q(committee_id=member.committee_id)
        if Power.CALL_MEETING not in member.powers:
            own &= ~Q(state=State.DRAFT)
        return self.filter(own | Q(pk__in=Guest.objects.accepted().filter(invited_id=member.committee_id).values("meeting")))

    def hosted(self, member: Membership) -> Self:
        """Of what this member sees, their own committee's."""
        return self.visible_to(member).filter(committee_id=member.committee_id)

    def visible_to_person(self, person: Person) -> Self:
        """What has been called in any committee that this person belongs to, or to which one of them comes as a guest.

        Adds `through`: the slug of the committee in which they read it.
        """
        mine = Committee.objects.open().filter(memberships__person=person, memberships__standing__in=THAT_SEE)
        invited = Guest.objects.accepted().filter(invited__in=mine.values("pk"))
        seen = self.filter(Q(committee__in=mine.values("pk")) | Q(pk__in=invited.values("meeting")))
        own = mine.filter(pk=models.OuterRef("committee")).values("slug")[:1]
        other = invited.filter(meeting=models.OuterRef("pk")).order_by("pk").values("invited__slug")[:1]
        through = Coalesce(models.Subquery(own), models.Subquery(other))
        return seen.exclude(state=State.DRAFT).exclude(committee__life="dissolved").annotate(through=through)

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def called(self) -> Self:
        """All that members were told of, cancelled ones too."""
        return self.exclude(state=State.DRAFT)

    def scheduled(self) -> Self:
        return self.filter(state=State.SCHEDULED)

    def coming(self, at: datetime) -> Self:
        """Not over yet; a cancelled one stays in sight until it would have been over."""
        return self.called().filter(ends_at__gt=at)

    def one_of_each_series(self, at: datetime, *, seen: MeetingQuerySet) -> Self:
        """Of each series what runs and the next date, besides those that are cancelled or were moved by themselves: more is no news. `seen` is all
        that the reader sees: whoever is a guest of one date alone sees that one."""
        mine, other = models.OuterRef("starts_at"), models.OuterRef("pk")
        sooner = seen.scheduled().filter(Q(starts_at__lt=mine) | Q(starts_at=mine, pk__lt=other), series=models.OuterRef("series"), starts_at__gt=at)
        return self.exclude(Q(state=State.SCHEDULED, own_time=False), models.Exists(sooner))

    def over(self, at: datetime) -> Self:
        return self.called().filter(ends_at__lte=at)

    def with_counts(self) -> Self:
        """Adds `yes` and `maybe`: how many present members said so since they were last asked."""
        return self.annotate(yes=Answer.objects.counted(Choice.YES), maybe=Answer.objects.counted(Choice.MAYBE))

    def with_choice_of(self, person: Person) -> Self:
        """Adds `my_choice`: this person's answer since they were last asked, or an empty string."""
        mine = Answer.objects.for_outer_meeting().filter(membership__person=person, membership__standing__in=THAT_SEE)
        return self.annotate(my_choice=Coalesce(models.Subquery(mine.values("choice")[:1]), models.Value("")))

    def with_answer_of(self, member: Membership) -> Self:
        """Adds `my_answer`: what this member said since they were last asked, as plain values, or None."""
        mine = Answer.objects.for_outer_meeting().filter(membership=member)
        return self.annotate(my_answer=models.Subquery(mine.values(values=JSONObject(**{name: name for name in Answer.SAID}))[:1]))

    def with_names_for(self, member: Membership) -> Self:
        """Adds `names`: who is coming, of those who show their name to the members of their own committee."""
        here = Answer.objects.for_outer_meeting().filter(committee_id=member.committee_id)
        shown = here.filter(choice=Choice.YES, show_name=True, membership__standing__in=PRESENT)
        return self.annotate(names=ArraySubquery(shown.order_by("membership__handle").values("membership__handle")))

    def with_guests(self) -> Self:
        """Adds `guests_now`: the ids of the committees that come as guests."""
        return self.annotate(guests_now=ArraySubquery(Guest.objects.of_outer_meeting().order_by("pk").values("invited_id")))

    def with_agenda_for(self, member: Membership) -> Self:
        """Adds `points`: the lines of the agenda that this member may see, as plain values in order."""
        mine = AgendaItem.objects.visible_to(member).filter(meeting=models.OuterRef("pk")).order_by("position")
        return self.annotate(points=ArraySubquery(mine.values(values=JSONObject(key="key", **{name: name for name in AgendaItem.SHOWN}))))


class Meeting(models.Model):
    """A gathering of a committee. Its time is a wall time in a named zone; the instant follows from it.

    `sequence` counts the changes that a calendar must hear of (RFC 5545), `told_version` those that people are told of;
    `asking` counts how often members were asked whether they come: an answer counts while it is from the latest asking.
    """

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="meetings")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    subject = models.CharField(max_length=140)
    chair = models.CharField(max_length=60, blank=True)
    day = models.DateField(null=True, blank=True)
    clock = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=48, validators=[validate_zone])
    minutes = models.PositiveSmallIntegerField(default=60, validators=[MinValueValidator(5), MaxValueValidator(LONGEST_MINUTES)])
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    held = models.CharField(max_length=10, choices=Held, default=Held.ONLINE)
    place = SealedTextField(blank=True, default="")
    link = SealedTextField(blank=True, default="")
    dial_in = SealedTextField(blank=True, default="")
    place_shown = models.CharField(max_length=10, choices=Reveal, default=Reveal.ON_YES)
    link_shown = models.CharField(max_length=10, choices=Reveal, default=Reveal.HALF_HOUR)
    probation_sees_place = models.BooleanField(default=False)
    place_erased_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)], help_text="For how many there is room."
    )
    has_visitors = models.BooleanField(default=False, help_text="Whether people of no committee may come: what is said of that, a room above knows.")
    has_papers = models.BooleanField(default=False, help_text="Whether documents ever hung on its agenda: which, a room above knows.")
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    told_version = models.PositiveIntegerField(default=0, help_text="How often people were told: the version of the latest notice.")
    asking = models.PositiveIntegerField(default=1)
    reminded_for = models.DateTimeField(null=True, blank=True, help_text="The start for which the reminder was given.")
    changed_at = models.DateTimeField()
    series = models.ForeignKey("meetings.Series", models.RESTRICT, null=True, blank=True, related_name="meetings")
    series_day = models.DateField(null=True, blank=True, help_text="When its series has it: its name there, also where it was moved by itself.")
    series_clock = models.TimeField(null=True, blank=True)
    own_time = models.BooleanField(default=False, help_text="Moved by itself: where its whole series is moved, it stays.")
    own_words = models.BooleanField(default=False, help_text="Changed by itself: what is changed in its whole series passes it by.")
    made_ahead = models.BooleanField(default=False, help_text="Its series made it; people were told of that one and not of this meeting.")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="meeting_with_its_committee"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_meeting_is_in_a_known_state"),
            models.CheckConstraint(condition=~Q(place_shown=Reveal.AT_DOOR), name="only_a_link_is_given_at_the_door"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(day__isnull=False, clock__isnull=False, starts_at__isnull=False, ends_at__isnull=False),
                name="only_a_draft_has_no_time",
            ),
            models.CheckConstraint(condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1, capacity__lte=MOST_PLACES), name="a_meeting_has_room_for_somebody"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=LONGEST_MINUTES), name="a_meeting_lasts_minutes_to_hours"),
            models.CheckConstraint(condition=~Q(state=State.DRAFT) | Q(sequence=0, told_version=0), name="nobody_was_told_of_a_draft"),
            models.UniqueConstraint(
                fields=["series", "series_day", "series_clock"], deferrable=Deferrable.DEFERRED, name="one_meeting_for_each_time_of_a_series"
            ),
            models.CheckConstraint(
                condition=Q(series_day=None, series_clock=None) | Q(series__isnull=False, series_day__isnull=False, series_clock__isnull=False),
                name="only_a_series_has_times",
            ),
        ]
        indexes = [
            models.Index(fields=["committee", "ends_at"], name="meetings_of_a_committee"),
            models.Index(fields=["starts_at"], condition=Q(state=State.SCHEDULED), name="scheduled_meetings"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return self.url_in(self.door)

    def url_in(self, committee_slug: str) -> str:
        """Its page as the members of one committee reach it: the host's or a guest's."""
        return path_to("meetings:meeting", committee_slug, self.slug)

    @property
    def door(self) -> str:
        """The slug of the committee through which its reader comes: the host, unless a query or a view said another."""
        return getattr(self, "through", None) or self.committee.slug

    @cached_property
    def guest_ids(self) -> frozenset[int]:
        """The committees that come as guests; uses what `with_guests` read along, else asks once."""
        read = getattr(self, "guests_now", None)
        return frozenset(Guest.objects.accepted().filter(meeting=self).values_list("invited_id", flat=True) if read is None else read)

    def is_open_to(self, committee_id: int) -> bool:
        """Whether it is that committee's own, or one to which it comes as a guest."""
        return committee_id == self.committee_id or committee_id in self.guest_ids

    def get_held_display(self) -> str:  # type: ignore[no-redef]  # Django keeps ours
        return label(Held, self.held)

    @property
    def wall_start(self) -> datetime | None:
        """The naive wall time that the organizer chose, in `zone`. It may be one that the clocks skip (base.clock)."""
        return datetime.combine(self.day, self.clock) if self.day and self.clock else None

    @property
    def series_wall(self) -> datetime | None:
        """The naive wall time at which its series has it."""
        return datetime.combine(self.series_day, self.series_clock) if self.series_day and self.series_clock else None

    @cached_property
    def told(self) -> MeetingChange | None:
        """The latest change of which people were told as a change: a move or the cancellation. A rehearsal sets it."""
        if self.told_version < 2:
            return None
        return self.changes.filter(kind__in=(MeetingChange.Kind.MOVED, MeetingChange.Kind.CANCELLED)).order_by("-sequence").first()

    @cached_property
    def moved(self) -> MeetingChange | None:
        """The latest move."""
        told = self.told
        return (
            told if told is None or told.kind == MeetingChange.Kind.MOVED else self.changes.filter(kind=MeetingChange.Kind.MOVED).order_by("-sequence").first()
        )

    def forget_what_was_told(self) -> None:
        """`told` and `moved` are asked anew: the row has changed."""
        self.__dict__ = {name: value for name, value in self.__dict__.items() if name not in ("told", "moved")}

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_scheduled(self) -> bool:
        return self.state == State.SCHEDULED

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def is_online(self) -> bool:
        return self.held != Held.IN_PERSON

    @property
    def is_in_person(self) -> bool:
        return self.held != Held.ONLINE

    def is_over(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at

    def is_running(self, at: datetime) -> bool:
        return self.is_scheduled and self.starts_at is not None and self.starts_at <= at and not self.is_over(at)


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, member: Membership) -> Self:
        """Items for all; for members past probation theirs too; for the host's organizers every one."""
        own = Q(committee_id=member.committee_id)
        guests = Guest.objects.accepted().filter(invited_id=member.committee_id)
        mine = self.filter(own | Q(meeting__in=guests.values("meeting")))
        if Power.CALL_MEETING in member.powers:
            return mine.filter(own | ~Q(visibility=AgendaItem.Visibility.ORGANIZERS))
        if Power.SEE_PLACE in member.powers:
            return mine.exclude(visibility=AgendaItem.Visibility.ORGANIZERS)
        return mine.filter(visibility=AgendaItem.Visibility.ALL)


class AgendaItem(models.Model):
    """One point of an agenda. The presenter is a handle as it was written, not a link to anybody. By its `key` it stays the same point
    when the agenda is written anew; points of one series share theirs."""

    SHOWN = ("subject", "minutes", "presenter", "visibility")

    class Visibility(models.TextChoices):
        ALL = "all", _("Everyone invited")
        MEMBERS = "members", _("Members, not new members")
        ORGANIZERS = "organizers", _("Organizers only")

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    key = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    position = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=140)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(LONGEST_MINUTES)])
    presenter = models.CharField(max_length=60, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.ALL)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="one_item_per_position", deferrable=Deferrable.DEFERRED),
            models.UniqueConstraint(fields=["meeting", "key"], name="one_item_per_key"),
            models.UniqueConstraint(fields=["id", "committee"], name="item_with_its_committee"),
            models.CheckConstraint(condition=Q(minutes=None) | Q(minutes__lte=LONGEST_MINUTES), name="an_item_is_no_longer_than_a_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class MeetingChange(models.Model):
    """What happened to a meeting: called, moved, edited, cancelled. When, by whom, why. Nobody changes these rows."""

    class Kind(models.TextChoices):
        CALLED = "called", _("Called")
        MOVED = "moved", _("Moved")
        EDITED = "edited", _("Changed")
        CANCELLED = "cancelled", _("Cancelled")

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="changes")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, related_name="+", help_text="Null where a clock change moved it.")
    at = models.DateTimeField()
    why = SealedTextField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, help_text="The start before a move.")
    starts_at = models.DateTimeField(null=True)
    place_changed = models.BooleanField(default=False)
    asked_again = models.BooleanField(default=False)
    and_following = models.BooleanField(default=False, help_text="It holds for all later ones of its series too.")

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "sequence"], name="one_change_per_sequence"),
            models.CheckConstraint(condition=~Q(kind="moved") | Q(started_at__isnull=False, starts_at__isnull=False), name="a_move_has_both_times"),
            models.CheckConstraint(condition=Q(kind="moved") | Q(by__isnull=False), name="only_clocks_move_a_meeting_by_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"
