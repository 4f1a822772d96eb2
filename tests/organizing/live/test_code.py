"""The code on the screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from organizing.live import code

SECRET = "0123456789abcdef" * 4
AT = datetime(2026, 11, 26, 19, 0, 30, tzinfo=UTC)


def test_it_changes_every_minute_and_is_six_digits() -> None:
    shown = [code.shown(SECRET, AT + timedelta(minutes=n)) for n in range(30)]
    assert len(set(shown)) > 25
    assert all(len(each) == 6 and each.isdigit() for each in shown)


def test_it_stands_for_the_whole_minute() -> None:
    assert code.shown(SECRET, AT.replace(second=0)) == code.shown(SECRET, AT.replace(second=59))


@pytest.mark.parametrize(("minutes", "taken"), [(0, True), (1, True), (2, False), (-1, False)])
def test_that_of_the_minute_before_is_taken_and_no_other(minutes: int, taken: bool) -> None:
    assert code.is_right(SECRET, code.shown(SECRET, AT), AT + timedelta(minutes=minutes)) is taken


def test_each_meeting_has_its_own() -> None:
    assert [code.shown(code.new_secret(), AT) for _n in range(5)] != [code.shown(SECRET, AT)] * 5


def test_it_may_be_typed_with_blanks_and_in_any_digits() -> None:
    shown = code.shown(SECRET, AT)
    assert code.is_right(SECRET, f" {shown[:3]} {shown[3:]} ", AT)
    assert code.is_right(SECRET, shown.translate({ord(str(n)): 0x0660 + n for n in range(10)}), AT), "Arabic digits"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "½½½½½½", "0000000"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert not code.is_right(SECRET, typed, AT)
