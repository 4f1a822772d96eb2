"""What an entry was called and where it stood before: addresses that lead on for good, and what old lists still know a site by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FormerAddress(models.Model):
    """The name in the address of a site, or of an employer, that was merged into another. Whoever comes by it is led on."""

    slug = models.CharField(max_length=16, primary_key=True)
    workplace = models.ForeignKey("directory.Workplace", models.CASCADE, null=True, blank=True, related_name="former_addresses")
    employer = models.ForeignKey("directory.Employer", models.CASCADE, null=True, blank=True, related_name="former_addresses")

    class Meta:
        verbose_name_plural = "former addresses"
        constraints = [
            models.CheckConstraint(condition=Q(workplace=None) ^ Q(employer=None), name="a_former_address_leads_to_one_entry"),
        ]

    def __str__(self) -> str:
        return self.slug


class FormerIdentity(models.Model):
    """By what a list may still name a site that was renamed, moved or merged. Such a row means this site, and changes nothing
    of it: else every old list would bring back what an admin has mended."""

    workplace = models.ForeignKey("directory.Workplace", models.CASCADE, related_name="former_identities")
    employer = models.ForeignKey("directory.Employer", models.CASCADE, related_name="+")
    code_key = models.CharField(max_length=24, blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    place_key = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "former identities"
        constraints = [
            models.UniqueConstraint(fields=["employer", "code_key", "name_key", "place_key"], name="one_site_per_former_identity"),
        ]

    def __str__(self) -> str:
        return self.code_key or f"{self.name_key} {self.place_key}"
