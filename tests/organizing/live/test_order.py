"""In which order people speak, for any list of those who asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizing.live.order import Asked, in_order, left_in_words, minutes_left

START = datetime(2026, 11, 26, 19, tzinfo=UTC)


@st.composite
def asking(draw: st.DrawFn) -> tuple[list[Asked], set[int]]:
    """Up to twelve who asked, in any order, some at the same second, and who had the floor already."""
    rows = draw(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5), st.booleans()), max_size=12))
    turns = [Asked(pk, presence, START + timedelta(seconds=second), is_point) for pk, (presence, second, is_point) in enumerate(rows, start=1)]
    return draw(st.permutations(turns)), draw(st.sets(st.integers(1, 6)))


@given(asking())
def test_everybody_who_asked_stands_there_once(asked: tuple[list[Asked], set[int]]) -> None:
    turns, spoken = asked
    assert sorted(each.pk for each in in_order(turns, spoken)) == sorted(each.pk for each in turns)


@given(asking())
def test_whoever_comes_before_somebody_else_has_a_reason(asked: tuple[list[Asked], set[int]]) -> None:
    """For each pair: a point of order, else not having spoken, else having asked earlier."""
    turns, spoken = asked
    found = in_order(turns, spoken)
    for place, first in enumerate(found):
        for second in found[place + 1 :]:
            if first.is_point != second.is_point:
                assert first.is_point
            elif not first.is_point and (first.presence in spoken) != (second.presence in spoken):
                assert first.presence not in spoken
            else:
                assert (first.at, first.pk) < (second.at, second.pk)


@given(asking(), st.randoms())
def test_it_does_not_matter_in_which_order_the_rows_are_read(asked: tuple[list[Asked], set[int]], chance: object) -> None:
    turns, spoken = asked
    mixed = list(turns)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert in_order(mixed, spoken) == in_order(turns, spoken)


@given(asking())
def test_taking_the_first_leaves_the_others_in_their_order(asked: tuple[list[Asked], set[int]]) -> None:
    turns, spoken = asked
    found = in_order(turns, spoken)
    assert in_order(found[1:], spoken) == found[1:]


@given(asking())
def test_having_spoken_never_brings_anybody_forward(asked: tuple[list[Asked], set[int]]) -> None:
    turns, spoken = asked
    for presence in {each.presence for each in turns} - spoken:
        before, after = in_order(turns, spoken), in_order(turns, spoken | {presence})
        for turn in turns:
            if turn.presence == presence:
                assert after.index(turn) >= before.index(turn)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "3 minutes left"), (1, "3 minutes left"), (60, "2 minutes left"), (119, "2 minutes left"), (120, "1 minute left"), (179, "1 minute left")],
)
def test_the_time_is_said_in_words(seconds: int, words: str) -> None:
    assert left_in_words(minutes_left(3, START, START + timedelta(seconds=seconds))) == words


def test_when_the_time_is_up_it_says_so_and_without_a_limit_nothing() -> None:
    assert left_in_words(minutes_left(3, START, START + timedelta(minutes=3))) == "The time is up"
    assert left_in_words(minutes_left(3, START, START + timedelta(hours=3))) == "The time is up"
    assert left_in_words(minutes_left(None, START, START)) == ""


def test_a_clock_that_runs_behind_gives_nobody_more_than_the_limit() -> None:
    assert minutes_left(3, START, START - timedelta(minutes=2)) == 3
