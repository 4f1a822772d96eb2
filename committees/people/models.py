"""People and what they sign in with. No name, no address in clear, no time of day at which anybody was here."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.base.clock import validate_zone
from committees.base.fields import SealedJSONField, SealedTextField
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField

if TYPE_CHECKING:
    from collections.abc import Iterable


def today() -> date:
    """The day in UTC: as fine as anything about a person's comings and goings is kept."""
    return timezone.now().date()


class PersonQuerySet(models.QuerySet["Person"]):
    def present(self) -> PersonQuerySet:
        """Accounts that can be used: not hidden, not disabled, not erased."""
        return self.filter(is_active=True)

    def hidden(self) -> PersonQuerySet:
        """Accounts that their owner hid in a panic and has not yet recovered."""
        return self.filter(hidden_on__isnull=False, erased_on__isnull=True, disabled_on__isnull=True)

    def visible_to(self, person: Person | None) -> PersonQuerySet:
        """Nobody sees another's account; a person sees their own."""
        return self.filter(pk=person.pk) if person is not None and person.pk else self.none()

    def unused_since(self, day: date) -> PersonQuerySet:
        """Accounts that nobody has used, hidden or closed since that day; never those of whoever keeps the service running."""
        last = Greatest(Coalesce("seen_on", "created_on"), F("hidden_on"), F("disabled_on"))  # PostgreSQL leaves out what is not there
        return self.filter(erased_on=None, is_platform_admin=False).alias(last_on=last).filter(last_on__lte=day)

    def kept_by(self, keeper: Person) -> PersonQuerySet:
        """The accounts that somebody who keeps the service may close, one at a time: there is no list of them."""
        return self.filter(erased_on=None) if keeper.is_platform_admin else self.none()


class PersonManager(BaseUserManager["Person"]):
    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def present(self) -> PersonQuerySet:
        return self.get_queryset().present()

    def hidden(self) -> PersonQuerySet:
        return self.get_queryset().hidden()

    def visible_to(self, person: Person | None) -> PersonQuerySet:
        return self.get_queryset().visible_to(person)

    def unused_since(self, day: date) -> PersonQuerySet:
        return self.get_queryset().unused_since(day)

    def kept_by(self, keeper: Person) -> PersonQuerySet:
        return self.get_queryset().kept_by(keeper)


class Person(AbstractBaseUser):
    """An account. No legal name is ever asked for, and none is stored; a person is named only inside a committee."""

    # AbstractBaseUser would keep the second of each sign-in.
    last_login = None

    slug = SlugField()
    form_key = OnceKeyField()
    sign_in_name = models.CharField(max_length=48, unique=True, help_text=_("Generated; nobody chooses one, so none can be guessed at."))
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=48, default="Europe/London", validators=[validate_zone])
    is_active = models.BooleanField(default=True, help_text=_("False while hidden, disabled or erased."))
    is_platform_admin = models.BooleanField(default=False)
    second_step = models.BooleanField(default=False, help_text=_("Ask for a passkey after a password or a code as well."))
    ledger_key = models.UUIDField(default=uuid.uuid4, unique=True, null=True, editable=False)
    created_on = models.DateField(default=today)
    seen_on = models.DateField(null=True, blank=True, help_text=_("The day, never the time."))
    ends_told_on = models.DateField(null=True, blank=True, help_text=_("When they were told that the account, which nobody uses, will be erased."))
    hidden_on = models.DateField(null=True, blank=True)
    disabled_on = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(hidden_on=None, disabled_on=None, erased_on=None), name="hidden_disabled_or_erased_is_not_active"
            ),
            models.CheckConstraint(condition=Q(erased_on=None) | Q(ledger_key=None), name="erasure_destroys_the_ledger_key"),
        ]
        indexes = [models.Index(fields=["ends_told_on"], condition=Q(ends_told_on__isnull=False), name="accounts_that_end")]

    def __str__(self) -> str:
        return self.slug


class DisableReason(models.TextChoices):
    """Why an account is closed by those who keep the service running. Stands in the ledger and in the mail to its owner."""

    TAKEN_OVER = "taken_over", _("Somebody else seems to use it")
    HARM = "harm", _("It was used to harm others")
    ASKED = "asked", _("Its owner asked for it")
    OTHER = "other", _("Another reason")


