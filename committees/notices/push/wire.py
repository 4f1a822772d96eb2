"""One message to one push service, over HTTPS, and what its answer means (RFC 8030)."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from committees.notices.push import hosts

_HTTPS = 443
_LONGEST_WAIT = timedelta(hours=8)
_MUCH = 64 * 1024


class Verdict(StrEnum):
    TAKEN = "taken"
    GONE = "gone"  # nobody is there any more, or nobody ever may
    LATER = "later"
    AWAY = "away"  # the service itself does not answer
    BROKEN = "broken"  # it was sent, and no answer came
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Answer:
    verdict: Verdict
    reason: str = ""
    after: timedelta | None = None


class _Pinned(http.client.HTTPSConnection):
    """Goes to the address that was looked at, and asks there for the certificate of the name."""

    def __init__(self, host: str, where: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout, context=_context())
        self._where = where

    def connect(self) -> None:
        self.sock = _context().wrap_socket(socket.create_connection((self._where, _HTTPS), self.timeout), server_hostname=self.host)


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass
class Wire:
    """The connections of one run: one for each service, kept from message to message."""

    _open: dict[str, http.client.HTTPConnection] = field(default_factory=dict)

    def close(self) -> None:
        for line in self._open.values():
            line.close()
        self._open.clear()

    def reach(self, endpoint: str) -> Answer | None:
        """Connect where it must be done; None if the message can go now."""
        try:
            host = hosts.check(endpoint)
            origin = _origin(endpoint)
            if origin not in self._open:
                line = _line(endpoint, host)
                line.connect()
                self._open[origin] = line
        except hosts.NotAllowed as no:
            return Answer(Verdict.GONE, str(no))
        except (OSError, ssl.SSLError) as error:
            return Answer(Verdict.AWAY, type(error).__name__)
        return None

    def send(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send to where `reach` has connected. It never takes longer than PUSH_TIMEOUT, and follows nobody anywhere."""
        line = self._open.pop(_origin(endpoint))
        parts, stop = urlsplit(endpoint), threading.Timer(settings.PUSH_TIMEOUT, _cut, [line.sock])
        stop.start()
        try:
            line.request("POST", parts.path + (f"?{parts.query}" if parts.query else ""), body, dict(headers))
            answer = line.getresponse()
            whole = len(answer.read(_MUCH)) < _MUCH
        except (OSError, http.client.HTTPException) as error:
            line.close()
            return Answer(Verdict.BROKEN, type(error).__name__)
        finally:
            stop.cancel()
        if whole and not answer.will_close and line.sock is not None:
            self._open[_origin(endpoint)] = line
        else:
            line.close()
        return meaning(answer.status, answer.headers.get("Retry-After", ""))


def _cut(sock: socket.socket) -> None:
    """End a conversation that drips: the timeout of a socket begins anew with each byte."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _line(endpoint: str, host: str) -> http.client.HTTPConnection:
    if settings.PUSH_TEST_ORIGIN and endpoint.startswith(f"{settings.PUSH_TEST_ORIGIN}/"):
        return http.client.HTTPConnection(host, urlsplit(endpoint).port, timeout=settings.PUSH_TIMEOUT)
    return _Pinned(host, hosts.addresses(host)[0], settings.PUSH_TIMEOUT)


def meaning(status: int, retry_after: str = "") -> Answer:
    """What a service says with its number. A redirect is never followed: it could lead anywhere."""
    reason = str(status)
    match status:
        case 200 | 201 | 202 | 204:
            return Answer(Verdict.TAKEN)
        case 404 | 410:
            return Answer(Verdict.GONE, reason)
        case 408 | 425 | 429:
            return Answer(Verdict.LATER, reason, wait(retry_after))
        case _ if status >= http.client.INTERNAL_SERVER_ERROR:
            return Answer(Verdict.LATER, reason, wait(retry_after))
    return Answer(Verdict.NEVER, reason)


def wait(said: str) -> timedelta | None:
    """How long a service asks to be left alone (seconds or a date); never longer than some hours."""
    try:
        asked = timedelta(seconds=int(said)) if said.strip().isdigit() else parsedate_to_datetime(said) - timezone.now()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(asked, timedelta(0)), _LONGEST_WAIT)
