"""A mandate: whom a committee sends to a wider one, to say what, for how long."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Life, Visibility
from committees.membership.roles import REMOVABLE, Power

if TYPE_CHECKING:
    from committees.membership.models import Membership

#: How often a delegate reports, in days, as organizers choose.
EVERY = (14, 30, 60, 90)
#: How long a mandate is held, in months.
TERMS = (3, 6, 12, 24)


class State(models.TextChoices):
    """proposed → running → ended; or it never came about."""

    PROPOSED = "proposed", _("Proposed")
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")
    OFF = "off", _("It did not come about")


OPEN = frozenset({State.PROPOSED, State.RUNNING})


class Ending(models.TextChoices):
    """Why a mandate ended."""

    TERM = "term", _("Its term was over")
    BACK = "back", _("It was handed back, and there was no alternate")
    GONE = "gone", _("The delegate was not there any more, and there was no alternate")
    DECIDED = "decided", _("Two organizers ended it")
    PARTED = "parted", _("The committees parted")
    UNITED = "united", _("Two committees became one, and one delegate is enough")
    RENEWED = "renewed", _("It was renewed")


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Chainable questions about mandates."""

    def running(self, at: datetime) -> Self:
        """Those that have begun and not ended at that instant, whether a tick has been by or not."""
        return self.filter(state=State.RUNNING, begins_at__lte=at, ends_at__gt=at)

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def visible_to(self, member: Membership) -> Self:
        """Full members see all mandates that their committee gives or gave.

        Of those that others give to send somebody to this committee its full members see who is sent now, by listed committees;
        its organizers all of them, for they have to know what a delegate may say. Nobody sees more of another committee's members
        than whom it sent.
        """
        if Power.SEE_LOG not in member.powers:
            return self.none()
        own = Q(committee_id=member.committee_id) & ~Q(state=State.OFF)
        sent = Q(wider_id=member.committee_id, state=State.RUNNING)
        if Power.AFFILIATE in member.powers:
            return self.filter(own | Q(wider_id=member.committee_id, state__in=(State.RUNNING, State.ENDED)))
        return self.filter(own | sent & Q(committee__visibility=Visibility.LISTED)).exclude(committee__life=Life.DISSOLVED)


class Mandate(models.Model):
    """A member speaks for their committee in a wider one, within what is written here, and reports. An alternate takes over
    where they no longer can."""

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    wider = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    delegate = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    alternate = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    renews = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="That of the same delegate which this one is to replace."
    )
    text = SealedTextField(blank=True, default="")
    months = models.PositiveSmallIntegerField(help_text="How long it is held.")
    every = models.PositiveSmallIntegerField(default=30, help_text="How often a report is due, in days.")
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)
    asked_by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    begins_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="When its term is over.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was over, or came to nothing.")
    before = models.ForeignKey(
        "membership.Membership", models.PROTECT, null=True, blank=True, related_name="+", help_text="Who was the delegate before the alternate took over."
    )
    passed_at = models.DateTimeField(null=True, blank=True, help_text="When the alternate took over.")
    reported_at = models.DateTimeField(null=True, blank=True, help_text="When the last report was made that can be read.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the next report is due; empty where none is any more.")
    told_soon_for = models.DateTimeField(null=True, blank=True, help_text="Of which due report the delegate was reminded.")
    told_late_for = models.DateTimeField(null=True, blank=True, help_text="Of which late report the delegate was told.")
    told_end_at = models.DateTimeField(null=True, blank=True, help_text="When it was told that the term ends soon.")
    seat = models.ForeignKey(
        "membership.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The delegate's place in the wider committee, by this mandate.",
    )
    seated_at = models.DateTimeField(null=True, blank=True, help_text="When they took it; whoever joined there at another time is there by themself.")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When what was written in it was erased.")

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="mandate_with_its_committee"),
            models.CheckConstraint(condition=Q(state__in=State.values, ending__in=["", *Ending.values]), name="a_mandate_is_in_a_known_state"),
            models.CheckConstraint(condition=~Q(committee=F("wider")), name="nobody_is_sent_to_their_own_committee"),
            models.CheckConstraint(condition=Q(alternate=None) | ~Q(alternate=F("delegate")), name="the_alternate_is_somebody_else"),
            models.CheckConstraint(condition=Q(renews=None) | ~Q(renews=F("id")), name="a_mandate_renews_another"),
            models.CheckConstraint(condition=Q(months__gt=0, months__lte=48, every__gt=0, every__lte=365), name="a_mandate_has_an_end_and_reports"),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(begins_at__isnull=False, ends_at__isnull=False), name="a_running_mandate_says_until_when"
            ),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at")), name="a_mandate_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=sorted(OPEN)) | Q(ended_at__isnull=False), name="an_ended_mandate_has_its_time"),
            models.CheckConstraint(condition=Q(state=State.ENDED) ^ Q(ending=""), name="an_ended_mandate_says_why"),
            models.CheckConstraint(condition=Q(seat=None) ^ Q(seated_at__isnull=False), name="a_seat_was_taken_at_a_time"),
            models.CheckConstraint(condition=Q(seat=None) | Q(state=State.RUNNING), name="a_seat_is_held_by_a_running_mandate"),
            models.CheckConstraint(condition=Q(due_at=None) | Q(state=State.RUNNING), name="reports_are_due_while_a_mandate_runs"),
            models.CheckConstraint(condition=Q(before=None) ^ Q(passed_at__isnull=False), name="a_mandate_passes_at_a_time"),
            models.UniqueConstraint(
                fields=["delegate", "wider"],
                condition=Q(state=State.RUNNING),
                name="one_mandate_of_a_delegate_to_a_committee",
                violation_error_message=_("They are a delegate there already."),
            ),
            models.UniqueConstraint(
                fields=["delegate", "wider"],
                condition=Q(state=State.PROPOSED),
                name="one_proposed_mandate_to_a_committee",
                violation_error_message=_("They are proposed as a delegate there already."),
            ),
        ]
        indexes = [
            models.Index(fields=["committee", "state"], name="mandates_of_a_committee"),
            models.Index(fields=["wider", "state"], name="mandates_to_a_committee"),
            models.Index(fields=["ends_at"], condition=Q(state="running"), name="mandates_by_their_end"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="mandates_by_their_report"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Its page as the committee sees it that gives it."""
        return self.url_in(self.committee.slug)

    def url_in(self, committee_slug: str) -> str:
        """Its page as one of the two committees sees it."""
        return path_to("mandates:mandate", committee_slug, self.slug)

    @property
    def is_proposed(self) -> bool:
        return self.state == State.PROPOSED

    @property
    def is_running(self) -> bool:
        return self.state == State.RUNNING

    @property
    def since(self) -> datetime | None:
        """Since when the delegate holds it."""
        return self.passed_at or self.begins_at

    @property
    def is_seated(self) -> bool:
        """Whether the delegate sits in the wider committee by this mandate; with the seat read along."""
        return self.seat is not None and self.seat.standing in REMOVABLE and self.seat.joined_at == self.seated_at

    def overdue_since(self, at: datetime) -> datetime | None:
        """Since when a report is late."""
        return self.due_at if self.is_running and self.due_at and self.due_at <= at else None
