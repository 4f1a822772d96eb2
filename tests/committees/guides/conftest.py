"""What the tests of help pages ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from committees.guides import commands as guides
from committees.guides import queries
from committees.guides.models import Guide, Version
from committees.people.models import Person
from tests import make

NOW = timezone.now()


@pytest.fixture
def keeper() -> Person:
    return make.person(is_platform_admin=True)


@pytest.fixture
def admin(keeper: Person) -> Client:
    return make.client(keeper)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Iterator[None]:
    """What follows a commit happens at once: the transaction of a test is never committed."""
    from django.db import transaction

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "on_commit", lambda act, **_how: act())
        yield


def page(name: str, keeper: Person) -> Guide:
    found = queries.one(name, keeper)
    assert found is not None
    return found


def added(keeper: Person, title: str = "Heat at work", text: str = "Drink water.", *, language: str = "en", published: bool = True) -> Guide:
    guide = guides.add(title, text, language=language, by=keeper, at=NOW)
    if published:
        guides.publish(guide, by=keeper, at=NOW)
    return Guide.objects.get(pk=guide.pk)


def say(guide: Guide, title: str, text: str, keeper: Person, *, language: str = "en") -> Version:
    """The next version, by somebody who has seen the last one."""
    last = queries.newest(guide, language)
    return guides.write(guide, title, text, language=language, seen=last.number if last else 0, by=keeper, at=NOW)