class Channel(models.TextChoices):
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")


class ContactQuerySet(models.QuerySet["Contact"]):
    def of(self, person: Person) -> ContactQuerySet:
        return self.filter(person=person)

    def visible_to(self, person: Person) -> ContactQuerySet:
        """A contact is seen by the person it belongs to, and by nobody else."""
        return self.filter(person=person)

    def verified(self) -> ContactQuerySet:
        return self.filter(verified_at__isnull=False, person__isnull=False)

    def passing(self) -> ContactQuerySet:
        """Addresses that somebody typed and that belong to no account (yet); erased after a day."""
        return self.filter(person__isnull=True)

    def reachable(self, person_ids: Iterable[int]) -> ContactQuerySet:
        """Where these people get their notices: verified, their first choice, not stopped, the account not hidden."""
        return self.verified().filter(person_id__in=person_ids, primary=True, stopped_at__isnull=True, person__is_active=True)


class Contact(models.Model):
    """One address or number, sealed, and found again only by its HMAC."""

    slug = SlugField()
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="contacts")
    channel = models.CharField(max_length=5, choices=Channel)
    address = SealedTextField()
    lookup = models.CharField(max_length=64, db_index=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    primary = models.BooleanField(default=False)
    employers = models.BooleanField(default=False, help_text=_("At a domain of an employer: its notices are always neutral."))
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=20, blank=True)
    mended_on = models.DateField(null=True, blank=True, help_text=_("When its owner said that it works again: what came back before does not count."))
    met_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody last typed it; only for addresses of nobody."))

    #: Why an address was stopped whose server never said that it does not exist.
    BOUNCED_OFTEN = "bounced often"

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "lookup"], condition=Q(verified_at__isnull=False), name="one_owner_per_address"),
            models.UniqueConstraint(fields=["channel", "lookup"], condition=Q(person=None), name="one_passing_contact_per_address"),
            models.UniqueConstraint(fields=["person", "channel"], condition=Q(primary=True), name="one_first_choice_per_channel"),
            models.CheckConstraint(condition=Q(person=None) | Q(verified_at__isnull=False), name="an_owned_address_is_verified"),
            models.CheckConstraint(condition=~Q(person=None) | Q(verified_at=None, primary=False), name="a_passing_contact_is_nobodys"),
            models.CheckConstraint(condition=Q(person=None) | Q(met_at=None), name="nobody_notes_when_an_owner_came"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_dead(self) -> bool:
        """Stopped because there is no such address, and not because its mails came back often."""
        return self.stopped_at is not None and self.stop_reason != self.BOUNCED_OFTEN

    @property
    def alias(self) -> str:
        """The only form in which allauth ever sees it."""
        return f"{self.lookup}@{self.channel}.invalid"


class AccountMail(models.Model):
    """A code or a warning on its way to one contact. The row holds no address and, but sealed, no text."""

    slug = SlugField()
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=12, default="en")
    context = SealedJSONField(default=dict, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    useful_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contact", "created_at"], name="mails_of_a_contact")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class RecoveryCode(models.Model):
    """The paper code that opens an account when phone and email are lost. Shown once; the row keeps its digest."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="recovery_code")
    digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField(default=today)

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, person: Person) -> SessionQuerySet:
        """A person sees their own signed-in devices."""
        return self.filter(person=person)

    def living(self, on: date) -> SessionQuerySet:
        return self.filter(ends_on__gt=on)


class Session(models.Model):
    """A signed-in browser: a label that the person gives and a day. No address, no agent, no time of last use.

    The key is stored hashed and the content sealed: a copy of this table opens no account. That a session was idle for
    twelve hours is known from a signed stamp in the cookie (sessions.py), so that no time of use is written here.
    """

    LASTS = timedelta(days=14)

    slug = SlugField()
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.DB_CASCADE, null=True, blank=True, related_name="sessions")
    label = SealedTextField(default="", blank=True)
    content = SealedJSONField(default=dict)
    started_on = models.DateField(default=today)
    ends_on = models.DateField(db_index=True)

    objects = SessionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.slug


class Tally(models.Model):
    """What the cache would count, while the cache is gone. The key is an HMAC under a key of the day that is never stored."""

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return self.key
