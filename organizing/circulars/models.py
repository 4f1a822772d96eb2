"""One message to everybody in a committee, or in all that belong to it: a draft that only organizers see, until it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.alliance.queries import Above
from committees.base import markdown
from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Committee, Life
from committees.membership.models import Membership
from committees.membership.roles import Power, Standing

if TYPE_CHECKING:
    from committees.people.models import Person


class State(models.TextChoices):
    """Whether members read it. What is hidden is read by its author alone, and by moderators in its case."""

    SHOWN = "shown", _lazy("Shown")
    HIDDEN_BY_FLAGS = "hidden_by_flags", _lazy("Hidden because members flagged it")
    HIDDEN_BY_MODERATOR = "hidden_by_moderator", _lazy("Hidden by a moderator")


class Reach(models.TextChoices):
    """Whom a message is for. What goes to the members of other committees takes two organizers (deeds.py)."""

    OWN = "own", _lazy("Our own members")
    FURTHER = "further", _lazy("The members of all committees that belong here")


class CircularQuerySet(models.QuerySet["Circular"]):
    """Chainable questions about messages."""

    def visible_to(self, member: Membership) -> Self:
        """What was sent in this member's committee, and from a wider one to all that belong there at this moment; to somebody in their
        first weeks only what was sent since they came. Drafts to those who may send them."""
        if Power.SEE_COMMITTEE not in member.powers:
            return self.none()
        mine = Committee.objects.filter(pk=member.committee_id).values("pk")
        sent = self.sent(since=member.joined_at if member.standing == Standing.PROBATION else None)
        here, from_above = Q(committee_id=member.committee_id), Q(reach=Reach.FURTHER, sent_at__isnull=False)
        return (self if Power.SEND_MESSAGE in member.powers else sent).filter(here | from_above, committee_id__in=Above(mine))

    def read_by(self, person: Person) -> Self:
        """What was sent in any of this person's committees, or from a wider one to them; in their first weeks not from before they came."""
        inside = Membership.objects.of(person).exclude(committee__life=Life.DISSOLVED)
        read = inside.filter(~Q(standing=Standing.PROBATION) | Q(joined_at__lte=OuterRef("sent_at")))
        own = Exists(read.filter(committee=OuterRef("committee")))
        where = ExpressionWrapper(OuterRef("committee_id"), output_field=BigIntegerField())
        under = Above(Committee.objects.filter(pk=OuterRef("committee_id")).values("pk"))
        from_above = Q(Exists(read.annotate(sent_in=where).filter(sent_in__in=under)), reach=Reach.FURTHER)
        return self.sent().filter(own | from_above, committee_id__in=Above(inside.values("committee_id"))).exclude(committee__life=Life.DISSOLVED)

    def visible_to_person(self, person: Person) -> Self:
        """The same, as far as nobody hid it."""
        return self.read_by(person).filter(state=State.SHOWN)

    def drafts(self) -> Self:
        return self.filter(sent_at=None)

    def sent(self, *, since: datetime | None = None) -> Self:
        found = self.filter(sent_at__isnull=False)
        return found.filter(sent_at__gte=since) if since else found


class Circular(models.Model):
    """A message. `by` is who sent it, of a draft who wrote in it last or proposed it; `begun_by` who began it (None: the same). `agreed_by`: of what went
    to other committees, the second organizer, perhaps one of a wider committee."""

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    begun_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, related_name="+")
    agreed_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    reach = models.CharField(max_length=8, choices=Reach, default=Reach.OWN)
    language = models.CharField(max_length=12)
    subject = SealedTextField()
    text = SealedTextField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.SHOWN)

    objects = CircularQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sent_at__isnull=False) | Q(state=State.SHOWN), name="only_a_message_that_was_sent_is_hidden"),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="a_message_is_for_somebody"),
            models.CheckConstraint(
                condition=~Q(reach=Reach.FURTHER, sent_at__isnull=False) | (Q(agreed_by__isnull=False) & ~Q(agreed_by=F("by"))),
                name="a_message_to_other_committees_takes_two",
            ),
            models.CheckConstraint(condition=Q(agreed_by=None) | Q(reach=Reach.FURTHER, sent_at__isnull=False), name="only_what_takes_two_was_agreed_to"),
        ]
        indexes = [
            models.Index(fields=["committee", "-sent_at"], name="messages_of_a_committee"),
            models.Index(fields=["changed_at"], condition=Q(sent_at=None), name="messages_not_sent"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return self.url_in(self.committee.slug)

    def url_in(self, committee_slug: str) -> str:
        """Its page as the members of one committee reach it: that which wrote it, or one that belongs there."""
        return path_to("circulars:circular", committee_slug, self.slug)

    @property
    def url_for_anyone(self) -> str:
        """The address that leads each reader to its page in a committee of theirs."""
        return path_to("circulars:anywhere", self.slug) if self.goes_further else self.get_absolute_url()

    @property
    def goes_further(self) -> bool:
        """Whether it is for the members of other committees too."""
        return self.reach == Reach.FURTHER

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
