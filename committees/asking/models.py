"""A question to a person, and what was said about it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base import languages
from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Life
from committees.membership.roles import THAT_SEE, Power

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person


class Whom(models.TextChoices):
    """Who answers, and with it what they see of whoever asks."""

    COMMITTEE = "committee", _("The organizers of the committee")
    WIDER = "wider", _("The organizers of the wider committee")
    KEEPERS = "keepers", _("Those who keep the service running")


class State(models.TextChoices):
    """waiting ⇄ answered, and closed, from where the next word of whoever asked leads back to waiting."""

    WAITING = "waiting", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class Ending(models.TextChoices):
    """How a question was closed."""

    ASKER = "asker", _("You closed it.")
    ANSWERER = "answerer", _("Those who answer closed it.")
    SPAM = "spam", _("Those who answer closed it. You can write nothing more here.")
    PASSED_ON = "passed_on", _("You passed it on.")
    QUIET = "quiet", _("Nothing was written for 30 days.")
    UNANSWERED = "unanswered", _("Nobody answered for 30 days. We are sorry. Ask somebody else, or write here again.")
    OUT = "out", _("You no longer belong to that committee.")
    GONE = "gone", _("The committee closed, or became one with another. Ask again if you still need help.")


#: After these the next word of whoever asked opens it again.
OPENS_AGAIN = frozenset({Ending.ASKER, Ending.ANSWERER, Ending.QUIET, Ending.UNANSWERED})


class QuestionQuerySet(models.QuerySet["Question"]):
    """Chainable questions about questions."""

    def open(self) -> Self:
        return self.exclude(state=State.CLOSED)

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def not_waiting(self) -> Self:
        """Answered or closed."""
        return self.exclude(state=State.WAITING)

    def to_keepers(self) -> Self:
        return self.filter(whom=Whom.KEEPERS)

    def visible_to(self, member: Membership) -> Self:
        """What this organizer can answer: what their committee was asked, by anybody but themself."""
        if Power.ANSWER_QUESTIONS not in member.powers:
            return self.none()
        return self.filter(answered_in=member.committee_id, withheld=False).exclude(person=member.person_id)

    def visible_to_person(self, person: Person) -> Self:
        """One's own."""
        return self.filter(person=person)

    def kept_by(self, keeper: Person) -> Self:
        """What those who keep the service were asked, by anybody but this one."""
        return self.to_keepers().exclude(person=keeper) if keeper.is_platform_admin and keeper.is_active else self.none()


class Question(models.Model):
    """Somebody asks people for help. `member` is who asks, where they ask the organizers of their own committee; these see that name.
    Of any other question those who answer see a number, a language, the words and what was ticked, and nothing else."""

    slug = SlugField()
    form_key = OnceKeyField()
    number = models.PositiveIntegerField(unique=True, help_text="How both sides call it. Drawn by lot, so that it counts nothing.")
    whom = models.CharField(max_length=9, choices=Whom)
    answered_in = models.ForeignKey("bodies.Committee", models.CASCADE, null=True, blank=True, related_name="+", help_text="Whose organizers answer.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    member = models.ForeignKey("membership.Membership", models.CASCADE, null=True, blank=True, related_name="+")
    site = SealedTextField(blank=True, default="", help_text="Where they work, if they ticked that it may be seen.")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    ended = models.CharField(max_length=10, choices=Ending, blank=True, default="")
    said = models.PositiveIntegerField(default=0, help_text="How many times something was written.")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When something was last written, or it was closed.")
    waits_since = models.DateTimeField(null=True, blank=True, help_text="The first word that nobody has answered.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When those who can answer were reminded of it.")
    offered_at = models.DateTimeField(null=True, blank=True, help_text="When whoever asks was told that it can be passed on.")
    taken_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    taken_by_keeper = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    taken_until = models.DateTimeField(null=True, blank=True)
    withheld = models.BooleanField(default=False, help_text="Nobody but who asked reads it any more: two committees became one.")
    passed_to = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="passed_from")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values) & Q(whom__in=Whom.values), name="a_question_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(whom=Whom.COMMITTEE, answered_in__isnull=False, member__isnull=False)
                | Q(whom=Whom.WIDER, answered_in__isnull=False, member__isnull=True)
                | Q(whom=Whom.KEEPERS, answered_in__isnull=True, member__isnull=True),
                name="only_ones_own_organizers_see_who_asks",
            ),
            models.CheckConstraint(condition=Q(state=State.WAITING) ^ Q(waits_since__isnull=True), name="what_waits_does_so_since_some_time"),
            models.CheckConstraint(condition=Q(state=State.CLOSED) ^ Q(ended=""), name="what_is_closed_says_how"),
            models.CheckConstraint(condition=Q(taken_by=None, taken_by_keeper=None) | Q(taken_until__isnull=False), name="a_question_is_taken_for_a_while"),
            models.CheckConstraint(condition=Q(taken_by_keeper=None) | Q(whom=Whom.KEEPERS), name="keepers_take_only_what_they_were_asked"),
            models.CheckConstraint(condition=~Q(taken_by_keeper=F("person")), name="nobody_answers_themself"),
            models.UniqueConstraint(fields=["id", "answered_in"], name="question_with_its_committee"),
        ]
        indexes = [
            models.Index(fields=["answered_in", "waits_since", "id"], condition=Q(state=State.WAITING), name="questions_that_wait"),
            models.Index(fields=["whom", "waits_since", "id"], condition=Q(state=State.WAITING), name="questions_that_wait_for_whom"),
            models.Index(fields=["answered_in", "-changed_at", "-id"], name="questions_of_a_committee"),
            models.Index(fields=["person", "-changed_at", "-id"], name="questions_of_a_person"),
            models.Index(fields=["changed_at"], name="questions_by_their_last_word"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Its page for whoever asked."""
        return path_to("asking:question", self.slug)

    def url_for_answering(self) -> str:
        """Its page for those who answer. Needs the committee along."""
        if self.answered_in is None:
            return path_to("asking:kept", self.slug)
        return path_to("asking:case", self.answered_in.slug, self.slug)

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING

    @property
    def language_name(self) -> str:
        return languages.name(self.language)

    @property
    def is_to_own_organizers(self) -> bool:
        return self.whom == Whom.COMMITTEE

    @property
    def is_inside(self) -> bool:
        """Whether whoever asks may still read what was answered: what organizers write to a member is for members."""
        if self.member is None or self.answered_in is None:
            return True
        return self.member.standing in THAT_SEE and self.answered_in.life != Life.DISSOLVED

    def is_taken(self, at: datetime) -> bool:
        return self.taken_until is not None and self.taken_until > at and bool(self.taken_by_id or self.taken_by_keeper_id)

    def is_held_by(self, by: Membership | Person) -> bool:
        return by.pk is not None and by.pk == (self.taken_by_id if self.whom != Whom.KEEPERS else self.taken_by_keeper_id)


class Message(models.Model):
    """One thing that was written, by whoever asked or by somebody who answers."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="messages")
    answered_in = models.ForeignKey("bodies.Committee", models.CASCADE, null=True, blank=True, related_name="+")
    form_key = OnceKeyField()
    by_asker = models.BooleanField()
    author = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+", help_text="The organizer who answers.")
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = SealedTextField()
    language = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(by_asker=False) | Q(author=None, keeper=None), name="who_asks_is_named_once"),
            models.CheckConstraint(condition=Q(author=None) | Q(answered_in__isnull=False, keeper=None), name="an_organizer_answers_in_their_committee"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
