"""An SMTP server inside the test that keeps what it is sent, and can be made to fail in the ways real ones do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Fault(StrEnum):
    """How the sink answers a message that its fault applies to."""

    TEMPORARY = "451"  # the recipient is greylisted: to be tried again
    FINAL = "550"  # there is no such recipient
    FULL = "552"  # the mailbox takes no more: final for this message, and no fault of the address
    DROP = "drop"  # reads the whole message, then hangs up without an answer; the message is gone
    SILENCE = "silence"  # reads the whole message, then never answers


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return cast("EmailMessage", message_from_bytes(self.raw, policy=policy.default))

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""


@dataclass
class _Rule:
    fault: Fault
    times: int | None
    recipient: str | None


@dataclass
class MailSink:
    """`messages` holds what was accepted, in order. `fault(...)` breaks the next answers; `refuse()` closes the door."""

    port: int
    messages: list[Received] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)
    _controller: Controller | None = None

    def fault(self, fault: Fault, *, times: int | None = None, recipient: str | None = None) -> None:
        """Answer so from now on: `times` messages (all, if none is given), only those to `recipient` if one is given."""
        self._rules.append(_Rule(fault, times, recipient))

    def heal(self) -> None:
        self._rules.clear()

    def refuse(self) -> None:
        """Connections are refused until `open()`."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def open(self) -> None:
        if self._controller is None:
            self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
            self._controller.start()

    def to(self, address: str) -> list[Received]:
        return [each for each in self.messages if address in each.recipients]

    def _fault_for(self, recipients: list[str], *faults: Fault) -> Fault | None:
        for rule in self._rules:
            if rule.fault in faults and rule.times != 0 and (rule.recipient is None or rule.recipient in recipients):
                if rule.times is not None:
                    rule.times -= 1
                return rule.fault
        return None

    # aiosmtpd calls these by name.
    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        match self._fault_for([address], Fault.TEMPORARY, Fault.FINAL, Fault.FULL):
            case Fault.TEMPORARY:
                self.refused.append(address)
                return "451 4.7.1 Try again later"
            case Fault.FINAL:
                self.refused.append(address)
                return "550 5.1.1 No such user here"
            case Fault.FULL:
                self.refused.append(address)
                return "552 5.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipients = cast("list[str]", envelope.rcpt_tos)
        match self._fault_for(recipients, Fault.DROP, Fault.SILENCE):
            case Fault.DROP:
                cast("Any", server.transport).abort()
                return "451 gone"
            case Fault.SILENCE:
                await asyncio.sleep(3600)
        self.messages.append(Received(envelope.mail_from or "", tuple(recipients), cast("bytes", envelope.original_content)))
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mail_sink(settings: Any) -> Iterator[MailSink]:
    """A running sink, with Django's mailers pointed at it over real SMTP."""
    sink = MailSink(_free_port())
    sink.open()
    settings.MAIL_URL = f"smtp://127.0.0.1:{sink.port}"
    settings.MAILERS = {
        alias: {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {**mailer.get("OPTIONS", {}), "host": "127.0.0.1", "port": sink.port, "timeout": 3},
        }
        for alias, mailer in settings.MAILERS.items()
    }
    yield sink
    sink.refuse()
