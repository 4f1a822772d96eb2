"""Charts: where bars, lines and labels lie, for no number, one and many, from the left and from the right."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from committees.base import charts
from committees.base.charts import Chart, Series


def draw(kind: str, *values: float | None, marks: frozenset[int] = frozenset()) -> Chart:
    steps = [f"step {n}" for n in range(len(values))]
    return charts.draw(kind, steps, [Series("Row", list(values), marks=marks)], id="c", title="Rows", says="What it shows")


def percent(text: str) -> float:
    return float(text.removesuffix("%"))


@given(st.lists(st.integers(0, 50_000) | st.none(), max_size=60), st.sampled_from(["en", "ar"]))
def test_everything_lies_inside_the_picture(values: list[int | None], language: str) -> None:
    with translation.override(language):
        chart = draw("bars", *values)
    assert len(chart.bars) == sum(value is not None for value in values)
    for bar in chart.bars:
        assert percent(bar.x) >= 0
        assert percent(bar.x) + percent(bar.width) <= 100.01
        assert 0 <= float(bar.y) <= float(chart.base)
        assert abs(float(bar.y) + float(bar.height) - float(chart.base)) < 0.2


@given(st.floats(0, 10**7))
def test_the_scale_ends_at_a_round_even_number_not_below_the_largest(most: float) -> None:
    top = charts.ceiling(most)
    assert top >= most
    assert top % 2 == 0
    assert top <= max(2, 2.5 * most)


def test_a_larger_number_is_a_higher_bar() -> None:
    small, large = draw("bars", 3, 9).bars
    assert float(large.height) == pytest.approx(3 * float(small.height), abs=0.2)


def test_no_number_is_no_bar_and_no_dot_and_breaks_the_line() -> None:
    assert len(draw("bars", 3, None, 5).bars) == 2
    chart = draw("lines", 3, 4, None, 5)
    assert (len(chart.dots), len(chart.lines)) == (3, 1)


@pytest.mark.parametrize(("values", "dots", "lines"), [((), 0, 0), ((7,), 1, 0), ((7, 8), 2, 1), ((0, 0, 0), 3, 2)])
def test_none_one_and_many(values: tuple[int, ...], dots: int, lines: int) -> None:
    chart = draw("lines", *values)
    assert (len(chart.dots), len(chart.lines)) == (dots, lines)
    assert render_to_string("_ui/chart.html", {"chart": chart}).count("<circle") == dots


def test_a_number_that_is_not_told_has_a_mark_of_its_own() -> None:
    chart = draw("bars", 3, None, 5, marks=frozenset({1}))
    assert len(chart.marks) == 1
    assert "chart__few" in render_to_string("_ui/chart.html", {"chart": chart})


def test_from_right_to_left_the_first_step_is_on_the_right() -> None:
    left = draw("bars", 1, 2).bars
    with translation.override("ar"):
        right = draw("bars", 1, 2).bars
    assert percent(left[0].x) < percent(left[1].x)
    assert percent(right[0].x) > percent(right[1].x)
    assert percent(right[0].x) + percent(right[0].width) == pytest.approx(100 - percent(left[0].x), abs=0.02)


@pytest.mark.parametrize("steps", [0, 1, 4, 12, 26, 52])
def test_labels_end_with_the_last_step_and_a_phone_has_room_for_them(steps: int) -> None:
    chart = draw("bars", *([1] * steps))
    assert len(chart.steps) <= charts.LABELS_WIDE
    assert len([step for step in chart.steps if not step.minor]) <= charts.LABELS_NARROW
    if steps:
        assert chart.steps[-1].words == f"step {steps - 1}"
        assert not chart.steps[-1].minor


def test_several_rows_stand_beside_each_other_and_have_a_key() -> None:
    rows = [Series("One", [5]), Series("Other", [5], tone="other")]
    chart = charts.draw("bars", ["step"], rows, id="c", title="Rows", says="")
    one, other = chart.bars
    assert percent(one.x) + percent(one.width) <= percent(other.x) + 0.01
    drawn = render_to_string("_ui/chart.html", {"chart": chart})
    assert "key--soft" in drawn
    assert "key--other" in drawn


def test_what_stands_in_a_chart_is_text_and_no_markup() -> None:
    chart = charts.draw("bars", ["<b>"], [Series("<i>", [1])], id="c", title="<u>", says="<s>")
    drawn = render_to_string("_ui/chart.html", {"chart": chart})
    assert not [tag for tag in ("<b>", "<i>", "<u>", "<s>") if tag in drawn]


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert charts.number(12345) == "12,345"
    with translation.override("es"):
        assert charts.number(12345) == "12.345"
    assert charts.number(None) == ""
