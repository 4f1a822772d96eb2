"""Adding a room has steps (README, "Adding a room"). Forget one and a test here names it."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import lru_cache
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLResolver, get_resolver

from tests.house.code import HOUSES, ROOT, Room, in_rooms, listed, rooms

#: Names that say nothing about what is in the file.
VAGUE = {"utils", "helpers", "common", "misc", "services", "managers", "mixins", "selectors", "repositories", "core", "lib", "tools", "signals", "api"}


@lru_cache(maxsize=1)
def contracts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return found


def test_the_houses_hold_nothing_but_rooms() -> None:
    for house in HOUSES:
        strays = [path.name for path in (ROOT / house).iterdir() if path.name not in ("__init__.py", "__pycache__") and not (path / "__init__.py").exists()]
        assert not strays, f"{house}/ holds what is no room: {strays}"


@pytest.mark.parametrize("room", rooms(), ids=str)
def test_a_room_says_in_three_lines_what_it_is(room: Room) -> None:
    """What it is, what stands below it, what it must never learn."""
    text = ast.get_docstring(ast.parse((room.folder / "__init__.py").read_text())) or ""
    assert len(text) > 80, f"{room}/__init__.py needs its three lines"
    assert re.search(r"\bnever\b", text), f"{room}/__init__.py does not say what the room must never learn"
    assert re.search(r"\b(below|under)\b", text, re.IGNORECASE), f"{room}/__init__.py does not say what stands below the room"
    assert len(text.splitlines()) <= 6, f"{room}/__init__.py: three lines, not a page"


@pytest.mark.parametrize("room", rooms(), ids=str)
def test_a_room_is_an_app_under_its_own_name(room: Room) -> None:
    assert room.dotted in settings.INSTALLED_APPS, f"{room} is not among settings.{room.house.upper()}"
    assert apps.get_app_config(room.name).name == room.dotted, f"{room}/apps.py: label = “{room.name}”"


@pytest.mark.parametrize("room", rooms(), ids=str)
def test_a_room_stands_in_the_import_contracts(room: Room) -> None:
    order = next(each for each in contracts() if each["name"] == "Order inside a room")
    if room.has("models"):
        assert room.dotted in order["containers"] or f"{room.house}.*" in order["containers"], f"pyproject.toml, “Order inside a room”: {room} is missing"
    if room.house == "committees":
        floors = next(each for each in contracts() if each["name"].startswith("Floors"))
        assert room.name in " ".join(floors["layers"]).replace("(", " ").replace(")", " ").split(), f"pyproject.toml, floors: {room.name} is missing"


@pytest.mark.parametrize("room", rooms(), ids=str)
def test_a_room_with_views_has_pages(room: Room) -> None:
    if not room.has("views"):
        return
    assert room.has("urls"), f"{room} has views and no urls.py"
    included = {getattr(resolver.urlconf_name, "__name__", "") for resolver in get_resolver().url_patterns if isinstance(resolver, URLResolver)}
    assert f"{room.dotted}.urls" in included, f"config/urls.py does not include {room}.urls"
    folder = {"base": "_ui", "people": "account"}.get(room.name, room.name)
    assert any((ROOT / "templates" / name).is_dir() for name in (room.name, folder)), f"templates/{room.name}/ is missing"


@pytest.mark.parametrize("room", rooms(), ids=str)
def test_a_room_has_its_tests(room: Room) -> None:
    """The tests stand in the same tree as the code."""
    folder = ROOT / "tests" / room.house / room.name
    assert list(folder.glob("test_*.py")), f"tests/{room.house}/{room.name}/ holds no test"


@pytest.mark.parametrize("room", rooms(), ids=str)
def test_a_room_is_on_the_plan(room: Room) -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text()
    assert re.search(rf"`{room.name}/?`", plan), f"docs/architecture.md does not mention `{room.name}`"


def test_settings_name_no_room_that_is_gone() -> None:
    there = {room.dotted for room in rooms()}
    named = {name for name in settings.INSTALLED_APPS if name.split(".")[0] in HOUSES}
    assert named == there


def test_a_file_has_a_precise_name() -> None:
    problems = [source.name for source in in_rooms() if source.path.stem in VAGUE]
    assert not problems, listed(problems)


def test_a_file_says_what_it_is_for() -> None:
    """Except those whose name is Django's."""
    known = {"apps", "urls", "__init__"}
    problems = [source.name for source in in_rooms() if source.path.stem not in known and source.tree.body and not ast.get_docstring(source.tree)]
    assert not problems, listed(problems)


def test_no_signals_of_our_own() -> None:
    """A lower room learns of a higher one by registration in `ready()`."""
    problems = [
        f"{source.at(node)}"
        for source in in_rooms()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Signal"
    ]
    assert not problems, listed(problems)
