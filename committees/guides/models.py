"""A page of help, and every version of what it says, by language. A version is never changed: a newer one follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.guides import registry

if TYPE_CHECKING:
    from committees.people.models import Person

LONGEST_TITLE, LONGEST_TEXT = 80, 20_000


class GuideQuerySet(models.QuerySet["Guide"]):
    """Chainable questions about pages of help."""

    def published(self) -> Self:
        return self.filter(is_published=True)

    def kept_by(self, keeper: Person) -> Self:
        """All of them, drafts too, for those who keep the service running."""
        return self if keeper.is_platform_admin else self.none()

    def in_order(self) -> Self:
        return self.order_by("place", "pk")


class Guide(models.Model):
    """A page: one that somebody added, or the place of one that the program brings along (`built_in` is its name)."""

    slug = SlugField()
    form_key = OnceKeyField()
    built_in = models.CharField(max_length=20, blank=True, default="")
    place = models.PositiveSmallIntegerField(default=0)
    is_published = models.BooleanField(default=False)

    objects = GuideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["built_in"], condition=~Q(built_in=""), name="one_place_for_each_built_in_page"),
            models.CheckConstraint(condition=Q(built_in="") | Q(is_published=True), name="a_built_in_page_is_always_there"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return registry.address_of(self.built_in) if self.built_in else path_to("guides:guide", self.slug)

    @property
    def name(self) -> str:
        """What stands in the addresses of those who keep it."""
        return self.built_in or self.slug


class VersionQuerySet(models.QuerySet["Version"]):
    """Chainable questions about what pages say."""

    def visible_to(self, person: Any) -> Self:
        """What everybody may read; to those who keep the service also what is not yet published."""
        if getattr(person, "is_platform_admin", False):
            return self
        return self.filter(guide__is_published=True)

    def newest(self) -> Self:
        """The last one of each page in each language. One that is empty says: no words in this language any more."""
        return self.order_by("guide_id", "language", "-number").distinct("guide_id", "language")


class Version(models.Model):
    """What a page says in one language from that moment on. Empty: nothing any more, or what the program brings along again.

    Who wrote it stands in the ledger and nowhere else. `html` is made when it is written, never when it is read.
    """

    slug = SlugField()
    guide = models.ForeignKey(Guide, models.CASCADE, related_name="versions")
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE, blank=True, default="")
    text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    written_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guide", "language", "number"], name="one_version_for_each_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_of_a_page_begin_at_one"),
            models.CheckConstraint(
                condition=Q(title="", text="", html="") | (~Q(title="") & ~Q(text="") & ~Q(html="")), name="a_version_says_something_or_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guide_id} {self.language} {self.number}"

    @property
    def is_empty(self) -> bool:
        return not self.text

    @property
    def drawn(self) -> SafeString:
        """The text as it is read: cleaned when it was written."""
        return mark_safe(self.html)  # noqa: S308 (what the renderer gives is clean)
