"""The outbox: what is to be told (Notice), to whom and by which channel (Delivery), and how each person wants it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.base.slugs import SlugField


class Channel(models.TextChoices):
    """By what a notice reaches a person."""

    INAPP = "inapp", _("In the app")
    EMAIL = "email", _("Email")
    PUSH = "push", _("Push")


class Level(models.TextChoices):
    """How much a notice says to whoever glances at the phone."""

    NEUTRAL = "neutral", _("Almost nothing")
    KIND = "kind", _("The kind of notice")
    FULL = "full", _("Everything")


class State(models.TextChoices):
    """Where a delivery stands. All but the first and the last are final; `again` turns a dead one into a waiting one, and what is gathered
    fares as the digest that takes it along."""

    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Delivered")
    BOUNCED = "bounced", _("Bounced")
    UNREACHABLE = "unreachable", _("No address")
    OFF = "off", _("Switched off")
    SUPERSEDED = "superseded", _("Overtaken")
    MISSED = "missed", _("Too late")
    DEAD = "dead", _("Not sent")
    GATHERED = "gathered", _("In their next digest")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def open(self) -> NoticeQuerySet:
        """Notices of which something may still have to be done."""
        return self.filter(settled_at__isnull=True)

    def standing(self) -> NoticeQuerySet:
        """Notices that nothing later has overtaken."""
        return self.filter(superseded_at__isnull=True)

    def about(self, row: models.Model) -> NoticeQuerySet:
        """Everything that was told about one thing."""
        return self.filter(about_type=row._meta.label, about_id=row.pk)

    def to_expand(self, at: datetime) -> NoticeQuerySet:
        """Due notices whose audience has not been read yet."""
        return self.open().standing().filter(expanded_at__isnull=True, due_at__lte=at)


class Notice(models.Model):
    """One thing that people are to be told, at one version of what it is about. Holds ids, never words."""

    slug = SlugField()
    kind = models.CharField(max_length=60)
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    version = models.PositiveBigIntegerField(default=1)
    occasion = models.CharField(max_length=40, blank=True, default="")
    committee_id = models.BigIntegerField(null=True, blank=True, help_text="No foreign key: this room does not know what a committee is.")
    urgent = models.BooleanField(default=False)
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    useful_until = models.DateTimeField(null=True, blank=True)
    expanded_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last took a batch of it: the others go first.")
    superseded_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about_type", "about_id", "kind", "version", "occasion"], name="one_notice_per_event_and_version"),
        ]
        indexes = [
            models.Index(F("urgent").desc(), F("served_at").asc(nulls_first=True), "id", condition=Q(settled_at__isnull=True), name="open_notices"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    @property
    def about(self) -> Any:
        """The thing it is about, read once. A list sets it for many notices at a time (queries.attach)."""
        if not hasattr(self, "_about"):
            self._about = apps.get_model(self.about_type)._base_manager.get(pk=self.about_id)
        return self._about

    @about.setter
    def about(self, row: models.Model) -> None:
        self._about = row

    def is_useful(self, at: datetime) -> bool:
        """False once telling it would only confuse."""
        return self.useful_until is None or at < self.useful_until


class Outgoing(models.Model):
    """What every row of the outbox has. `started_at` is set where a worker died after it may have sent this one."""

    state = models.CharField(max_length=12, choices=State, default=State.WAITING, db_default=State.WAITING)
    due_at = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        abstract = True


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        return self.filter(state=State.WAITING)

    def dead(self) -> DeliveryQuerySet:
        return self.filter(state=State.DEAD)

    def visible_to(self, person: Any, at: datetime | None = None) -> DeliveryQuerySet:
        """What has arrived in this person's inbox; nobody sees another's."""
        arrived = {"channel": Channel.INAPP, "state": State.ACCEPTED, "due_at__lte": at or timezone.now()}
        return self.filter(person_id=person.pk, **arrived).filter(notice__superseded_at__isnull=True)

    def unseen(self) -> DeliveryQuerySet:
        return self.filter(seen=False)

    def gathered(self) -> DeliveryQuerySet:
        """What waits for its reader's next digest and is in none yet."""
        return self.filter(state=State.GATHERED, digest__isnull=True)

    def taken_along(self, digest: Notice) -> DeliveryQuerySet:
        """What a digest that has not gone out yet takes along."""
        return self.filter(state=State.GATHERED, digest=digest.pk)


class Delivery(Outgoing):
    """One notice to one person by one channel. `language` and `seen` are filled in on the way; no time of reading."""

    notice = models.ForeignKey(Notice, models.DB_CASCADE, related_name="deliveries", db_index=False)  # the unique one begins with it
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel)
    language = models.CharField(max_length=12, blank=True, default="", db_default="")
    digest = models.BigIntegerField(null=True, help_text="The notice of the digest that takes this one along. No foreign key: ten thousand rows pay for each.")
    pushed_to = ArrayField(models.BigIntegerField(), null=True, help_text="Which browsers took it, where others must be asked again.")
    seen = models.BooleanField(default=False, db_default=False, help_text=_("The reader's own mark. Nobody else sees it."))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "person"], name="one_delivery_per_person_and_channel"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="a_delivery_goes_by_a_known_channel"),
        ]
        indexes = [
            models.Index(fields=["notice", "due_at"], condition=Q(state=State.WAITING), name="waiting_deliveries"),
            models.Index(fields=["person"], name="deliveries_of_a_person"),
            models.Index(fields=["lease"], condition=Q(lease__isnull=False), name="leased_deliveries"),
            models.Index(fields=["notice"], condition=Q(state=State.DEAD), name="dead_deliveries"),
            models.Index(fields=["due_at"], condition=Q(state=State.GATHERED, digest__isnull=True), name="deliveries_to_take_along"),
            models.Index(fields=["digest", "person"], condition=Q(state=State.GATHERED, digest__isnull=False), name="deliveries_taken_along"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"


class Lease(models.Model):
    """A batch of one notice in the hands of one worker, and which of its deliveries was started last.

    Deliveries go out in the order of their ids. `at_id` is committed before each send: if the worker dies, those before
    it went out, those after it did not, and only this one may or may not have. It is sent once more, under the same
    Message-ID, so that a mail program folds the copy. `stale` ends a batch between two sends: who is meant has changed.
    """

    id = models.UUIDField(primary_key=True)
    notice_id = models.BigIntegerField()
    until = models.DateTimeField()
    at_id = models.BigIntegerField(null=True)
    stale = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return str(self.id)


class Errand(Outgoing):
    """An account mail on its way: urgent, for one contact, gone once it is delivered."""

    mail = models.OneToOneField("people.AccountMail", models.CASCADE, related_name="errand")
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state=State.WAITING), name="waiting_errands")]

    def __str__(self) -> str:
        return f"errand {self.pk} {self.state}"


