"""A scene that many tests begin with is built once, and stands while tests of one module that ask for it follow one another.

    cast = standing.scene(make.cast)        # in a conftest or a test module: a fixture of that name

The scene is built in a transaction around the tests', which is taken back before anything else runs; what a test changes is
taken back after it, as ever. Each test gets a copy of its own, made from the same pickle, so that no test sees what another did
to an object. A test with real transactions, and one that does not ask for the scene, runs as if there had never been one.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

#: Fixtures that bring real transactions: nothing may be open around these.
REAL = {"transactional_db", "live_server", "worker", "worker_processes", "django_db_reset_sequences", "django_db_serialized_rollback"}


class Stage:
    """What stands now, and for which module."""

    def __init__(self) -> None:
        self._build: Callable[[], Any] | None = None
        self._module: Path | None = None
        self._kept = b""
        self._around: transaction.Atomic | None = None

    def stands(self, build: Callable[[], Any], module: Path) -> bool:
        return self._around is not None and (self._build, self._module) == (build, module)

    @property
    def is_set(self) -> bool:
        return self._around is not None

    def set_up(self, build: Callable[[], Any], module: Path) -> None:
        assert not connection.in_atomic_block, "a scene cannot stand inside another transaction that lasts for more than a test"
        self._around = transaction.atomic()
        self._around.__enter__()
        self._build, self._module = build, module
        try:
            self._kept = pickle.dumps(build())
            connection.check_constraints()  # here once, and not after each test again
        except BaseException:
            self.clear()
            raise

    def copy(self) -> Any:
        return pickle.loads(self._kept)  # noqa: S301  our own, of a moment ago

    def clear(self) -> None:
        if self._around is not None:
            around, self._around = self._around, None
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


_stage = Stage()


@pytest.fixture(scope="session")
def the_last_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Taken down before the database is."""
    yield
    with django_db_blocker.unblock():
        _stage.clear()


def scene(build: Callable[[], Any]) -> Any:
    """A fixture that gives each test its own copy of what `build` makes."""

    def standing(request: pytest.FixtureRequest, the_last_scene: None, db: None) -> Any:
        return _stage.copy() if _stage.stands(build, request.node.path) else build()

    standing.builds = build  # type: ignore[attr-defined]
    return pytest.fixture(standing)


def _is_real(item: pytest.Item) -> bool:
    """Whether a test wants transactions that are committed."""
    marker = item.get_closest_marker("django_db")
    return bool(REAL & set(getattr(item, "fixturenames", ()))) or (marker is not None and bool(marker.kwargs.get("transaction")))


def wanted(item: pytest.Item | None) -> Callable[[], Any] | None:
    """How the scene is built that a test asks for; none where it wants real transactions."""
    if not isinstance(item, pytest.Function) or _is_real(item):
        return None
    definitions = item._fixtureinfo.name2fixturedefs
    found = [build for name in item.fixturenames if name in definitions and (build := getattr(definitions[name][-1].func, "builds", None))]
    assert len(found) <= 1, f"{item.nodeid} asks for {len(found)} scenes; only one can stand"
    return found[0] if found else None


def _named(item: pytest.Item) -> str:
    """The name of its scene, the same in every process of a run; those without one come last."""
    build = wanted(item)
    return f"{build.__module__}.{build.__qualname__}" if build is not None else "~"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within each module those that share a scene follow one another, else it would be built again; modules keep their places."""
    places: dict[Any, list[int]] = {}
    for place, item in enumerate(items):
        places.setdefault((item.path, _is_real(item)), []).append(place)
    for found in places.values():
        ordered = sorted((items[place] for place in found), key=_named)
        for place, item in zip(found, ordered, strict=True):
            items[place] = item


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Just before pytest-django opens a test's own transaction, there is a database and none is open."""
    if fixturedef.argname == "_django_db_helper" and (build := wanted(request.node)) and not _stage.stands(build, request.node.path):
        with request.getfixturevalue("django_db_blocker").unblock():
            _stage.set_up(build, request.node.path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    try:
        return (yield)
    finally:
        if nextitem is not None and _stage.is_set and not ((build := wanted(nextitem)) and _stage.stands(build, nextitem.path)):
            with item._request.getfixturevalue("django_db_blocker").unblock():  # type: ignore[attr-defined]
                _stage.clear()
