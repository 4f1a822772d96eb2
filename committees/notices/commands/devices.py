"""Which browsers of a person are told by push."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from committees.base.errors import Refused
from committees.notices.commands.holding import hold_back
from committees.notices.devices import PushDevice, lookup
from committees.notices.push import hosts, sealing, vapid
from committees.people.models import Person, Session


def _refuse_strangers(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        hosts.check(endpoint)
        sealing.checked(p256dh, auth)
    except ValueError as no:
        raise Refused(_("We cannot send to this browser: it uses a push service that this site does not know.")) from no


@transaction.atomic
def allow(*, by: Person, session: str, endpoint: str, p256dh: str, auth: str, at: datetime) -> PushDevice:
    """Tell a person in the browser they are signed in with (`session`: its digest). One that another person had is theirs no more;
    what is more than a few takes the place of the oldest."""
    _refuse_strangers(endpoint, p256dh, auth)
    Person.objects.select_for_update(no_key=True).filter(pk=by.pk).first()  # of two at once, each counts the other
    here = Session.objects.visible_to(by).living(at.date()).filter(digest=session).first()
    if here is None:
        raise Refused(_("Sign in again, then allow it once more."))
    PushDevice.objects.filter(lookup=lookup(endpoint)).delete()
    PushDevice.objects.filter(session=here).delete()
    oldest_first = list(PushDevice.objects.visible_to(by).order_by("pk").values_list("pk", flat=True))
    PushDevice.objects.filter(pk__in=oldest_first[: max(len(oldest_first) - PushDevice.MOST + 1, 0)]).delete()
    keys = {"p256dh": p256dh, "auth": auth}
    return PushDevice.objects.create(person=by, session=here, endpoint=endpoint, lookup=lookup(endpoint), keys=keys, vapid=vapid.name(), allowed_on=at.date())


@transaction.atomic
def renew(*, before: str, secret: str, endpoint: str, p256dh: str, auth: str) -> bool:
    """A browser was given another address by its push service. It must know the one before and the secret that went with it, which no
    push service ever saw, and need not be signed in; False if that is nobody's."""
    _refuse_strangers(endpoint, p256dh, auth)
    old = PushDevice.objects.filter(lookup=lookup(before)).select_for_update().first()
    if old is None or not hmac.compare_digest(str(old.keys["auth"]).encode(), secret.encode()):
        return False
    PushDevice.objects.filter(lookup=lookup(endpoint)).exclude(pk=old.pk).delete()
    PushDevice.objects.filter(pk=old.pk).update(endpoint=endpoint, lookup=lookup(endpoint), keys={"p256dh": p256dh, "auth": auth}, vapid=vapid.name())
    return True


@transaction.atomic
def find(endpoint: str, *, by: Person | None, session: str, at: datetime) -> bool:
    """Whether the browser with this address gets push still. Whoever signs in there again has it hang on the new session (`session`: its
    digest), and keeps its name; for somebody else it ends."""
    device = PushDevice.objects.living(vapid=vapid.name()).filter(lookup=lookup(endpoint)).select_related("session").select_for_update(of=("self",)).first()
    if device is None or by is None:
        return device is not None
    here = Session.objects.visible_to(by).living(at.date()).filter(digest=session).first()
    if here is None or device.person_id != by.pk:
        device.delete()
        return False
    if device.session_id != here.pk:
        PushDevice.objects.filter(session=here).delete()
        PushDevice.objects.filter(pk=device.pk).update(session=here)
        Session.objects.filter(pk=here.pk).update(label=here.label or device.session.label)
    return True


@transaction.atomic
def disallow(device: PushDevice, *, by: Person) -> None:
    """One browser is told nothing any more."""
    PushDevice.objects.visible_to(by).filter(pk=device.pk).delete()
    hold_back([by.pk])


def drop(device: PushDevice) -> None:
    """Its push service says that nobody is there, or it is no place where we send."""
    PushDevice.objects.filter(pk=device.pk).delete()
