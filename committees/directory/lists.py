"""A list of workplaces that an admin hands in with the browser: its file, sealed, what it is read as, and how far it has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedBytesField, SealedJSONField, SealedTextField
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.directory.imports.headings import FIELDS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from committees.people.models import Person

#: What the file, what was read of it and the row itself are kept for, at the longest.
KEEP = timedelta(days=7)
#: A larger list is taken in on the server itself (manage.py import_workplaces).
LARGEST = 20_000_000


class Stage(models.TextChoices):
    """new → checking → checked → taking → done. A file that breaks off ends as failed."""

    NEW = "new", _("Columns to be chosen")
    CHECKING = "checking", _("Being read")
    CHECKED = "checked", _("Waits for your word")
    TAKING = "taking", _("Being taken in")
    DONE = "done", _("Taken in")
    FAILED = "failed", _("Could not be read")


#: A worker has something to do.
AT_WORK = frozenset({Stage.CHECKING, Stage.TAKING})


class WorkplaceListQuerySet(models.QuerySet["WorkplaceList"]):
    """Chainable questions about lists."""

    def visible_to(self, person: Person | AnonymousUser | None) -> WorkplaceListQuerySet:
        """Lists are seen by those who keep the directory, and by nobody else."""
        return self.all() if person is not None and person.is_authenticated and person.is_platform_admin else self.none()

    def at_work(self) -> WorkplaceListQuerySet:
        return self.filter(stage__in=AT_WORK)

    def unfinished(self) -> WorkplaceListQuerySet:
        """Being read, being taken in, or waiting for an admin's word."""
        return self.exclude(stage__in=(Stage.DONE, Stage.FAILED))

    def forsaken(self, at: datetime) -> WorkplaceListQuerySet:
        """With work to do, and no worker that holds them."""
        return self.at_work().filter(Q(held_until__isnull=True) | Q(held_until__lte=at))

    def without_file(self) -> WorkplaceListQuerySet:
        """For pages that show many: the file stays where it is."""
        return self.defer("content", "examples")


class WorkplaceList(models.Model):
    """One list. Its file is sealed, and erased as soon as it is taken in; the row goes after a week.

    `position` is the last row of the file that is settled: whatever happens to a worker, the next one goes on behind it.
    Nobody is written down here: the ledger says who handed a list in and who confirmed it.
    """

    slug = SlugField()
    form_key = OnceKeyField()
    name = SealedTextField(default="", blank=True)
    content = SealedBytesField(null=True)
    outline = SealedJSONField(default=dict, help_text="Headings, the first rows, and what the columns are likely to be.")
    columns = models.JSONField(default=dict, help_text="Field → number of the column, or null.")
    country = models.CharField(max_length=2, blank=True, help_text="Of rows that name none.")
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.NEW)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True, help_text="Rows in all, once it was read to its end.")
    counts = models.JSONField(default=dict)
    examples = SealedJSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Since it last got further.")
    holder = models.UUIDField(null=True, blank=True, editable=False)
    held_until = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField()

    objects = WorkplaceListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage="done") | Q(stage="failed") | Q(content__isnull=False), name="a_list_keeps_its_file_while_it_is_needed"),
        ]
        indexes = [models.Index(fields=["-handed_in_at", "slug"], name="lists_by_day")]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK

    @property
    def rows_done(self) -> int:
        return sum(self.counts.values())

    @property
    def percent(self) -> int | None:
        """How far it is; None while nobody knows how long it is."""
        return min(100, round(100 * self.rows_done / self.total)) if self.total else None

    @property
    def headings(self) -> list[str]:
        return list(self.outline.get("headings", []))

    @property
    def proposed_columns(self) -> dict[str, Any]:
        """Field → column, as an admin settled it, else as it is likely."""
        return dict(self.columns or {field: self.outline.get("proposed", {}).get(field) for field in FIELDS})

    @property
    def erased_after(self) -> datetime:
        return self.handed_in_at + KEEP


class ListPartQuerySet(models.QuerySet["ListPart"]):
    """Chainable questions about the parts of lists."""

    def visible_to(self, person: Person) -> ListPartQuerySet:
        """As the list itself."""
        return self.filter(workplace_list__in=WorkplaceList.objects.visible_to(person))

    def of(self, listed: WorkplaceList) -> ListPartQuerySet:
        return self.filter(workplace_list=listed)

    def in_order(self) -> ListPartQuerySet:
        """As the rows stand in the file."""
        return self.order_by("last_row")


class ListPart(models.Model):
    """One batch of a list, written in the transaction that settled it: what a worker must know to go on behind it, and the
    rows that could not be used."""

    workplace_list = models.ForeignKey(WorkplaceList, models.CASCADE, related_name="parts")
    last_row = models.PositiveIntegerField()
    met = models.BinaryField(help_text="Digests of the sites met in this batch.")
    employers = SealedJSONField(default=dict, help_text="Other names and domains of employers, given when the list ends.")
    unusable = SealedJSONField(default=list, help_text="Row, why, cells.")

    objects = ListPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workplace_list", "last_row"], name="one_part_per_batch")]

    def __str__(self) -> str:
        return f"{self.workplace_list_id} to {self.last_row}"
