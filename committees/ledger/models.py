"""The chain of entries and its checkpoints. The database refuses to change or remove a row (migration 0002)."""

from __future__ import annotations

from django.db import models


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_entry_per_position"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="a_chain_begins_at_one"),
        ]
        indexes = [models.Index(fields=["about"], name="ledger_about")]

    def __str__(self) -> str:
        return f"{self.chain}#{self.position} {self.verb}"


class Head(models.Model):
    """The end of a chain. Its row lock lets one writer at a time append, and only for that chain."""

    chain = models.CharField(max_length=16, primary_key=True)
    position = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.chain} at {self.position}"


class Checkpoint(models.Model):
    """A signed note that a chain stood at this digest; it stands in for the entries pruned before it."""

    chain = models.CharField(max_length=16)
    position = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="one_checkpoint_per_position")]

    def __str__(self) -> str:
        return f"{self.chain}#{self.position}"


