"""Somebody who works at another site now: what their application there says of the committee they come from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Leaving(models.TextChoices):
    """When the membership ends that one comes from."""

    WHEN_ACCEPTED = "accepted", _("When I am accepted there")
    NOW = "now", _("When I send my application")
    NEVER = "never", _("I keep both")


class Move(models.Model):
    """With an application: from which of their own memberships its applicant comes. Nothing of it is copied, so that what reviewers
    see is true when they see it (histories.history)."""

    application = models.OneToOneField("membership.Application", models.CASCADE, related_name="move")
    came_from = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    shown = models.BooleanField(default=False, help_text="Whether reviewers may see that they were confirmed there.")
    leaving = models.CharField(max_length=8, choices=Leaving, default=Leaving.WHEN_ACCEPTED)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(leaving__in=Leaving.values), name="a_move_says_when_one_leaves")]

    def __str__(self) -> str:
        return f"move {self.pk}"
