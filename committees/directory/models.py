"""Industries, employers, their sites, and what people call them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from committees.base import dates
from committees.base.clock import validate_zone
from committees.base.labels import label
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.directory import names, places
from committees.directory.fields import WordsField
from committees.directory.former import FormerAddress, FormerIdentity
from committees.directory.lists import ListPart, Stage, WorkplaceList

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from committees.directory.registry import SiteCard
    from committees.people.models import Person

__all__ = [
    "Alias",
    "Employer",
    "FormerAddress",
    "FormerIdentity",
    "Headcount",
    "Industry",
    "Kind",
    "ListPart",
    "Stage",
    "State",
    "Word",
    "Workplace",
    "WorkplaceList",
    "WorkplaceQuerySet",
    "identity",
]


class Industry(models.Model):
    """A section (a letter) or division (two digits) of ISIC, revision 4. The rows come from data/isic.csv."""

    code = models.CharField(max_length=2, primary_key=True)
    section = models.CharField(max_length=1)
    names = models.JSONField(default=dict)

    class Meta:
        ordering = ["section", "code"]
        verbose_name_plural = "industries"

    def __str__(self) -> str:
        language = (get_language() or "en").split("-")[0]
        return str(self.names.get(language) or self.names["en"])


class EmployerQuerySet(models.QuerySet["Employer"]):
    """Chainable questions about employers."""

    def visible_to(self, person: Person | AnonymousUser | None) -> EmployerQuerySet:
        """An employer has a page of its own only for those who keep the directory."""
        return self.all() if person is not None and person.is_authenticated and person.is_platform_admin else self.none()

    def called(self, typed: str) -> EmployerQuerySet:
        """Those in whose name, or in one of whose other names, this stands."""
        key = names.name_key(typed)
        return self.filter(Q(name_key__contains=key) | Q(pk__in=Alias.objects.filter(name_key__contains=key).values("employer_id"))) if key else self


class Employer(models.Model):
    """A company or public body."""

    slug = SlugField()
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, related_name="employers")

    objects = EmployerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="one_employer_per_name"),
            models.CheckConstraint(condition=~Q(name_key=""), name="an_employer_has_a_name"),
        ]
        indexes = [GinIndex(fields=["domains"], name="employers_by_domain")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("alliance:employer", self.slug)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.name_key(self.name)
        super().save(*args, **kwargs)


class Kind(models.TextChoices):
    """What sort of place it is, in the words of those who work there."""

    WAREHOUSE = "warehouse", _("Warehouse")
    PLANT = "plant", _("Factory or plant")
    HOSPITAL = "hospital", _("Hospital or care")
    SCHOOL = "school", _("School or university")
    DEPOT = "depot", _("Depot or transport")
    POST = "post", _("Post and parcels")
    PORT = "port", _("Port or airport")
    MINE = "mine", _("Mine or quarry")
    SHOP = "shop", _("Shop, hotel or restaurant")
    OFFICE = "office", _("Office")
    REMOTE = "remote", _("Remote team")
    OTHER = "other", _("Another kind of place")


class Headcount(models.TextChoices):
    """Roughly how many people work there. The lowest band hides small numbers."""

    UNDER_50 = "under-50", _("Fewer than 50 people")
    FROM_50 = "50-249", _("50 to 249 people")
    FROM_250 = "250-999", _("250 to 999 people")
    FROM_1000 = "1000-4999", _("1,000 to 4,999 people")
    FROM_5000 = "5000", _("5,000 people or more")


#: Longer titles name the site alone.
TITLE = 50


class State(models.TextChoices):
    """proposed → listed → closed."""

    PROPOSED = "proposed", _("Waiting to be listed")
    LISTED = "listed", _("Listed")
    CLOSED = "closed", _("Closed")


class WorkplaceQuerySet(models.QuerySet["Workplace"]):
    """Chainable questions about sites."""

    def visible_to(self, person: Person | AnonymousUser | None) -> WorkplaceQuerySet:
        """Listed and closed sites are for all; a proposed one for its proposer and for platform admins."""
        public = ~Q(state=State.PROPOSED)
        if person is None or not person.is_authenticated:
            return self.filter(public)
        if person.is_platform_admin:
            return self.all()
        return self.filter(public | Q(proposed_by_id=person.pk))

    def listed(self) -> WorkplaceQuerySet:
        return self.filter(state=State.LISTED)

    def proposed(self) -> WorkplaceQuerySet:
        return self.filter(state=State.PROPOSED)

    def known(self) -> WorkplaceQuerySet:
        """Listed or closed: what an import compares itself with."""
        return self.exclude(state=State.PROPOSED)

    def open(self) -> WorkplaceQuerySet:
        """Where people still work."""
        return self.exclude(state=State.CLOSED)

    def matching(self, *, kinds: Sequence[str] = (), country: str = "") -> WorkplaceQuerySet:
        """Of these kinds, in this country; nothing given, nothing left out."""
        some = self.filter(kind__in=kinds) if kinds else self
        return some.filter(country=country) if country else some

    def of(self, employer_id: int) -> WorkplaceQuerySet:
        return self.filter(employer_id=employer_id)

    def with_names(self) -> WorkplaceQuerySet:
        """With all that a line about a site says, in one query."""
        called = ArraySubquery(Alias.objects.filter(workplace=models.OuterRef("pk")).values("name"))
        return self.select_related("employer__industry").annotate(alias_names=called).defer("words")


class Workplace(models.Model):
    """One site of an employer. Recognised again by its site code, or by employer, name and place where it has none."""

    slug = SlugField()
    form_key = OnceKeyField()
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="workplaces")
    name = models.CharField(max_length=200, help_text=_("What people call the site; the town where a list gives no name."))
    code = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    zone = models.CharField(max_length=48, validators=[validate_zone])
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    headcount_band = models.CharField(max_length=12, choices=Headcount, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.LISTED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    code_key = models.CharField(max_length=24, blank=True, editable=False)
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    place_key = models.CharField(max_length=200, editable=False)
    words = WordsField(default=list, blank=True, editable=False)

    #: What a page says about the committee there; the view asks the registry for all sites at once.
    card: SiteCard | None = None

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employer", "code_key"], condition=~Q(code_key="") & ~Q(state="proposed"), name="one_site_code_per_employer"),
            models.UniqueConstraint(
                fields=["employer", "name_key", "place_key"], condition=Q(code_key="") & ~Q(state="proposed"), name="one_site_per_name_and_place"
            ),
            # Two people who propose the same site must not learn of one another: only their own are compared.
            models.UniqueConstraint(
                fields=["proposed_by", "employer", "code_key", "name_key", "place_key"],
                condition=Q(state="proposed"),
                name="one_proposal_per_person_and_site",
            ),
            models.CheckConstraint(condition=Q(state="proposed") | Q(proposed_by__isnull=True), name="a_listed_site_forgets_who_proposed_it"),
            models.CheckConstraint(condition=~Q(name=""), name="a_site_has_a_name"),
            models.CheckConstraint(condition=~Q(zone=""), name="a_site_has_a_clock"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="a_country_has_two_letters"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="a_position_lies_on_the_globe",
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="sites_by_word"),
            models.Index(fields=["country", "place_key", "id"], name="sites_of_a_country"),
            models.Index(fields=["place_key", "id"], name="sites_by_town"),
            GistIndex(
                Func(Cast("longitude", models.FloatField()), Cast("latitude", models.FloatField()), function="point"),
                name="sites_on_the_map",
                condition=Q(latitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_to("directory:workplace", self.slug)

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # Django keeps ours
        return label(Kind, self.kind)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps keys and search words in step. Bulk writes call `index` themselves."""
        aliases = [*self.employer.aliases.all()] + ([*self.aliases.all()] if self.pk else [])
        self.index([alias.name for alias in aliases])
        super().save(*args, **kwargs)

    def index(self, aliases: list[str]) -> None:
        """Set what is derived: the keys by which it is recognised, the words by which it is found."""
        keys = identity(
            employer=self.employer.name, name=self.name, code=self.code, city=self.city, address=self.address, region=self.region, country=self.country
        )
        self.code_key, self.name_key, self.place_key = keys
        region = places.region(self.region, self.country)
        texts = [self.code, self.employer.name, self.name, *aliases, self.city, self.region, region.code if region else ""]
        # First what filters ask for: a site may have more words than are kept.
        self.words = names.search_words([self.kind, *places.country_names(self.country), self.code_key.lower(), *texts])

    @property
    def title(self) -> str:
        """The site in one line: "Amazon BHX4", "Royal Mail Mount Pleasant mail centre", "Yale University, New Haven".

        An employer with a long name is left out beside a name; `names_employer` says whether it stands in the title.
        """
        employer = self.employer.name
        if self.code:
            return f"{employer} {self.code}"
        if not self.name_key:
            town = self.city if names.name_key(self.city) not in self.employer.name_key else ""
            return f"{employer}, {town}" if town else employer
        if self.employer.name_key in names.name_key(self.name) or len(employer) + len(self.name) > TITLE:
            return self.name
        return f"{employer} {self.name}"

    @property
    def names_employer(self) -> bool:
        """Whether the title says who the employer is."""
        return self.title != self.name or self.employer.name_key in self.name_key

    @property
    def also_called(self) -> list[str]:
        """Other names, for the line below the title. Needs `with_names`."""
        own = [self.name] if self.code and self.name_key and names.name_key(self.name) not in names.name_key(self.title) else []
        return own + list(self.alias_names)  # type: ignore[attr-defined]  # annotated

    @property
    def place(self) -> str:
        """Town, region and country for a reader of the language in use."""
        country = dates.locale().territories.get(self.country, self.country)
        return ", ".join(part for part in (self.city, self.region, country) if part)

    @property
    def region_key(self) -> str:
        """Its region as regions are compared, in whatever way a list spells it; empty where none is known."""
        return places.region_key(self.region, self.country)

    @property
    def keys(self) -> tuple[str, str, str]:
        """By what it is recognised among the sites of its employer."""
        return self.code_key, self.name_key, self.place_key

    @property
    def is_proposed(self) -> bool:
        return self.state == State.PROPOSED

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED


