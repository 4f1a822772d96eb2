"""What may be told of a count: no number from one to four is on the page, and none can be worked out from what is."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizing.growth import rules
from organizing.growth.models import OF_PEOPLE
from organizing.growth.rules import NUMBERS, Counted, Told, by_shift, told

QUIET = Counted(30, 0, 0, 0, 0, 0, None, None, 0, 0, 0, 0)
SMALL = range(1, 5)
small_or_large = st.integers(0, 14)


def weeks() -> st.SearchStrategy[Counted]:
    return st.builds(
        Counted,
        members=st.integers(0, 60),
        joined=small_or_large,
        left=small_or_large,
        applied=small_or_large | st.none(),
        declined=small_or_large | st.none(),
        answered=small_or_large,
        median_hours=st.floats(0, 900) | st.none(),
        slow_hours=st.floats(0, 900) | st.none(),
        meetings=st.integers(0, 6),
        coming=small_or_large | st.none(),
        delivered=small_or_large | st.none(),
        undelivered=small_or_large | st.none(),
    )


@given(weeks())
def test_no_number_of_people_from_one_to_four_is_told(week: Counted) -> None:
    shown = told(week)
    assert not [name for name in (*OF_PEOPLE, "members") if shown.numbers[name] in SMALL]
    assert set(shown.numbers) == set(NUMBERS)
    assert not [name for name in shown.withheld if shown.numbers[name] is not None]


@given(weeks())
def test_what_is_told_is_true(week: Counted) -> None:
    """A number that is shown is the number, but for members, who stand in fives while they are few."""
    shown = told(week).numbers
    for name in OF_PEOPLE:
        assert shown[name] in (None, getattr(week, name))
    if shown["members"] is not None:
        assert 0 <= week.members - shown["members"] < (rules.STEP if week.members < rules.IN_FIVES_BELOW else 1)


@given(weeks(), weeks())
def test_what_is_withheld_looks_the_same_whatever_it_is(week: Counted, other: Counted) -> None:
    """Two weeks that differ only in a number that is withheld in both are told alike: there is nothing to recover it from."""
    for name in ("applied", "declined", "coming", "delivered", "undelivered"):
        changed = replace(week, **{name: getattr(other, name)})
        if name in told(week).withheld and name in told(changed).withheld:
            assert told(week) == told(changed)


def _pairs(members: int, net: int, shown: Told) -> set[tuple[int, int]]:
    """All that may have happened, for somebody who knows how many members there were before and after, exactly."""
    possible = ((left + net, left) for left in range(40) if left + net >= 0)
    return {(joined, left) for joined, left in possible if told(replace(QUIET, members=members, joined=joined, left=left)) == shown}


@given(st.integers(5, 60), small_or_large, small_or_large)
def test_who_knows_each_number_of_members_still_cannot_tell_how_many_came_or_went(members: int, joined: int, left: int) -> None:
    shown = told(replace(QUIET, members=members, joined=joined, left=left))
    fits = _pairs(members, joined - left, shown)
    assert (joined, left) in fits
    if joined in SMALL or left in SMALL:
        assert shown.numbers["joined"] is shown.numbers["left"] is None
        assert len({came for came, _went in fits}) >= 4
        assert len({went for _came, went in fits}) >= 4


@cache
def _week(members: int, joined: int, left: int) -> tuple[int | None, ...]:
    numbers = told(replace(QUIET, members=members, joined=joined, left=left)).numbers
    return numbers["members"], numbers["joined"], numbers["left"]


def test_whoever_keeps_three_weeks_and_knows_this_rule_finds_no_number_that_is_withheld() -> None:
    """All there can be of two weeks that follow each other, put together where they look alike."""
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    flows = [(came, went) for came in range(9) for went in range(9)]
    for start in (0, 1, 3, 4, 5, 6, 9, 14, 18, 19, 20, 21):
        for (came, went), (came_later, went_later) in itertools.product(flows, flows):
            middle = start + came - went
            end = middle + came_later - went_later
            if middle >= 0 and end >= 0:
                shown = (_week(start, 0, 0)[0], _week(middle, came, went), _week(end, came_later, went_later))
                alike[shown].append((start, middle, came, went, end, came_later, went_later))
    asked = 0
    for shown, worlds in alike.items():
        if any(8 in (came, went, came_later, went_later) for _start, _middle, came, went, _end, came_later, went_later in worlds):
            continue  # what else would look so has larger numbers than are tried here
        told_of = (shown[0], *shown[1], *shown[2])  # type: ignore[index]
        for place, number in enumerate(told_of):
            found = {world[place] for world in worlds}
            asked += number is None
            assert number is not None or len(found) > 1 or not found & set(SMALL), (shown, worlds)
    assert asked > 100


def test_a_week_that_began_with_fewer_than_five_does_not_say_how_many_came() -> None:
    shown = told(replace(QUIET, members=21, joined=18)).numbers
    assert (shown["members"], shown["joined"], shown["left"]) == (21, None, None)


def test_one_small_number_hides_the_other_with_it() -> None:
    shown = told(replace(QUIET, joined=12, left=1))
    assert (shown.numbers["joined"], shown.numbers["left"]) == (None, None)
    assert shown.withheld == ["joined", "left"]
    quiet = told(replace(QUIET, joined=12, left=0))
    assert (quiet.numbers["joined"], quiet.numbers["left"]) == (12, 0)


def test_of_fewer_than_five_members_nothing_is_told_but_how_often_they_met() -> None:
    shown = told(replace(QUIET, members=4, joined=9, applied=9, meetings=2, delivered=8))
    assert {name for name, number in shown.numbers.items() if number is not None} == {"meetings"}


@pytest.mark.parametrize(("members", "shown"), [(5, 5), (9, 5), (10, 10), (19, 15), (20, 20), (21, 21)])
def test_few_members_stand_in_fives(members: int, shown: int) -> None:
    assert told(replace(QUIET, members=members)).numbers["members"] == shown


def _hidden_applications(applied: tuple[int, ...], answered: int) -> list[tuple[int, ...]]:
    """What may have been sent in four weeks, for somebody who sees each week's number and whether a median is shown."""
    seen = [told(replace(QUIET, applied=n)).numbers["applied"] for n in applied]
    shown = answered >= 5
    choices = [SMALL if each is None else [each] for each in seen]
    return [fits for fits in itertools.product(*choices) if not shown or sum(fits) >= 5]


