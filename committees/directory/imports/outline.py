"""What a file looks like before anybody has said what its columns are."""

from __future__ import annotations

import itertools
from typing import TypedDict

from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.base.text import clean_line
from committees.directory import queries
from committees.directory.imports import values
from committees.directory.imports.columns import Table
from committees.directory.imports.propose import likeliest
from committees.directory.imports.reading import InHand, Source

SHOWN = 3
#: A list of workplaces has a dozen columns; each stands in twenty select boxes.
MOST_COLUMNS = 120
CUT = 80


class Outline(TypedDict):
    """Headings, the first rows, and what the columns are likely to be (field → number of the column)."""

    headings: list[str]
    samples: list[list[str]]
    proposed: dict[str, int]
    home: str


def of(content: bytes) -> Outline:
    """Reads the beginning of the file. Refused, in words, where it is no list."""
    source = Source(InHand(content))
    if len(source.headings) > MOST_COLUMNS:
        raise Refused(_("This list has more than %(n)s columns. Keep those that say something about the workplaces.") % {"n": MOST_COLUMNS})
    rows = [record for record in itertools.islice(source, 200) if not record.broken][:SHOWN]
    if not rows:
        raise Refused(_("The file holds no rows."))
    reading = likeliest(Table.of(source, queries.employer_keys))
    return {
        "headings": [shown(heading) for heading in source.headings],
        "samples": [[shown(values.text(cell)) for cell in row.cells] for row in rows],
        "proposed": reading.columns,
        "home": reading.home,
    }


def shown(text: str) -> str:
    """One line, short enough for a page."""
    line = clean_line(text)
    return line if len(line) <= CUT else f"{line[: CUT - 1]}…"
