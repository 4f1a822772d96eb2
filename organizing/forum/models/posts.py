"""What people write: posts with what they were before, and what others made of them in another language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base import markdown
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.membership.roles import PRESENT
from organizing.forum import audiences
from organizing.forum.audiences import CROSSING, INNER, Audience, Reader
from organizing.forum.models.boards import Topic, page_of

if TYPE_CHECKING:
    from committees.people.models import Person

#: The pattern of our own paths to which a post may link: the posts it quotes.
OWN_LINKS = r"/forum/t/[a-z0-9]{8,16}/p/[0-9]{1,9}/"


class State(models.TextChoices):
    """queued → visible; a draft is one that a moderator sent back. All that was ever visible keeps its place."""

    DRAFT = "draft", _("Sent back to you")
    QUEUED = "queued", _("Waiting for a moderator")
    VISIBLE = "visible", _("Visible")
    HIDDEN_BY_FLAGS = "hidden_by_flags", _("Hidden because members flagged it")
    HIDDEN_BY_MODERATOR = "hidden_by_moderator", _("Hidden by a moderator")
    REMOVED = "removed", _("Removed by a moderator")
    WITHDRAWN = "withdrawn", _("Taken back by its author")


#: Others do not see these until a moderator has looked. They have no position, unless they were shown before and sent back.
WAITING = frozenset({State.DRAFT, State.QUEUED})
#: Out of sight for now or for good by somebody else's act.
HIDDEN = frozenset({State.HIDDEN_BY_FLAGS, State.HIDDEN_BY_MODERATOR, State.REMOVED})


class ShownAs(models.TextChoices):
    """What readers from other committees learn of an author's work, beside the handle."""

    SITE = "site", _("My workplace")
    INDUSTRY = "industry", _("My industry and country only")


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to_person(self, reader: Reader) -> Self:
        """Visible posts on what this reader may read."""
        return self.filter(audiences.readable(reader), state=State.VISIBLE)

    def written_by(self, person: Person) -> Self:
        """This person's own, under any of their names, where they are still inside and may read on."""
        return self.filter(audiences.readable(person), membership__person=person, membership__standing__in=PRESENT)

    def waiting(self) -> Self:
        return self.filter(state__in=sorted(WAITING))


class Post(models.Model):
    """One contribution to a topic. Its HTML is made when it is written."""

    slug = SlugField()
    form_key = OnceKeyField()
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="posts")
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    audience = models.CharField(max_length=10, choices=Audience)
    position = models.PositiveIntegerField(null=True, blank=True, help_text="Its place in the topic, given when it is first visible.")
    membership = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, related_name="+")
    written_in = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="The committee under whose name it was written.")
    shown_as = models.CharField(max_length=8, choices=ShownAs, default=ShownAs.SITE)
    language = models.CharField(max_length=12)
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replies")
    state = models.CharField(max_length=20, choices=State)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When it was changed visibly: later than a day after it was written.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was removed or taken back.")
    words = SearchVectorField(null=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "position"], name="one_post_per_position"),
            models.UniqueConstraint(fields=["id", "topic"], name="post_with_its_topic"),
            models.CheckConstraint(condition=Q(position=None) | Q(position__gt=0), name="positions_begin_with_one"),
            models.CheckConstraint(
                condition=Q(state__in=sorted({*WAITING, State.WITHDRAWN})) | Q(position__isnull=False),
                name="what_was_visible_keeps_its_place",
            ),
            models.CheckConstraint(condition=Q(position=None) | Q(published_at__isnull=False), name="a_place_is_given_at_a_time"),
            models.CheckConstraint(condition=~Q(audience__in=sorted(INNER)) | Q(written_in=F("committee")), name="an_inner_post_is_written_by_its_own_members"),
            models.CheckConstraint(condition=~Q(state=State.WITHDRAWN) | Q(source="", html="", words=None), name="nothing_is_left_of_what_was_taken_back"),
        ]
        indexes = [
            models.Index(fields=["membership", "-written_at"], name="posts_of_a_member"),
            models.Index(fields=["topic", "membership"], condition=Q(state=State.DRAFT) | Q(state=State.QUEUED), name="posts_that_wait"),
            GinIndex(fields=["words"], name="posts_by_word"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Its place in its topic, at any depth; of one that waits, the end of the topic, where its author sees it."""
        topic = self.topic
        return topic.url_at(self.position) if self.position else f"{topic.get_absolute_url()}?page={page_of(topic.last_position)}#{self.slug}"

    @property
    def plain(self) -> str:
        """Its words alone."""
        return markdown.plain(self.html)

    @property
    def is_visible(self) -> bool:
        return self.state == State.VISIBLE

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_sent_back(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_hidden(self) -> bool:
        return self.state in HIDDEN

    @property
    def crosses_sites(self) -> bool:
        """Whether members of several committees read it."""
        return self.audience in CROSSING


class PostVersion(models.Model):
    """What a post said before it was changed."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=12)
    source = models.TextField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "version"], name="one_row_per_version_of_a_post")]

    def __str__(self) -> str:
        return f"version {self.version}"


class Translation(models.Model):
    """A post in another language, by a member who read both."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    membership = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, related_name="+")
    of_version = models.PositiveIntegerField(help_text="Which version of the post it translates; older than the post's own: outdated.")
    source = models.TextField()
    html = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "language"], name="one_translation_per_language")]

    def __str__(self) -> str:
        return self.language
