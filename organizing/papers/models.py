"""A document at a point of an agenda, and apart from it what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedBytesField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.membership.roles import Power
from organizing.meetings.models import AgendaItem, Meeting
from organizing.papers.cleaning import LARGEST_KEPT

if TYPE_CHECKING:
    from committees.membership.models import Membership

LONGEST_NAME = 100


class Kind(models.TextChoices):
    """What is kept: each is made anew when it is sent (cleaning)."""

    PDF = "pdf", _("PDF")
    JPEG = "jpeg", _("Photo")
    PNG = "png", _("Picture")
    TEXT = "text", _("Text")


class PaperQuerySet(models.QuerySet["Paper"]):
    """Chainable questions about documents."""

    def visible_to(self, member: Membership) -> Self:
        """Those at points that this member sees, of meetings that they see; whose point is gone, for the host's organizers alone."""
        seen = Q(point__in=AgendaItem.objects.visible_to(member).values("pk"))
        if Power.CALL_MEETING in member.powers:
            seen |= Q(point=None, committee_id=member.committee_id)
        return self.filter(seen, meeting__in=Meeting.objects.visible_to(member).values("pk"))

    def of(self, meeting: Meeting) -> Self:
        """In the order of the agenda, then as they came."""
        return self.filter(meeting=meeting).order_by("point__position", "pk")


class Paper(models.Model):
    """A document. When its point is taken off the agenda it waits without one, until an organizer hangs it on another or takes it away."""

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="papers")
    point = models.ForeignKey("meetings.AgendaItem", models.SET_NULL, null=True, related_name="papers")
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=4, choices=Kind)
    size = models.PositiveIntegerField(help_text="In bytes.")
    by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="paper_with_its_committee"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_paper_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(size__gte=1, size__lte=LARGEST_KEPT), name="a_paper_is_neither_empty_nor_too_large"),
        ]
        indexes = [models.Index(fields=["meeting", "point"], name="papers_of_a_meeting")]

    def __str__(self) -> str:
        return self.slug

    def url_in(self, committee_slug: str, meeting_slug: str) -> str:
        """Where the members of one committee read it: the host's or a guest's."""
        return path_to("papers:read", committee_slug, meeting_slug, self.slug)


class Content(models.Model):
    """What stands in a document; apart, so that a list of documents never reads it."""

    paper = models.OneToOneField(Paper, models.CASCADE, primary_key=True, related_name="content")
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    content = SealedBytesField()

    def __str__(self) -> str:
        return f"content of {self.paper_id}"
