"""A person asks to join a committee: the application, what is said about it, and the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.base import languages
from committees.base.fields import SealedJSONField, SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.membership.roles import Power

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person


class State(models.TextChoices):
    """started → pending ⇄ info_requested → admitted; or one of the ends."""

    STARTED = "started", _("Not sent yet")
    PENDING = "pending", _("With the organizers")
    INFO_REQUESTED = "info_requested", _("Waiting for your answer")
    ADMITTED = "admitted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    SPAM = "spam", _("Spam")


OPEN = frozenset({State.STARTED, State.PENDING, State.INFO_REQUESTED})
WAITING = frozenset({State.PENDING, State.INFO_REQUESTED})
DECIDED = frozenset({State.ADMITTED, State.DECLINED, State.SPAM})


class Decline(models.TextChoices):
    """Why an application was declined. None of these helps an impostor."""

    NOT_CONFIRMED = "not_confirmed", _("We could not confirm that you work there.")
    OTHER_COMMITTEE = "other_committee", _("Another committee is the right one for your workplace.")
    MANAGEMENT = "management", _("The committee is only for people who do not manage others.")
    NO_ANSWER = "no_answer", _("We asked a question and had no answer.")
    CLOSED = "closed", _("The committee is closed.")


#: What reviewers choose from; the rest is the platform's to say.
OFFERED = tuple(code for code in Decline if code != Decline.CLOSED)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of(self, person: Person) -> Self:
        """This person's own."""
        return self.filter(person=person)

    def open(self) -> Self:
        """Not ended: started, with the organizers, or waiting for the applicant."""
        return self.filter(state__in=OPEN)

    def with_check_counts(self) -> Self:
        """Adds `check_count`, of those that count."""
        return self.annotate(check_count=models.Count("checks", filter=Q(checks__by__removed_for_employer=False)))

    def waiting(self) -> Self:
        """In the reviewers' queue."""
        return self.filter(state__in=WAITING)

    def visible_to(self, member: Membership) -> Self:
        """What this reviewer may see: their own committee's queue, and the founders' of committees it looks after."""
        if Power.REVIEW_APPLICATIONS not in member.powers:
            return self.none()
        sent = self.filter(reviewed_in=member.committee_id, sent_at__isnull=False).exclude(person_id=member.person_id)
        return sent.exclude(recusals__by=member)


