from __future__ import annotations

import logging
import sys

import pytest
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


def test_a_traceback_is_scrubbed_too() -> None:
    try:
        raise RuntimeError("550 no such user ada@mail.example at 203.0.113.7")
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "could not send to %s", ("ben@mail.example",), sys.exc_info())
    shown = Formatter().format(record)
    assert "mail.example" not in shown
    assert "203.0.113.7" not in shown
    assert "RuntimeError" in shown
    assert shown.split(" ")[1:3] == ["ERROR", "x"]
