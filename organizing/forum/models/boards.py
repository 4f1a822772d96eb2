"""Where people write: boards, and the topics on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from organizing.forum import audiences
from organizing.forum.audiences import CROSSING, INNER, Audience, Reader

if TYPE_CHECKING:
    from committees.membership.models import Membership
    from committees.people.models import Person

#: How many posts stand on a page of a topic.
PAGE = 20


class Policy(models.TextChoices):
    """How one posts on a board."""

    OPEN = "open", _lazy("Everyone writes")
    REVIEWED = "reviewed", _lazy("A moderator looks at each post first")
    ANNOUNCEMENTS = "announcements", _lazy("Organizers write, everyone reads")


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, member: Membership) -> Self:
        """What this member's committee page shows: its own boards, those of strategy only to whoever may read them."""
        return self.visible_to_person(member.person).filter(committee_id=member.committee_id) if member.person else self.none()

    def visible_to_person(self, reader: Reader) -> Self:
        """Every board that this reader may read, public ones of any committee too."""
        return self.filter(audiences.readable(reader))

    def near(self, person: Person) -> Self:
        """The boards of this person's committees and of all that these belong to."""
        return self.filter(audiences.near(person))


class Board(models.Model):
    """A place to write. Whom it is for is settled when it is opened and never changes."""

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="boards")
    audience = models.CharField(max_length=10, choices=Audience)
    policy = models.CharField(max_length=14, choices=Policy, default=Policy.OPEN)
    name = models.CharField(max_length=80, blank=True, help_text="Empty: the site's own name for it, in each reader's language.")
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    begun_at = models.DateTimeField()
    topics = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="board_with_its_committee"),
            models.UniqueConstraint(fields=["id", "audience"], name="board_with_its_audience"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="a_board_is_for_somebody"),
        ]
        indexes = [
            models.Index(fields=["committee", "audience"], name="boards_of_a_committee"),
            models.Index(F("last_at").desc(), F("id").desc(), condition=Q(audience="public", last_at__isnull=False), name="liveliest_public_boards"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_to("forum:board", self.slug)

    @property
    def title(self) -> str:
        """Its name, or the site's own for the boards that every committee has from its beginning."""
        if self.name:
            return self.name
        if self.policy == Policy.ANNOUNCEMENTS:
            return _("Announcements")
        own = {
            Audience.COMMITTEE: _("Everything and anything"),
            Audience.STRATEGY: _("What we plan"),
            Audience.SHARED: _("All sites together"),
            Audience.PUBLIC: _("Open to everyone"),
        }
        return own[Audience(self.audience)]

    @property
    def is_crossing(self) -> bool:
        """Whether members of several committees read it."""
        return self.audience in CROSSING


class TopicState(models.TextChoices):
    OPEN = "open", _lazy("Open")
    LOCKED = "locked", _lazy("Closed")


class TopicQuerySet(models.QuerySet["Topic"]):
    def begun(self) -> Self:
        """With a post that others may see or once could."""
        return self.filter(last_position__gt=0)

    def visible_to_person(self, reader: Reader) -> Self:
        """What this reader may read. A topic whose first post still waits is there for its author alone."""
        seen = self.filter(audiences.readable(reader))
        return seen.filter(Q(last_position__gt=0) | Q(started_by__person=reader, title_gone=False)) if reader else seen.begun()

    def visible_to(self, member: Membership) -> Self:
        """The topics on the boards of this member's own committee."""
        return self.visible_to_person(member.person).filter(committee_id=member.committee_id) if member.person else self.none()


class Topic(models.Model):
    """A conversation, for the audience it was begun for. Its posts have dense positions: 1, 2, 3, without gaps, for ever."""

    State = TopicState

    slug = SlugField()
    form_key = OnceKeyField()
    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    audience = models.CharField(max_length=10, choices=Audience)
    title = models.CharField(max_length=160)
    title_gone = models.BooleanField(default=False, help_text="Its first post was hidden, removed or taken back, and the title with it.")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=6, choices=TopicState, default=TopicState.OPEN)
    pinned = models.PositiveSmallIntegerField(default=0)
    started_by = models.ForeignKey("membership.Membership", models.SET_NULL, null=True, related_name="+")
    started_in = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+", help_text="The committee of whoever began it.")
    started_at = models.DateTimeField()
    mandate = models.ForeignKey(
        "mandates.Mandate",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="It is the report of this mandate's delegate to their committee.",
    )
    last_position = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "committee"], name="topic_with_its_committee"),
            models.UniqueConstraint(fields=["id", "audience"], name="topic_with_its_audience"),
            models.CheckConstraint(condition=Q(last_position=0) ^ Q(last_at__isnull=False), name="a_topic_with_posts_has_a_last_one"),
            models.CheckConstraint(condition=~Q(audience__in=sorted(INNER)) | Q(started_in=F("committee")), name="an_inner_topic_is_begun_by_its_own_members"),
            models.CheckConstraint(condition=Q(mandate=None) | Q(audience__in=sorted(INNER)), name="a_report_is_for_the_committee_itself"),
        ]
        indexes = [
            models.Index(F("board"), F("pinned").desc(), F("last_at").desc(), F("id").desc(), condition=Q(last_position__gt=0), name="topics_of_a_board"),
            models.Index(F("board"), F("last_at").desc(), F("id").desc(), condition=Q(last_position__gt=0), name="latest_topics_of_a_board"),
            models.Index(F("last_at").desc(), F("id").desc(), condition=Q(last_position__gt=0, audience="public"), name="latest_public_topics"),
            models.Index(fields=["started_by", "-started_at"], name="topics_of_a_member"),
            models.Index(fields=["mandate", "-started_at"], condition=Q(mandate__isnull=False), name="reports_of_a_mandate"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return path_to("forum:topic", self.slug)

    @property
    def shown_title(self) -> str:
        return _("(no title any more)") if self.title_gone else self.title

    @property
    def is_locked(self) -> bool:
        return self.state == TopicState.LOCKED

    @property
    def is_crossing(self) -> bool:
        return self.audience in CROSSING

    @property
    def pages(self) -> int:
        return max(1, page_of(self.last_position))

    def url_at(self, position: int) -> str:
        """The page that holds this position, at it."""
        page = page_of(position)
        return f"{self.get_absolute_url()}{f'?page={page}' if page > 1 else ''}#p{position}"


def page_of(position: int) -> int:
    """The page of its topic on which a position stands."""
    return (max(1, position) + PAGE - 1) // PAGE
