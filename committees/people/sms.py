"""Text messages: one small interface that a server fills with its own gateway. Without one, phones are not offered."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """Made once per process, without arguments; reads its own settings."""

    def send(self, number: str, text: str) -> None:
        """Hand one message over, or raise. Must give up by itself after ten seconds."""


class MemoryGateway:
    """Keeps what it is given: for tests and for a laptop."""

    sent: list[tuple[str, str]] = []

    def send(self, number: str, text: str) -> None:
        self.sent.append((number, text))


_made: dict[str, Gateway] = {}


def configured() -> bool:
    return bool(settings.SMS_GATEWAY)


def channels() -> tuple[str, ...]:
    """The ways in which this server can reach somebody."""
    return ("email", "phone") if configured() else ("email",)


def gateway() -> Gateway:
    """The gateway that settings.SMS_GATEWAY names."""
    path = settings.SMS_GATEWAY
    if path not in _made:
        _made[path] = import_string(path)()
    return _made[path]
