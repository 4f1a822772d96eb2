"""Each test here has the letterbox: kinds of its own, a mail server that listens, and nothing waking by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from committees.notices import registry, waking
from committees.people.models import Person
from tests.committees.notices import letterbox
from tests.committees.notices.pushes import allowed
from tests.mail_sink import MailSink
from tests.push_service import Browser, PushService


@pytest.fixture(autouse=True)
def _letterbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    template = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**template, "DIRS": [*template["DIRS"], letterbox.TEMPLATES]}]
    settings.NOTICES_RETRY_SECONDS = 0.01
    letterbox.register()
    monkeypatch.setattr(letterbox, "audience", [])
    monkeypatch.setattr(letterbox, "still", None)
    monkeypatch.setattr(registry, "_committees", [lambda person: {1: "Night shift", 2: "Day shift"}])
    monkeypatch.setattr(waking, "_quiet_until", 0.0)
    with translation.override("en"):  # whatever the page before spoke
        yield
    letterbox.forget()


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was rung for, instead of ringing."""
    rung: list[tuple[Any, ...]] = []
    monkeypatch.setattr(waking, "now", lambda *names: rung.append(names))
    return rung


@pytest.fixture
def sink(mail_sink: MailSink) -> MailSink:
    return mail_sink


@pytest.fixture
def ada(db: None) -> Person:
    return letterbox.person("ada@mail.example")


@pytest.fixture
def ben(db: None) -> Person:
    return letterbox.person("ben@mail.example", language="es", zone="America/New_York")


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    running = PushService()
    settings.PUSH_TEST_ORIGIN = running.origin
    settings.NOTICES_RETRY_SECONDS = 60  # what is to be tried again is not tried in the same run, however slow the machine
    settings.PUSH_TIMEOUT = 0.5
    settings.NOTICES_REST_SECONDS = 0
    registry.group(letterbox.GROUP, label="Letters", pushed=True)
    yield running
    running.close()


@pytest.fixture
def phone(service: PushService, ada: Person) -> Browser:
    browser = service.browser("adas-phone")
    allowed(ada, browser)
    return browser
