"""Reading matrix.txt: a row for each route and method, a column for each role."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

#: The headings of matrix.txt and who in world.py they are.
SHORT = {
    "anon": "anonymous",
    "reg": "registered",
    "appl": "applicant",
    "prob": "probation",
    "memb": "member",
    "dele": "delegate",
    "mod": "moderator",
    "org": "organizer",
    "admin": "admin",
    "susp": "suspended",
    "aside": "aside",
    "left": "left",
    "rem": "removed",
    "else": "elsewhere",
    "eorg": "elsewhere_org",
}
FILE = Path(__file__).with_name("matrix.txt")
CELLS = {"200", "204", "302", "304", "400", "403", "404", "405", "409", "410", "422", "in", "again"}


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def __hash__(self) -> int:
        return hash((self.route, self.method))


@lru_cache(maxsize=1)
def _read() -> tuple[tuple[str, ...], tuple[Row, ...]]:
    lines = [line.split("#")[0].split() for line in FILE.read_text().splitlines()]
    head, *body = [line for line in lines if line]
    assert head[:2] == ["route", "method"], "matrix.txt begins with a line of headings"
    roles = tuple(SHORT[short] for short in head[2:])
    assert set(roles) == set(SHORT.values()), "matrix.txt: every role has a column"
    found = []
    for line in body:
        route, method, *cells = line
        assert len(cells) == len(roles), f"matrix.txt: {route} {method} has {len(cells)} cells for {len(roles)} roles"
        assert set(cells) <= CELLS, f"matrix.txt: {route} {method}: {set(cells) - CELLS} is no answer"
        found.append(Row(route, method, dict(zip(roles, cells, strict=True))))
    return roles, tuple(found)


def rows() -> tuple[Row, ...]:
    return _read()[1]


ROLES: tuple[str, ...] = _read()[0]
