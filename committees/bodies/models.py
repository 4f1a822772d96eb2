"""What a committee is, what its charter says, and how one joins it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from committees.base import dates
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.directory import places

if TYPE_CHECKING:
    from datetime import datetime

    from committees.people.models import Person


class Scope(models.TextChoices):
    """How far a committee reaches."""

    WORKPLACE = "workplace", _("One workplace")
    EMPLOYER = "employer", _("One employer")
    INDUSTRY = "industry", _("One industry")
    REGION = "region", _("One region")  # a country, or a region within it
    ALLIANCE = "alliance", _("All committees")


class Life(models.TextChoices):
    """forming → active → dormant → dissolved."""

    FORMING = "forming", _("Forming")
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Resting")
    DISSOLVED = "dissolved", _("Dissolved")


class Visibility(models.TextChoices):
    LISTED = "listed", _("Listed")
    LINK = "link", _("Reached by link only")


class CommitteeQuerySet(models.QuerySet["Committee"]):
    """Chainable questions about committees."""

    def open(self) -> CommitteeQuerySet:
        """Committees that still exist as bodies."""
        return self.exclude(life=Life.DISSOLVED)

    def listed(self) -> CommitteeQuerySet:
        """What the public directory may show."""
        return self.open().filter(visibility=Visibility.LISTED)

    def visible_to(self, person: Person | None) -> CommitteeQuerySet:
        """Committees whose existence this person may learn: listed ones, and those they belong to or applied to."""
        if person is None or not person.is_authenticated:
            return self.listed()
        belongs = self.model._default_manager.filter(memberships__person=person, memberships__standing__in=settings.STANDINGS_THAT_SEE)
        applied = self.model._default_manager.filter(applications__person=person, applications__ended_at__isnull=True)
        return self.open().filter(Q(visibility=Visibility.LISTED) | Q(pk__in=belongs.values("pk")) | Q(pk__in=applied.values("pk")))

    def to_look_at(self, at: datetime) -> CommitteeQuerySet:
        """Those of which the clock has to ask whether they are quiet. The alliance is there for all others and never rests."""
        due = Q(look_at=None) | Q(look_at__lte=at)
        return self.filter(due, life__in=(Life.ACTIVE, Life.DORMANT)).exclude(scope=Scope.ALLIANCE).order_by(F("look_at").asc(nulls_first=True), "pk")

    def alliance(self) -> Committee | None:
        """The committee that ties all others, made by the first set-up."""
        return self.open().filter(scope=Scope.ALLIANCE).first()


class Committee(models.Model):
    """A body of workers. Its name is shown to its members; the public sees the place and whether one can join."""

    slug = SlugField()
    form_key = OnceKeyField()
    name = models.CharField(max_length=120)
    scope = models.CharField(max_length=12, choices=Scope)
    workplace = models.ForeignKey("directory.Workplace", models.PROTECT, null=True, blank=True, related_name="committees")
    employer = models.ForeignKey("directory.Employer", models.PROTECT, null=True, blank=True, related_name="committees")
    industry = models.ForeignKey("directory.Industry", models.PROTECT, null=True, blank=True, related_name="committees")
    region = models.CharField(max_length=80, blank=True, help_text="A region within the country; empty where it is for the whole country.")
    region_key = models.CharField(max_length=80, blank=True, editable=False)
    country = models.CharField(max_length=2, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    languages = ArrayField(models.CharField(max_length=12), default=list)
    life = models.CharField(max_length=12, choices=Life, default=Life.FORMING)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.LISTED)
    founding_number = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1), MaxValueValidator(50)])
    verified_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="looks_after",
        help_text="The wider committee whose organizers verify founders and take the queue over.",
    )
    founded_at = models.DateTimeField()
    woken_at = models.DateTimeField(null=True, blank=True, help_text="When it last became active, or was woken.")
    quiet_told_at = models.DateTimeField(null=True, blank=True, help_text="When its organizers were last told that it is quiet.")
    rests_since = models.DateTimeField(null=True, blank=True, help_text="Since when it is dormant.")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="The committee with which it became one, and in which its members are now."
    )
    look_at = models.DateTimeField(null=True, blank=True, help_text="When the clock asks next whether it is quiet; empty: at once.")

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(scope=Scope.WORKPLACE) & Q(workplace__isnull=False)) | (~Q(scope=Scope.WORKPLACE) & Q(workplace__isnull=True)),
                name="a_workplace_committee_has_its_workplace",
            ),
            models.CheckConstraint(condition=~Q(scope=Scope.EMPLOYER) | Q(employer__isnull=False), name="an_employer_committee_has_its_employer"),
            models.CheckConstraint(condition=~Q(scope=Scope.INDUSTRY) | Q(industry__isnull=False), name="an_industry_committee_has_its_industry"),
            models.CheckConstraint(condition=Q(scope=Scope.REGION) | Q(region=""), name="only_a_regions_committee_has_a_region"),
            models.CheckConstraint(condition=Q(region="", region_key="") | (~Q(region="") & ~Q(region_key="")), name="a_region_is_told_apart_by_its_key"),
            models.CheckConstraint(condition=~Q(verified_by=models.F("id")), name="no_committee_verifies_itself"),
            models.CheckConstraint(condition=Q(scope=Scope.ALLIANCE) | Q(verified_by__isnull=False), name="only_the_alliance_stands_alone"),
            models.CheckConstraint(condition=~Q(life=Life.DORMANT) | Q(rests_since__isnull=False), name="a_committee_rests_since_some_time"),
            models.CheckConstraint(condition=~Q(life=Life.DORMANT, scope=Scope.ALLIANCE), name="the_alliance_never_rests"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(life=Life.DISSOLVED) & ~Q(merged_into=F("id"))), name="what_became_part_of_another_is_no_more"
            ),
            models.UniqueConstraint(
                fields=["workplace"],
                condition=Q(scope=Scope.WORKPLACE, visibility=Visibility.LISTED) & ~Q(life=Life.DISSOLVED),
                name="one_listed_committee_per_workplace",
                violation_error_message=_("Someone has started a committee here already. You can join it."),
            ),
            models.UniqueConstraint(fields=["scope"], condition=Q(scope=Scope.ALLIANCE), name="one_alliance_per_server"),
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(scope=Scope.EMPLOYER, visibility=Visibility.LISTED) & ~Q(life=Life.DISSOLVED),
                name="one_listed_committee_per_employer",
            ),
            models.UniqueConstraint(
                fields=["industry"],
                condition=Q(scope=Scope.INDUSTRY, visibility=Visibility.LISTED) & ~Q(life=Life.DISSOLVED),
                name="one_listed_committee_per_industry",
            ),
            models.UniqueConstraint(
                fields=["country", "region_key"],
                condition=Q(scope=Scope.REGION, visibility=Visibility.LISTED) & ~Q(life=Life.DISSOLVED),
                name="one_listed_committee_per_region",
            ),
        ]
        indexes = [
            models.Index(fields=["workplace", "life"], name="committees_at_a_workplace"),
            models.Index(F("look_at").asc(nulls_first=True), F("id"), condition=Q(life__in=["active", "dormant"]), name="committees_to_look_at"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("membership:committee", self.slug)

    def get_scope_display(self) -> str:  # type: ignore[no-redef]  # Django keeps ours
        if self.scope == Scope.REGION and not self.region:
            return gettext("One country")
        return str(Scope(self.scope).label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the key in step, by which two spellings of a region are one."""
        self.region_key = places.region_key(self.region, self.country)
        super().save(*args, **kwargs)

    @property
    def area(self) -> str:
        """The region and the country that it is for, for a reader of the language in use: "Texas, United States"."""
        country = dates.locale().territories.get(self.country, self.country)
        return ", ".join(part for part in (self.region, country) if part)

    @property
    def lies_in(self) -> tuple[str, str]:
        """Country, and key of the region: those that the directory has for the workplace now, or those that it is for."""
        return (self.workplace.country, self.workplace.region_key) if self.workplace else (self.country, self.region_key)

    @property
    def is_forming(self) -> bool:
        return self.life == Life.FORMING

    @property
    def is_resting(self) -> bool:
        return self.life == Life.DORMANT


