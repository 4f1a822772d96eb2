"""The minutes of a meeting, one row for each version; who was named to write them; who objects to a draft; who does what by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _lazy

from committees.base import markdown
from committees.base.fields import SealedJSONField, SealedTextField
from committees.base.navigation import path_to
from committees.base.slugs import SlugField
from committees.bodies.models import Life
from committees.membership.roles import Power, Standing

if TYPE_CHECKING:
    from committees.membership.models import Membership


class State(models.TextChoices):
    """A draft is read by those who write it; by full members too while it is shown to them."""

    DRAFT = "draft", _lazy("Draft")
    APPROVED = "approved", _lazy("Approved")


class MinutesQuerySet(models.QuerySet["Minutes"]):
    """Chainable questions about minutes."""

    def visible_to(self, member: Membership) -> Self:
        """What was approved in this member's committee, for somebody in their first weeks only of meetings since they came; drafts for those who
        keep minutes, for whoever was named to write them, and while it is shown for full members."""
        if Power.SEE_COMMITTEE not in member.powers:
            return self.none()
        ours = self.filter(committee_id=member.committee_id)
        if Power.KEEP_MINUTES in member.powers:
            return ours
        if member.standing == Standing.PROBATION:
            return ours.approved().filter(meeting__starts_at__gte=member.joined_at)
        seen = Q(state=State.APPROVED)
        if Power.OBJECT in member.powers:
            seen |= Q(shown_at__isnull=False) | Q(meeting__in=Taker.objects.filter(member=member).values("meeting"))
        return ours.filter(seen)

    def approved(self) -> Self:
        return self.filter(state=State.APPROVED)

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)


class Minutes(models.Model):
    """One version. `by` wrote in it last. `passages`: for each point of the agenda its subject, who sees it, and what was said."""

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    language = models.CharField(max_length=12)
    general = SealedTextField(blank=True, default="")
    passages = SealedJSONField()
    decisions = SealedTextField(blank=True, default="")
    reason = SealedTextField(blank=True, default="")
    tells = models.BooleanField(default=True, help_text="Whether members are told once it is approved.")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True, help_text="Since when members read the draft as it is.")
    approved_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_in = models.ForeignKey(
        "meetings.Meeting", models.SET_NULL, null=True, blank=True, related_name="+", help_text="The later meeting that approved them, if one did."
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="minutes_with_their_committee"),
            models.UniqueConstraint(fields=["meeting", "version"], name="one_row_for_each_version_of_minutes"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(state=State.DRAFT), name="one_draft_of_minutes"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, approved_by=None, approved_at=None)
                | Q(state=State.APPROVED, approved_by__isnull=False, approved_at__isnull=False),
                name="somebody_approved_what_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("by")) | Q(shown_at__isnull=False), name="nobody_approves_their_own_words_unseen"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="minutes_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(approved_in=None) | (Q(state=State.APPROVED) & ~Q(approved_in=F("meeting"))), name="another_meeting_approved_what_is_approved"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("minutes:of_meeting", self.committee.slug, self.meeting.slug)

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def drawn(self) -> SafeString:
        """What was said besides the agenda, as it is read; made anew each time, for nothing is kept that is not locked."""
        return drawn(str(self.general))

    @property
    def decided(self) -> list[str]:
        """The decisions, one a line."""
        return [line.strip() for line in str(self.decisions).splitlines() if line.strip()]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        said: list[dict[str, Any]] = list(self.passages)
        return not (self.general or self.decided or any(each["text"] for each in said))


def drawn(text: str) -> SafeString:
    return mark_safe(markdown.render(text))  # noqa: S308 (what the renderer gives is clean)


class Taker(models.Model):
    """The member whom an organizer named to write the minutes of one meeting."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.OneToOneField("meetings.Meeting", models.CASCADE, related_name="+")
    member = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    named_by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"


class Remark(models.Model):
    """What a member objects to in a draft as it was shown; once in each showing, for what is changed is another draft. Organizers read it."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="remarks")
    member = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    text = SealedTextField()
    at = models.DateTimeField()
    shown_at = models.DateTimeField(help_text="Since when the draft was shown that it is about.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minutes", "member", "shown_at"], name="one_remark_of_each_about_minutes_as_shown")]

    def __str__(self) -> str:
        return f"{self.pk}"


class ItemState(models.TextChoices):
    OPEN = "open", _lazy("Still to do")
    DONE = "done", _lazy("Done")
    DROPPED = "dropped", _lazy("No longer needed")


class ItemQuerySet(models.QuerySet["Item"]):
    """Chainable questions about what somebody does. It counts from the moment in which the minutes are approved."""

    def visible_to(self, member: Membership) -> Self:
        seen = self.filter(minutes__in=Minutes.objects.visible_to(member).values("pk"))
        return seen | self.filter(owner=member, minutes__state=State.APPROVED) if Power.SEE_COMMITTEE in member.powers else self.none()

    def in_force(self) -> Self:
        return self.filter(minutes__state=State.APPROVED)

    def open(self) -> Self:
        return self.in_force().filter(state=ItemState.OPEN).exclude(committee__life=Life.DISSOLVED)


class Item(models.Model):
    """Something that somebody does by a day. `round` counts how often it was given to somebody or got another day; the two that end in `_in` say
    in which of them was reminded."""

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="+")
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="items")
    owner = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    what = SealedTextField()
    due = models.DateField()
    state = models.CharField(max_length=8, choices=ItemState, default=ItemState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    given_back = models.BooleanField(default=False, help_text="Its owner handed it back.")
    round = models.PositiveIntegerField(default=1)
    reminded_in = models.PositiveIntegerField(default=0)
    overdue_in = models.PositiveIntegerField(default=0)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ItemState.OPEN, settled_at=None) | (~Q(state=ItemState.OPEN) & Q(settled_at__isnull=False)),
                name="what_is_settled_says_since_when",
            ),
            models.CheckConstraint(condition=~Q(given_back=True) | Q(owner=None), name="what_was_handed_back_is_nobodys"),
        ]
        indexes = [
            models.Index(fields=["committee", "due"], condition=Q(state=ItemState.OPEN), name="open_items_of_a_committee"),
            models.Index(fields=["owner", "due"], condition=Q(state=ItemState.OPEN), name="open_items_of_a_member"),
            models.Index(fields=["due"], condition=Q(state=ItemState.OPEN), name="open_items_by_day"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def url(self) -> str:
        return path_to("minutes:items", self.committee.slug)

    @property
    def is_open(self) -> bool:
        return self.state == ItemState.OPEN