class ReturnedQuerySet(models.QuerySet["Returned"]):
    def soft(self, contact_id: int, *, since: date) -> ReturnedQuerySet:
        """The letters to this address that came back since that day, without a word that it is dead."""
        return self.filter(contact_id=contact_id, outcome=Returned.Outcome.SOFT, came_on__gte=since).exclude(of="")


class Returned(models.Model):
    """A mail that came back and was read: what it said, by codes. No address, no word of it.

    The digest makes each message count once, however often a mailbox gives it; `of` makes each letter count once, however many
    messages come back about it.
    """

    class Outcome(models.TextChoices):
        HARD = "hard", _("The address is dead")
        SOFT = "soft", _("It did not arrive")
        COMPLAINT = "complaint", _("Somebody complained about it")
        NOTHING = "nothing", _("Nothing came of it")
        STRANGE = "strange", _("About no mail of ours")
        BROKEN = "broken", _("It cannot be read")

    digest = models.CharField(max_length=64, unique=True)
    came_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    contact = models.ForeignKey("people.Contact", models.CASCADE, null=True, blank=True, related_name="+")
    of = models.CharField(max_length=32, blank=True, default="", help_text="Which letter; empty where an earlier message said the same of it.")
    status = models.CharField(max_length=12, blank=True, default="")
    reason = models.CharField(max_length=20, blank=True, default="")

    objects = ReturnedQuerySet.as_manager()

    #: What a person has to look at: it stays in the mailbox, set aside.
    SET_ASIDE = (Outcome.STRANGE, Outcome.BROKEN)

    class Meta:
        verbose_name_plural = _("returned mails")
        constraints = [
            models.UniqueConstraint(fields=["of", "outcome"], condition=~Q(of=""), name="a_letter_comes_back_once"),
            models.CheckConstraint(condition=Q(of="") | Q(contact__isnull=False), name="a_letter_went_to_an_address"),
        ]
        indexes = [models.Index(fields=["contact", "came_on"], condition=Q(outcome="soft"), name="soft_bounces_of_an_address")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.status}"


class Mailbox(models.Model):
    """The mailbox for returned mails: when it was last read, and what kept us from reading it since."""

    name = models.CharField(max_length=20, primary_key=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return self.name


class Choice(models.Model):
    """A person's wish about one group of notices by one channel, in one committee or (no committee) in general."""

    class When(models.TextChoices):
        NOW = "now", _("At once")
        DAILY = "daily", _("Daily digest")
        WEEKLY = "weekly", _("Weekly digest")
        OFF = "off", _("Off")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    committee_id = models.BigIntegerField(null=True, blank=True)
    group = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=Channel)
    when = models.CharField(max_length=8, choices=When)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "committee_id", "group", "channel"], nulls_distinct=False, name="one_choice_per_list_and_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.channel} {self.when}"


class ChannelChoice(models.Model):
    """How openly one channel may speak to a person, whether it may at all, and when their digests leave: at `digest_at` on their own clock,
    weekly ones on `digest_on` (0 is Monday)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    level = models.CharField(max_length=8, choices=Level, default=Level.NEUTRAL)
    on = models.BooleanField(default=True)
    digest_at = models.TimeField(default=time(6, 0), db_default=time(6, 0))
    digest_on = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "channel"], name="one_level_per_channel"),
            models.CheckConstraint(condition=Q(digest_on__lte=6), name="a_digest_leaves_on_a_day_of_the_week"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.level}"


class Digest(models.Model):
    """One round of digests: all whose time came in the same minute. What the notice of a digest is about."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"digest {self.pk}"


class QuietHours(models.Model):
    """From when till when, beginning on one weekday (0 is Monday), a person is not to be disturbed. `until` at or before
    `since` means the next day. In the person's own zone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    since = models.TimeField()
    until = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "weekday"], name="one_quiet_time_per_weekday"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(condition=~Q(since=F("until")), name="quiet_hours_begin_and_end"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.since}-{self.until}"


class UnsubscribeEpoch(models.Model):
    """Unsubscribe links carry this number; a panic raises it, and every link that was ever sent is dead."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Allowance(models.Model):
    """How many mails the mail server was given in the current piece of a minute (MAIL_PER_MINUTE), and until when it asked to be left alone; and how
    many of them went to one domain (MAIL_PER_DOMAIN), which is not named."""

    name = models.CharField(max_length=20, primary_key=True)
    minute = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)
    rest_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.used}"


from committees.notices.devices import PushDevice  # noqa: E402, F401 (a file of its own; Django looks for models here)