class Application(models.Model):
    """A person asks to join a committee; reviewers answer once.

    `reviewed_in` is the committee itself or, for founders and where nobody reviews any more, the wider one.
    """

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="applications")
    reviewed_in = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="Whose reviewers answer.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="applications")
    founding = models.BooleanField(default=False)
    invitation = models.ForeignKey(
        "membership.Invitation", models.SET_NULL, null=True, blank=True, related_name="applications", help_text="By which they came."
    )
    state = models.CharField(max_length=14, choices=State, default=State.STARTED)
    shift = models.CharField(max_length=60, blank=True)
    handle = models.CharField(max_length=40, blank=True)
    why = SealedTextField(blank=True, default="")
    answers = SealedJSONField(default=list, help_text="The committee's questions as they were, with the answers.")
    attested_version = models.PositiveIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    decline_code = models.CharField(max_length=20, choices=Decline, blank=True)
    reply_note = SealedTextField(blank=True, default="")
    nudged_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0, help_text="How often a one-time code was typed that is none.")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When the answers were erased.")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_application",
                violation_error_message=_("Your application is already with the organizers."),
            ),
            models.CheckConstraint(condition=~Q(state__in=sorted(DECIDED)) | Q(decided_by__isnull=False), name="a_decision_has_its_decider"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WAITING)) | (Q(sent_at__isnull=False) & Q(attested_version__isnull=False)), name="what_is_sent_is_attested"
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(OPEN)) | Q(ended_at__isnull=False), name="an_end_has_its_time"),
            models.UniqueConstraint(fields=["person"], condition=Q(founding=True, state__in=sorted(OPEN)), name="one_open_founding_per_person"),
        ]
        indexes = [
            models.Index(fields=["reviewed_in", "sent_at"], condition=Q(state__in=sorted(WAITING)), name="the_queue"),
            models.Index(fields=["started_at"], condition=Q(state=State.STARTED), name="applications_not_sent"),
            models.Index(fields=["ended_at"], condition=Q(erased_at=None), name="applications_to_forget"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("membership:application", self.slug)

    def committee_card(self) -> str:
        """The committee's public page."""
        return path_to("bodies:card", self.committee.slug)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_complete(self) -> bool:
        """Whether all that must be answered is: the shift, the handle, the committee's questions and the attestation."""
        return bool(self.shift and self.handle and self.all_questions_answered and self.attested_version)

    @property
    def asked(self) -> list[dict[str, str]]:
        """The committee's questions with the answers, as `{"question": …, "answer": …}`."""
        return cast("list[dict[str, str]]", self.answers)

    @property
    def all_questions_answered(self) -> bool:
        return all(item["answer"] for item in self.asked)


class ApplicationMessage(models.Model):
    """The conversation between reviewers and the applicant, and the reviewers' internal notes.

    A question that many ask is kept as what it is, not as its words: each side reads it in their own language.
    """

    class Phrase(models.TextChoices):
        SHIFT = "shift", _("Which shift and which department do you work in?")
        WAY_IN = "way_in", _("Which entrance do you use, and what do you pass on the way to where you work?")
        KNOWN = "known", _("Who of us do you know from work? Ask them for a code, and type it in here.")
        TALK = "talk", _("Can one of us talk with you before or after a shift? Write when and where.")
        HEARD = "heard", _("How did you hear of the committee?")

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        "membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+", help_text="The reviewer; null where the applicant wrote."
    )
    internal = models.BooleanField(default=False)
    phrase = models.CharField(
        max_length=8, choices=Phrase, blank=True, default="", help_text="A question that is ready in every language; `text` may add to it."
    )
    text = SealedTextField(blank=True, default="")
    language = models.CharField(max_length=12, default="en")
    form_key = OnceKeyField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(internal=False) | Q(author__isnull=False), name="only_reviewers_write_notes"),
            models.CheckConstraint(condition=Q(phrase="") | Q(author__isnull=False, internal=False), name="only_reviewers_ask_ready_questions"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def language_name(self) -> str:
        return languages.name(self.language)


class ApplicationEvent(models.Model):
    """One change of state: when, by someone in which part. The person reads it about themself."""

    class Part(models.TextChoices):
        APPLICANT = "applicant", _("You")
        REVIEWER = "reviewer", _("A reviewer")
        PLATFORM = "platform", _("The platform")

    application = models.ForeignKey(Application, models.CASCADE, related_name="events")
    state = models.CharField(max_length=14, choices=State)
    part = models.CharField(max_length=10, choices=Part)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.state


class CheckQuerySet(models.QuerySet["Check"]):
    def that_count(self) -> Self:
        """Without those by somebody who was removed since, because they act for the employer."""
        return self.filter(by__removed_for_employer=False)


class Check(models.Model):
    """A reason to believe that the applicant works there. A historical fact: never changed."""

    class Kind(models.TextChoices):
        VOUCH = "vouch", _("Knows them from work")
        TALK = "talk", _("Talked with them")
        CODE = "code", _("Gave them a code in person")
        INVITED = "invited", _("Made the invitation by which they came")

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="The committee of the one who checked.")
    application = models.ForeignKey(Application, models.CASCADE, related_name="checks")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()

    objects = CheckQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "by"], name="one_check_by_one_member")]
        indexes = [models.Index(fields=["by", "at"], name="checks_of_a_member")]

    def __str__(self) -> str:
        return self.kind


class Recusal(models.Model):
    """A reviewer stays out of one application, for example because they know the applicant too well. They see it no more."""

    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="recusals")
    by = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "by"], name="one_recusal_by_one_reviewer")]

    def __str__(self) -> str:
        return f"recusal {self.pk}"


class VouchCode(models.Model):
    """A one-time code that a member hands over in person to somebody they know. The row keeps only its digest."""

    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    by = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["by", "made_at"], name="codes_of_a_member")]

    def __str__(self) -> str:
        return f"code {self.pk}"


__all__ = ["DECIDED", "OPEN", "WAITING", "Application", "ApplicationEvent", "ApplicationMessage", "Check", "Decline", "Recusal", "State", "VouchCode"]
