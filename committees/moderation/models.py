"""What is looked at (Review), what members flag (Flag), and what somebody may not do for some days (Sanction)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.membership.roles import PRESENT, Power

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person


class Reason(models.TextChoices):
    """Why something is in the queue."""

    FIRST_POSTS = "first_posts", _("First post")
    PROBATION = "probation", _("By a new member")
    LINKS = "links", _("Many links")
    TWICE = "twice", _("The same text twice")
    BOARD = "board", _("Everything is looked at here")
    CHANGED = "changed", _("Changed as asked")
    FLAGS = "flags", _("Flagged")
    MODERATOR = "moderator", _("Taken up by a moderator")


#: Waits to be looked at before others see it.
HELD = frozenset({Reason.FIRST_POSTS, Reason.PROBATION, Reason.LINKS, Reason.TWICE, Reason.BOARD, Reason.CHANGED})


class FlagReason(models.TextChoices):
    """What a member says is wrong."""

    DOXXING = "doxxing", _("It gives away who somebody is")
    AGENT = "agent", _("Somebody acts for the employer")
    THREAT = "threat", _("It threatens somebody")
    DISCRIMINATION = "discrimination", _("It puts people down for who they are")
    SPAM = "spam", _("It is an advertisement or junk")
    OFF_TOPIC = "off_topic", _("It belongs somewhere else")
    OTHER = "other", _("Something else")


class State(models.TextChoices):
    OPEN = "open", _("Waits")
    DECIDED = "decided", _("Decided")
    DROPPED = "dropped", _("Taken back by its author")


class Act(models.TextChoices):
    """What moderators decide."""

    APPROVE = "approve", _("Shown")
    KEEP = "keep", _("Kept")
    SEND_BACK = "send_back", _("Sent back to be changed")
    HIDE = "hide", _("Hidden")
    REMOVE = "remove", _("Removed")
    RESTORE = "restore", _("Shown again")
    LOCK = "lock", _("Closed for answers")
    UNLOCK = "unlock", _("Open for answers again")
    MOVE = "move", _("Moved to another part of the forum")
    SILENCE = "silence", _("May not write for some days")
    SUSPEND = "suspend", _("Suspended for some days")


#: Against somebody: needs a rule and a text that says why.
AGAINST = frozenset({Act.SEND_BACK, Act.HIDE, Act.REMOVE, Act.LOCK, Act.MOVE, Act.SILENCE, Act.SUSPEND})

#: After these it stands where it stood, for others or, sent back, for its author alone.
STANDS = frozenset({Act.APPROVE, Act.SEND_BACK, Act.RESTORE, Act.LOCK, Act.UNLOCK, Act.MOVE})


class ReviewQuerySet(models.QuerySet["Review"]):
    """Chainable questions about what is looked at."""

    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def decided(self) -> Self:
        return self.filter(state=State.DECIDED)

    def held(self) -> Self:
        """Not shown to others yet."""
        return self.filter(reason__in=HELD)

    def of_row(self, row: models.Model) -> Self:
        """Every time that this row was looked at."""
        return self.filter(matter=row._meta.label_lower, row_id=row.pk)

    def without_parties(self, person: Person) -> Self:
        """Leaves out what this person wrote, and what they flagged themself."""
        mine = Flag.objects.filter(review=models.OuterRef("pk"), by__person=person)
        return self.exclude(author__person=person).exclude(models.Exists(mine))

    def visible_to(self, member: Membership) -> Self:
        """What this moderator may decide: their own committee's, and what was passed on to it."""
        if Power.MODERATE not in member.powers or member.person is None:
            return self.none()
        here = Q(committee=member.committee_id) | Q(passed_to=member.committee_id)
        return self.filter(here).without_parties(member.person)

    def told_to(self, person: Person) -> Self:
        """What was decided about this person's own, as far as they are told."""
        return self.decided().filter(author__person=person).exclude(act=Act.KEEP)

    def in_the_log_of(self, member: Membership) -> Self:
        """What was decided in this member's committee, for those who may read the log."""
        if Power.SEE_LOG not in member.powers:
            return self.none()
        return self.decided().filter(committee=member.committee_id)


