"""What this room tells the rooms below it, once, when Django is ready."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import pre_save
from django.http import HttpRequest
from django.utils import timezone

from committees.base import choices, retention, rotation, softcache
from committees.base.errors import Refused
from committees.people import commands, exporting, registry, tallies
from committees.people.commands.unused import TOLD_DAYS, UNUSED_DAYS


def keep_language(request: HttpRequest, language: str) -> None:
    """The language that a member chooses in the bar is kept with the account."""
    if request.user.is_authenticated:
        try:
            commands.settle(request.user, language=language)
        except Refused:
            return


def only_the_day(instance: Authenticator, **_signal: Any) -> None:
    """allauth notes the second at which a passkey was last used. What is stored is the day."""
    midnight = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    instance.created_at = min(instance.created_at, midnight)
    if instance.last_used_at:
        instance.last_used_at = midnight


def connect() -> None:
    softcache.fall_back_to(tallies)
    choices.keep_language(keep_language)
    pre_save.connect(only_the_day, sender=Authenticator, dispatch_uid="people.only_the_day")
    registry.in_an_export("account", exporting.account)
    rotation.also(commands.seal_seeds_anew)
    promise()


def promise() -> None:
    """This room's rows of the retention table."""
    keep = retention.keep
    until_erased = "as long as you have an account; erasing it empties this"
    who = ("slug", "form_key", "sign_in_name", "password", "language", "time_zone", "second_step", "ledger_key", "is_active", "is_platform_admin")
    days = ("seen_on", "created_on", "hidden_on", "disabled_on", "erased_on")
    keep("people.Person", *who, *days, days=None, after="", why=until_erased)
    unused = f"{UNUSED_DAYS} days after somebody last used it an account that belongs to no committee is erased; using it empties this"
    keep("people.Person", "ends_told_on", days=TOLD_DAYS, after="it was told that it will be erased", why=unused, purge=commands.erase_unused)
    owned = ("slug", "person", "channel", "address", "lookup", "verified_at", "primary", "employers", "stopped_at", "stop_reason", "mended_on")
    keep("people.Contact", *owned, days=None, after="", why="until you remove the address or erase your account")
    typed = "somebody typed an address that belongs to no account"
    keep("people.Contact", "met_at", days=1, after=typed, why="to send it a code", purge=commands.forget_passing)
    mail = ("slug", "contact", "kind", "language", "context", "created_at", "useful_until")
    keep("people.AccountMail", *mail, days=14, after="it was written", why="to send it, and to count how many went out", purge=commands.forget_mails)
    keep("people.RecoveryCode", "person", "digest", "made_on", days=None, after="", why="until the code is used or replaced")
    session = ("slug", "digest", "person", "label", "content", "started_on", "ends_on")
    keep(
        "people.Session",
        *session,
        days=14,
        after="you signed in",
        why="so that you stay signed in; of a device that gets push the name stays until push ends there",
        purge=commands.end_sessions,
    )
    keep("people.Tally", "key", "value", "expires_at", days=1, after="the attempt", why="to stop guessing while the cache is gone", purge=tallies.forget)
    keep("mfa.Authenticator", "user", "type", "data", "created_at", "last_used_at", days=None, after="", why="until you remove the passkey or the app")
    unused = "never written: our own codes are sent, and wait in the session"
    keep("account.EmailConfirmation", "email_address", "created", "sent", "key", days=None, after="", why=unused)
    keep("account.EmailAddress", "user", "email", "verified", "primary", days=None, after="", why="an alias that leads to no address; goes with the address")
