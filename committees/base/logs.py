"""Log lines without addresses: whatever a library logs, contacts and network addresses do not reach the output."""

from __future__ import annotations

import copy
import ipaddress
import logging
import re
import time
import traceback
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.template.exceptions import TemplateDoesNotExist, TemplateSyntaxError

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


#: Exceptions whose message is about code and configuration. All others may quote a row, a form or an address.
_ABOUT_CODE = (ImportError, AttributeError, NameError, SyntaxError, NotImplementedError, ImproperlyConfigured, TemplateDoesNotExist, TemplateSyntaxError)


def _said(problem: BaseException) -> str:
    name = f"{type(problem).__module__}.{type(problem).__qualname__}".removeprefix("builtins.")
    return f"{name}: {problem}" if isinstance(problem, _ABOUT_CODE) else name


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """The exception and those that led to it, the first one first."""
    before = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if before is not None:
        yield from _chain(before)
    yield problem


class Formatter(logging.Formatter):
    """`2026-11-22T05:40:00Z LEVEL logger message`: scrubbed, a request by its route and never by its path, a traceback
    with its lines of code but without what the exception says, which may quote what somebody wrote."""

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            record = copy.copy(record)
            record.args = tuple(_route(request) if arg == getattr(request, "path", None) else arg for arg in record.args or ())
        return scrub(super().format(record))

    def formatException(self, ei: Any) -> str:
        lines = []
        for problem in _chain(ei[1]):
            lines += ["Traceback (most recent call last):\n", *traceback.format_tb(problem.__traceback__), _said(problem), "\n"]
        return "".join(lines).rstrip()

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        return time.gmtime(seconds)


def _route(request: Any) -> str:
    """The pattern that matched, which names nobody; nothing where none did."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "(no page)"
