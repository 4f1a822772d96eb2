"""Log lines without addresses: whatever a library logs, contacts and network addresses do not reach the output."""

from __future__ import annotations

import ipaddress
import logging
import re

_SECRETS = (
    (re.compile(r"[^\s<>\"'(),;:@]+@[^\s<>\"'(),;:@]+\.[^\s<>\"'(),;:@]+"), "[address]"),
    (re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), "[ip]"),
    (re.compile(r"\+\d[\d\s().-]{7,}\d"), "[phone]"),
)


#: What may be an IPv6 address; a time of day looks alike, so the standard library decides.
_MAYBE_IPV6 = re.compile(r"(?<![\w:.])[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?![\w:])")


def _without_ipv6(found: re.Match[str]) -> str:
    try:
        ipaddress.IPv6Address(found[0].rstrip("."))
    except ValueError:
        return found[0]
    return "[ip]"


def scrub(line: str) -> str:
    """The line with mail addresses, IP addresses and phone numbers taken out."""
    line = _MAYBE_IPV6.sub(_without_ipv6, line)
    for pattern, word in _SECRETS:
        line = pattern.sub(word, line)
    return line


class Formatter(logging.Formatter):
    """`2026-11-22T05:40:00Z LEVEL logger message`, scrubbed, traceback included."""

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))

    @staticmethod
    def converter(seconds: float | None) -> object:  # type: ignore[override]
        import time

        return time.gmtime(seconds)
