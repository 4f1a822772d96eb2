"""The matrix: who gets which answer, for every route and method, read from matrix.txt.

A route without a row fails, with its name and a row as it would be.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.house.code import listed
from tests.safety.asking import ask
from tests.safety.routes import named, routes
from tests.safety.table import ROLES, Row, rows
from tests.safety.world import World

pytestmark = pytest.mark.django_db
#: A method without a row is not served to anybody.
NOT_SERVED = {"404", "405", "in", "403"}
ROUTES = [route.name for route in routes()]


def test_every_route_has_a_row(world: World) -> None:
    """The message of a failure holds the rows with today's answers: read each cell against the specification first."""
    there = {row.route for row in rows()}
    missing = [route.name for route in routes() if route.name not in there]
    assert not missing, "\ntests/safety/matrix.txt has no row for:" + listed([line for name in missing for line in proposed(name, world)])


def proposed(name: str, world: World) -> list[str]:
    """Rows with what each role gets today, for the methods that are served to anybody."""
    found = []
    for method in ("GET", "POST"):
        cells = [ask(world.browser(role), method, world.url(named(name))).cell for role in ROLES]
        if not set(cells) <= NOT_SERVED:
            found.append(f"{name:<36} {method:<4}  " + " ".join(f"{cell:<5}" for cell in cells).rstrip())
    return found or [f"{name:<36} is served to nobody"]


def test_no_row_is_left_of_a_route_that_is_gone() -> None:
    assert not [f"{row.route} {row.method}" for row in rows() if row.route not in ROUTES]


def test_no_row_stands_twice() -> None:
    assert not [key for key, n in Counter((row.route, row.method) for row in rows()).items() if n > 1]


@pytest.mark.parametrize("row", rows(), ids=str)
def test_each_role_gets_its_answer(row: Row, world: World) -> None:
    """And an inner page is never stored by a browser or found by a search engine."""
    route = named(row.route)
    url, wrong = world.url(route), []
    for role in ROLES:
        answer = ask(world.browser(role), row.method, url)
        if answer.cell != row.cells[role]:
            wrong.append(f"{role} gets {answer.cell}, the matrix says {row.cells[role]}")
        if row.method == "GET" and answer.cell == "200" and route.door != "public":
            kept = [name for name, word in (("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex")) if word not in answer.headers.get(name, "")]
            wrong += [f"{role}: {name} is {answer.headers.get(name)}" for name in kept]
    assert not wrong, f"\n{row.method} {url}" + listed(wrong)


def somebody_let_in(name: str) -> str:
    """A role to whom the route's known methods are served."""
    return next((role for role in ROLES for row in rows() if row.route == name and row.cells[role] not in NOT_SERVED), "organizer")


@pytest.mark.parametrize("name", ROUTES)
def test_a_method_without_a_row_is_served_to_nobody(name: str, world: World) -> None:
    """Nor to somebody to whom the other methods are served."""
    known = {row.method for row in rows() if row.route == name}
    url = world.url(named(name))
    served = []
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
        for role in {"anonymous", "organizer", "admin", somebody_let_in(name)}:
            got = ask(world.browser(role), method, url).cell
            if got not in NOT_SERVED:
                served.append(f"{method} answers {got} to {role}")
    assert not served, listed(served)


@pytest.mark.parametrize("name", [route.name for route in routes() if getattr(route.view, "needs_recent_sign_in", False)])
def test_what_needs_a_recent_sign_in_asks_again(name: str, world: World) -> None:
    """For those who would be let in otherwise; nobody else learns that there is anything to ask for."""
    url = world.url(named(name))
    for row in (each for each in rows() if each.route == name):
        for role in ROLES:
            if row.cells[role] not in ("in", "404", "405"):
                assert ask(world.browser(role, recently=False), row.method, url).cell == "again", role