#: What a committee is for, and what its applicants say of themselves, until its members adopt words of their own.
PURPOSE = _(
    "We are workers at one workplace. We meet, share facts and decide together what to do. "
    "We are independent of management and of paid officials. Each member has one vote."
)
PURPOSE_OF_WIDER = _(
    "We are workers from several workplaces. We meet, share facts and decide together what to do. "
    "We are independent of management and of paid officials. Each member has one vote."
)
ATTESTATION = _("I do not hire, fire, discipline or report on workers for management. I am not a paid official.")


#: How many in a hundred full members have to take part, where a committee has not said otherwise; and what it can say.
QUORUM = 25
QUORUMS = (10, 20, 25, 33, 50, 67)


class Charter(models.Model):
    """One version of what a committee is for, who may join and how it decides; with the attestation asked of applicants.

    A text that is empty is the site's own, which each reader gets in their language: nobody should put their name to a
    sentence that they cannot read.
    """

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="charters")
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=12, default="en")
    text = models.TextField(blank=True)
    who_may_join = models.TextField(blank=True)
    how_we_decide = models.TextField(blank=True)
    quorum = models.PositiveSmallIntegerField(
        default=QUORUM, help_text="How many in a hundred full members have to take part before something counts as decided."
    )
    attestation = models.TextField(blank=True)
    adopted_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "version"], name="one_charter_per_version"),
            models.CheckConstraint(condition=Q(quorum__gte=1, quorum__lte=100), name="a_quorum_is_a_part_of_the_members"),
        ]

    def __str__(self) -> str:
        return f"charter {self.version}"

    @property
    def purpose(self) -> str:
        return self.text or str(PURPOSE if self.committee.scope == Scope.WORKPLACE else PURPOSE_OF_WIDER)

    @property
    def sentence(self) -> str:
        """What an applicant has to be able to say."""
        return self.attestation or str(ATTESTATION)

    @property
    def purpose_language(self) -> str:
        return self.language if self.text else get_language() or settings.LANGUAGE_CODE

    @property
    def sentence_language(self) -> str:
        return self.language if self.attestation else get_language() or settings.LANGUAGE_CODE


class JoiningPolicy(models.Model):
    """What a committee asks of those who want to join."""

    committee = models.OneToOneField(Committee, models.CASCADE, related_name="policy")
    checks_needed = models.PositiveSmallIntegerField(default=2, validators=[MaxValueValidator(3)])
    probation_days = models.PositiveSmallIntegerField(default=14, validators=[MaxValueValidator(90)])
    reapply_days = models.PositiveSmallIntegerField(default=30)
    shifts = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    questions = models.JSONField(default=list, help_text="The committee's own questions, in order.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(checks_needed__lte=3), name="at_most_three_checks")]

    def __str__(self) -> str:
        return f"{self.checks_needed} checks"
