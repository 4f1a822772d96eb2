"""What a reader keeps for themself: where they stopped, what they follow, what they have begun to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedTextField
from committees.base.slugs import SlugField
from organizing.forum import audiences
from organizing.forum.models.boards import Board, Topic
from organizing.forum.models.posts import Post

if TYPE_CHECKING:
    from committees.people.models import Person


class ReadMark(models.Model):
    """Up to which post a person has read a topic. Theirs alone; there is no time in it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="one_mark_per_reader_and_topic")]

    def __str__(self) -> str:
        return str(self.position)


class Watch(models.Model):
    """Whether a person wants to hear of a topic, or of new topics on a board, or of neither."""

    class Level(models.TextChoices):
        WATCH = "watch", _("Tell me")
        MUTE = "mute", _("Tell me nothing")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="watches")
    board = models.ForeignKey(Board, models.CASCADE, null=True, blank=True, related_name="watches")
    level = models.CharField(max_length=5, choices=Level)

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.CheckConstraint(condition=Q(topic=None) ^ Q(board=None), name="a_watch_is_on_a_topic_or_a_board"),
            models.UniqueConstraint(fields=["person", "topic"], name="one_watch_per_topic"),
            models.UniqueConstraint(fields=["person", "board"], name="one_watch_per_board"),
            models.CheckConstraint(condition=Q(level__in=["watch", "mute"]), name="one_watches_or_mutes"),
        ]
        indexes = [
            models.Index(fields=["topic", "level"], name="who_watches_a_topic"),
            models.Index(fields=["board", "level"], name="who_watches_a_board"),
        ]

    def __str__(self) -> str:
        return self.level


class BlockQuerySet(models.QuerySet["Block"]):
    def visible_to_person(self, person: Person) -> Self:
        """One's own, while one may read what that voice wrote: whoever is out must not learn what somebody inside is called by now.
        Nobody else ever learns of one, least of all whom it is about."""
        read = Post.objects.visible_to_person(person).filter(membership=OuterRef("blocked"))
        return self.filter(Exists(read), person=person)

    def of_author(self, membership_id: Any) -> Self:
        """Who has blocked this voice."""
        return self.filter(blocked=membership_id)


class Block(models.Model):
    """A person wants to read nothing more of one voice, and to hear of nothing that it writes. It is about a name in one committee:
    what the same person writes under another name elsewhere is another voice, and nothing here ties the two together."""

    slug = SlugField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    blocked = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    since = models.DateField()

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "blocked"], name="one_block_per_voice")]

    def __str__(self) -> str:
        return self.slug


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to_person(self, person: Person) -> Self:
        """One's own, where one may still read: what a draft answers must not be named to somebody who is out."""
        topics = Topic.objects.filter(audiences.readable(person)).values("pk")
        boards = Board.objects.filter(audiences.readable(person)).values("pk")
        return self.filter(person=person).filter(Q(topic_id__in=topics) | Q(board_id__in=boards))


class Draft(models.Model):
    """Something begun and not posted, kept on the server so that any device has it. Nobody else ever sees it; it is sealed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+")
    board = models.ForeignKey(Board, models.CASCADE, null=True, blank=True, related_name="+")
    title = SealedTextField(blank=True)
    text = SealedTextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    mandate = models.ForeignKey("mandates.Mandate", models.SET_NULL, null=True, blank=True, related_name="+", help_text="It is to be a report of this mandate.")
    changed_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(topic=None) ^ Q(board=None), name="a_draft_is_for_a_topic_or_a_board"),
            models.UniqueConstraint(fields=["person", "topic"], name="one_draft_per_topic"),
            models.UniqueConstraint(fields=["person", "board"], name="one_draft_per_board"),
        ]

    def __str__(self) -> str:
        return str(self.changed_at)