@pytest.mark.parametrize("applied", list(itertools.product((0, 1, 4, 5, 9), repeat=4)))
def test_that_a_time_to_an_answer_is_shown_gives_no_number_of_applications_away(applied: tuple[int, ...]) -> None:
    for answered in {0, min(4, sum(applied)), sum(applied)}:
        fits = _hidden_applications(applied, answered)
        for n, number in enumerate(applied):
            if number in SMALL:
                assert {each[n] for each in fits} == set(SMALL)


def test_hours_are_told_from_five_answers_on_and_coarsely_when_they_are_many() -> None:
    def hours(answered: int, median: float) -> int | None:
        return told(replace(QUIET, answered=answered, median_hours=median, slow_hours=median)).numbers["median_hours"]

    assert hours(4, 30.2) is None
    assert [hours(5, each) for each in (0.2, 30.2, 49.0, 100.0)] == [1, 30, 48, 96]


# -- By shift ------------------------------------------------------------------------------------------------------------

shifts = st.dictionaries(st.sampled_from(["", "Day", "Late", "Night", "Weekend", "Office"]), st.integers(0, 30))


@given(shifts)
def test_only_shifts_of_five_and_more_are_shown_and_in_fives(counts: dict[str, int]) -> None:
    picture = by_shift(counts)
    for shift, least in picture.shown.items():
        assert least >= 5
        assert least <= counts[shift] < least + 5
    assert picture.others == any(counts[shift] for shift in counts.keys() - picture.shown.keys())


@given(shifts)
def test_the_order_in_which_shifts_were_counted_says_nothing(counts: dict[str, int]) -> None:
    assert by_shift(counts) == by_shift(dict(reversed(counts.items())))


@given(shifts)
def test_a_withheld_shift_is_never_alone_nor_under_five_with_the_others(counts: dict[str, int]) -> None:
    picture = by_shift(counts)
    hidden = [n for shift, n in counts.items() if n and shift not in picture.shown]
    assert not picture.shown or not hidden or (len(hidden) > 1 and sum(hidden) >= 5)


@pytest.mark.parametrize(("cells", "most"), [(2, 16), (3, 12), (4, 7)])
def test_whoever_knows_the_number_of_all_members_and_this_rule_cannot_find_a_withheld_shift(cells: int, most: int) -> None:
    """Every committee there can be with these shifts: those that look alike are put together, with the number of all."""
    names = "ABCD"[:cells]
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for world in itertools.product(range(most + 1), repeat=cells):
        picture = by_shift(dict(zip(names, world, strict=True)))
        alike[sum(world), tuple(sorted(picture.shown.items())), picture.others].append(world)
    for (total, shown, _others), worlds in alike.items():
        for n, name in enumerate(names):
            found = {world[n] for world in worlds}
            if name not in dict(shown) and total >= 5:
                assert len(found) > 1 or not found & set(SMALL), (total, shown, worlds)
