"""Who said they come to a meeting, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from committees.base import languages
from committees.membership.roles import PRESENT, Power

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from organizing.meetings.models import Meeting


class Choice(models.TextChoices):
    """An answer to "Are you coming?". Waiting is a yes for which there is no place; nobody chooses it."""

    YES = "yes", _("Yes")
    WAITING = "waiting", _("Waiting for a place")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("No")


#: What somebody can answer.
OFFERED = (Choice.YES, Choice.MAYBE, Choice.NO)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def for_outer_meeting(self) -> Self:
        """Answers that count for the meeting of an outer query: from the latest asking."""
        return self.filter(meeting=models.OuterRef("pk"), asking=models.OuterRef("asking"))

    def counted(self, choice: Choice) -> Coalesce:
        """How many present members gave this answer to the meeting of an outer query."""
        rows = self.for_outer_meeting().filter(choice=choice, membership__standing__in=PRESENT).order_by()
        number = rows.values("meeting").annotate(n=models.Count("pk")).values("n")
        return Coalesce(models.Subquery(number), models.Value(0))

    def counting(self, meeting: Meeting) -> Self:
        """Answers of present members from the latest asking."""
        return self.filter(meeting=meeting, asking=meeting.asking, membership__standing__in=PRESENT)

    def visible_to(self, member: Membership) -> Self:
        """One's own; those whose givers show their name to members; all for those who see answers."""
        mine = self.filter(committee_id=member.committee_id)
        if Power.SEE_ANSWERS in member.powers:
            return mine
        shown = Q(membership=member)
        return mine.filter(shown | Q(show_name=True)) if Power.SEE_PLACE in member.powers else mine.filter(shown)


class Answer(models.Model):
    """What a member said to "Are you coming?", and what they need."""

    SAID = ("choice", "interpretation", "child_care", "ride", "show_name")

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="answers")
    membership = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    asking = models.PositiveIntegerField(help_text="Which asking of the meeting this answers.")
    interpretation = models.CharField(max_length=12, blank=True, help_text="Into which language, or empty.")
    child_care = models.BooleanField(default=False)
    ride = models.BooleanField(default=False)
    show_name = models.BooleanField(default=False)
    at = models.DateTimeField(help_text="When they said so; of a yes, since when: places are given in this order.")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="one_answer_per_member"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="an_answer_is_yes_maybe_or_no"),
        ]
        indexes = [models.Index(fields=["meeting", "asking", "choice"], name="answers_of_a_meeting")]

    def __str__(self) -> str:
        return self.choice

    @property
    def spoken(self) -> str:
        """The language into which they need interpretation, by name."""
        return languages.name(self.interpretation) if self.interpretation else ""
