from __future__ import annotations

import logging
import re
import sys
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from committees.base.logs import Formatter, scrub


@pytest.mark.parametrize(
    "secret",
    [
        "ada@mail.example",
        "ada.lovelace+x@sub.mail.example",
        "зинаида@пошта.укр",
        "203.0.113.7",
        "203.0.113.7:51234",
        "2001:db8:85a3:0:0:8a2e:370:7334",
        "2001:db8::8a2e:370:7334",
        "::ffff:203.0.113.7",
        "fe80::1",
        "::1",
        "+44 7700 900123",
        "+447700900123",
        "+1 (859) 555-0134",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "sent to <{}> now", "['{}']", "user={} failed", '"{}"', "({}),"])
def test_addresses_numbers_and_networks_never_reach_a_line(secret: str, frame: str) -> None:
    line = scrub(frame.format(secret))
    for part in ("mail.example", "пошта", "203.0.113", "2001:db8", "8a2e", "fe80", "7700", "555-0134"):
        assert part not in line
    if secret == "::1":
        assert "::1" not in line


@pytest.mark.parametrize(
    "line", ["10:05:44 started", "2026-11-22T05:40:00Z", "task 1.2.3 done in 0.25 s", "std::vector", "at ::method", "Celery 5.6.2", "12:30"]
)
def test_times_and_versions_stay_readable(line: str) -> None:
    assert scrub(line) == line


@given(st.text(max_size=300))
def test_scrubbing_twice_changes_nothing_more(line: str) -> None:
    assert scrub(scrub(line)) == scrub(line)


def logged(problem: BaseException, message: str = "failed", *args: object, **extra: object) -> str:
    try:
        raise problem
    except type(problem):
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, message, args, sys.exc_info())
    record.__dict__.update(extra)
    return Formatter().format(record)


def test_a_message_is_scrubbed() -> None:
    shown = logged(RuntimeError("550 no such user ada@mail.example at 203.0.113.7"), "could not send to %s", "ben@mail.example")
    assert "mail.example" not in shown
    assert "203.0.113.7" not in shown
    assert shown.split(" ")[1:3] == ["ERROR", "x"]


@pytest.mark.parametrize("kind", [RuntimeError, ValueError, KeyError, IntegrityError])
def test_a_traceback_shows_where_but_not_what_somebody_wrote(kind: type[Exception]) -> None:
    """A database says which row was in the way; a conversion quotes what could not be read."""
    shown = logged(kind("Key (handle)=(night shift) already exists"))
    assert "night shift" not in shown
    assert kind.__name__ in shown
    assert "test_logs.py" in shown


def test_what_led_to_an_exception_is_shown_the_same_way() -> None:
    first, second = ValueError("night shift"), RuntimeError("night shift again")
    second.__cause__ = first
    shown = logged(second)
    assert shown.index("ValueError") < shown.index("RuntimeError")
    assert "night shift" not in shown


def test_what_is_about_code_is_said() -> None:
    assert "no attribute 'x'" in logged(AttributeError("'NoneType' object has no attribute 'x'"))


def test_a_request_is_named_by_its_route_and_never_by_its_path() -> None:
    request = RequestFactory().get("/committees/8fhn87b8c489/meetings/")
    request.resolver_match = SimpleNamespace(route="committees/<slug:committee_slug>/meetings/")  # type: ignore[assignment]
    shown = logged(RuntimeError(), "Internal Server Error: %s", request.path, request=request)
    assert "Internal Server Error: /committees/<slug:committee_slug>/meetings/" in shown
    assert "8fhn87b8c489" not in shown
    request.resolver_match = None
    assert "8fhn87b8c489" not in logged(RuntimeError(), "Not Found: %s", request.path, request=request)


def test_times_are_utc() -> None:
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ERROR x failed", logged(RuntimeError()))
