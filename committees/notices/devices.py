"""The browsers that get push: one row for each, until its person signs out there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from committees.base import crypto
from committees.base.fields import SealedJSONField, SealedTextField
from committees.base.slugs import SlugField
from committees.people.models import SessionQuerySet


def lookup(endpoint: str) -> str:
    """By what a sealed address of a browser is found again."""
    return crypto.lookup_hmac(endpoint, purpose="push")


class PushDeviceQuerySet(models.QuerySet["PushDevice"]):
    def visible_to(self, person: Any) -> PushDeviceQuerySet:
        """A person sees their own."""
        return self.filter(person_id=person.pk)

    def living(self, *, vapid: str) -> PushDeviceQuerySet:
        """Where a message can arrive: made for the key that this server signs with now, in a browser that is its person's."""
        return self.filter(vapid=vapid, session__person=models.F("person"))


class PushDevice(models.Model):
    """One browser's address at its push service, and the keys with which only that browser reads what is sent there.

    It hangs on the session: signing out, there or everywhere, and a panic delete both, whoever deletes the session. A session that
    ends by waiting takes nothing along (`people.registry.keeps_sessions`): push goes on, and says almost nothing. Its name is the
    name that the session has in the list of signed-in devices.
    """

    #: So many for one person; another one takes the place of the oldest.
    MOST = 5

    slug = SlugField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")
    session = models.OneToOneField("people.Session", models.DB_CASCADE, related_name="+")
    endpoint = SealedTextField()
    lookup = models.CharField(max_length=64, unique=True)
    keys = SealedJSONField()
    vapid = models.CharField(max_length=16, help_text=_("Which of the server's keys it was made for."))
    allowed_on = models.DateField()

    objects = PushDeviceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.slug


def needed(sessions: SessionQuerySet) -> SessionQuerySet:
    """Of these sessions, those whose browser gets push."""
    return sessions.filter(pk__in=PushDevice.objects.values("session"))
