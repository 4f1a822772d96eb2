"""A committee's tie to a wider one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Life, Visibility
from committees.membership.roles import Power

if TYPE_CHECKING:
    from committees.membership.models import Membership


class State(models.TextChoices):
    """requested → accepted → ended; or declined or withdrawn before."""

    REQUESTED = "requested", _("Asked")
    ACCEPTED = "accepted", _("Together")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    ENDED = "ended", _("Ended")


OPEN = frozenset({State.REQUESTED, State.ACCEPTED})


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Chainable questions about ties."""

    def requested(self) -> Self:
        """Waiting for the wider committee's organizers."""
        return self.filter(state=State.REQUESTED)

    def standing(self) -> Self:
        """Accepted and not ended, between committees that both still are."""
        gone = Q(committee__life=Life.DISSOLVED) | Q(wider__life=Life.DISSOLVED)
        return self.filter(state=State.ACCEPTED).exclude(gone)

    def visible_to(self, member: Membership) -> Self:
        """The ties of this member's committee, up and down.

        Members see those that stand; of the committees below only listed ones, for a hidden one is known to organizers alone.
        Organizers see every one, requests and ended ones too.
        """
        if Power.SEE_COMMITTEE not in member.powers:
            return self.none()
        up, down = Q(committee_id=member.committee_id), Q(wider_id=member.committee_id)
        if Power.AFFILIATE in member.powers:
            return self.filter(up | down)
        return self.standing().filter(up | (down & Q(committee__visibility=Visibility.LISTED)))


class Affiliation(models.Model):
    """A committee asks to belong to a wider one; that one's organizers answer; either side may end it.

    The database refuses a circle, also where two that would make one are accepted at the same moment.
    """

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="affiliations")
    wider = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="affiliated")
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    why = SealedTextField(blank=True, default="")
    reason = SealedTextField(blank=True, default="", help_text="Why it was declined or ended.")
    asked_by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_in = models.ForeignKey("bodies.Committee", models.CASCADE, null=True, blank=True, related_name="+", help_text="Which side ended it.")
    ended_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When what was written about it was erased.")

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(committee=F("wider")), name="no_committee_belongs_to_itself"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_tie_is_in_a_known_state"),
            models.UniqueConstraint(
                fields=["committee", "wider"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_tie",
                violation_error_message=_("You have asked them already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACCEPTED, State.DECLINED]) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_answer_has_its_giver",
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(OPEN)) | Q(ended_at__isnull=False), name="an_ended_tie_has_its_time"),
            models.CheckConstraint(
                condition=~Q(state=State.ENDED) | Q(ended_by__isnull=False, ended_in__isnull=False, answered_by__isnull=False),
                name="somebody_ended_the_tie",
            ),
            models.CheckConstraint(condition=Q(ended_in=None) | Q(ended_in=F("committee")) | Q(ended_in=F("wider")), name="one_of_both_sides_ends_it"),
        ]
        indexes = [
            models.Index(fields=["wider", "state"], name="ties_of_a_wider_committee"),
            models.Index(fields=["committee", "state"], name="ties_of_a_committee"),
        ]

    def __str__(self) -> str:
        return self.slug

    def url_in(self, committee_slug: str) -> str:
        """Its page as one of the two committees sees it."""
        return path_to("alliance:tie", committee_slug, self.slug)

    @property
    def is_requested(self) -> bool:
        return self.state == State.REQUESTED

    @property
    def is_accepted(self) -> bool:
        return self.state == State.ACCEPTED
