"""The work of one connection to the mail server: what is kept from message to message."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from committees.notices.commands import resting
from committees.notices.messages import Maker
from committees.notices.smtp import Answer, CannotConnect, Verdict, Wire

logger = logging.getLogger(__name__)


@dataclass
class Run:
    """One sender's turn."""

    wire: Wire = field(default_factory=Wire)
    maker: Maker = field(default_factory=Maker)
    sent: int = 0
    resting: bool = False
    _envelope: tuple[str, str] = ("", "")

    def rest(self, reason: str) -> None:
        """The mail server refuses us or does not answer: nobody asks it again for a little while."""
        logger.warning("the mail server is left alone for %s s: %s", settings.NOTICES_REST_SECONDS, reason)
        resting.rest(at=timezone.now())
        self.wire.withdraw()
        self.resting = True

    def is_connected(self) -> bool:
        """Whether there is a connection, if need be a new one. Where there is none, the run is over."""
        try:
            self.wire.open()
        except CannotConnect as error:
            self.rest(str(error))
            return False
        return True

    def offer(self, sender: str, to: str) -> None:
        """Announce the next message (smtp.Wire.offer)."""
        self._envelope = sender, to
        self.wire.offer(sender, to)

    def deliver(self, raw: bytes) -> Answer:
        """Send the text of the message that was offered. A server that had ended an idle connection, before it took
        anything, is given it at once on a new one."""
        answer = self.wire.deliver(raw)
        if answer.verdict == Verdict.STALE:
            if not self.is_connected():
                return Answer(Verdict.CLOSED, answer.reason)
            self.wire.offer(*self._envelope)
            answer = self.wire.deliver(raw)
        if answer.verdict == Verdict.ACCEPTED:
            self.sent += 1
        return answer