def identity(*, employer: str, name: str, code: str, city: str, address: str, region: str, country: str) -> tuple[str, str, str]:
    """(code key, name key, place key). A name that only repeats the employer or the town is no name; without a town the
    address is the place."""
    key = names.name_key(name)
    if key in {names.name_key(employer), names.name_key(city)}:
        key = ""
    return names.code_key(code), key, names.place_key(city or address, places.region_name(region, country), country)


class Alias(models.Model):
    """Another name of an employer ("AMZN") or of a site ("Lyons Park"), in any script."""

    employer = models.ForeignKey(Employer, models.CASCADE, null=True, blank=True, related_name="aliases")
    workplace = models.ForeignKey(Workplace, models.CASCADE, null=True, blank=True, related_name="aliases")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "aliases"
        constraints = [
            models.CheckConstraint(condition=Q(employer__isnull=True) ^ Q(workplace__isnull=True), name="an_alias_names_one_thing"),
            models.UniqueConstraint(fields=["employer", "name"], condition=Q(employer__isnull=False), name="an_employers_alias_stands_once"),
            models.UniqueConstraint(fields=["workplace", "name"], condition=Q(workplace__isnull=False), name="a_sites_alias_stands_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = names.name_key(self.name)
        super().save(*args, **kwargs)


class Word(models.Model):
    """Every word by which a site is found. A trigger on sites fills it (migration 0002); misspelt words are looked up here."""

    text = models.CharField(max_length=names.MAX_WORD + 1, primary_key=True, db_collation="C")

    class Meta:
        indexes = [GinIndex(fields=["text"], name="words_by_likeness", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.text
