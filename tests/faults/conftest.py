"""Faults, small in every run; at full size with `python -m tests.faults` (RANKFILE_FAULTS=full)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from committees.notices import commands, registry, waking
from committees.notices.models import Notice
from committees.people.models import Person
from tests.committees.notices import letterbox
from tests.faults.quick_sink import QuickSink

FULL = os.environ.get("RANKFILE_FAULTS") == "full"
_figures: list[str] = []


def size(small: int, full: int) -> int:
    """The figure that counts in this run."""
    return full if FULL else small


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say what was measured; a full run prints it at its end."""
    return lambda words: _figures.append(f"{request.node.name}: {words}")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if FULL and _figures:
        terminalreporter.section("figures")
        for line in _figures:
            terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _letterbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    template = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**template, "DIRS": [*template["DIRS"], letterbox.TEMPLATES]}]
    settings.NOTICES_RETRY_SECONDS, settings.NOTICES_REST_SECONDS = 0.2, 0.2
    letterbox.register()
    monkeypatch.setattr(registry, "_committees", [lambda person: {}])
    monkeypatch.setattr(letterbox, "audience", [])
    monkeypatch.setattr(letterbox, "still", None)
    monkeypatch.setattr(waking, "_quiet_until", 0.0)
    yield
    letterbox.forget()


@pytest.fixture
def quick_sink(settings: Any) -> Iterator[QuickSink]:
    """A quick sink, with the mailers pointed at it."""
    with QuickSink() as sink:
        settings.MAIL_URL = sink.url
        mailer = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": sink.port, "timeout": 2}}
        settings.MAILERS = dict.fromkeys(settings.MAILERS, mailer)
        yield sink


@pytest.fixture
def told() -> Callable[..., Notice]:
    """`told(400)`: a notice to so many people (p0@mail.example …), of a kind that every process knows."""

    def post(n: int, *, name: str = "p") -> Notice:
        ids = letterbox.crowd(n, name=name)
        about = Person.objects.get(pk=ids[0])
        return commands.post("notices/test", about=about, to=ids, at=timezone.now())

    return post
