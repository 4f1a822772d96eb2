"""A cast of people, and the messages that would have been carried out of the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from committees.people import commands, outbox
from committees.people.models import AccountMail, Person

AT = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
PASSWORD = "paper lamp in the river"


@pytest.fixture(autouse=True)
def carried(monkeypatch: pytest.MonkeyPatch) -> list[AccountMail]:
    """Every account mail that was handed to the outbox, in order."""
    mails: list[AccountMail] = []
    monkeypatch.setattr(outbox, "_carrier", mails.append)
    return mails


@pytest.fixture
def account(db: None) -> Callable[..., Person]:
    """`account(email="ada@example.org", password=PASSWORD)`: an account that is there already."""

    def make(**fields: Any) -> Person:
        person, _paper = commands.create(at=AT, **fields)
        return person

    return make


@pytest.fixture
def ada(account: Callable[..., Person], carried: list[AccountMail]) -> Person:
    person = account(email="ada@example.org", password=PASSWORD)
    carried.clear()
    return person


@pytest.fixture
def adas(ada: Person) -> Client:
    """Ada's browser, signed in with her password a moment ago."""
    client = Client()
    response = client.post("/account/sign-in/", {"login": ada.sign_in_name, "password": PASSWORD})
    assert response.status_code == 302
    return client
