"""Charts as inline SVG: bars or lines over a row of steps (weeks, months), drawn by templates/_ui/chart.html.

No viewBox: x is in per cent and y in pixels, so that text keeps its size at any width and nothing needs a style or a script
(static/css/components.css). Where people read from right to left, x is counted from the other end. A chart has a title, a
sentence that says what it shows, and stands beside a table with the same numbers: it is never the only way to them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from babel.numbers import format_decimal
from django.utils.translation import get_language_bidi

from committees.base import dates

HEIGHT, TOP, FOOT = 220, 18, 30
#: How many labels below a chart a phone and a wide screen have room for.
LABELS_NARROW, LABELS_WIDE = 4, 12
#: What a step leaves free on either side, and the height of the mark for a number that is not told.
AIR, MARK = 0.14, 6
DIGIT, PAD = 2.3, 2.5

type Number = int | float | None


@dataclass(frozen=True)
class Series:
    """One row of numbers, as long as the steps. None: there is none. `marks`: at these steps there is one that is not told.

    `tone` names a class of the style sheet: "" the ordinary colour, "other" a second one beside it. `words`: how each number is
    said where it is not said as it is, as in the table.
    """

    label: str
    values: Sequence[Number]
    tone: str = ""
    marks: frozenset[int] = frozenset()
    words: Sequence[str] = ()

    def said(self, step: int) -> str:
        return self.words[step] if self.words else number(self.values[step])


@dataclass(frozen=True)
class Shape:
    """A bar, a dot or a piece of a line. Per cent for x and width, pixels for the rest; `says` is its tooltip."""

    x: str
    y: str
    tone: str
    width: str = ""
    height: str = ""
    x2: str = ""
    y2: str = ""
    says: str = ""


@dataclass(frozen=True)
class Text:
    """A word below or beside the chart. `minor`: only where there is room."""

    x: str
    y: str
    words: str
    minor: bool = False


@dataclass(frozen=True)
class Chart:
    """What the template draws."""

    id: str
    title: str
    says: str
    height: int
    base: str
    bars: list[Shape]
    marks: list[Shape]
    lines: list[Shape]
    dots: list[Shape]
    grid: list[Text]
    steps: list[Text]
    series: Sequence[Series]

    @property
    def has_key(self) -> bool:
        return len(self.series) > 1


def number(value: Number) -> str:
    """A number as the reader's language writes it."""
    return "" if value is None else str(format_decimal(value, locale=dates.locale()))


def ceiling(most: float) -> int:
    """The top of the scale: even, and a round number not below the largest value."""
    if most <= 2:
        return 2
    size = 10 ** math.floor(math.log10(most))
    return next(int(top) for top in (size, 2 * size, 4 * size, 6 * size, 8 * size, 10 * size) if top >= most and top % 2 == 0)


class _Plane:
    """Where a step and a value lie."""

    def __init__(self, steps: int, most: float) -> None:
        self.top = ceiling(most)
        self.left = PAD + DIGIT * len(number(self.top))
        self.step = (100 - self.left) / max(steps, 1)
        self.base = HEIGHT - FOOT
        self.backwards = get_language_bidi()

    def across(self, percent: float, width: float = 0.0) -> str:
        return f"{100 - percent - width if self.backwards else percent:.2f}%"

    def down(self, value: float) -> float:
        return self.base - value / self.top * (self.base - TOP)

    def begin(self, step: int) -> float:
        return self.left + step * self.step

    def middle(self, step: int) -> float:
        return self.begin(step) + self.step / 2


def draw(kind: str, steps: Sequence[str], series: Sequence[Series], *, id: str, title: str, says: str) -> Chart:  # noqa: A002 (an element's id)
    """A chart of `series` over `steps`, whose names stand below it. `kind`: "bars" beside each other, or "lines"."""
    told = [value for row in series for value in row.values if value is not None]
    plane = _Plane(len(steps), max(told, default=0))
    bars, lines, dots = [], [], []
    marks = [_mark(plane, step, at, len(series)) for at, row in enumerate(series) for step in sorted(row.marks)]
    for place, row in enumerate(series):
        if kind == "bars":
            bars += [
                _bar(plane, f"{steps[n]}: {row.said(n)}", value, row.tone, _slot(plane, n, place, len(series)))
                for n, value in enumerate(row.values)
                if value is not None
            ]
        else:
            dots += [_dot(plane, f"{steps[n]}: {row.said(n)}", n, value, row) for n, value in enumerate(row.values) if value is not None]
            lines += _pieces(plane, row)
    grid = [Text(plane.across(0), f"{plane.down(value):.1f}", number(value)) for value in (plane.top // 2, plane.top)]
    return Chart(id, title, says, HEIGHT, f"{plane.base}", bars, marks, lines, dots, grid, _labels(plane, steps), series)


def _slot(plane: _Plane, step: int, place: int, places: int) -> tuple[float, float]:
    """Where one of several bars of a step begins, and how wide it is."""
    width = plane.step * (1 - 2 * AIR) / places
    return plane.begin(step) + plane.step * AIR + place * width, width * (0.92 if places > 1 else 1)


def _bar(plane: _Plane, says: str, value: float, tone: str, slot: tuple[float, float]) -> Shape:
    x, width = slot
    y = plane.down(value)
    return Shape(plane.across(x, width), f"{y:.1f}", tone, width=f"{width:.2f}%", height=f"{plane.base - y:.1f}", says=says)


def _mark(plane: _Plane, step: int, place: int, places: int) -> Shape:
    x, width = _slot(plane, step, place, places)
    return Shape(plane.across(x, width), f"{plane.base - MARK}", "", width=f"{width:.2f}%", height=f"{MARK}")


def _dot(plane: _Plane, says: str, step: int, value: float, row: Series) -> Shape:
    return Shape(plane.across(plane.middle(step)), f"{plane.down(value):.1f}", row.tone, says=says)


def _pieces(plane: _Plane, row: Series) -> list[Shape]:
    """From each value to the next; none across a step without one."""
    found = []
    for (n, one), (_m, other) in pairwise(enumerate(row.values)):
        if one is not None and other is not None:
            at, to = plane.across(plane.middle(n)), plane.across(plane.middle(n + 1))
            found.append(Shape(at, f"{plane.down(one):.1f}", row.tone, x2=to, y2=f"{plane.down(other):.1f}"))
    return found


def _labels(plane: _Plane, steps: Sequence[str]) -> list[Text]:
    """The names of the steps, counted from the last one: every so many of them, so that they do not run into each other."""
    last, y = len(steps) - 1, f"{HEIGHT - 8}"
    wide, narrow = (math.ceil(len(steps) / room) for room in (LABELS_WIDE, LABELS_NARROW)) if steps else (1, 1)
    narrow = math.ceil(narrow / wide) * wide
    shown = [n for n in range(len(steps)) if (last - n) % wide == 0]
    return [Text(plane.across(plane.middle(n)), y, steps[n], minor=(last - n) % narrow != 0) for n in shown]
