"""The weekly numbers as the page shows them: for each matter a chart, and a table with the same numbers in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from committees.base import charts, dates
from committees.base.charts import Chart, Series
from committees.membership.queries import SMALLEST_SHOWN
from organizing.growth.models import Week
from organizing.growth.rules import IN_FIVES_BELOW, STEP


@dataclass(frozen=True)
class Row:
    """A week's line in a table."""

    week: str
    cells: list[str]


@dataclass(frozen=True)
class Figure:
    """One matter: what it is about, its chart, its table. `since`: the first week of which it is known; None: of none."""

    id: str
    heading: str
    lead: str
    columns: list[str]
    chart: Chart
    rows: list[Row]
    since: date | None

    @property
    def is_drawn(self) -> bool:
        """Whether there is a number to draw, and not only marks for those that are not told."""
        return any(value is not None for row in self.chart.series for value in row.values)


@dataclass(frozen=True)
class Column:
    """One number of a week: its name in the row, what it is called, and whether and how it is drawn."""

    name: str
    label: Any
    drawn: bool = True
    tone: str = ""


@dataclass(frozen=True)
class Matter:
    """What a figure is made from."""

    id: str
    kind: str
    heading: Any
    lead: Any
    columns: tuple[Column, ...]


MATTERS = (
    Matter(
        "members",
        "lines",
        _lazy("Members"),
        _lazy("Everybody on the list of members at the end of each week. Below 20 they stand in fives."),
        (Column("members", _lazy("Members")),),
    ),
    Matter(
        "moves",
        "bars",
        _lazy("Came and went"),
        _lazy("When 1 to 4 people came or went in a week, neither number is shown, for one would give away the other."),
        (Column("joined", _lazy("New members")), Column("left", _lazy("No longer members"), tone="other")),
    ),
    Matter(
        "applications",
        "bars",
        _lazy("Applications"),
        _lazy("What was sent in each week, and what was answered in it."),
        (Column("applied", _lazy("Sent")), Column("joined", _lazy("Accepted"), drawn=False), Column("declined", _lazy("Declined"), drawn=False)),
    ),
    Matter(
        "answers",
        "lines",
        _lazy("Time to an answer"),
        _lazy("Hours from an application to its answer, over four weeks each, once five of them are answered."),
        (Column("median_hours", _lazy("Half were answered within")), Column("slow_hours", _lazy("Nine of ten were answered within"), tone="other")),
    ),
    Matter(
        "meetings",
        "bars",
        _lazy("Meetings"),
        _lazy("How many members said that they come. Who was there is not written down."),
        (Column("coming", _lazy("Said that they come")), Column("meetings", _lazy("Meetings"), drawn=False)),
    ),
    Matter(
        "notices",
        "bars",
        _lazy("Notices by email"),
        _lazy("What was sent to members in each week: whether it arrived, never whether it was read."),
        (Column("delivered", _lazy("Delivered")), Column("undelivered", _lazy("Not delivered"), tone="other")),
    ),
)


def figures(weeks: Sequence[Week]) -> list[Figure]:
    """All matters over these weeks, the oldest first."""
    names = [_week_of(week.monday) for week in weeks]
    return [_figure(matter, weeks, names) for matter in MATTERS]


def _week_of(monday: date) -> str:
    """ "7 Sep": the week that begins on this day."""
    return str(format_skeleton("MMMd", monday, locale=dates.locale()))


def _figure(matter: Matter, weeks: Sequence[Week], names: list[str]) -> Figure:
    drawn = [column for column in matter.columns if column.drawn]
    series = [
        Series(
            str(column.label),
            [getattr(week, column.name) for week in weeks],
            column.tone,
            frozenset(n for n, week in enumerate(weeks) if column.name in week.withheld),
            [_cell(column, week) for week in weeks],
        )
        for column in drawn
    ]
    chart = charts.draw(matter.kind, names, series, id=matter.id, title=str(matter.heading), says=_says(drawn, weeks))
    rows = [Row(dates.day(week.monday), [_cell(column, week) for column in matter.columns]) for week in reversed(weeks)]
    known = (week.monday for week in weeks if any(_is_known(column, week) for column in matter.columns if column.name != "meetings"))
    return Figure(matter.id, str(matter.heading), str(matter.lead), [str(column.label) for column in matter.columns], chart, rows, next(known, None))


def _is_known(column: Column, week: Week) -> bool:
    return getattr(week, column.name) is not None or column.name in week.withheld


def _says(columns: Sequence[Column], weeks: Sequence[Week]) -> str:
    """The last week in words."""
    if not weeks:
        return _("No week has been counted yet.")
    last = weeks[-1]
    said = ", ".join(f"{column.label}: {_cell(column, last)}" for column in columns)
    return _("Week of %(day)s: %(said)s.") % {"day": dates.day(last.monday), "said": said}


def _cell(column: Column, week: Week) -> str:
    """A number as a person reads it, or why there is none."""
    value: int | None = getattr(week, column.name)
    if value is None:
        return _withheld(column.name, week)
    return _WORDS.get(column.name, charts.number)(value)


def _withheld(name: str, week: Week) -> str:
    if name not in week.withheld:
        return _("not counted")
    alone = "members" not in week.withheld and name not in ("joined", "left")
    return _("fewer than %(n)s") % {"n": charts.number(SMALLEST_SHOWN)} if alone or name == "members" else _("not shown")


def from_to(number: int) -> str:
    """ "10 to 14": one of the steps in which small committees and shifts stand."""
    return _("%(least)s to %(most)s") % {"least": charts.number(number), "most": charts.number(number + STEP - 1)}


def _members(number: int) -> str:
    return from_to(number) if number < IN_FIVES_BELOW else charts.number(number)


def _hours(number: int) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", number) % {"n": charts.number(number)}


_WORDS: dict[str, Callable[[int], str]] = {"members": _members, "median_hours": _hours, "slow_hours": _hours}
