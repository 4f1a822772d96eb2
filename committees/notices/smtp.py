"""An open connection to the mail server that is given finished messages, one after the other.

The next message is offered (MAIL, RCPT, DATA; in one go where the server allows pipelining) before its predecessor is
written down, so that server and database work at the same time. Nothing is accepted before its text has been sent, and
that is only done once the mark of the message is committed.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from django.core.mail import mailers

_ENHANCED = re.compile(rb"\b([245]\.\d{1,3}\.\d{1,3})\b")
_PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


class CannotConnect(Exception):
    """The mail server does not answer, or does not want us. No fault of any message."""


class Verdict(StrEnum):
    """What became of one message."""

    ACCEPTED = "accepted"  # the server said 250 to the whole message
    LATER = "later"  # 4xx: to be tried again
    NO_SUCH = "no_such"  # 5xx, and it means the recipient: final, and the address is of no use
    NEVER = "never"  # any other 5xx: final for this message
    BROKEN = "broken"  # the connection ended without an answer: it may have arrived
    STALE = "stale"  # the server had ended a connection that had served before: nothing was sent
    CLOSED = "closed"  # the server has no time for us now: nothing was sent


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    reason: str = ""


def _reason(code: int, text: bytes) -> str:
    """The codes only: what servers write beside them often quotes the address."""
    found = _ENHANCED.search(text or b"")
    return f"{code} {found[1].decode()}" if found else str(code)


def _of_recipient(code: int, text: bytes) -> Answer:
    """What an answer to RCPT means. 5.2.2 is a full mailbox and 5.7 a policy: the address itself may be good."""
    reason = _reason(code, text)
    if code == 421:
        return Answer(Verdict.CLOSED, reason)
    if code < 500:
        return Answer(Verdict.LATER, reason)
    return Answer(Verdict.NEVER if " 5.2.2" in reason or " 5.7." in reason or code == 552 else Verdict.NO_SUCH, reason)


class Wire:
    """One connection, opened when first needed. Not for use by two threads."""

    def __init__(self) -> None:
        self._backend: Any = None
        self._offered: str | None = None
        self._deadline = 0.0
        self._served = False

    def open(self) -> None:
        """Connect, unless connected. Raises CannotConnect."""
        if self._backend is not None:
            return
        backend = cast("Any", mailers["notices"])
        try:
            backend.open()
            if getattr(backend, "connection", None) is None:
                raise CannotConnect("no SMTP server")
            backend.connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise CannotConnect(type(error).__name__) from None
        self._backend, self._served = backend, False
        self._pipelines = self._smtp.has_extn("pipelining")

    def close(self) -> None:
        """End the connection. A server that is gone already is no trouble."""
        backend, self._backend, self._offered = self._backend, None, None
        if backend is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if backend.connection.sock is not None:
                    backend.connection.sock.settimeout(1)
                backend.close()

    def _drop(self) -> None:
        """Forget a connection of which nobody knows what it will say next."""
        backend, self._backend, self._offered = self._backend, None, None
        if backend is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                backend.connection.close()

    @property
    def _smtp(self) -> smtplib.SMTP:
        return cast("smtplib.SMTP", self._backend.connection)

    @property
    def timeout(self) -> float:
        """How long one message may take, from its announcement to the last answer."""
        return float(getattr(self._backend, "timeout", None) or 10)

    def envelope(self, address: str) -> str:
        """The address as SMTP takes it. ValueError for one that cannot be written to."""
        return address if _PLAIN.fullmatch(address) else str(self._backend.prep_address(address))

    def offer(self, sender: str, recipient: str) -> None:
        """Announce the next message, without waiting for what the server says to it."""
        self.open()
        self._deadline = time.monotonic() + self.timeout
        self._offered = recipient
        lines = f"MAIL FROM:<{sender}>\r\n"
        if self._pipelines:
            lines += f"RCPT TO:<{recipient}>\r\nDATA\r\n"
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.send(lines)  # a broken connection shows in `deliver`

    def withdraw(self) -> None:
        """Take an offer back: the connection is of no more use, and the next one is opened afresh."""
        if self._offered is not None:
            self._drop()

    def deliver(self, message: bytes) -> Answer:
        """Send the text of the offered message and say what the server made of it, within MAIL_TIMEOUT."""
        recipient, self._offered = self._offered or "", None
        try:
            answer = self._reach_data(recipient)
        except TimeoutError:
            self._drop()
            return Answer(Verdict.CLOSED, "no answer")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer(Verdict.STALE if self._served else Verdict.CLOSED, type(error).__name__)
        return answer or self._text(message)

    def _text(self, message: bytes) -> Answer:
        try:
            self._smtp.send(message + b".\r\n")
            code, text = self._reply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Answer(Verdict.BROKEN, "no answer" if isinstance(error, TimeoutError) else "connection lost")
        self._served = True
        if code == 250:
            return Answer(Verdict.ACCEPTED)
        if code == 421:
            self._drop()
        return Answer(Verdict.LATER if code < 500 else Verdict.NEVER, _reason(code, text))

    def _reply(self) -> tuple[int, bytes]:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(left)
        return self._smtp.getreply()

    def _ask(self, command: str) -> tuple[int, bytes]:
        if not self._pipelines:
            self._smtp.send(f"{command}\r\n")
        return self._reply()

    def _reach_data(self, recipient: str) -> Answer | None:
        """Through MAIL, RCPT and DATA. None when the server waits for the text."""
        code, text = self._reply()
        if code != 250:
            self._drop()
            return Answer(Verdict.STALE if code == 421 and self._served else Verdict.CLOSED, _reason(code, text))
        code, text = self._ask(f"RCPT TO:<{recipient}>")
        if code not in (250, 251):
            return self._refused(code, text)
        code, text = self._ask("DATA")
        if code == 354:
            return None
        self._drop()
        return Answer(Verdict.CLOSED if code < 500 else Verdict.NEVER, _reason(code, text))

    def _refused(self, code: int, text: bytes) -> Answer:
        """The recipient is not taken: get the connection ready for the next message."""
        answer = _of_recipient(code, text)
        if self._pipelines:
            data, _text = self._reply()
            if data == 354:  # it takes an empty message for nobody (RFC 2920)
                self._smtp.send(b".\r\n")
                self._reply()
        if answer.verdict == Verdict.CLOSED:
            self._drop()
            return answer
        self._smtp.send("RSET\r\n")
        self._reply()
        return answer
