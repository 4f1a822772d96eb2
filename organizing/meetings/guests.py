"""Committees that are invited to another's meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base.slugs import SlugField
from committees.membership.roles import Power

if TYPE_CHECKING:
    from datetime import datetime

    from committees.membership.models import Membership


class GuestState(models.TextChoices):
    """asked → accepted or declined; withdrawn by the host, left by the guest."""

    ASKED = "asked", _("Invited")
    ACCEPTED = "accepted", _("Comes")
    DECLINED = "declined", _("Does not come")
    WITHDRAWN = "withdrawn", _("Taken back")


class GuestQuerySet(models.QuerySet["Guest"]):
    def accepted(self) -> Self:
        """Committees whose members are meant like the host's own."""
        return self.filter(state=GuestState.ACCEPTED).exclude(invited__life="dissolved")

    def asked(self) -> Self:
        """Waiting for the invited committee's organizers."""
        return self.filter(state=GuestState.ASKED)

    def unanswered(self, at: datetime) -> Self:
        """Those that still can be answered: the meeting is called and not over."""
        return self.asked().filter(meeting__state="scheduled", meeting__ends_at__gt=at)

    def of_outer_meeting(self) -> Self:
        """The accepted guests of the meeting of an outer query."""
        return self.accepted().filter(meeting=models.OuterRef("pk"))

    def visible_to(self, member: Membership) -> Self:
        """Invitations that this member's committee gave or got, for those who may call meetings in it."""
        if Power.CALL_MEETING not in member.powers:
            return self.none()
        return self.filter(Q(committee_id=member.committee_id) | (Q(invited_id=member.committee_id) & ~Q(state=GuestState.WITHDRAWN)))


class Guest(models.Model):
    """One committee is invited to one meeting of another. Its own organizers answer for it; then its members are told.

    What the host learns of them is how many come, never who.
    """

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="The host.")
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="guests")
    invited = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=GuestState, default=GuestState.ASKED)
    asked_by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=GuestState.values), name="an_invitation_is_in_a_known_state"),
            models.CheckConstraint(condition=~Q(committee=F("invited")), name="nobody_is_their_own_guest"),
            models.UniqueConstraint(fields=["meeting", "invited"], name="one_invitation_per_committee"),
            models.CheckConstraint(
                condition=~Q(state__in=[GuestState.ACCEPTED, GuestState.DECLINED]) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_invitation_is_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["invited", "state"], name="invitations_of_a_committee")]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_asked(self) -> bool:
        return self.state == GuestState.ASKED

    @property
    def is_accepted(self) -> bool:
        return self.state == GuestState.ACCEPTED
