"""One message to everybody in a committee: a draft that only organizers see, until it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base import markdown
from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Life
from committees.membership.models import Membership
from committees.membership.roles import Power, Standing

if TYPE_CHECKING:
    from committees.people.models import Person


class State(models.TextChoices):
    """Whether members read it. What is hidden is read by its author alone, and by moderators in its case."""

    SHOWN = "shown", _lazy("Shown")
    HIDDEN_BY_FLAGS = "hidden_by_flags", _lazy("Hidden because members flagged it")
    HIDDEN_BY_MODERATOR = "hidden_by_moderator", _lazy("Hidden by a moderator")


class CircularQuerySet(models.QuerySet["Circular"]):
    """Chainable questions about messages."""

    def visible_to(self, member: Membership) -> Self:
        """What was sent in this member's committee, to somebody in their first weeks only what was sent since they came; drafts to
        those who may send them."""
        if Power.SEE_COMMITTEE not in member.powers:
            return self.none()
        here = self.filter(committee_id=member.committee_id)
        if Power.SEND_MESSAGE in member.powers:
            return here
        return here.sent(since=member.joined_at if member.standing == Standing.PROBATION else None)

    def visible_to_person(self, person: Person) -> Self:
        """What this person reads in any of their committees: sent, not hidden, and in their first weeks not from before they came."""
        inside = Membership.objects.of(person).filter(committee=OuterRef("committee")).exclude(committee__life=Life.DISSOLVED)
        read = inside.filter(~Q(standing=Standing.PROBATION) | Q(joined_at__lte=OuterRef("sent_at")))
        return self.sent().filter(Exists(read), state=State.SHOWN)

    def drafts(self) -> Self:
        return self.filter(sent_at=None)

    def sent(self, *, since: datetime | None = None) -> Self:
        found = self.filter(sent_at__isnull=False)
        return found.filter(sent_at__gte=since) if since else found


class Circular(models.Model):
    """A message. `by` is who sent it, of a draft who wrote in it last; `begun_by` who began it (None: the same)."""

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    begun_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=12)
    subject = SealedTextField()
    text = SealedTextField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.SHOWN)

    objects = CircularQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sent_at__isnull=False) | Q(state=State.SHOWN), name="only_a_message_that_was_sent_is_hidden")]
        indexes = [
            models.Index(fields=["committee", "-sent_at"], name="messages_of_a_committee"),
            models.Index(fields=["changed_at"], condition=Q(sent_at=None), name="messages_not_sent"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("circulars:circular", self.committee.slug, self.slug)

    @property
    def is_draft(self) -> bool:
        return self.sent_at is None

    @property
    def plain(self) -> str:
        """Its words alone."""
        return markdown.plain(str(self.drawn))

    @property
    def is_hidden(self) -> bool:
        return self.state != State.SHOWN

    @property
    def shown_subject(self) -> str:
        """What stands in lists."""
        return _("A message that is hidden") if self.is_hidden else str(self.subject)

    @cached_property
    def drawn(self) -> SafeString:
        """The text as it is read. Made anew each time, for nothing of it is kept that is not locked."""
        return mark_safe(markdown.render(str(self.text)))  # noqa: S308 (what the renderer gives is clean)
