"""The chains of entries, their ends and their checkpoints. The database refuses to change or remove a row (migration 0002)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from committees.people.models import Person

#: The chain of acts that belong to no committee.
PLATFORM = "platform"


def chain_of(committee: models.Model | None) -> str:
    """The chain in which a committee's acts stand; the platform's where there is none."""
    return PLATFORM if committee is None else str(committee.slug)  # type: ignore[attr-defined]


def name_of(row: models.Model) -> str:
    """How the ledger names a row: its room and model, and its slug (or key where it has none)."""
    return f"{row._meta.label}:{getattr(row, 'slug', row.pk)}"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Chainable questions about what was done."""

    def in_committee(self, committee: models.Model | None) -> Self:
        """The acts of one committee, or the platform's."""
        return self.filter(chain=chain_of(committee))

    def about(self, row: models.Model) -> Self:
        """What was done to this row."""
        return self.filter(about=name_of(row))

    def by(self, person: Person) -> Self:
        """What this person did. Nothing once they are erased: the key is gone."""
        return self.filter(actor=person.ledger_key) if person.ledger_key else self.none()

    def in_order(self) -> Self:
        return self.order_by("chain", "position")


class Entry(models.Model):
    """One act. `actor` is the person's ledger key: erasing the person destroys the only way back to them."""

    chain = models.CharField(max_length=16, help_text="The committee's slug, or 'platform'.")
    position = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor = models.UUIDField(null=True, db_index=True)
    about = models.CharField(max_length=80, help_text="room.Model:slug of what was acted on.")
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_entry_per_position"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="a_chain_begins_at_one"),
        ]
        indexes = [models.Index(fields=["about"], name="ledger_about")]

    def __str__(self) -> str:
        return f"{self.chain}#{self.position} {self.verb}"


class Head(models.Model):
    """The end of a chain, signed. Its row lock lets one writer at a time append, and only for that chain."""

    chain = models.CharField(max_length=16, primary_key=True)
    position = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="", blank=True)
    signature = models.CharField(max_length=96, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.chain} at {self.position}"


class Checkpoint(models.Model):
    """A signed note that a chain stood at this digest; it stands in for the entries pruned before it.

    `through` is the time of the newest entry up to here. Entries may only go once that is old enough, and because it is
    signed, entries that went too soon are noticed.
    """

    chain = models.CharField(max_length=16)
    position = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    through = models.DateTimeField()
    signature = models.CharField(max_length=96)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="one_checkpoint_per_position")]

    def __str__(self) -> str:
        return f"{self.chain}#{self.position}"