class Review(models.Model):
    """One thing that moderators look at, and what one of them decided. Decided once; later acts are reviews of their own.

    `matter` and `row_id` name a row of a room above. `author` may belong to another committee: on a board that several share.
    """

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="Whose moderators answer.")
    matter = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    author = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    language = models.CharField(max_length=12, default="en")
    crosses_sites = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    round = models.PositiveSmallIntegerField(default=1, help_text="Counts up when a decision is taken back.")
    hidden_at = models.DateTimeField(null=True, blank=True, help_text="Since when flags alone keep it hidden.")
    hidden_until = models.DateTimeField(null=True, blank=True, help_text="When it comes back unless somebody decides.")
    came_back_at = models.DateTimeField(null=True, blank=True, help_text="When it came back, because nobody had decided.")
    claimed_in = models.ForeignKey("bodies.Committee", models.CASCADE, null=True, blank=True, related_name="+")
    claimed_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    passed_to = models.ForeignKey("bodies.Committee", models.CASCADE, null=True, blank=True, related_name="+", help_text="Whose moderators may answer too.")
    passed_at = models.DateTimeField(null=True, blank=True)
    act = models.CharField(max_length=10, choices=Act, blank=True, default="")
    rule = models.CharField(max_length=20, blank=True, default="")
    text = SealedTextField(blank=True, default="", help_text="What the author is told.")
    decided_in = models.ForeignKey("bodies.Committee", models.CASCADE, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When what was written about it was erased.")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "row_id"], condition=Q(state=State.OPEN), name="one_open_review"),
            models.UniqueConstraint(fields=["id", "committee"], name="review_with_its_committee"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_review_is_in_a_known_state"),
            models.CheckConstraint(
                condition=~Q(state=State.DECIDED) | (Q(act__in=Act.values) & Q(decided_by__isnull=False, decided_in__isnull=False)),
                name="a_review_is_decided_by_somebody",
            ),
            models.CheckConstraint(condition=Q(state=State.OPEN) | Q(decided_at__isnull=False), name="a_closed_review_has_its_time"),
            models.CheckConstraint(condition=Q(state=State.DECIDED) | Q(act=""), name="only_a_decision_has_an_act"),
            models.CheckConstraint(condition=~Q(act__in=sorted(AGAINST)) | ~Q(rule=""), name="what_is_against_somebody_names_its_rule"),
            models.CheckConstraint(condition=Q(decided_by=None) | Q(author=None) | ~Q(decided_by=F("author")), name="nobody_decides_about_their_own"),
            models.CheckConstraint(
                condition=Q(decided_in=None) | Q(decided_in=F("committee")) | Q(decided_in=F("passed_to")), name="only_those_who_answer_decide"
            ),
            models.CheckConstraint(
                condition=Q(claimed_in=None) | Q(claimed_in=F("committee")) | Q(claimed_in=F("passed_to")), name="only_those_who_answer_take_a_case"
            ),
            models.CheckConstraint(condition=Q(claimed_by=None) | Q(claimed_until__isnull=False, claimed_in__isnull=False), name="a_case_is_taken_for_a_while"),
            models.CheckConstraint(condition=Q(hidden_until=None) | Q(hidden_at__isnull=False), name="what_comes_back_was_hidden"),
        ]
        indexes = [
            models.Index(fields=["committee", "begun_at"], condition=Q(state=State.OPEN), name="open_reviews_of_a_committee"),
            models.Index(fields=["passed_to", "begun_at"], condition=Q(state=State.OPEN), name="open_reviews_passed_on"),
            models.Index(fields=["matter", "row_id"], name="reviews_of_a_row"),
            models.Index(fields=["author", "decided_at"], name="reviews_of_an_author"),
            models.Index(fields=["committee", "decided_at"], name="decisions_of_a_committee"),
            models.Index(fields=["hidden_until"], condition=Q(state=State.OPEN, hidden_until__isnull=False), name="reviews_hidden_for_a_while"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Its page for moderators."""
        return path_to("moderation:case", self.slug)

    def url_for_its_author(self) -> str:
        return path_to("moderation:decision", self.slug)

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_decided(self) -> bool:
        return self.state == State.DECIDED

    @property
    def is_held(self) -> bool:
        return self.reason in HELD

    @property
    def is_against(self) -> bool:
        return self.act in AGAINST

    @property
    def is_seen_by_its_author(self) -> bool:
        """Whether what it is about stands, after this decision, where its author still comes."""
        return self.act in STANDS and self.author is not None and self.author.standing in PRESENT

    def waits_longer_than(self, span: timedelta, at: datetime) -> bool:
        return self.is_open and at - self.begun_at > span

    def is_claimed_by_another(self, member: Membership, at: datetime) -> bool:
        """Whether somebody else has taken it, and the time for that is not over."""
        return bool(self.claimed_by_id and self.claimed_by_id != member.pk and self.claimed_until and self.claimed_until > at)


class Flag(models.Model):
    """One member says that something is wrong with one thing. `site` is the committee through which they say it."""

    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="flags")
    matter = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    site = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=14, choices=FlagReason)
    note = SealedTextField(blank=True, default="")
    weight = models.DecimalField(max_digits=4, decimal_places=2, help_text="What it weighed when it was given.")
    upheld = models.BooleanField(null=True, blank=True, help_text="Whether a moderator agreed; null until one has looked.")
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When the note was erased.")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "row_id", "by"], name="one_flag_by_one_member", violation_error_message=_("You have flagged this already.")
            ),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=3), name="a_flag_weighs_something"),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="flags_of_a_member")]

    def __str__(self) -> str:
        return f"flag {self.pk}"


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def running(self, at: datetime) -> Self:
        """Not lifted, and their time not over at that instant."""
        return self.filter(lifted_at=None, begins_at__lte=at, until__gt=at)


LONGEST = {"silence": timedelta(days=7), "suspend": timedelta(days=14)}


class Sanction(models.Model):
    """Somebody may not write here for some days, or is suspended. Decided in a case about them or what they wrote."""

    class Kind(models.TextChoices):
        SILENCE = "silence", _("May not write")
        SUSPEND = "suspend", _("Suspended")

    slug = SlugField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    membership = models.ForeignKey("membership.Membership", models.CASCADE, related_name="sanctions")
    review = models.ForeignKey(Review, models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=8, choices=Kind)
    rule = models.CharField(max_length=20)
    text = SealedTextField(blank=True, default="", help_text="What the member is told.")
    begins_at = models.DateTimeField()
    until = models.DateTimeField()
    decided_in = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True, help_text="When a moderator ended it early.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was over, for whatever reason.")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When the text was erased.")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "kind"], condition=Q(ended_at=None), name="one_running_sanction_of_a_kind"),
            models.CheckConstraint(condition=Q(until__gt=F("begins_at")), name="a_sanction_ends_after_it_begins"),
            *(
                models.CheckConstraint(condition=~Q(kind=kind) | Q(until__lte=F("begins_at") + longest), name=f"no_{kind}_longer_than_allowed")
                for kind, longest in LONGEST.items()
            ),
            models.CheckConstraint(condition=~Q(by=F("membership")), name="nobody_sanctions_themself"),
            models.CheckConstraint(condition=Q(lifted_at=None) | Q(ended_at__isnull=False), name="what_is_lifted_is_over"),
            models.CheckConstraint(condition=~Q(rule=""), name="a_sanction_names_its_rule"),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at=None), name="sanctions_that_run")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
