"""Sessions in the database, with the key hashed, the content sealed, and no trace of when they were used.

The cookie is ``key.stamp.signature``. The stamp is the minute at which this browser last asked for a page; a browser
that was idle for twelve hours holds a stamp that is too old, and its session is no session. Nothing about that is
written down. What is written is a day on which the session ends, fourteen after it began.
"""

from __future__ import annotations

import hmac
import secrets
import time
from datetime import timedelta
from typing import Any, cast

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.base import crypto, prepared, tokens
from committees.people import registry
from committees.people.commands.forgetting import end_sessions
from committees.people.models import Session

IDLE = timedelta(hours=12)
RESTAMP = timedelta(minutes=10)
_STAMPED = 3

_LIVING = prepared.Prepared(lambda digest, on: Session.objects.living(on).filter(digest=digest), digest=prepared.a_word, on=prepared.a_day)


def _signature(key: str, minute: str) -> str:
    return hmac.new(crypto.derived_key("session-stamp"), f"{key}.{minute}".encode(), "sha256").hexdigest()[:32]


def stamped(key: str) -> str:
    """The cookie's value for a session key, stamped with this minute."""
    minute = format(int(time.time()) // 60, "x")
    return f"{key}.{minute}.{_signature(key, minute)}"


def age(cookie: str) -> timedelta | None:
    """How long ago this cookie was stamped; None if it is not one of ours."""
    parts = cookie.split(".")
    if len(parts) != _STAMPED:
        return None
    key, minute, signature = parts
    if not hmac.compare_digest(signature.encode(errors="replace"), _signature(key, minute).encode()):
        return None
    return timedelta(minutes=int(time.time()) // 60 - int(minute, 16))


def ended_by_waiting(cookie: str) -> bool:
    """Whether a cookie names a session that nobody ended, and whose browser still gets something (registry.keeps_sessions)."""
    return age(cookie) is not None and registry.kept(Session.objects.filter(digest=tokens.digest(cookie.split(".", maxsplit=1)[0]))).exists()


class SessionStore(SessionBase):
    """Django's session, kept in people.Session. `session_key` is the whole cookie value."""

    def __init__(self, session_key: str | None = None) -> None:
        old = age(session_key) if session_key else None
        super().__init__(session_key if old is not None and old <= IDLE else None)

    @property
    def digest(self) -> str:
        return tokens.digest((self.session_key or "").split(".")[0])

    def _get_new_session_key(self) -> str:
        return stamped(secrets.token_hex(20))

    def restamped(self) -> str | None:
        """The cookie to send where its stamp has aged, or None."""
        key = self.session_key
        old = age(key) if key else None
        if key is None or old is None or old < RESTAMP:
            return None
        return stamped(key.split(".")[0])

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=tokens.digest(session_key.split(".", maxsplit=1)[0])).exists()

    def load(self) -> dict[str, Any]:
        row = _LIVING.first(digest=self.digest, on=timezone.now().date()) if self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        return dict(cast("dict[str, Any]", row.content))

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the content; UpdateError if the row was deleted meanwhile, so that nothing ended comes back to life."""
        if self.session_key is None:
            return self.create()
        content: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # Django's, not in the stubs
        person = content.get("_auth_user_id")
        if not must_create:
            if not Session.objects.filter(digest=self.digest).update(content=content, person_id=person):
                raise UpdateError
            return None
        today = timezone.now().date()
        try:
            with transaction.atomic():
                Session.objects.create(digest=self.digest, content=content, person_id=person, started_on=today, ends_on=today + Session.LASTS)
        except IntegrityError as taken:
            raise CreateError from taken
        return None

    def cycle_key(self) -> None:
        """Another key for the same browser (a new password, a second step): the row stays, with its name and what hangs on it."""
        before, content = self.digest, self._session  # type: ignore[attr-defined]  # Django's, not in the stubs
        key, today = self._get_new_session_key(), timezone.now().date()
        row = {"digest": tokens.digest(key.split(".")[0]), "started_on": today, "ends_on": today + Session.LASTS}
        if not self.session_key or not Session.objects.filter(digest=before).update(**row):
            super().cycle_key()
            return
        self._session_key, self._session_cache, self.modified = key, content, True

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(digest=tokens.digest(key.split(".")[0])).delete()

    @classmethod
    def clear_expired(cls) -> None:
        end_sessions(timezone.now())
