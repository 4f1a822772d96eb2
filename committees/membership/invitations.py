"""An organizer invites co-workers: a link, and a sheet to print with the same link in a picture that phones read.

Tokens that are shown once are kept as digests. This one is to be printed again next week, by another organizer too, so it is kept
sealed, and found by an HMAC: a stolen database shows neither, and with the link one can apply, never belong.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.base import crypto
from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import ALPHABET, SlugField
from committees.bodies.models import Life
from committees.membership.roles import Power

if TYPE_CHECKING:
    from committees.membership.models import Membership

#: 27**12 is about 2**57: not to be found by trying, and short enough to be typed from a sheet on a wall.
GROUPS, LETTERS = 3, 4
MOST_DAYS, USUAL_DAYS = 90, 14
MOST_USES, USUAL_USES = 500, 20
#: One that counts as a check is for people whom its maker would vouch for: never for a whole shift.
MOST_CHECKS = 20


def new_token() -> str:
    """Fresh letters, in groups, as they stand in the link."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(LETTERS)) for _group in range(GROUPS))


def digest(token: str) -> str:
    """By what an invitation is found: the letters as they were meant, without case, blanks and hyphens."""
    return crypto.lookup_hmac(re.sub(r"[\W_]+", "", token).lower(), purpose="invitation")


class Stage(models.TextChoices):
    """Where an invitation stands. Only an open one leads anywhere; which of the others it is, is nobody's business outside."""

    OPEN = "open", _("Open")
    USED_UP = "used_up", _("Used up")
    ENDED = "ended", _("Ended")
    REVOKED = "revoked", _("Stopped")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, member: Membership) -> Self:
        """Those of the committee, for its organizers."""
        if Power.INVITE not in member.powers:
            return self.none()
        return self.filter(committee_id=member.committee_id)

    def in_time(self, at: datetime) -> Self:
        """Neither revoked nor expired, in a committee that still is."""
        return self.filter(revoked_at=None, expires_at__gt=at).exclude(committee__life=Life.DISSOLVED)

    def live(self, at: datetime) -> Self:
        """In time, and not used up: those that lead somewhere."""
        return self.in_time(at).filter(uses__lt=F("cap"))

    def ended_by(self, at: datetime) -> Self:
        """Revoked or expired at that instant or before."""
        return self.annotate(end=Coalesce("revoked_at", "expires_at")).filter(end__lte=at)


class Invitation(models.Model):
    """A link by which co-workers find the committee and apply. It never lets anybody in: reviewers answer as always.

    A use is counted when an application is sent. `token` and `digest` go when it ends, the label 90 days later; the row stays
    as long as somebody is a member whom it brought.
    """

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    label = SealedTextField(blank=True, default="", help_text="What the organizers call it.")
    token = SealedTextField(blank=True, default="", help_text="The letters of the link, to print it again.")
    digest = models.CharField(max_length=64, unique=True, null=True, help_text="By what the link finds it; null once it has ended.")  # noqa: DJ001  many have none
    counts_as_check = models.BooleanField(default=False)
    languages = ArrayField(models.CharField(max_length=12), help_text="Of the sheet.")
    cap = models.PositiveSmallIntegerField(default=USUAL_USES)
    uses = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When the label was erased.")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__lte=F("cap")), name="never_used_more_than_its_cap"),
            models.CheckConstraint(condition=Q(cap__gte=1, cap__lte=MOST_USES), name="a_cap_from_one_to_five_hundred"),
            models.CheckConstraint(condition=Q(counts_as_check=False) | Q(cap__lte=MOST_CHECKS), name="a_check_is_for_few_people"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"), expires_at__lte=F("made_at") + timedelta(days=MOST_DAYS)), name="an_invitation_ends_in_time"
            ),
            models.CheckConstraint(condition=Q(revoked_at__isnull=True) | Q(digest__isnull=True), name="a_revoked_link_leads_nowhere"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="somebody_revoked_it",
            ),
            models.UniqueConstraint(fields=["id", "committee"], name="invitation_with_its_committee"),
        ]
        indexes = [models.Index(fields=["committee", "-made_at", "-id"], name="invitations_it_has_made")]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("membership:invitation", self.committee.slug, self.slug)

    @property
    def path(self) -> str:
        """Where its link leads."""
        return path_to("membership:invited", str(self.token))

    @property
    def stage(self) -> Stage:
        """Where it stands at this moment."""
        if self.revoked_at:
            return Stage.REVOKED
        if self.expires_at <= timezone.now():
            return Stage.ENDED
        return Stage.USED_UP if self.uses >= self.cap else Stage.OPEN

    @property
    def is_in_time(self) -> bool:
        return self.stage in (Stage.OPEN, Stage.USED_UP)

    @property
    def is_open(self) -> bool:
        return self.stage == Stage.OPEN
